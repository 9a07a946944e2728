"""J-1, J-2: verifying is journalled; erasing personal text keeps the chain whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from portal.audit import queries, service
from portal.kernel import clock, journal, timeline, transaction, verification
from portal.kernel.db import db, dialect
from portal.kernel.errors import Conflict
from portal.kernel.journal import JournalEntry, JournalPersonal
from portal.kernel.verification import Problem
from tests.office import FOUNDED

LATER = FOUNDED + timedelta(days=200)


@pytest.fixture
def auditor(as_actor):
    return as_actor("auditor")


@pytest.fixture
def seq(office) -> int:
    """An entry with personal text."""
    return db.session.scalar(select(JournalPersonal.seq).order_by(JournalPersonal.seq).limit(1))


def newest() -> JournalEntry:
    return db.session.scalar(select(JournalEntry).order_by(JournalEntry.seq.desc()).limit(1))


def drop_update_guard() -> None:
    on = "" if dialect() == "sqlite" else " ON journal_entry"
    with transaction.act():
        db.session.execute(text(f"DROP TRIGGER journal_no_update{on}"))


def test_verify_is_journalled(office, auditor):
    head = journal.head()
    verdict = service.verify(auditor, clock.now())
    assert verdict.ok
    entry = newest()
    assert (entry.event, entry.actor_id) == ("audit.verified", office.users["auditor"])
    assert entry.fact() == {"entries": head[0], "result": "ok", "head": head[1]}
    assert timeline.sentence(entry) == f"校验日志：{head[0]} 条，结果完整"
    assert queries.last_verified().seq == entry.seq


def test_a_broken_chain_is_journalled_too(office, auditor):
    drop_update_guard()
    with transaction.act():
        db.session.execute(text("UPDATE journal_entry SET facts = '{}' WHERE seq = 7"))
    verdict = service.verify(auditor, clock.now())
    assert (verdict.bad_seq, verdict.problem) == (7, Problem.CHANGED)
    assert newest().fact()["result"] == "bad"
    assert verification.check(7) is Problem.CHANGED
    assert verification.check(6) is None
    assert verification.check(8) is None


def test_heads_exported_earlier_are_compared(office, auditor):
    seq, head = journal.head()
    assert service.verify(auditor, clock.now(), [(seq, head)]).ok
    assert service.verify(auditor, clock.now(), [(seq, "0" * 64)]).problem is Problem.REWRITTEN
    assert service.verify(auditor, clock.now(), [(seq + 100, head)]).problem is Problem.TAIL_CUT


def test_single_entries_are_checked(office):
    assert verification.check(1) is None
    assert verification.check(journal.head()[0]) is None
    assert verification.check(journal.head()[0] + 1) is Problem.MISSING


def test_erase_personal(office, auditor, act, seq):
    before = db.session.get(JournalEntry, seq)
    digest, chain = before.personal_digest, before.hash
    assert queries.has_personal(seq)
    with act():
        service.erase_personal(auditor, seq, "本人申请，依据个人信息保护法第四十七条", LATER)
    assert not queries.has_personal(seq)
    assert journal.personal_of([seq]) == {}
    after = db.session.get(JournalEntry, seq)
    assert (after.personal_digest, after.hash) == (digest, chain)
    verdict = verification.verify()
    assert verdict.ok
    assert verdict.erased == 1
    assert verification.check(seq) is None
    erasure = queries.erasure_of(seq)
    assert erasure.fact() == {"reason": "本人申请，依据个人信息保护法第四十七条", "seq": seq}
    assert "（已抹去）" in timeline.lines([after])[0].sentence


def test_only_that_text_is_erased(office, auditor, act, seq):
    others = set(db.session.scalars(select(JournalPersonal.seq))) - {seq}
    with act():
        service.erase_personal(auditor, seq, "本人申请", LATER)
    assert set(db.session.scalars(select(JournalPersonal.seq))) == others
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(delete(JournalPersonal).where(JournalPersonal.seq == min(others)))


def test_text_that_is_not_there_cannot_be_erased(office, auditor, act, seq):
    with act():
        service.erase_personal(auditor, seq, "本人申请", LATER)
    with pytest.raises(Conflict), act():
        service.erase_personal(auditor, seq, "再次", LATER)
    bare = db.session.scalar(
        select(JournalEntry.seq).where(JournalEntry.personal_digest.is_(None)).order_by(JournalEntry.seq).limit(1)
    )
    for wrong in (bare, 999_999):
        with pytest.raises(Conflict), act():
            service.erase_personal(auditor, wrong, "误操作", LATER)


@pytest.mark.parametrize(("days", "kept"), [(182, True), (183, False)])
def test_text_is_kept_for_the_retention_period(office, auditor, act, seq, days, kept):
    now = FOUNDED + timedelta(days=days)
    if kept:
        with pytest.raises(Conflict, match="183"), act():
            service.erase_personal(auditor, seq, "本人申请", now)
    else:
        with act():
            service.erase_personal(auditor, seq, "本人申请", now)
    assert queries.has_personal(seq) is kept
    assert verification.verify().ok
