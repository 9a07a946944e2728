"""Draws and calls by the cast (S-5, D-6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.callback import breaches, queries, rules, service
from portal.callback.models import CallbackCall, CallbackDraw, CallState
from portal.callback.service import Result
from portal.client_opinion.models import Opinion, Source
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from tests.client_opinion.conftest import closed_case, who
from tests.office import NOW, later

#: The Monday of the week of NOW, and the Tuesday after that week.
WEEK = date(2026, 11, 16)
AFTER = NOW + timedelta(days=6)


def closed(ids, n=8):
    """Cases closed in the week of NOW: of different clients, one without a phone, one client twice."""
    for k in range(n):
        closed_case(ids, phone=f"1380000{k:04d}", name=f"客户{k}")
    closed_case(ids, phone="", name="无电话")
    closed_case(ids, phone="138 0000 0000", name="客户0")


@pytest.fixture
def drawn(office, act):
    """A draw of five of eight."""
    with act():
        closed(office)
    with act():
        assert service.sweep(AFTER) == 1
    return db.session.scalars(select(CallbackDraw)).one()


def test_the_sweep_draws_a_week_once_and_it_can_be_drawn_again(office, act, drawn):
    assert (drawn.week_on, drawn.frame_size, drawn.without_phone, drawn.same_client) == (WEEK, 8, 1, 1)
    assert len(drawn.calls) == policy.value("callback.clients_a_week") == 5
    assert (drawn.head_seq, drawn.head_hash) == queries.head_at(AFTER - timedelta(days=1))
    with act():
        assert service.sweep(AFTER) == 0, "once"
        with pytest.raises(Conflict):
            service.draw(who("office", AFTER), WEEK, AFTER)
        with pytest.raises(Conflict):
            service.draw(who("office", NOW), WEEK, NOW)
        with pytest.raises(NotAllowed):
            service.draw(who("head", AFTER), WEEK, AFTER)
    check = queries.check(drawn)
    assert check.equal
    assert (check.later, check.missing) == ((), ())
    with db.session.no_autoflush:  # as if somebody had written another one: the database would not let them
        drawn.seed = "0" * 64
        assert not queries.check(drawn).equal
        drawn.frame = "\n".join(drawn.frame.split("\n")[1:])
        assert not queries.check(drawn).frame
        db.session.rollback()


def test_a_week_without_closed_cases_draws_nobody(office, act):
    with act():
        assert service.sweep(AFTER) == 0
        made = service.draw(SYSTEM, WEEK, AFTER)
        assert made.calls == []
    assert queries.check(made).equal


def test_who_is_called_and_by_whom(office, act, drawn):
    call = drawn.calls[0]
    for one in ("clerk", "clerk2", "head", "leader", "principal"):
        assert not queries.may_call(who(one, AFTER), call), one
    assert queries.may_call(who("office", AFTER), call)
    assert queries.may_call(who("supervisor", AFTER), call)
    with act(), pytest.raises(NotAllowed):
        service.try_call(who("clerk", AFTER), call, AFTER)
    with db.engine.connect() as connection:
        statement = "UPDATE callback_call SET state = 'unreached', called_at = drawn_at, called_by_id = :who"
        statement = statement.replace("drawn_at", "due_at")
        with pytest.raises(IntegrityError):
            connection.execute(text(f"{statement} WHERE id = {call.id}"), {"who": office.users["clerk"]})


def test_what_the_client_said(office, act, drawn):
    first, second, third = drawn.calls[:3]
    office_now = who("office", AFTER)
    with act():
        with pytest.raises(Invalid) as refused:
            service.record(office_now, first, Result(1, 2, 3, unfiled_denial=True), AFTER)
        assert refused.value.field == "denial_facts"
    with act():
        first, second, third = (db.session.get(CallbackCall, c.id) for c in (first, second, third))
        service.record(
            office_now, first, Result(1, 2, 3, "多开窗口", True, "上周三口头说不收", "排队两小时"), AFTER
        )  # fmt: skip
        service.try_call(office_now, second, AFTER)
        with pytest.raises(Conflict):
            service.give_up(office_now, second, AFTER)
        service.try_call(office_now, second, AFTER)
        service.try_call(office_now, second, AFTER)
        service.give_up(office_now, second, AFTER)
        service.record(office_now, third, Result(1, 1, 1), AFTER)
        with pytest.raises(Conflict):
            service.record(office_now, first, Result(1, 1, 1), AFTER)
    opinion = db.session.scalars(select(Opinion)).one()
    assert (opinion.number, opinion.source, opinion.case_id) == (first.opinion_number, Source.CALLBACK, first.case_id)
    assert (second.state, second.attempts) == (CallState.UNREACHED, 3)
    found = list(breaches.breaches(0))
    assert [(b.kind, b.rule, b.key, b.person_id) for b in found] == [
        ("unfiled_denial", "D-6", f"2026-W47/{first.place}/unfiled_denial", office.users["clerk"])
    ]
    with act():
        service.withdraw_denial(office_now, first, "问的是另一家单位", later(days=7))
    assert list(breaches.undone(0)) == [found[0].key]
    lines, total = queries.summary(AFTER.date().replace(day=1))
    assert [(line.group.called, line.group.reached, line.withheld) for line in lines] == [(3, 2, True)]
    assert total.averages is None
    assert queries.suggestions(AFTER.date().replace(day=1)) == ["多开窗口"]
    assert queries.months() == [date(2026, 11, 1)]


BY_SQL = [
    "UPDATE callback_draw SET seed = 'x'",
    "DELETE FROM callback_draw",
    "UPDATE callback_call SET case_id = case_id + 1000",
    "DELETE FROM callback_call",
    "UPDATE callback_call SET attitude = 9",
]


def test_the_database_refuses_too(office, act, drawn):
    for statement in BY_SQL:
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_the_frame_is_read_by_the_index_of_closed_cases(office, drawn):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the plan of the embedded database")
    rows = db.session.execute(
        text("EXPLAIN QUERY PLAN SELECT number, client_phone FROM \"case\" WHERE closed_on IS NOT NULL"
             " AND closed_on >= '2026-11-16' AND closed_on < '2026-11-23' AND lead_id IS NULL ORDER BY id")
    )  # fmt: skip
    assert "ix_case_" in " ".join(str(row) for row in rows)
    assert rules.week_name(drawn.week_on) == "2026-W47"
