"""The grammar of score tables by table: every kind of rule, every cap, the year, places (E-2, E-4)."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from portal.pure.scoring import (
    Band,
    Bar,
    Category,
    Group,
    Kind,
    Line,
    LineError,
    Missing,
    Note,
    Rule,
    Side,
    Subject,
    Table,
    Ties,
    percent,
    plain,
    rank,
    score,
    year,
)


def rule(code: str = "r", kind: Kind = Kind.OCCURRENCE, points: str | None = "-2", **more: Any) -> Rule:
    return Rule(code, "x", kind, None if points is None else D(points), **more)


def table(*rules: Rule, base: int | None = 10, total: int | None = None, **category: Any) -> Table:
    cap = None if total is None else D(total)
    made = Category("c", "c", None if base is None else D(base), rules, **category)
    return Table("t", "t", Subject.DEPARTMENT, (made,), cap)


BANDS = (Band(None, D(-4)), Band(D(30), D(-2)), Band(D(50), D(0)), Band(D(95), D(1)))


@pytest.mark.parametrize(
    ("made", "quantity", "points"),
    [
        (rule(), "0", "0"),
        (rule(), "3", "-6"),
        (rule(points="2"), "3", "6"),
        (rule(points="-0.5"), "5", "-2.5"),
        (rule(kind=Kind.PER_DAY, points="-3"), "4", "-12"),
        (rule(per=D(2)), "3", "-2"),
        (rule(points="-5", per=D(2), whole=False), "3", "-7.5"),
        # A third cannot be written in full: to two places, half up.
        (rule(points="-1", per=D(3), whole=False), "1", "-0.33"),
        (rule(points="-1", per=D(8), whole=False), "1", "-0.125"),
        (rule(kind=Kind.FIXED), "0", "0"),
        (rule(kind=Kind.FIXED), "7", "-2"),
        (rule(kind=Kind.PER_POINT, points="-1", mark=D(100)), "100", "0"),
        (rule(kind=Kind.PER_POINT, points="-1", mark=D(100)), "97.2", "-2"),
        (rule(kind=Kind.PER_POINT, points="-1", mark=D(100)), "101", "0"),
        (rule(kind=Kind.PER_POINT, points="-1", mark=D(100), whole=False), "97.2", "-2.8"),
        (rule(kind=Kind.PER_POINT, points="-1", mark=D(90), per=D(5)), "79", "-2"),
        (rule(kind=Kind.PER_POINT, points="0.5", mark=D(90), side=Side.ABOVE), "93.9", "1.5"),
        (rule(kind=Kind.PER_POINT, points="0.5", mark=D(90), side=Side.ABOVE), "80", "0"),
        (rule(kind=Kind.BAND, points=None, bands=BANDS), "0", "-4"),
        (rule(kind=Kind.BAND, points=None, bands=BANDS), "30", "-2"),
        (rule(kind=Kind.BAND, points=None, bands=BANDS), "94.9", "0"),
        (rule(kind=Kind.BAND, points=None, bands=BANDS), "95", "1"),
        (rule(kind=Kind.DISQUALIFY, points=None, disqualifies=Bar.AWARD), "1", "0"),
    ],
)
def test_what_a_line_is_worth(made: Rule, quantity: str, points: str) -> None:
    (scored,) = score(table(made), [Line("k", "r", D(quantity))]).scored
    assert scored.points == D(points)


@pytest.mark.parametrize(
    "made",
    [
        rule(points=None),
        rule(kind=Kind.PER_DAY, points=None),
        rule(kind=Kind.FIXED, points=None),
        rule(kind=Kind.PER_POINT, points=None, mark=D(100)),
        rule(kind=Kind.PER_POINT, points="-1"),
        rule(kind=Kind.BAND, points=None),
        rule(kind=Kind.BAND, points=None, bands=(Band(None, D(-4)), Band(D(30), None))),
        rule(kind=Kind.RANGE, points=None, low=D(-5)),
    ],
)
def test_a_rule_without_its_figure_is_unset_and_scores_nothing(made: Rule) -> None:
    found = table(made)
    assert found.unset == (made,)
    result = score(found, [Line("k", "r", D(20), D(-3) if made.kind is Kind.RANGE else None)])
    assert result.total == 10
    assert (result.scored[0].points, result.scored[0].note) == (0, Note.UNSET)


def test_a_base_is_used_up_at_zero_and_without_one_points_may_be_negative() -> None:
    lines = [Line("k", "r", D(9))]
    (based,) = score(table(rule()), lines).categories
    assert (based.change, based.points, based.note) == (-18, 0, Note.USED_UP)
    (free,) = score(table(rule(), base=None), lines).categories
    assert (free.points, free.note) == (-18, Note.COUNTED)
    assert score(table(rule(), base=None, cap=D(10)), lines).total == -10


def test_caps_of_rule_item_category_and_total() -> None:
    found = table(
        rule("a", points="4", cap=D(6), group="g"),
        rule("b", points="3", group="g"),
        rule("c", points="5"),
        cap=D(18),
        total=15,
        groups=(Group("g", "g", cap=D(8)),),
    )
    result = score(found, [Line("1", "a", D(2)), Line("2", "b"), Line("3", "c")])
    (category,) = result.categories
    # a: 8, at most 6; with b 9, at most 8; with c and the base 10 it is 23, at most 18; in all at most 15
    assert [(one.rule, one.gross, one.points) for one in category.rules] == [("a", 8, 6), ("b", 3, 3), ("c", 5, 5)]
    assert category.rules[0].note is Note.CAPPED
    assert (category.change, category.points, category.note) == (13, 18, Note.CAPPED)
    assert (result.total, result.capped) == (15, True)


def test_an_item_takes_no_more_than_it_is_worth() -> None:
    found = table(rule("a", points="-3", group="g"), rule("b", points="-1"), groups=(Group("g", "g", base=D(5)),))
    assert score(found, [Line("1", "a", D(4)), Line("2", "b", D(2))]).total == 10 - 5 - 2


def test_of_honours_the_highest_counts() -> None:
    levels = [rule(str(n), Kind.FIXED, points, group="g") for n, points in enumerate(("0.5", "1", "2.5"))]
    found = table(*levels, groups=(Group("g", "g", strongest=True),))
    result = score(found, [Line("a", "0", D(3)), Line("b", "2"), Line("c", "2"), Line("d", "1")])
    assert result.total == D("12.5")
    assert {one.rule: one.note for one in result.categories[0].rules} == {
        "0": Note.OUTDONE,
        "1": Note.OUTDONE,
        "2": Note.ONCE,
    }


def test_weights_are_exact() -> None:
    found = table(rule(points="-0.1"), base=100, weight=D("12.5"))
    result = score(found, [Line("k", "r", D(3))])
    assert result.categories[0].points == D("99.7")
    assert result.total == D("12.4625")
    assert found.base == D("12.5")


def test_a_line_at_discretion_stands_within_its_range() -> None:
    found = table(rule(kind=Kind.RANGE, points=None, low=D(-5), high=D(-2)))
    assert score(found, [Line("a", "r", points=D(-5)), Line("b", "r", points=D("-2.5"))]).total == D("2.5")
    for points in (None, D("-5.01"), D("-1.99"), D("NaN")):
        with pytest.raises(LineError) as refused:
            score(found, [Line("k", "r", points=points)])
        assert (refused.value.key, refused.value.code) == ("k", "points")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line("k", "other"), "rule"),
        (Line("k", "r", D(-1)), "quantity"),
        (Line("k", "r", D("NaN")), "quantity"),
        (Line("k", "r", D("Infinity")), "quantity"),
        (Line("k", "r", D(1_000_001)), "quantity"),
        (Line("k", "r", points=D(-2)), "points"),
    ],
)
def test_a_line_that_cannot_be_counted_is_refused_by_its_key(line: Line, code: str) -> None:
    with pytest.raises(LineError) as refused:
        score(table(rule()), [line])
    assert (refused.value.key, refused.value.code) == ("k", code)


def test_one_key_has_one_content() -> None:
    assert score(table(rule()), [Line("k", "r"), Line("k", "r")]).total == 8
    with pytest.raises(LineError) as refused:
        score(table(rule()), [Line("k", "r"), Line("k", "r", D(2))])
    assert refused.value.code == "key"


def test_disqualification_tells_rule_bar_and_lines() -> None:
    found = table(
        rule("a", Kind.DISQUALIFY, None, disqualifies=Bar.MONTH),
        rule("b", disqualifies=Bar.AWARD, times=D(3)),
        rule("c", Kind.BAND, None, bands=BANDS, disqualifies=Bar.YEAR),
    )
    few = score(found, [Line("b1", "b", D(2)), Line("c1", "c", D(60))])
    assert few.disqualified_by == ()
    many = score(found, [Line("b2", "b"), Line("b1", "b", D(2)), Line("a1", "a"), Line("c1", "c", D(20))])
    assert [(bar.rule, bar.bar, bar.keys) for bar in many.disqualified_by] == [
        ("a", Bar.MONTH, ("a1",)),
        ("b", Bar.AWARD, ("b1", "b2")),
        ("c", Bar.YEAR, ("c1",)),
    ]
    assert score(found, [Line("a1", "a", D(0))]).disqualified_by == ()


def test_a_yearly_line_waits_for_the_year() -> None:
    found = table(rule(), rule("y", points="5", yearly=True))
    lines = [Line("a", "r"), Line("b", "y", D(2)), Line("c", "r", yearly=True)]
    result = score(found, lines)
    assert result.total == 8
    assert [line.key for line in result.yearly] == ["c", "b"]
    made = year(found, [result.total], lines)
    assert (made.average, made.added, made.total) == (8, 8, 16)


@pytest.mark.parametrize(
    ("months", "missing", "average"),
    [
        (["97", "98.5"], Missing.LEAVE_OUT, "97.75"),
        (["97", None, "98.5"], Missing.LEAVE_OUT, "97.75"),
        (["97", None, "98.5"], Missing.ZERO, "65.17"),
        (["90", "90", "90.01"], Missing.LEAVE_OUT, "90.00"),
        (["90", "90.01"], Missing.LEAVE_OUT, "90.01"),
        (["-3", "-4"], Missing.LEAVE_OUT, "-3.5"),
        ([], Missing.ZERO, None),
        ([None], Missing.ZERO, None),
    ],
)
def test_average_of_a_year(months: list[str | None], missing: Missing, average: str | None) -> None:
    made = year(table(rule()), [None if each is None else D(each) for each in months], missing=missing)
    assert made.average == (None if average is None else D(average))
    assert made.total == made.average


def test_yearly_lines_keep_base_caps_and_total() -> None:
    found = table(rule(yearly=True), base=5)
    assert year(found, [D(90)], [Line("k", "r", D(9))]).total == 85
    capped = table(rule(points="4", yearly=True), base=None, cap=D(10), total=110)
    assert year(capped, [D(90)], [Line("k", "r", D(9))]).total == 100
    assert year(capped, [D(108)], [Line("k", "r", D(9))]).total == 110


def test_a_line_of_an_earlier_table_counts_as_that_one_says() -> None:
    """A table that comes into force within the year gives the lines before it no new meaning (E-4, POL-1)."""
    now = table(rule("a", points="4", yearly=True, cap=D(10)), rule("b", points="-10", yearly=True), base=None)
    then = table(rule("a", points="3", yearly=True), rule("b", points="-1"), rule("c", yearly=True), base=None)
    before = [Line("1", "a", D(2)), Line("2", "b"), Line("3", "c")]
    # a: 2 × 3 = 6 and 4 are 10; b counted in its month; c: −2, which the new table no longer knows
    made = year(now, [D(90)], [Line("4", "a")], earlier=[(then, before)])
    assert (made.added, made.total) == (8, 98)
    # a again: 14, at most 10
    assert year(now, [D(90)], [Line("4", "a"), Line("5", "a")], earlier=[(then, before)]).added == 8
    assert [one.line.key for one in made.scored] == ["1", "3", "4"]
    with pytest.raises(LineError):
        year(now, [D(90)], [Line("1", "a")], earlier=[(then, before)])


def test_a_yearly_bar_counts_over_a_change_of_tables() -> None:
    bar = rule("x", Kind.DISQUALIFY, None, disqualifies=Bar.YEAR, yearly=True, times=D(3))
    now, then = table(bar), table(bar, rule("other"))
    met = year(now, [D(90)], [Line("3", "x")], earlier=[(then, [Line("1", "x"), Line("2", "x")])])
    assert [each.keys for each in met.disqualified_by] == [("1", "2", "3")]


@pytest.mark.parametrize(
    ("totals", "shared", "dense"),
    [
        ({}, [], []),
        ({1: "9"}, [(1, 1)], [(1, 1)]),
        ({1: "8", 2: "9", 3: "8.5"}, [(1, 2), (2, 3), (3, 1)], [(1, 2), (2, 3), (3, 1)]),
        ({3: "9", 2: "9.0", 1: "8"}, [(1, 2), (1, 3), (3, 1)], [(1, 2), (1, 3), (2, 1)]),
        ({1: "7", 2: "7", 3: "7"}, [(1, 1), (1, 2), (1, 3)], [(1, 1), (1, 2), (1, 3)]),
        ({1: "9", 2: "8", 3: "8", 4: "7"}, [(1, 1), (2, 2), (2, 3), (4, 4)], [(1, 1), (2, 2), (2, 3), (3, 4)]),
    ],
)
def test_places_and_ties(totals: dict[int, str], shared: list[tuple[int, int]], dense: list[tuple[int, int]]) -> None:
    points = {key: D(each) for key, each in totals.items()}
    assert rank(points) == shared
    assert rank(points, ties=Ties.DENSE) == dense


def test_ties_are_told_apart_by_the_breakers_in_turn() -> None:
    totals = {"a": D(9), "b": D(9), "c": D(9), "d": D(9), "e": D(10)}
    breakers = {"a": (D(95), D(1)), "b": (D(95), D(2)), "c": (D(96), D(0)), "e": (D(1), D(1))}
    assert rank(totals, breakers=breakers) == [(1, "e"), (2, "c"), (3, "b"), (4, "a"), (5, "d")]


def test_shares_and_figures_as_they_are_written() -> None:
    assert percent(2, 3) == D("66.666667")
    assert percent(29, 100) == 29
    assert percent(0, 0) is None
    assert [plain(D(each)) for each in ("97.50", "-0.50", "100", "1E+2", "0.00", "-0.0")] == [
        "97.5",
        "-0.5",
        "100",
        "100",
        "0",
        "0",
    ]
