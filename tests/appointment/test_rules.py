"""Which slots there are, when an answer is due, what may follow what (C-6)."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.appointment.forms import minute_of
from portal.appointment.rules import FINAL, MOVES, Offer, State, allowed, due_at, holds, openings, outside_hours
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import WorkCalendar
from tests.office import SHANGHAI

#: 2026-11-20 (Friday) is off, 2026-11-21 (Saturday) is worked for it, 2026-11-28 (Saturday) is an announced day off.
WORK = WorkCalendar(
    days={date(2026, 11, 20): False, date(2026, 11, 21): True, date(2026, 11, 28): False},
    known_years=frozenset({2026}),
)
WITHIN = Limit(1, Unit.WORKING_DAYS)


def weekly(weekday: int, start: int = 720, end: int = 780, minutes: int = 30, capacity: int = 1) -> Offer:
    return Offer(weekday, None, start, end, minutes, capacity)


def at(day: int, there: str) -> datetime:
    return datetime.combine(date(2026, 11, day), datetime.strptime(there, "%H:%M").time(), SHANGHAI)


@pytest.mark.parametrize(
    ("offer", "day", "expected"),
    [
        (weekly(2), 18, True),
        (weekly(2), 19, False),
        (weekly(4), 20, False),
        (weekly(5), 21, True),
        (weekly(5), 28, False),
        (weekly(6), 22, True),
        (Offer(None, date(2026, 11, 20), 0, 60, 30, 1), 20, True),
        (Offer(None, date(2026, 11, 20), 0, 60, 30, 1), 27, False),
    ],
)
def test_on_which_days_a_rule_holds(offer, day, expected):
    assert holds(offer, date(2026, 11, day), WORK) is expected


def test_slots_are_cut_whole_and_the_first_rule_wins():
    found = list(openings([weekly(2, 720, 800), weekly(2, 750, 780, capacity=9)], *[date(2026, 11, 18)] * 2, WORK))
    assert [(o.from_at.strftime("%H:%M"), o.capacity) for o in found] == [("12:00", 1), ("12:30", 1)]


@given(st.integers(0, 1439), st.integers(1, 1440), st.integers(5, 480))
def test_slots_never_overlap_and_stay_within_their_hours(start, end, minutes):
    day = date(2026, 11, 18)
    found = list(openings([weekly(2, start, end, minutes)], day, day, WORK))
    assert len(found) == max(0, (end - start) // minutes)
    for one, other in itertools.pairwise(found):
        assert one.to_at == other.from_at
    midnight = datetime.combine(day, datetime.min.time(), SHANGHAI)
    assert all(o.to_at <= midnight + timedelta(minutes=end) for o in found)


@pytest.mark.parametrize(
    ("asked", "wished", "due"),
    [
        (at(18, "10:00"), None, at(19, "17:30")),
        (at(18, "10:00"), at(24, "12:00"), at(19, "17:30")),
        (at(18, "10:00"), at(18, "18:00"), at(18, "18:00")),
        (at(19, "10:00"), None, at(21, "17:30")),
        (at(18, "10:00"), at(18, "09:00"), at(19, "17:30")),
    ],
)
def test_when_an_answer_is_due(asked, wished, due):
    assert due_at(asked, wished, WITHIN, WORK) == due


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("08:59", True), ("09:00", False), ("12:00", True), ("13:30", False), ("17:29", False), ("17:30", True)],
)
def test_what_lies_outside_office_hours(moment, expected):
    assert outside_hours(at(18, moment), WORK) is expected
    assert outside_hours(at(22, moment), WORK)


def test_what_ended_has_no_verb():
    assert not [(s, v) for s in FINAL for v in MOVES if allowed(s, v)]
    assert {MOVES[v][1] for v in MOVES} == set(State)


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("17:30", 1050), ("0:00", 0), ("24:00", 1440), ("24:01", None), ("17:60", None), ("17", None), ("", None),
     ("１７:30", None), ("-1:30", None), ("17:3", None)],
)  # fmt: skip
def test_times_of_the_day(typed, minute):
    assert minute_of(typed) == minute
