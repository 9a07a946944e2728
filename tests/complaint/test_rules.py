"""States, the clock, who is barred, what a summary withholds: pure (A-5)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.complaint import rules
from portal.complaint.models import ComplaintState
from portal.complaint.rules import MOVES, Subject
from portal.pure.deadlines import USUAL_THRESHOLDS, Light
from portal.pure.workdays import USUAL_HOURS, WorkCalendar
from tests.office import SHANGHAI

S = ComplaintState
CALENDAR = WorkCalendar(
    days={date(2026, 10, d): False for d in range(1, 9)}, known_years={2026}, hours=USUAL_HOURS, names={}
)
OFFICE = {"take_up", "pass_on", "not_take_up", "assign", "reassign", "extend", "approve", "send_back", "reverse"}

TABLE = {
    S.RECEIVED: {"resolve", "take_up", "pass_on", "not_take_up", "extend", "add"},
    S.TAKEN_UP: {"resolve", "assign", "extend", "add"},
    S.INVESTIGATING: {"resolve", "reassign", "extend", "add", "note", "extract", "state", "propose"},
    S.PROPOSED: {"approve", "send_back", "extend", "add"},
    S.APPROVED: {"reassign", "tell", "extend", "add"},
    S.ANSWERED: {"rate", "close", "reverse"},
    S.PASSED_ON: {"assign", "reassign"},
    S.NOT_TAKEN_UP: {"assign", "reassign"},
    S.CLOSED: {"reverse"},
}


def test_every_state_knows_its_verbs_and_no_other():
    assert {state: set(MOVES.verbs(state)) for state in S} == TABLE


def test_nothing_is_told_before_it_was_approved_and_an_end_stays_an_end():
    assert MOVES.sources("tell") == (S.APPROVED,)
    assert MOVES.sources("approve") == (S.PROPOSED,)
    for state in rules.FINAL:
        assert all(MOVES.after(state, verb) is state or state is S.CLOSED for verb in MOVES.verbs(state))


@pytest.mark.parametrize(
    ("received", "limit", "extra", "due"),
    [
        ("2026-11-18T10:00", "7d", 0, "2026-11-25T17:30"),
        ("2026-11-18T23:50", "7d", 0, "2026-11-25T17:30"),
        ("2026-09-26T10:00", "7d", 0, "2026-10-09T17:30"),  # the seventh day is a holiday
        ("2026-11-18T10:00", "7d", 5, "2026-11-30T17:30"),
        ("2026-11-18T10:00", "5wd", 0, "2026-11-25T17:30"),
    ],
)
def test_the_limit_runs_in_calendar_days_and_ends_on_a_working_day(received, limit, extra, due):
    at = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI)
    found = rules.answer_clock(at, limit, extra, CALENDAR, USUAL_THRESHOLDS)
    assert found.due_at == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)
    assert found.soon_at is not None
    assert found.soon_at < found.due_at


def test_overdue_after_the_very_instant_and_kept_once_told():
    due = datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)
    soon, after = due.replace(hour=9), due.replace(minute=31)
    assert rules.light(due, due, soon, None) is Light.DUE_SOON
    assert rules.light(after, due, soon, None) is Light.OVERDUE
    assert rules.light(after, due, soon, due) is Light.NORMAL
    assert rules.light(after, due, soon, after) is Light.OVERDUE


@pytest.mark.parametrize(
    ("user", "departments", "whole", "barred"),
    [
        (1, {9}, False, True),  # the person
        (2, {9}, False, True),  # had a hand in the case
        (3, {5}, True, True),  # of the department
        (3, {5}, False, False),
        (3, {9}, True, False),
        (None, {5}, True, False),  # the portal itself
    ],
)
def test_who_is_barred(user, departments, whole, barred):
    assert rules.concerned(Subject(1, 5, frozenset({2})), user, departments, whole) is barred


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=8), st.integers(1, 10))
def test_no_small_group_is_shown_nor_to_be_had_from_the_total(counts, least):
    shown = rules.withheld(counts, least)
    hidden = [key for key, n in shown.items() if n is None]
    assert all(n is None or n == 0 or n >= least for n in shown.values())
    assert all(shown[key] in (None, n) for key, n in counts.items())
    if hidden:
        others = [n for key, n in counts.items() if n and key not in hidden]
        assert len(hidden) > 1 or not others
