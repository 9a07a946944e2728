"""Places, flags, corrections, proposals and the drawing, by table (E-4, E-6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.monthly_result import chart, naming
from portal.monthly_result.models import RollKind, Standing
from portal.monthly_result.naming import Candidate
from portal.monthly_result.rows import Change, Given, corrected, digest, placed
from portal.pure.scoring import signed

D = Decimal


def rows(*totals: str, out: tuple[int, ...] = ()) -> list[Given]:
    return [Given(n, f"科{n}", "", D(t), "一票否决" if n in out else "") for n, t in enumerate(totals, 1)]


@pytest.mark.parametrize(
    ("totals", "out", "flags", "expected"),
    [
        (("100",), (), 5, [(1, 1, True)]),
        (("98", "100.5", "99"), (), 2, [(2, 1, True), (3, 2, True), (1, 3, False)]),
        # 并列占同一名次，其后空出；末位并列的一并授予
        (("99", "100", "99", "98"), (), 2, [(2, 1, True), (1, 2, True), (3, 2, True), (4, 4, False)]),
        (("99", "99", "99"), (), 1, [(1, 1, True), (2, 1, True), (3, 1, True)]),
        (("110", "99"), (1,), 1, [(2, 1, True), (1, None, False)]),
        (("97.5", "97.50"), (), 0, [(1, 1, False), (2, 1, False)]),
    ],
)
def test_places_and_flags(totals, out, flags, expected):
    made = placed(rows(*totals, out=out), flags)
    assert [(row.given.subject_id, row.place, row.flag) for row in made] == expected
    assert [row.sort for row in made] == list(range(1, len(totals) + 1))


def test_a_correction_changes_its_subject_alone():
    before = rows("100", "99", "98", out=(3,))
    after = corrected(
        before,
        {2: Change(D("1.5"), Standing.SAME, "漏计"), 3: Change(D(0), Standing.INCLUDED, "查无此事")},
    )
    assert after[0] == before[0]
    assert (after[1].total, after[1].corrected) == (D("100.5"), D("1.5"))
    assert after[2].excluded == ""
    out = corrected(before, {1: Change(D(0), Standing.EXCLUDED, "弄虚作假")})
    assert [g.excluded for g in out] == ["弄虚作假", "", "一票否决"]
    assert [row.given.subject_id for row in placed(after, 1)] == [2, 1, 3]


@given(st.lists(st.decimals(-20, 110, places=2), min_size=1, max_size=24), st.integers(0, 6))
def test_places_follow_the_totals(totals, flags):
    made = placed([Given(n, f"科{n}", "", t) for n, t in enumerate(totals)], flags)
    for row in made:
        higher = sum(1 for t in totals if t > row.given.total)
        assert row.place == higher + 1
        assert row.flag is (higher < flags)


def test_the_digest_knows_every_figure():
    one = {"id": 1, "total": "99.5"}
    assert digest({"edition": 1}, [one]) == digest({"edition": 1}, [dict(one)])
    assert len({digest({"edition": 1}, [one]), digest({"edition": 2}, [one]), digest({"edition": 1}, [])}) == 3


def test_signs():
    assert [signed(D(x)) for x in ("2.50", "-0.5", "0")] == ["+2.5", "\u22120.5", "0"]


def candidates(*averages: str, barred: tuple[int, ...] = ()) -> list[Candidate]:
    return [
        Candidate(n, f"人{n}", "", D(a), 3, "事假超过 20 天" if n in barred else "") for n, a in enumerate(averages, 1)
    ]


@pytest.mark.parametrize(
    ("averages", "barred", "most", "proposed"),
    [
        (("99", "98", "97"), (), 2, [1, 2]),
        (("99", "98", "97"), (1,), 2, [2, 3]),
        # 并列超出名额的，一个也不由平台代选
        (("99", "98", "98"), (), 2, [1]),
        (("98", "98", "98"), (), 3, [1, 2, 3]),
        (("98",), (1,), 3, []),
        (("98", "97"), (), 0, []),
    ],
)
def test_who_is_proposed(averages, barred, most, proposed):
    made = naming.propose(candidates(*averages, barred=barred), most)
    assert [p.candidate.subject_id for p in made if p.proposed] == proposed
    assert all(p.place is None for p in made if p.candidate.barred)


def test_means_and_periods():
    assert naming.mean([D("99.5"), D("98"), D("98")]) == D("98.50")
    assert naming.mean([D("1"), D("1"), D("0")]) == D("0.67")
    quarter = naming.read_period(RollKind.QUARTER_PERSONS, "2026-Q4")
    assert (quarter.first, quarter.last, quarter.text) == (date(2026, 10, 1), date(2026, 12, 1), "2026-Q4")
    year = naming.read_period(RollKind.COLLECTIVES, "2026")
    assert (year.first, year.last, year.text) == (date(2026, 1, 1), date(2026, 12, 1), "2026")
    for kind, typed in (
        (RollKind.QUARTER_PERSONS, "2026"), (RollKind.QUARTER_PERSONS, "2026-Q5"), (RollKind.WINDOWS, "2026-Q1"),
        (RollKind.WINDOWS, "２０２６"), (RollKind.WINDOWS, "26"), (RollKind.YEAR_PERSONS, "2026-Q"),
    ):  # fmt: skip
        assert naming.read_period(kind, typed) is None, typed


def test_the_drawing_leaves_gaps_and_keeps_inside():
    months = [date(2026, m, 1) for m in (1, 2, 4, 12)]
    found = [(m, D(t), 1, m.month == 4) for m, t in zip(months, ("99.5", "100", "61.25", "98"), strict=True)]
    drawn = chart.draw(date(2026, 12, 1), found)
    assert [p.total for p in drawn.points] == ["99.5", "100", "61.25", "98"]
    assert len(drawn.runs) == 1
    assert len(drawn.runs[0].split()) == 2
    assert all(chart.WIDE.top <= p.y <= chart.WIDE.height - chart.WIDE.bottom for p in drawn.points)
    assert all(chart.WIDE.left <= p.x <= chart.WIDE.width - chart.WIDE.right for p in drawn.points)
    assert len(drawn.months) == 12
    assert chart.draw(date(2025, 12, 1), found) is None
    phone = chart.draw(date(2026, 12, 1), found, chart.NARROW)
    assert [p.total for p in phone.points] == [p.total for p in drawn.points]
    assert all(chart.NARROW.left <= p.x <= chart.NARROW.width - chart.NARROW.right for p in phone.points)
    assert all(0 < p.label < chart.NARROW.height - chart.NARROW.bottom + 24 for p in phone.points), "above the months"


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=12))
def test_any_totals_can_be_drawn(totals):
    drawn = chart.draw(date(2026, 12, 1), [(date(2026, n, 1), t, 1, False) for n, t in enumerate(totals, 1)])
    assert all(chart.WIDE.top <= p.y <= chart.WIDE.height - chart.WIDE.bottom for p in drawn.points)
