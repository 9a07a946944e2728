"""Who may be chosen: service without a break, leave, complaints, decisions (E-5, A-4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.pure.eligibility import Facts, Hindrance, Limits, reasons, served_since, whole_months

YEAR = Limits(months=12, private_days=20, sick_days=30, complaints=3)
SINCE, END = date(2025, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 9, 1), date(2026, 11, 30), 3),
        (date(2026, 9, 2), date(2026, 11, 30), 2),
        (date(2026, 1, 1), date(2026, 12, 31), 12),
        (date(2026, 1, 2), date(2026, 12, 31), 11),
        (date(2025, 11, 30), date(2026, 2, 28), 3),
        (date(2026, 1, 31), date(2026, 2, 26), 0),
        (date(2026, 1, 31), date(2026, 2, 27), 1),
        (date(2026, 12, 31), date(2026, 12, 31), 0),
    ],
)
def test_months_of_service_are_whole(since, on, months):
    assert whole_months(since, on) == months


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        ([], None),
        ([(SINCE, None)], SINCE),
        ([(SINCE, date(2026, 3, 31)), (date(2026, 4, 1), None)], SINCE),
        ([(SINCE, date(2026, 3, 31)), (date(2026, 4, 2), None)], date(2026, 4, 2)),
        ([(SINCE, None), (date(2026, 3, 1), date(2026, 4, 1))], SINCE),
        ([(SINCE, date(2026, 12, 30))], None),
        ([(SINCE, END)], SINCE),
        ([(date(2027, 1, 1), None)], None),
    ],
)
def test_service_is_without_a_break_up_to_the_end(periods, since):
    assert served_since(periods, END) == since


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts(SINCE), []),
        (Facts(None), [(Hindrance.NO_SERVICE, "0")]),
        (Facts(date(2026, 2, 1)), [(Hindrance.SHORT_SERVICE, "11")]),
        (Facts(SINCE, private_halves=40, sick_halves=60), []),
        (Facts(SINCE, private_halves=41), [(Hindrance.PRIVATE_LEAVE, "20.5")]),
        (Facts(SINCE, sick_halves=61), [(Hindrance.SICK_LEAVE, "30.5")]),
        (Facts(SINCE, complaints=("a", "b")), []),
        (Facts(SINCE, complaints=("a", "b", "c")), [(Hindrance.COMPLAINTS, "3")]),
        (Facts(SINCE, barred_by=("x",)), [(Hindrance.AWARD_LOST, "1")]),
        (
            Facts(None, 42, 0, (), ("x",), ("y",)),
            [
                (Hindrance.NO_SERVICE, "0"),
                (Hindrance.PRIVATE_LEAVE, "21"),
                (Hindrance.AWARD_LOST, "1"),
                (Hindrance.DISQUALIFIED, "1"),
            ],
        ),
    ],
)
def test_every_reason_is_told_with_its_figure(facts, found):
    assert [(r.hindrance, r.amount) for r in reasons(facts, YEAR, END)] == [(h, Decimal(n)) for h, n in found]


def test_service_is_not_asked_for_where_the_policy_says_none():
    assert reasons(Facts(None), Limits(months=0, private_days=20, sick_days=30, complaints=3), END) == []


def test_one_complaint_loses_the_month():
    month = Limits(months=3, private_days=20, sick_days=30, complaints=1)
    assert [r.sources for r in reasons(Facts(SINCE, complaints=("TS-1",)), month, END)] == [("TS-1",)]
