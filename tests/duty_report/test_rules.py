"""Circles and results (P-5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.duty_report.rules import Belongs, Result, Scope, circle

C, H, L = Belongs.COLLEAGUE, Belongs.HEAD, Belongs.LEADER
people = st.lists(st.integers(1, 9), max_size=6)


@pytest.mark.parametrize(
    ("scope", "person", "expected"),
    [
        (Scope.DEPARTMENT, 1, {2: C, 3: H, 7: L}),
        (Scope.DEPARTMENT, 3, {1: C, 2: C, 7: L}),
        (Scope.LEADING, 1, {3: H, 7: L}),
        (Scope.LEADING, 7, {3: H}),
        (Scope.UNIT, 1, {2: C, 3: H, 7: L, 8: C}),
    ],
)
def test_circles(scope, person, expected):
    assert circle(scope, person, [1, 2, 3], [3], [7], [1, 2, 3, 7, 8]) == expected


@given(st.sampled_from(Scope), st.integers(1, 9), people, people, people, people)
def test_nobody_is_in_their_own_circle_and_the_highest_standing_counts(scope, person, mates, heads, leaders, everybody):
    found = circle(scope, person, mates, heads, leaders, everybody)
    assert person not in found
    assert {u for u, why in found.items() if why is L} == set(leaders) - {person}
    assert set(heads) - {person} <= set(found)


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 30)))
def test_shares_add_up(counts):
    result = Result(counts, 99, True)
    whole = sum(result.share(g) for g in "abcd")
    assert whole == pytest.approx(100 if result.given else 0)
