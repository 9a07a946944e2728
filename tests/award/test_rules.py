"""Periods, concern and how a vote comes out: by table and by property (O-7)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.award.rules import Count, Outcome, Ties, concerned, most, outcome, period

E, T, N = Outcome.ELECTED, Outcome.TIED, Outcome.NOT_ELECTED


@pytest.mark.parametrize(
    ("span", "day", "first", "last"),
    [
        ("month", date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 18), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        ("year", date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_the_period_of_a_day(span, day, first, last):
    assert period(span, day) == (first, last)


@pytest.mark.parametrize(
    ("votes", "places", "percent", "ties", "wanted"),
    [
        ((9, 7, 5), 2, 50, Ties.DECIDED, (E, E, N)),
        ((9, 7, 7), 2, 50, Ties.DECIDED, (E, T, T)),
        ((9, 7, 7), 2, 50, Ties.ALL, (E, E, E)),
        ((9, 7, 7), 2, 50, Ties.NONE, (E, N, N)),
        ((7, 7, 7), 3, 50, Ties.DECIDED, (E, E, E)),
        ((9, 4, 3), 3, 50, Ties.DECIDED, (E, N, N)),
        ((9, 5, 3), 3, 50, Ties.DECIDED, (E, E, N)),
        ((0, 0, 0), 3, 0, Ties.ALL, (N, N, N)),
        ((9, 9, 7), 1, 50, Ties.NONE, (N, N, N)),
        ((9, 9, 7), 1, 50, Ties.DECIDED, (T, T, N)),
    ],
)
def test_how_a_vote_comes_out(votes, places, percent, ties, wanted):
    counts = {n: Count(v, 10) for n, v in enumerate(votes)}
    assert tuple(outcome(counts, places, percent, ties).values()) == wanted


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=12),
    st.integers(1, 6),
    st.integers(0, 100),
    st.sampled_from(Ties),
    st.randoms(),
)
def test_order_never_matters_and_places_hold(raw, places, percent, ties, random):
    counts = {n: Count(min(v, b), b) for n, (v, b) in enumerate(raw)}
    found = outcome(counts, places, percent, ties)
    turned = list(counts.items())
    random.shuffle(turned)
    assert outcome(dict(turned), places, percent, ties) == found
    elected = [n for n, what in found.items() if what is E]
    assert len(elected) <= most(places, found)
    if ties is not Ties.ALL:
        assert len(elected) <= places
    for n, what in found.items():
        if what is not N:
            assert counts[n].reaches(percent)
            lower = [m for m in counts if counts[m].reaches(percent) and counts[m].votes > counts[n].votes]
            assert all(found[m] is not N for m in lower)
    assert len({counts[n].votes for n, what in found.items() if what is T}) <= 1


@pytest.mark.parametrize(
    ("voter", "home", "user", "department", "wanted"),
    [(1, 10, 1, 10, True), (2, 10, 1, 10, False), (2, 10, None, 10, True), (2, 20, None, 10, False)],
)
def test_who_is_concerned(voter, home, user, department, wanted):
    assert concerned(voter, home, user, department) is wanted
