"""Chains, days and the yearly list (O-1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.openness.rules import Chain, Level, Period, Scope, Standing, chain, due_dates, same_day, standing

days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("set_to", list(Chain))
def test_there_is_always_a_step_and_the_leader_comes_last(scope, set_to):
    steps = chain(scope, set_to)
    assert steps
    assert steps == tuple(sorted(steps, key=list(Level).index))
    if scope is Scope.UNIT:
        assert steps[-1] is Level.LEADER


@given(days, st.integers(0, 400), st.integers(-500, 500), st.booleans())
def test_a_day_has_one_standing(publish, length, offset, withdrawn):
    until, day = publish + timedelta(days=length), publish + timedelta(days=offset)
    found = standing(day, publish, until, withdrawn)
    if withdrawn:
        assert found is Standing.WITHDRAWN
    else:
        assert (found is Standing.SHOWN) == (publish <= day <= until)
    assert standing(day, publish, None, False) in (Standing.AHEAD, Standing.SHOWN)


@pytest.mark.parametrize(
    ("first", "period", "expected"),
    [
        (date(2026, 1, 31), Period.MONTHLY, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
        (date(2028, 1, 31), Period.QUARTERLY, [31, 30, 31, 31]),
        (date(2026, 3, 15), Period.HALF_YEARLY, [15, 15]),
        (date(2026, 8, 1), Period.HALF_YEARLY, [1]),
        (date(2026, 12, 31), Period.MONTHLY, [31]),
        (date(2026, 2, 1), Period.YEARLY, [1]),
    ],
)
def test_due_days_of_a_year(first, period, expected):
    assert [d.day for d in due_dates(first, period)] == expected


@given(days, st.sampled_from(list(Period)))
def test_due_days_stay_in_their_year_and_in_order(first, period):
    found = due_dates(first, period)
    assert found[0] == first
    assert list(found) == sorted(set(found))
    assert {d.year for d in found} == {first.year}


@given(days, st.integers(2001, 2098))
def test_the_same_day_of_another_year(day, year):
    found = same_day(day, year)
    assert (found.year, found.month) == (year, day.month)
    assert found.day == day.day or (day.day == 29 and found.day == 28)
