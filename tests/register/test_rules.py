"""Rhythms by table: for which period an entry counts, what is owed and until when (O-4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.register import rules
from portal.register.models import Rhythm

D = date


def weekday(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("rhythm", "day", "first", "after"),
    [
        (Rhythm.WORKDAY, D(2026, 11, 18), D(2026, 11, 18), D(2026, 11, 19)),
        (Rhythm.WEEK, D(2026, 11, 18), D(2026, 11, 16), D(2026, 11, 23)),
        (Rhythm.WEEK, D(2027, 1, 1), D(2026, 12, 28), D(2027, 1, 4)),
        (Rhythm.MONTH, D(2026, 12, 31), D(2026, 12, 1), D(2027, 1, 1)),
        (Rhythm.HALF_YEAR, D(2026, 6, 30), D(2026, 1, 1), D(2026, 7, 1)),
        (Rhythm.HALF_YEAR, D(2026, 7, 1), D(2026, 7, 1), D(2027, 1, 1)),
        (Rhythm.NONE, D(2026, 7, 1), D(2026, 7, 1), D(2026, 7, 2)),
    ],
)
def test_the_period_of_a_day(rhythm, day, first, after):
    assert rules.period_of(rhythm, day) == first
    assert rules.after(rhythm, first) == after


@pytest.mark.parametrize(
    ("rhythm", "first", "due_day", "due"),
    [
        (Rhythm.MONTH, D(2026, 11, 1), 10, D(2026, 11, 10)),
        (Rhythm.MONTH, D(2026, 2, 1), 31, D(2026, 2, 28)),
        (Rhythm.MONTH, D(2026, 11, 1), None, D(2026, 11, 30)),
        (Rhythm.WEEK, D(2026, 11, 16), 10, D(2026, 11, 22)),
        (Rhythm.HALF_YEAR, D(2026, 7, 1), None, D(2026, 12, 31)),
    ],
)
def test_until_when_an_entry_is_in_time(rhythm, first, due_day, due):
    assert rules.due_on(rhythm, first, due_day) == due


@pytest.mark.parametrize(
    ("rhythm", "since", "until", "due_day", "owed"),
    [
        (Rhythm.NONE, D(2026, 1, 1), D(2026, 12, 31), None, []),
        # The week in which it began counts; the one that is not over does not yet.
        (Rhythm.WEEK, D(2026, 11, 4), D(2026, 11, 18), None, [D(2026, 11, 2), D(2026, 11, 9)]),
        # Begun on a Saturday: nothing of that week was a working day.
        (Rhythm.WEEK, D(2026, 11, 7), D(2026, 11, 18), None, [D(2026, 11, 9)]),
        # Begun after the tenth: that month owes nothing.
        (Rhythm.MONTH, D(2026, 9, 11), D(2026, 11, 18), 10, [D(2026, 10, 1), D(2026, 11, 1)]),
        (Rhythm.MONTH, D(2026, 9, 11), D(2026, 11, 18), None, [D(2026, 9, 1), D(2026, 10, 1)]),
        (Rhythm.WORKDAY, D(2026, 11, 13), D(2026, 11, 17), None, [D(2026, 11, 13), D(2026, 11, 16), D(2026, 11, 17)]),
        (Rhythm.HALF_YEAR, D(2026, 2, 1), D(2026, 11, 18), None, [D(2026, 1, 1)]),
    ],
)
def test_what_is_owed(rhythm, since, until, due_day, owed):
    assert list(rules.periods(rhythm, since, until, weekday, due_day)) == owed


@given(
    st.sampled_from([r for r in Rhythm if r is not Rhythm.NONE]), st.dates(D(2020, 1, 1), D(2030, 1, 1)),
    st.integers(0, 500), st.sampled_from([None, 1, 10, 31]),
)  # fmt: skip
def test_owed_periods_are_in_order_and_over(rhythm, since, days, due_day):
    until = since + timedelta(days=days)
    found = list(rules.periods(rhythm, since, until, weekday, due_day))
    assert found == sorted(set(found))
    for first in found:
        assert rules.period_of(rhythm, first) == first
        assert since <= rules.due_on(rhythm, first, due_day) <= until


def test_half_years():
    assert rules.half_of(D(2026, 6, 30)) == (2026, 1)
    assert rules.half_before(D(2026, 11, 18)) == (2026, 1)
    assert rules.half_before(D(2026, 6, 1)) == (2025, 2)
    assert rules.half_days(2026, 2) == (D(2026, 7, 1), D(2027, 1, 1))
