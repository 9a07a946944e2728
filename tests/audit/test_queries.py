"""J-1: the auditor's list finds what it is asked for, page by page, without counting or scanning the whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from portal.audit import queries
from portal.audit.queries import Wanted
from portal.audit.rules import read_heads
from portal.audit.vocabulary import OBJECT_LABELS
from portal.cases import vocabulary as cases
from portal.kernel import clock, journal, transaction, verification
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry, Recorded
from portal.policy import vocabulary as policy
from tests.office import FOUNDED, NOW

FACTS = {"key": "x", "old": "1", "new": "2", "reason": "试"}


def write(days: list[int]) -> list[int]:
    """One entry so many days after the present of the cast, in this order; returns the sequence numbers."""
    seqs = []
    with transaction.act():
        for day in days:
            seqs.append(journal.record(policy.VALUE_SET, None, SYSTEM, NOW + timedelta(days=day), **FACTS))
    return seqs


def seqs(wanted: Wanted) -> list[int]:
    return [entry.seq for entry in queries.entries(wanted).entries]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(queries, "PER_PAGE", 3)
    monkeypatch.setattr(queries, "SLACK", 2)


def test_pages_follow_each_other_to_the_first_entry(office, small):
    seen, before = [], None
    while True:
        found = queries.entries(Wanted(before=before))
        seen += [entry.seq for entry in found.entries]
        before = found.older
        if before is None:
            break
    assert seen == list(range(journal.head()[0], 0, -1))


def test_filters(office):
    user = office.users["clerk"]
    for entry in queries.entries(Wanted(event="people.user_added")).entries:
        assert entry.event == "people.user_added"
    about = queries.entries(Wanted(object_type="user", object_id=user)).entries
    assert {(e.object_type, e.object_id) for e in about} == {("user", user)}
    assert about
    assert seqs(Wanted(event="people.user_added", object_type="post")) == []


def test_a_person_is_found_as_actor_and_as_the_one_acted_for(office, as_actor):
    office_user, clerk = office.users["office"], office.users["clerk"]
    with transaction.act():
        own = journal.record(policy.VALUE_SET, None, as_actor("office"), clock.now(), **FACTS)
    assert seqs(Wanted(user_id=office_user)) == [own]
    assert seqs(Wanted(user_id=clerk)) == []
    db.session.rollback()


def test_dates_are_whole_local_days(office, small):
    monday, tuesday, thursday = write([5, 6, 8])
    day = clock.local(NOW + timedelta(days=5)).date()
    assert seqs(Wanted(from_on=day)) == [thursday, tuesday, monday]
    assert seqs(Wanted(from_on=day, to_on=day)) == [monday]
    assert seqs(Wanted(from_on=day + timedelta(2), to_on=day + timedelta(2))) == []
    assert thursday not in seqs(Wanted(to_on=day + timedelta(2)))
    assert seqs(Wanted(from_on=date(2099, 1, 1))) == []
    assert seqs(Wanted(to_on=date(2000, 1, 1))) == []


def test_an_entry_written_while_the_clock_was_back_is_found(office, small):
    before, back, after = write([6, 5, 6])
    day = clock.local(NOW + timedelta(days=5)).date()
    assert seqs(Wanted(from_on=day, to_on=day)) == [back]
    assert seqs(Wanted(from_on=day + timedelta(1))) == [after, before]


def test_no_more_than_a_window_is_looked_through(office, small, monkeypatch):
    monkeypatch.setattr(queries, "WINDOW", 10)
    top = journal.head()[0]
    found = queries.entries(Wanted(event="people.set_up"))
    assert found.entries == []
    assert found.cut
    assert found.older == top + 1 - 10
    steps = 0
    while found.older is not None:
        found = queries.entries(Wanted(event="people.set_up", before=found.older))
        steps += 1
    assert [entry.seq for entry in found.entries] == [1]
    assert steps == -(-top // 10) - 1


def test_the_table_is_never_counted(office):
    statements: list[str] = []

    def note(_conn, _cursor, statement, *_rest):
        statements.append(statement.lower())

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        queries.entries(Wanted(event="people.user_added", from_on=date(2026, 9, 1), to_on=date(2026, 12, 1)))
        queries.count()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert statements
    assert not [statement for statement in statements if "count(" in statement]


def test_personal_facts_and_matters_never_reach_the_auditor(office, as_actor):
    with transaction.act():
        seq = journal.record(
            cases.RECEIVED,
            None,
            SYSTEM,
            clock.now(),
            number="SX-2026-0001",
            matter="机密事项甲",
            item="科普教育基地认定",
            version=1,
            post="业务受理岗",
            materials=["申请书"],
            origin="first_ask",
            client_unit="某某公司",
            client_name="周某",
            client_phone="13800000000",
        )
    entry = db.session.get(JournalEntry, seq)
    shown = queries.lines([entry])[0].sentence
    assert "SX-2026-0001" in shown
    assert "机密" not in shown
    facts = {fact.name: fact.value for fact in queries.facts(entry)}
    assert facts["number"] == "SX-2026-0001"
    assert facts["version"] == "1"
    assert facts["matter"] is facts["materials"] is facts["item"] is None
    assert queries.withheld(entry) == ["client_name", "client_phone", "client_unit"]


def test_every_object_type_has_a_word():
    kinds, open_ = set(), [Recorded]
    while open_:
        cls = open_.pop()
        open_ += cls.__subclasses__()
        kinds.add(cls.record_name)
    assert kinds - {""} <= set(OBJECT_LABELS)


def test_heads_are_exported_and_compare(office, monkeypatch):
    monkeypatch.setattr(queries, "HEAD_STEP", 20)
    heads = read_heads("".join(queries.heads()))
    top = journal.head()
    assert [seq for seq, _hash in heads] == [*range(20, top[0], 20), top[0]]
    assert heads[-1] == top
    stored = dict(db.session.execute(select(JournalEntry.seq, JournalEntry.hash)).all())
    assert all(stored[seq] == value for seq, value in heads)
    assert verification.verify(heads).ok


def test_the_first_entry_of_an_instant(office):
    top = journal.head()[0] + 1
    assert queries._first_at(FOUNDED, top) == 1
    assert queries._first_at(NOW, top) == top
