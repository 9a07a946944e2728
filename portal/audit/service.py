"""The verbs of the reading room: verify the chain, erase personal text (J-1, J-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete

from portal.audit import queries
from portal.audit import vocabulary as words
from portal.kernel import journal, transaction, verification
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict
from portal.kernel.journal import JournalEntry, JournalPersonal
from portal.kernel.verification import Verdict
from portal.policy import queries as policy


class _Entry:
    """A journal entry as the object of another one."""

    def __init__(self, seq: int) -> None:
        self.seq = seq

    def record_key(self) -> tuple[str, int]:
        return "journal_entry", self.seq

    def record_case(self) -> None:
        return None


def verify(actor: Actor, now: datetime, anchors: Sequence[tuple[int, str]] = ()) -> Verdict:
    """Walk the chain, compare it with exported heads, and journal the result (J-2).

    The walk only reads, so that nobody waits for it; the result is committed in an act of its own.
    """
    verdict = verification.verify(anchors)
    result = "ok" if verdict.ok else "bad"
    with transaction.act():
        journal.record(words.VERIFIED, None, actor, now, entries=verdict.entries, result=result, head=verdict.head)
    return verdict


def erase_personal(actor: Actor, seq: int, reason: str, now: datetime) -> None:
    """Erase the personal text of one entry, and say so in the journal; the chain still verifies (J-1).

    Raises Conflict when there is none, and while the entry is younger than ``journal.retention_days``.
    """
    entry = db.session.get(JournalEntry, seq)
    if entry is None or not queries.has_personal(seq):
        raise Conflict(_("这条日志没有可以抹去的个人信息。"))
    kept = timedelta(days=policy.value("journal.retention_days"))
    if now - entry.at < kept:
        raise Conflict(_("日志至少保存 %(days)s 天，期满后才能抹去个人信息。", days=kept.days), "J-1")
    # The erasure entry comes first: the database lets the text go only when it finds one.
    journal.record(words.PERSONAL_ERASED, _Entry(seq), actor, now, seq=seq, reason=reason)
    db.session.execute(delete(JournalPersonal).where(JournalPersonal.seq == seq))
