"""Periods, shares and percentiles, worked by hand and as properties (W-0)."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.completion_report.definitions import Period
from portal.completion_report.page import title
from portal.completion_report.shares import EDGES, STEPS, bounds, percentile, step_of
from portal.pure.months import month_after


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-11-01", "2026-11-30", ("2026-10-01", "2026-10-31")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-10-01", "2026-12-31", ("2026-07-01", "2026-09-30")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-11-02", "2026-11-08", ("2026-10-26", "2026-11-01")),
        ("2026-11-18", "2026-11-18", ("2026-11-17", "2026-11-17")),
    ],
)
def test_the_period_before(first, last, before):
    found = Period(date.fromisoformat(first), date.fromisoformat(last)).before
    assert (found.first.isoformat(), found.last.isoformat()) == before


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(0, 900))
def test_months_cover_a_period_once(first, days):
    period = Period(first, first + timedelta(days=days))
    parts = period.months()
    assert parts[0].first == period.first
    assert parts[-1].last == period.last
    assert all(b.first - a.last == timedelta(days=1) for a, b in itertools.pairwise(parts))
    assert all((p.first.year, p.first.month) == (p.last.year, p.last.month) for p in parts)
    assert period.before.last == period.first - timedelta(days=1)


@given(st.integers(0, 30_000))
def test_a_share_lies_in_its_step(share):
    low, high = bounds(step_of(share))
    assert low is None or share > low
    assert high is None or share <= high


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_the_percentile_is_the_bound_of_the_step_that_holds_it(shares):
    histogram = [0] * STEPS
    for share in shares:
        histogram[step_of(share)] += 1
    exact = sorted(shares)[math.ceil(0.9 * len(shares)) - 1]
    low, high = bounds(step_of(exact))
    assert percentile(histogram) == (high if high is not None else EDGES[-1] + 1)
    assert low is None or exact > low


def test_no_cases_have_no_percentile():
    assert percentile([0] * STEPS) is None


@pytest.mark.parametrize(
    ("day", "months", "found"), [("2026-01-01", -1, "2025-12-01"), ("2026-12-01", 1, "2027-01-01")]
)
def test_months_are_counted_over_the_year(day, months, found):
    assert month_after(date.fromisoformat(day), months).isoformat() == found


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-11-01", "2026-11-30", "2026-11"),
        ("2026-10-01", "2026-12-31", "2026 年第 4 季度"),
        ("2026-01-01", "2026-12-31", "2026 年"),
        ("2026-10-03", "2026-11-02", "2026-10-03 至 2026-11-02"),
        ("2026-11-01", "2026-12-31", "2026-11-01 至 2026-12-31"),
    ],
)
def test_a_period_is_named(app, first, last, text):
    with app.test_request_context():
        assert title(Period(date.fromisoformat(first), date.fromisoformat(last))) == text
