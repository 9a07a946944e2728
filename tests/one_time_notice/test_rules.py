"""N-1, N-4, N-7 as rules: what a notice must name, what it should have named before, and its dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.one_time_notice import rules
from portal.one_time_notice.models import Problem
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar

M, W = Problem.MISSING, Problem.WRONG
FIRST = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
BEFORE, AFTER = FIRST - timedelta(hours=1), FIRST + timedelta(days=2)
CALENDAR = WorkCalendar({}, frozenset({2026}))


def paper(received_at=None, required=True, in_checklist=True):
    return rules.Material(7, required, in_checklist, received_at)


def notice(at, *ids):
    return rules.Earlier(at, frozenset(ids))


@pytest.mark.parametrize(
    ("material", "problem", "earlier", "repeats"),
    [
        (paper(), M, [], False),
        (paper(BEFORE), W, [], False),
        (paper(), M, [notice(FIRST, 7)], False),
        (paper(), M, [notice(FIRST, 8)], True),
        (paper(required=False), M, [notice(FIRST, 8)], True),
        (paper(BEFORE), M, [notice(FIRST, 8)], True),
        (paper(in_checklist=False), M, [notice(FIRST, 8)], False),
        (paper(BEFORE), W, [notice(FIRST, 8)], True),
        (paper(FIRST), W, [notice(FIRST, 8)], True),
        (paper(AFTER), W, [notice(FIRST, 7)], False),
        (paper(AFTER), W, [notice(FIRST, 8)], False),
        (paper(AFTER), W, [notice(FIRST, 7), notice(AFTER + timedelta(days=1), 8)], True),
        (paper(FIRST), W, [notice(FIRST, 7)], False),
        (paper(None), W, [notice(FIRST, 7)], False),
        (paper(), M, [notice(FIRST, 8), notice(AFTER, 7)], False),
    ],
    ids=[
        "first: missing",
        "first: wrong",
        "asked before, still missing",
        "stood in the checklist, first asked now",
        "optional line of the checklist, first asked now",
        "taken as handed in, now said to be missing",
        "not in the checklist",
        "wrong, was there before the first",
        "wrong, was handed in at the very instant of the first",
        "brought after it was asked for, wrong again",
        "brought unasked after the first, wrong",
        "brought after the first, plain at the second, told at the third",
        "asked for and brought at the same instant",
        "named before, handed in wrong again without being registered",
        "recorded at the second notice already",
    ],
)
def test_repeated(material, problem, earlier, repeats):
    assert rules.repeated([material], [rules.Asked(7, problem)], earlier) == ([7] if repeats else [])


def test_repeated_passes_over_what_the_case_does_not_have():
    assert rules.repeated([paper()], [rules.Asked(99, M)], [notice(FIRST, 8)]) == []


@pytest.mark.parametrize(
    ("material", "asked", "left"),
    [
        (paper(), [], [7]),
        (paper(), [rules.Asked(7, M)], []),
        (paper(), [rules.Asked(7, W)], []),
        (paper(), [rules.Asked(8, M)], [7]),
        (paper(BEFORE), [], []),
        (paper(required=False), [], []),
        (paper(in_checklist=False), [], [7]),
    ],
)
def test_forgotten(material, asked, left):
    assert rules.forgotten([material], asked) == left


@given(
    st.lists(
        st.builds(
            rules.Material, st.integers(1, 9), st.booleans(), st.booleans(), st.sampled_from([None, BEFORE, AFTER])
        ),
        unique_by=lambda m: m.id,
    ),
    st.sets(st.integers(1, 9)),
)
def test_a_notice_is_complete_exactly_when_nothing_required_is_left_out(materials, named):
    left = rules.forgotten(materials, [rules.Asked(i, M) for i in named])
    lacking = {m.id for m in materials if m.required and not m.received_at}
    assert set(left) == lacking - named
    assert rules.forgotten(materials, [rules.Asked(i, M) for i in named | set(left)]) == []


def test_dates_count_from_the_day_of_the_notice():
    assert rules.default_until(FIRST, Limit.parse("15wd"), CALENDAR) == date(2026, 12, 9)
    assert rules.default_until(FIRST, Limit.parse("3d"), CALENDAR) == date(2026, 11, 23), "ends on a day off: next wd"
    assert rules.remind_from(date(2026, 12, 9), Limit.parse("3wd"), CALENDAR) == date(2026, 12, 4)
    assert rules.remind_from(date(2026, 12, 9), Limit.parse("5d"), CALENDAR) == date(2026, 12, 4)
