"""J-1, J-2: the journal is append-only, chained, and verification names the first bad entry."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.kernel import clock, journal, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, dialect
from portal.people import vocabulary as words
from portal.people.models import Department


def _drop_guards() -> None:
    """What somebody with the file in hand can do: take the triggers away."""
    for name in ("journal_no_update", "journal_no_delete", "journal_in_order", "personal_no_update"):
        table = "journal_personal" if name.startswith("personal") else "journal_entry"
        db.session.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if dialect() != "sqlite" else "")))
    db.session.commit()


def _run(statement: str) -> None:
    with transaction.turn():
        db.session.execute(text(statement))
        db.session.commit()


def test_the_cast_verifies(office):
    verdict = verification.verify()
    assert verdict.ok
    assert verdict.entries > 40


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET facts = '{}' WHERE seq = 3",
        "DELETE FROM journal_entry WHERE seq = 3",
        "INSERT INTO journal_entry (seq, at, event, object_type, facts, source, algorithm, prev_hash, hash)"
        " VALUES (5000, '2026-01-01 00:00:00', 'x', '', '{}', '', 'sha256', 'a', 'b')",
        "UPDATE journal_personal SET content = '{}'",
        "DELETE FROM journal_personal",
    ],
)
def test_the_database_refuses(office, statement):
    with pytest.raises(DBAPIError), transaction.turn():
        db.session.execute(text(statement))
    transaction.rollback()
    assert verification.verify().ok


def test_the_database_refuses_replace(office):
    if dialect() != "sqlite":
        pytest.skip("REPLACE is SQLite's; PostgreSQL's ON CONFLICT DO UPDATE is an UPDATE")
    with pytest.raises(DBAPIError), transaction.turn():
        db.session.execute(
            text(
                "REPLACE INTO journal_entry SELECT seq, at, 'forged', actor_id, for_user_id, post_id, object_type,"
                " object_id, case_id, facts, personal_digest, source, algorithm, prev_hash, hash"
                " FROM journal_entry WHERE seq = 3"
            )
        )


@pytest.mark.parametrize(
    ("statement", "bad", "problem"),
    [
        ("UPDATE journal_entry SET facts = '{}' WHERE seq = 7", 7, "changed"),
        ("UPDATE journal_entry SET actor_id = 99 WHERE seq = 9", 9, "changed"),
        ("DELETE FROM journal_personal WHERE seq = 2; DELETE FROM journal_entry WHERE seq = 2", 2, "missing"),
        ("UPDATE journal_entry SET seq = 100000 WHERE seq = 3", 3, "missing"),
        ('UPDATE journal_personal SET content = \'{"name":"x"}\' WHERE seq = 2', 2, "personal"),
    ],
)
def test_verify_names_the_first_bad_entry(office, statement, bad, problem):
    _drop_guards()
    if dialect() == "sqlite":
        _run("DROP TRIGGER personal_no_delete")
    else:
        _run("DROP TRIGGER personal_no_delete ON journal_personal")
    for part in statement.split(";"):
        _run(part)
    verdict = verification.verify()
    assert verdict.bad_seq == bad
    assert problem in verdict.problem


def test_anchors_show_a_cut_tail(office):
    head = journal.head()
    _drop_guards()
    _run(f"DELETE FROM journal_entry WHERE seq = {head[0]}")
    assert verification.verify().ok  # nothing inside the chain shows it
    verdict = verification.verify([head])
    assert verdict.bad_seq == head[0]
    assert "tail" in verdict.problem


def test_anchors_show_a_full_rehash(office):
    head = journal.head()
    _drop_guards()
    prev = journal.GENESIS
    for row, _ in list(verification._rows()):
        values = dict(row)
        if values["seq"] == 3:
            values["source"] = "forged"
        forged = journal.digest("sha256", prev, journal.columns_of(values))
        with transaction.turn():
            db.session.execute(
                text("UPDATE journal_entry SET source=:s, prev_hash=:p, hash=:h WHERE seq=:q"),
                {"s": values["source"], "p": prev, "h": forged, "q": values["seq"]},
            )
            db.session.commit()
        prev = forged
    assert verification.verify().ok
    verdict = verification.verify([head])
    assert verdict.bad_seq == head[0]
    assert "rewritten" in verdict.problem


def test_no_change_without_an_entry(office):
    with pytest.raises(journal.Unrecorded), transaction.act():
        db.session.get_one(Department, office.departments["YW"]).place = "二楼"


def test_facts_must_be_those_declared(office):
    with pytest.raises(ValueError, match="facts"), transaction.act():
        journal.record(words.DEPARTMENT_ADDED, None, SYSTEM, clock.now(), code="X")
