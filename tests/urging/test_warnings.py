"""Thresholds are said once to whom they concern, with their own instant, and said again until somebody acts (T-6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import service as cases
from portal.cases import sweeping
from portal.cases.models import Case
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import service as policy
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import WorkCalendar
from portal.reminder import sentences
from portal.reminder.models import Kind, Message
from portal.urging import rules, warnings
from portal.urging.models import Nag
from tests.office import NOW
from tests.urging.conftest import accepted

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar({}, frozenset({2026}))
FOUR = Limit(4, Unit.WORKING_HOURS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


# --- the ladder, pure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "times", "levels"),
    [
        ("due_soon", 2, [0, 0, 1, 1, 2, 2, None]),
        ("overdue", 2, [1, 1, 2, 2, None]),
        ("red", 3, [2, 2, 2, None]),
        ("due_soon", 1, [0, 1, 2, None]),
        ("red", 0, [None]),
    ],
)
def test_the_ladder(first, times, levels):
    assert [rules.level_of(first, n + 1, times) for n in range(len(levels))] == levels


@pytest.mark.parametrize(
    ("now", "number", "level", "due"),
    [
        ("18T14:30", 1, 0, "18T14:00"),
        ("19T09:30", 1, 0, "18T14:00"),
        ("19T09:31", 2, 0, "19T09:30"),
        ("19T15:01", 3, 1, "19T15:00"),
        ("20T16:00", 4, 1, "20T10:30"),
        ("30T09:00", 6, 2, "23T11:30"),
    ],
)
def test_of_steps_slept_over_the_last_is_said(now, number, level, due):
    found = rules.due_step("due_soon", 0, at("18T14:00"), at(now), FOUR, 2, CALENDAR)
    assert (found.number, found.level, found.at) == (number, level, at(due))
    assert found.last == (number == 6)


@given(
    st.lists(st.integers(1, 60 * 24 * 6), min_size=1, max_size=12),
    st.sampled_from(["due_soon", "overdue", "red"]),
    st.integers(1, 4),
)
def test_however_the_sweeps_come_no_step_is_said_twice(waits, first, times):
    now, done, due = at("18T10:00"), 0, at("18T14:00")
    said = []
    for minutes in waits:
        now += timedelta(minutes=minutes)
        if due >= now:
            continue
        step = rules.due_step(first, done, due, now, FOUR, times, CALENDAR)
        if step is None:
            break
        assert step.at < now
        assert step.level == rules.level_of(first, step.number, times)
        said.append(step.number)
        done, due = step.number, step.next_at
        if step.last:
            break
    assert said == sorted(set(said))
    assert len(said) <= times * (3 - rules.FIRST[first])


# --- over the database -----------------------------------------------------------------------------------------


def sweep(moment):
    with clock.at(moment), transaction.act():
        sweeping.sweep(clock.now())
    with clock.at(moment), transaction.act():
        return warnings.sweep(clock.now())


def told(kind, user_id=None):
    query = select(Message).where(Message.kind == kind).order_by(Message.id)
    return list(db.session.scalars(query if user_id is None else query.where(Message.user_id == user_id)))


def users(messages):
    return {m.user_id for m in messages}


def test_each_threshold_to_whom_it_concerns_with_its_instant(office, case):
    u = office.users
    sweep(case.soon_at + timedelta(minutes=1))
    assert users(told(Kind.DUE_SOON)) == {u["clerk"]}
    sweep(case.due_at + timedelta(minutes=1))
    assert users(told(Kind.OVERDUE)) == {u["clerk"], u["head"]}
    sweep(case.red_at + timedelta(minutes=1))
    assert users(told(Kind.RED)) == {u["clerk"], u["head"], u["leader"]}
    for kind, instant in ((Kind.DUE_SOON, case.soon_at), (Kind.OVERDUE, case.due_at), (Kind.RED, case.red_at)):
        assert {m.about_at for m in told(kind)} == {instant}


def test_nothing_of_the_client_is_said(office, case):
    sweep(case.red_at + timedelta(days=20))
    rows = db.session.scalars(select(Message)).all()
    assert rows
    for message in rows:
        for words in (message.title, message.body, message.path, message.key):
            assert "张三" not in words
            assert "申请" not in words
    assert {sentences.said(m.title) for m in told(Kind.DUE_SOON)} == {f"办件临期：{case.number} 科普教育基地认定"}


def test_the_reminder_counts_working_days(office, case):
    sweep(case.soon_at + timedelta(minutes=1))
    assert "还有 2 个工作日" in sentences.said(told(Kind.DUE_SOON)[0].body) or "还有 1 个工作日" in sentences.said(
        told(Kind.DUE_SOON)[0].body
    )


def test_slept_over_everything_each_once(office, case):
    late = case.red_at + timedelta(days=9)
    for _n in range(3):
        sweep(late)
    u = office.users
    assert [len(told(k)) for k in (Kind.DUE_SOON, Kind.OVERDUE, Kind.RED)] == [1, 2, 3]
    assert users(told(Kind.RED)) == {u["clerk"], u["head"], u["leader"]}
    assert len(db.session.scalars(select(Nag).where(Nag.ended_at.is_(None))).all()) == 1, "the last threshold's ladder"


def test_whoever_answers_then_is_told(office, case):
    before = case.soon_at - timedelta(hours=1)
    with clock.at(before), transaction.act():
        actor = people.actor_by_username("clerk", before)
        ab.record_absence(
            actor, office.users["clerk"], AbsenceKind.SICK, before, before + timedelta(days=3), before, emergency=True
        )
    sweep(case.soon_at + timedelta(minutes=1))
    assert users(told(Kind.DUE_SOON)) == {office.users["clerk2"]}


def test_said_again_up_the_ladder_until_it_is_over(office, case):
    sweep(case.soon_at + timedelta(minutes=1))
    nag = db.session.scalars(select(Nag)).one()
    for step, last in enumerate(("clerk", "clerk", "head", "head"), 1):
        instant = nag.next_at
        if instant >= case.due_at:
            break
        assert sweep(instant + timedelta(seconds=1)) == 1
        newest = told(Kind.NAG)[-1]
        assert newest.about_at == instant
        assert newest.key == f"nag:{nag.id}:{step}"
        assert office.users[last] in users(told(Kind.NAG))
    assert sweep(nag.next_at - timedelta(seconds=1)) == 0
    assert "urging.nagged" in [e.event for e in journal.of_case(case.id)]


@pytest.mark.parametrize("how", ["acted", "closed", "colleague"])
def test_it_stops_when_the_handler_acts(office, case, how):
    moment = case.soon_at + timedelta(minutes=1)
    sweep(moment)
    nag = db.session.scalars(select(Nag)).one()
    with clock.at(moment), transaction.act():
        held = db.session.get(Case, case.id)
        if how == "acted":
            cases.start(people.actor_by_username("clerk", moment), held, moment)
        elif how == "closed":
            warnings.end_ladder(held, moment, moment)
        else:
            journal.record(
                warnings.words.NAGGED, None, people.actor_by_username("head", moment), moment, case_id=case.id,
                light="due_soon", step=0, level=0, at=moment,
            )  # fmt: skip
    assert sweep(nag.next_at + timedelta(minutes=1)) == (1 if how == "colleague" else 0)


def test_the_office_may_switch_it_off(office, case):
    with transaction.act():
        policy.set_value(people.actor_by_username("office", NOW), "urging.nag_times", "0", "不需要", NOW)
    sweep(case.soon_at + timedelta(minutes=1))
    assert db.session.scalars(select(Nag)).all() == []


def test_a_gap_is_said_to_the_head(office):
    with transaction.act():
        made = accepted(office)
    absent = made.soon_at - timedelta(hours=2)
    with clock.at(absent), transaction.act():
        for who in ("clerk", "clerk2"):
            ab.record_absence(
                SYSTEM, office.users[who], AbsenceKind.SICK, absent, absent + timedelta(days=2), absent, emergency=True
            )
    sweep(made.soon_at + timedelta(minutes=1))
    assert users(told(Kind.DUE_SOON)) == {office.users["head"]}
