"""States and conditions of inspections, by table (O-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pure.months import month_after
from portal.pure.states import IllegalMove
from portal.supervision import rules
from portal.supervision.models import FindingState as S
from portal.supervision.models import InspectionState as I
from portal.supervision.models import PlanState as P
from portal.supervision.models import Severity

VERBS = {
    "comment": {S.FOUND: S.FOUND},
    "order": {S.FOUND: S.ORDERED},
    "note": {S.FOUND: S.NOTED},
    "report": {S.ORDERED: S.REPORTED},
    "pass": {S.REPORTED: S.PASSED},
    "again": {S.REPORTED: S.ORDERED},
    "withdraw": {s: S.WITHDRAWN for s in S if s is not S.WITHDRAWN},
}


def test_every_move_of_a_finding_and_no_other():
    for verb, table in VERBS.items():
        for state in S:
            if state in table:
                assert rules.MOVES.after(state, verb) is table[state]
            else:
                with pytest.raises(IllegalMove):
                    rules.MOVES.after(state, verb)
    assert {v for s in S for v in rules.MOVES.verbs(s)} == set(VERBS)


def test_moves_of_inspections_and_plans():
    moves = {(I.OPEN, "add"): I.OPEN, (I.OPEN, "feed_back"): I.FED_BACK, (I.FED_BACK, "note"): I.CLOSED}
    for state in I:
        for verb in ("add", "feed_back", "note"):
            assert rules.INSPECTION_MOVES.allowed(state, verb) is ((state, verb) in moves)
    for state in P:
        for verb in ("carry_out", "cancel"):
            assert rules.PLAN_MOVES.allowed(state, verb) is (state is P.PLANNED)


AT = datetime(2026, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("commented", "later", "severity", "may"),
    [
        (None, -1, Severity.ORDINARY, False),
        (None, 0, Severity.MINOR, False),  # at the very instant its time is not over
        (None, 1, Severity.MINOR, True),
        (AT, -1, Severity.MINOR, True),
        (None, -1, Severity.SERIOUS, True),
    ],
)
def test_the_department_is_heard_first(commented, later, severity, may):
    assert rules.heard(commented, AT, AT + timedelta(seconds=later), severity) is may


def test_feedback_only_when_all_is_settled():
    assert rules.may_feed_back([])
    assert rules.may_feed_back([S.PASSED, S.NOTED, S.WITHDRAWN])
    for open_ in (S.FOUND, S.ORDERED, S.REPORTED):
        assert not rules.may_feed_back([S.PASSED, open_])


@pytest.mark.parametrize(("round_", "after", "up"), [(1, 1, True), (1, 2, False), (2, 2, True), (3, 2, True)])
def test_when_a_failure_goes_up(round_, after, up):
    assert rules.escalates(round_, after) is up


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("2026-11", (date(2026, 11, 1), date(2026, 11, 30))),
        ("2026-12", (date(2026, 12, 1), date(2026, 12, 31))),
        ("2028-02", (date(2028, 2, 1), date(2028, 2, 29))),
        ("2026-Q4", (date(2026, 10, 1), date(2026, 12, 31))),
        ("2026-Q1", (date(2026, 1, 1), date(2026, 3, 31))),
        *((bad, None) for bad in ("", "2026", "2026-13", "2026-00", "2026-1", "2026-Q5", "1999-01", "2100-01")),
        *((bad, None) for bad in ("２０２６-11", "x-Q1", "2026-²1")),
    ],
)  # fmt: skip
def test_months_and_quarters(typed, days):
    assert rules.period(typed) == days


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.booleans())
def test_the_name_of_a_period_reads_back(day, quarter):
    first, last = rules.period(rules.period_text(day, quarter))
    assert first <= day <= last
    assert month_after(first, 3 if quarter else 1) == last + timedelta(days=1)


people = st.integers(1, 6)
places = st.frozensets(st.integers(1, 4), max_size=3)


@given(
    st.dictionaries(people, places, min_size=6, max_size=6),
    st.lists(st.tuples(people, st.integers(1, 4), people, people)),
)
def test_nobody_inspects_or_checks_their_own(own, tries):
    """Whatever is tried in whatever order: no own department is inspected, no own report checked (O-2)."""
    for inspector, department, reporter, checker in tries:
        if rules.may_inspect(own.get(inspector, ()), [department]):
            assert department not in own.get(inspector, ())
        if rules.may_recheck(checker, own.get(checker, ()), department, {reporter, None}):
            assert checker != reporter
            assert department not in own.get(checker, ())
        assert not rules.may_inspect({department}, [department, 9])


def test_a_plan_is_done_with_its_last_department():
    assert not rules.carried_out([1, 2], {1})
    assert rules.carried_out([1, 2], {1, 2, 3})
