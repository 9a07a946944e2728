"""The shipped tables (POL-2), each on a month of facts worked by hand (E-2); the arithmetic stands beside the figures.

Facts are written as ``rule: quantity``; ``rule: (points, …)`` are lines at discretion, one for each of the points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as D

import pytest

from portal.policy.clue_values import KINDS
from portal.pure.scoring import Bar, Line, Note, Result, Rule, Subject, Table, from_data, score, to_data, year
from portal.score_table.presets import PRESETS, find
from portal.score_table.vocabulary import FACTS

Facts = Mapping[str, str | int | tuple[str, ...]]


def table(code: str) -> Table:
    found = find(code)
    assert found is not None
    return found


def lines(facts: Facts, prefix: str = "") -> list[Line]:
    made = []
    for rule, worth in facts.items():
        if isinstance(worth, tuple):
            made += [Line(f"{prefix}{rule}/{n}", rule, points=D(each)) for n, each in enumerate(worth)]
        else:
            made.append(Line(f"{prefix}{rule}", rule, D(worth)))
    return made


def points(result: Result) -> list[D]:
    return [category.points for category in result.categories]


def month(code: str, facts: Facts) -> Result:
    return score(table(code), lines(facts))


def test_every_table_of_the_rule_is_there() -> None:
    assert [preset.code for preset in PRESETS] == [
        "yihuang-windows-1",
        "yihuang-windows-2",
        "yihuang-persons",
        "county-windows",
        "county-persons",
        "hexian-windows",
        "hongqi-windows",
        "jixiao-persons",
    ]
    assert find("") is None
    assert find("nobody") is None


@pytest.mark.parametrize(
    ("code", "subject", "bases", "cap"),
    [
        ("yihuang-windows-1", Subject.DEPARTMENT, (15, 40, 45, None), None),
        ("yihuang-windows-2", Subject.DEPARTMENT, (15, 40, 45, None), None),
        ("yihuang-persons", Subject.PERSON, (20, 20, 30, 30, None), None),
        ("county-windows", Subject.DEPARTMENT, (20, 15, 10, 15, 15, 3, 2, None, 20), 110),
        ("county-persons", Subject.PERSON, (20, 20, 20, 40, None), 110),
        ("hexian-windows", Subject.DEPARTMENT, (25, 40, 15, 10, 10), 100),
        ("hongqi-windows", Subject.DEPARTMENT, (10, 27, 10, 18), 65),
        ("jixiao-persons", Subject.PERSON, (None, None, None, None), 100),
    ],
)
def test_bases_and_caps_are_those_of_the_source(
    code: str, subject: Subject, bases: tuple[int | None, ...], cap: int | None
) -> None:
    found = table(code)
    assert found.subject is subject
    assert tuple(category.base for category in found.categories) == bases
    assert found.total_cap == cap
    # Without a line the month stands at what the bases make.
    assert score(found, ()).total == sum(base or 0 for base in bases)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_a_table_can_be_stored_and_says_where_it_comes_from(preset: Table) -> None:
    assert from_data(to_data(preset)) == preset
    assert preset.source
    assert preset.note


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_source_of_lines_exists(preset: Table) -> None:
    known = {"hand", *(f"clue:{kind}" for kind in KINDS), *(f"fact:{fact}" for fact in FACTS)}
    for _category, rule in preset.places.values():
        assert set(rule.source) <= known, rule.code


def test_what_a_source_leaves_out_is_unset_and_cannot_score() -> None:
    missing = {preset.code: [rule.code for rule in preset.unset] for preset in PRESETS if preset.unset}
    assert missing == {"county-windows": ["5.1"], "county-persons": ["3.1.2", "3.2.1"], "hongqi-windows": ["4.2"]}
    for code, rules in missing.items():
        result = month(code, dict.fromkeys(rules, 7))
        assert result.total == table(code).base
        assert {one.note for one in result.scored} == {Note.UNSET}


def test_yihuang_windows_first_variant() -> None:
    facts: Facts = {
        "1.3": 2,  # said once in the source: −2 whatever the number
        "1.5": 1,  # −3
        "2.4": 1,  # fee: −5
        "2.8": 3,  # overdue: 3 × −3 = −9
        "2.9": 1,  # statistics late: −3
        "2.10": 1,  # error: −5
        "3.1.1": 5,  # late: 5 × −0.5 = −2.5
        "3.1.2": 3,  # three half-days absent: 3 ÷ 2 × −5 = −7.5
        "3.2": 1,  # off post: −2
        "3.9": 1,  # confirmed complaint: −10
        "4.1.1": 3,  # county media: 3 × 2 = 6, in the year
        "4.1.2": 2,  # city media: 2 × 4 = 8, in the year
        "4.4.1": 1,  # criticised: −10, in the year
    }
    result = month("yihuang-windows-1", facts)
    # 15 − 5 = 10 · 40 − 22 = 18 · 45 − 22 = 23 · the yearly category does not enter the month
    assert points(result) == [10, 18, 23, 0]
    assert result.total == D(51)
    assert len(result.yearly) == 3
    assert result.disqualified_by == ()


def test_yihuang_windows_first_variant_in_the_year() -> None:
    found = table("yihuang-windows-1")
    november = lines({"2.8": 1, "4.1.1": 3, "4.2.1": 1}, "2026-11/")  # 40 − 3 → 97
    december = lines({"3.1.1": 3, "4.1.2": 2, "4.3": 1, "4.4.1": 1}, "2026-12/")  # 45 − 1.5 → 98.5
    months = [score(found, november).total, score(found, december).total]
    assert months == [D(97), D("98.5")]
    made = year(found, months, november + december)
    # average (97 + 98.5) ÷ 2 = 97.75; media 6 + 8 = 14, at most 10; honour 5; measure 2; criticised −10: 7
    assert (made.average, made.added, made.total) == (D("97.75"), D(7), D("104.75"))
    barred = year(found, months, lines({"4.4.2": 1}))
    assert [(bar.rule, bar.bar) for bar in barred.disqualified_by] == [("4.4.2", Bar.AWARD_AND_BONUS)]
    assert barred.total == barred.average


def test_yihuang_windows_second_variant() -> None:
    facts: Facts = {
        "1.1": 1,  # −2
        "2.6": 2,  # first ask: 2 × −2 = −4
        "2.7": 3,  # second notice: 3 × −2 = −6
        "2.9": 8,  # errors: 8 × −5 = −40; with −10 above the category would be at −10 and stays at 0
        "3.4": 1,  # quarrel: −6
        "3.5": 4,  # unregistered: 4 × −2 = −8
        "3.7": 1,  # task late: −2
    }
    result = month("yihuang-windows-2", facts)
    # 15 − 2 = 13 · 40 − 50 → 0 · 45 − 16 = 29
    assert points(result) == [13, 0, 29, 0]
    assert result.categories[1].note is Note.USED_UP
    assert result.total == D(42)
    made = year(table("yihuang-windows-2"), [D(42), D(100), D("90.5")], lines({"4.3.2": 1, "4.2.2": 1, "4.4": 1}))
    # (42 + 100 + 90.5) ÷ 3 = 77.5; −20 + 10 − 10 = −20; the honour is lost as well
    assert (made.average, made.added, made.total) == (D("77.5"), D(-20), D("57.5"))
    assert [bar.bar for bar in made.disqualified_by] == [Bar.AWARD]


def test_the_variants_differ_where_their_sources_do() -> None:
    one, two = table("yihuang-windows-1"), table("yihuang-windows-2")

    def statistics(found: Table) -> list[str]:
        return [rule.code for _, rule in found.places.values() if "clue:late_statistics" in rule.source]

    assert (statistics(one), statistics(two)) == (["2.9"], [])
    assert sum(rule.yearly for _, rule in one.places.values()) == 8
    assert sum(rule.yearly for _, rule in two.places.values()) == 7


def test_yihuang_persons() -> None:
    facts: Facts = {
        "1.1": 3,  # absent: 3 × −5 = −15, of an item of 10: −10
        "1.2": 1,  # complaint: −5
        "2.1": ("-1.5",),
        "2.2": ("-2", "-4"),
        "2.3": 1,  # error: −5
        "3.1": 1,  # −2
        "3.2.1": 1,  # half a day absent: −2.5
        "3.2.2": 1,  # −1
        "3.3": 3,  # 3 × −0.5 = −1.5
        "3.4": 1,  # −0.5
        "4.2": 1,  # task late: −5
        "5.1.1": 1,  # the month is lost
        "5.2.1": 1,  # 2
        "5.2.2": 3,  # 3 × 4 = 12; with 2 it is 14, at most 10
        "5.3": 1,  # suggestion: 5
        "5.4": 2,  # praise: 2 × 2 = 4
    }
    result = month("yihuang-persons", facts)
    # 20 − 10 − 5 = 5 · 20 − 1.5 − 6 − 5 = 7.5 · 30 − 7.5 = 22.5 · 30 − 5 = 25 · 10 + 5 + 4 = 19
    assert points(result) == [5, D("7.5"), D("22.5"), 25, 19]
    assert result.total == D(79)
    assert [(bar.rule, bar.bar) for bar in result.disqualified_by] == [("5.1.1", Bar.MONTH)]


def test_three_confirmed_complaints_lose_the_year() -> None:
    found = table("yihuang-persons")
    complaints = [line for n in range(3) for line in lines({"5.1.1": 1, "5.1.2": 1}, f"2026-{n + 1:02}/")]
    assert year(found, [D(100)], complaints[:4]).disqualified_by == ()
    assert [bar.bar for bar in year(found, [D(100)], complaints).disqualified_by] == [Bar.YEAR]
    # Three in one month lose the month, and the month already tells of the year.
    assert [bar.bar for bar in score(found, complaints).disqualified_by] == [Bar.MONTH, Bar.YEAR]


def test_county_windows() -> None:
    facts: Facts = {
        "1.1": 2,  # two half-days: 2 × −3 = −6
        "1.3": 1,  # −5
        "2.2": 1,  # −2
        "2.5": ("-3.5",),
        "3.1": 3,  # 3 × −5 = −15, of 10
        "4.1": 1,  # −5
        "5.1": 96,  # unset: the share below 100 takes nothing
        "5.2": ("-2", "-4.5"),
        "6.1": 1,
        "6.2": 1,  # −2
        "8.1.1": 1,  # good: 2
        "8.2": ("3", "2.5"),
        "8.3.2": 1,  # 5
    }
    result = month("county-windows", facts)
    # 9 · 15 − 5.5 = 9.5 · 0 · 10 · 15 − 6.5 = 8.5 · 1 · 2 · 2 + 5.5 + 5 = 12.5 · 20
    assert points(result) == [9, D("9.5"), 0, 10, D("8.5"), 1, 2, D("12.5"), 20]
    assert result.total == D("72.5")


def test_county_windows_stop_at_110_and_may_lose_by_review() -> None:
    best = month("county-windows", {"8.1.1": 1, "8.1.2": 1, "8.2": ("3",), "8.3.2": 1, "8.3.1": 1})
    # good and fairly good: the better one, 2; then 3 + 5 + 2: 112, at most 110
    assert points(best)[7] == 12
    assert (best.total, best.capped) == (D(110), True)
    assert month("county-windows", {"8.1.3": 1}).total == D(98)


def test_county_windows_once_the_office_has_set_the_missing_figure() -> None:
    found = table("county-windows")

    def own(rule: Rule) -> Rule:
        return replace(rule, points=D("-0.5")) if rule.code == "5.1" else rule

    mended = replace(
        found,
        categories=tuple(replace(each, rules=tuple(own(rule) for rule in each.rules)) for each in found.categories),
    )
    assert mended.unset == ()
    # 100 − 96.4 = 3.6: three full points × −0.5 = −1.5
    assert score(mended, lines({"5.1": "96.4"})).total == D("98.5")


def test_county_persons() -> None:
    facts: Facts = {
        "1.2": 1,  # −1
        "1.4": ("-7",),
        "2.1": 1,  # −5
        "2.3": ("-1", "-2.5"),
        "2.6": ("-5",),
        "3.1.2": 4,  # unset
        "3.1.3": 2,  # −2
        "3.1.4": 3,  # three half-days: −6; the item has 7, so −7 in all
        "3.2.4": 1,  # −2
        "3.2.6": 1,  # −5: the item is used up exactly
        "3.3.1": 1,  # −2
        "4.1": 2,  # −2
        "4.2": "97.2",  # 2.8 below: −2
        "4.3": 4,  # −12, of 10
        "5.1.1": ("2", "1.5"),
        "5.2.1": ("3", "3", "2.5"),  # with the line above 12, at most 10
    }
    result = month("county-persons", facts)
    # 12 · 20 − 13.5 = 6.5 · 20 − 7 − 7 − 2 = 4 · 40 − 2 − 2 − 10 = 26 · 10
    assert points(result) == [12, D("6.5"), 4, 26, 10]
    assert result.total == D("58.5")
    worst = month("county-persons", {"5.2.2": ("-3", "-3", "-3", "-3")})
    assert (points(worst)[4], worst.total) == (D(-10), D(90))


def test_hexian_windows() -> None:
    facts: Facts = {
        "1.1.1": 2,  # private, nobody there: 2 × −2 = −4
        "1.1.2": 3,  # sick: −3
        "1.3": 1,  # half a day absent: −2.5
        "1.4": 2,  # −2
        "2.2": 1,  # −2
        "2.4": 1,  # −3
        "2.5": 4,  # four days over: −12
        "2.6": 1,  # −1
        "2.9.2": "48.5",  # below 90: −2
        "2.9.3": 2,  # −2
        "3.3": 1,  # −5
        "4.2": 1,  # −2
        "5.1": 45,  # −2
        "5.2": "95.454545",  # 4.54… below 100: four full points, −4
        "5.3": "48.5",  # 30 to below 50: −2
    }
    result = month("hexian-windows", facts)
    # 25 − 11.5 = 13.5 · 40 − 22 = 18 · 15 − 5 = 10 · 10 − 2 = 8 · 10 − 8 = 2
    assert points(result) == [D("13.5"), 18, 10, 8, 2]
    assert result.total == D("51.5")


@pytest.mark.parametrize(
    ("rule", "figure", "worth"),
    [
        ("5.3", "29.999999", -4),
        ("5.3", "30", -2),
        ("5.3", "49.999999", -2),
        ("5.3", "50", 0),
        ("2.9.2", "89.999999", -2),
        ("2.9.2", "90", 0),
        ("5.2", "100", 0),
        ("5.2", "99.000001", 0),
        ("5.2", "99", -1),
        ("5.2", "0", -100),
        ("5.1", "0", -4),
        ("5.1", "59.5", -2),
        ("5.1", "60", 0),
    ],
)
def test_hexian_thresholds(rule: str, figure: str, worth: int) -> None:
    (scored,) = month("hexian-windows", {rule: figure}).scored
    assert scored.points == worth


def test_hongqi_windows_daily_part() -> None:
    facts: Facts = {
        "1.1": 1,  # −2
        "1.2": 3,  # −6, of 4
        "2.1.1": 1,  # −0.5
        "2.1.2": 5,  # −2.5, of 2
        "2.2": 1,  # −0.5
        "2.3.1": 1,  # −3
        "2.3.2": 2,  # −4
        "2.6": 1,  # −1
        "3.1": 2,  # −10, of 5
        "3.2": 2,  # −4
        "4.1": 2,  # two days over: −4
        "4.2": 3,  # unset
    }
    result = month("hongqi-windows", facts)
    # 10 − 2 − 4 = 4 · 27 − 0.5 − 2 − 0.5 − 3 − 4 − 1 = 16 · 10 − 5 − 4 = 1 · 18 − 4 = 14
    assert points(result) == [4, 16, 1, 14]
    assert result.total == D(35)


def test_jixiao_persons() -> None:
    result = month("jixiao-persons", {"1.1": "92.5", "2.1": "83.7", "3.1": "78", "4.2": 2, "4.4": 1})
    # 92.5 × 50 % = 46.25 · 83.7 × 25 % = 20.925 · 78 × 15 % = 11.7 · district twice and province: the higher, 2
    assert [category.counted for category in result.categories] == [D("46.25"), D("20.925"), D("11.7"), D(2)]
    assert result.total == D("80.875")
    # Full marks: 50 + 25 + 15, and 2.5 for a national honour; a mark beyond 100 counts as 100.
    assert month("jixiao-persons", {"1.1": 100, "2.1": 100, "3.1": 120, "4.5": 3}).total == D("92.5")
