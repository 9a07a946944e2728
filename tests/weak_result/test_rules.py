"""Which results are weak, and the light of an order, by table (E-8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pure.deadlines import Light
from portal.weak_result import rules
from portal.weak_result.models import OrderState as S

#: Subject, total, place; the last one is excluded.
MONTH = [(1, D("95"), 1), (2, D("79.9"), 3), (3, D("80"), 2), (4, D("79.9"), 3), (5, D("10"), None)]


@pytest.mark.parametrize(
    ("below", "last", "wanted"),
    [
        (0, 0, []),
        (80, 0, [2, 4]),
        (0, 1, [2, 4]),
        (0, 3, [2, 4, 3]),
        (96, 0, [2, 4, 3, 1]),
        (79, 1, [2, 4]),
        (0, 20, [2, 4, 3]),
        (100, 20, [2, 4, 3, 1]),
    ],
)
def test_who_is_weak(below, last, wanted):
    assert rules.weak(MONTH, below, last) == wanted


def test_where_all_are_equal_nobody_is_last():
    assert rules.weak([(1, D(100), 1), (2, D(100), 1)], 80, 1) == []


@given(
    st.lists(st.tuples(st.integers(1, 99), st.decimals("0", "110", places=1), st.none() | st.integers(1, 9)),
             unique_by=lambda r: r[0]),
    st.integers(0, 110), st.integers(0, 9), st.randoms(),
)  # fmt: skip
def test_weak_does_not_depend_on_order(placed, below, last, random):
    found = rules.weak(placed, below, last)
    random.shuffle(placed)
    assert rules.weak(placed, below, last) == found
    ranked = {subject for subject, _total, place in placed if place is not None}
    assert set(found) <= ranked
    assert {s for s, total, place in placed if place is not None and total < below} <= set(found)


DUE = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
SOON, SECOND = timedelta(days=3), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "now", "answered", "wanted"),
    [
        (S.ORDERED, DUE - SOON - SECOND, None, Light.NORMAL),
        (S.ORDERED, DUE - SOON, None, Light.DUE_SOON),
        (S.ORDERED, DUE + SECOND, None, Light.OVERDUE),
        (S.ANSWERED, DUE + SOON, DUE, Light.NORMAL),
        (S.ANSWERED, DUE + SOON, DUE + SECOND, Light.OVERDUE),
        (S.WITHDRAWN, DUE + SOON, None, Light.NORMAL),
    ],
)
def test_the_light_of_an_order(state, now, answered, wanted):
    assert rules.light(state, now, DUE, answered, SOON) is wanted
