"""Lights, figures, dates and moves of plans, by table (E-1, T-6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pure.deadlines import Light
from portal.work_plan import rules
from portal.work_plan.models import ItemState as S
from portal.work_plan.models import PlanState as P
from portal.work_plan.models import Term
from portal.work_plan.rules import Fact

DUE = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
SOON = timedelta(days=7)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "now", "reported", "excused", "wanted"),
    [
        (S.RUNNING, DUE - SOON - SECOND, None, False, Light.NORMAL),
        (S.RUNNING, DUE - SOON, None, False, Light.DUE_SOON),
        (S.RUNNING, DUE, None, False, Light.DUE_SOON),
        (S.RUNNING, DUE + SECOND, None, False, Light.OVERDUE),
        (S.RUNNING, DUE + SECOND, None, True, Light.NORMAL),
        (S.REPORTED, DUE + SOON, DUE, False, Light.NORMAL),
        (S.REPORTED, DUE + SOON, DUE + SECOND, False, Light.OVERDUE),
        (S.DONE, DUE + SOON, DUE - SECOND, False, Light.NORMAL),
        (S.DONE, DUE + SOON, DUE + SECOND, False, Light.OVERDUE),
        (S.PLANNED, DUE + SOON, None, False, Light.NORMAL),
        (S.CANCELLED, DUE + SOON, None, False, Light.NORMAL),
    ],
)
def test_the_light_of_an_item(state, now, reported, excused, wanted):
    assert rules.light(state, now, DUE, reported, SOON, excused) is wanted


FACTS = st.builds(Fact, st.sampled_from(S), st.sampled_from([Light.NORMAL, Light.DUE_SOON, Light.OVERDUE]),
                  st.integers(0, 100))  # fmt: skip


@given(st.lists(FACTS), st.randoms())
def test_figures_do_not_depend_on_order_and_add_up(facts, random):
    found = rules.figures(facts)
    random.shuffle(facts)
    assert rules.figures(facts) == found
    assert found.done + found.late + found.soon <= found.items <= len(facts)
    assert found.done_late <= found.done
    assert 0 <= found.percent <= 100
    assert found.rate == (100 * found.done // found.items if found.items else 0)
    more = [*facts, Fact(S.CANCELLED, Light.OVERDUE, 3)]
    assert rules.figures(more) == found, "what is cancelled does not count"


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), Term.MID),
        (date(2026, 11, 30), Term.MID),
        (date(2026, 12, 1), Term.YEAR),
        (date(2027, 3, 1), Term.YEAR),
        (date(2025, 12, 31), None),
    ],
)
def test_which_review_is_due(today, wanted):
    assert rules.term_due(2026, today, 6, 11) is wanted


def test_a_year_later():
    assert rules.year_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert rules.year_later(date(2025, 2, 28), 1) == date(2026, 2, 28)


def test_moves_end_where_nothing_more_is_done():
    assert [s for s in P if not rules.PLAN_MOVES.verbs(s)] == [P.ENDED]
    assert {s for s in S if not rules.ITEM_MOVES.verbs(s)} == {S.DONE, S.CANCELLED}
