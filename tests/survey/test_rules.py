"""Rules of surveys: scales, standing, draws, figures that tell of nobody (S-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.scale import read_scale
from portal.pure.workdays import WorkCalendar
from portal.survey import rules, tally
from portal.survey.rules import HalfYear, Light, MeasureState, QuestionKind, Standing
from portal.survey.tally import Option, Question

A, B, C = (datetime(2026, 11, day, tzinfo=UTC) for day in (10, 20, 30))


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("很满意=100、满意=80", [("很满意", 100), ("满意", 80)]),
        ("好＝９０,中=60;差=0", [("好", 90), ("中", 60), ("差", 0)]),
    ],
)
def test_a_scale_is_read(text, grades):
    assert [(g.text, g.points) for g in read_scale(text)] == grades


@pytest.mark.parametrize(
    "text",
    [
        *("", "好", "好=1", "好=1、差=1", "好=1、差=2", "好=101、差=0", "好=2、好=1", "=2、差=1", "好=x、差=1"),
        "、".join(f"g{n}={90 - n}" for n in range(11)),
    ],
)
def test_what_is_no_scale(text):
    with pytest.raises(ValueError):
        read_scale(text)


@pytest.mark.parametrize(
    ("now", "change", "expected"),
    [
        (B, {"published_at": None}, Standing.DRAFT),
        (A - timedelta(seconds=1), {}, Standing.AHEAD),
        (A, {}, Standing.OPEN),
        (C - timedelta(seconds=1), {}, Standing.OPEN),
        (C, {}, Standing.CLOSED),
        (B, {"closed_at": B}, Standing.CLOSED),
        (B, {"replaced": True}, Standing.REPLACED),
        (B, {"published_at": None, "dropped": True}, Standing.DROPPED),
    ],
)
def test_standing(now, change, expected):
    facts = {"published_at": A, "opens_at": A, "closes_at": C, "closed_at": None, **change}
    assert rules.standing(now, **facts) is expected


@pytest.mark.parametrize(
    ("listed", "percent", "least"), [(10, 50, 5), (11, 50, 6), (1, 50, 1), (3, 34, 2), (7, 100, 7)]
)
def test_the_least_sample(listed, percent, least):
    assert rules.least_sample(listed, percent) == least


@given(st.lists(st.text(min_size=1, max_size=5), unique=True, min_size=2, max_size=20), st.text(max_size=9), st.data())
def test_a_draw_can_be_drawn_again_from_the_lines_in_any_order(lines, seed, data):
    count = data.draw(st.integers(1, len(lines)))
    drawn = {lines[n] for n in rules.draw(lines, seed, count)}
    other = data.draw(st.permutations(lines))
    assert len(drawn) == count
    assert {other[n] for n in rules.draw(other, seed, count)} == drawn
    assert rules.list_digest(other) == rules.list_digest(lines)


def test_every_client_is_drawn_about_as_often():
    lines = [f"客户{n}" for n in range(10)]
    often = [0] * 10
    for seed in range(600):
        for place in rules.draw(lines, str(seed), 5):
            often[place] += 1
    assert min(often) > 240
    assert max(often) < 360


@pytest.mark.parametrize(
    ("typed", "code"), [(" abcd-2345", "ABCD2345"), ("ＡＢＣＤ　２３４５", "ABCD2345"), ("a b", "AB")]
)
def test_a_typed_code(typed, code):
    assert rules.read_code(typed) == code


@pytest.mark.parametrize(
    ("state", "today", "light"),
    [
        (MeasureState.OPEN, date(2026, 11, 12), Light.NORMAL),
        (MeasureState.OPEN, date(2026, 11, 13), Light.DUE_SOON),
        (MeasureState.OPEN, date(2026, 11, 20), Light.DUE_SOON),
        (MeasureState.OPEN, date(2026, 11, 21), Light.OVERDUE),
        (MeasureState.DONE, date(2026, 12, 21), Light.CLOSED),
    ],
)
def test_the_light_of_a_measure(state, today, light):
    work = WorkCalendar({}, frozenset({2026}))
    assert rules.light(state, date(2026, 11, 20), today, 5, work) is light


@pytest.mark.parametrize(
    ("today", "began", "held", "missing"),
    [
        (date(2026, 11, 18), date(2026, 1, 1), [], [(HalfYear(2026, 1), True), (HalfYear(2026, 2), False)]),
        (date(2026, 11, 10), date(2026, 1, 1), [date(2026, 6, 30)], []),
        (date(2026, 11, 18), date(2026, 1, 1), [date(2026, 6, 30)], [(HalfYear(2026, 2), False)]),
        (date(2026, 11, 18), date(2026, 1, 2), [date(2026, 7, 1)], []),
        (date(2027, 1, 1), date(2026, 1, 2), [date(2026, 3, 1)], [(HalfYear(2026, 2), True)]),
    ],
)
def test_half_years_without_a_meeting(today, began, held, missing):
    assert rules.without_meeting(today, began, held, 45) == missing


@pytest.mark.parametrize(
    ("points", "drop", "expected"),
    [
        ([], True, (None, False)),
        ([80], True, (80, False)),
        ([100, 0], True, (50, False)),
        ([100, 80, 0], True, (80, True)),
        ([100, 100, 60, 0, 0], True, (160 / 3, True)),
        ([100, 80, 0], False, (60, False)),
    ],
)
def test_one_highest_and_one_lowest_are_dropped(points, drop, expected):
    assert tally.mean(points, drop) == expected


@given(st.lists(st.integers(0, 100), min_size=1), st.booleans())
def test_a_mean_lies_among_its_points(points, drop):
    found, trimmed = tally.mean(points, drop)
    assert min(points) - 1e-9 <= found <= max(points) + 1e-9
    assert trimmed == (drop and len(points) > 2)


@given(st.dictionaries(st.text("abcdefg", min_size=1, max_size=2), st.integers(0, 12), max_size=7), st.integers(2, 6))
def test_nothing_withheld_can_be_worked_out(sizes, least):
    hidden = tally.withheld(sizes, least)
    assert all(n >= least or not n for key, n in sizes.items() if key not in hidden)
    rest = sum(sizes[key] for key in hidden)
    alone = sum(sizes.values()) < least or len([n for n in sizes.values() if n]) < 2
    if hidden and not alone:
        assert rest >= least
        assert len(hidden) > 1
    if all(n >= least or not n for n in sizes.values()):
        assert not hidden


SCALE = Question(1, QuestionKind.SCALE, "态度", (Option("1", "好", 100), Option("2", "中", 60), Option("3", "差", 0)))
WHERE = Question(2, QuestionKind.DEPARTMENT, "科室", (Option("7", "甲"), Option("8", "乙"), Option("9", "丙")))
SAID = Question(3, QuestionKind.TEXT, "建议")


def papers(*groups):
    """(department, scale, how many) …"""
    return [{1: [scale], **({2: [where]} if where else {})} for where, scale, n in groups for _n in range(n)]


def test_fewer_than_five_papers_show_nothing():
    found = tally.results([SCALE], papers(("7", "1", 4)), 5, False)
    assert found.withheld
    assert found.questions == ()


def test_figures_by_department_with_complementary_withholding():
    found = tally.results([SCALE, WHERE, SAID], papers(("7", "1", 8), ("8", "2", 6), ("9", "3", 2)), 5, False)
    scale, where, said = found.questions
    assert [(c.text, c.count) for c in scale.counts] == [("好", 8), ("中", 6), ("差", 2)]
    assert scale.mean == pytest.approx((800 + 360) / 16)
    # 丙 has two; 乙 is withheld too, or 丙 could be worked out from the total.
    assert [(x.name, x.answered) for x in scale.lines] == [("甲", 8), ("乙", None), ("丙", None)]
    assert [c.text for c in where.counts] == ["甲"]
    assert said.withheld


def test_who_names_no_department_is_a_group_too():
    (scale, _where) = tally.results(
        [SCALE, WHERE], papers(("7", "1", 8), ("8", "2", 6), (None, "3", 1)), 5, False
    ).questions
    assert [x.answered for x in scale.lines] == [8, None]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["7", "8", "9", None]), st.sampled_from("123")), max_size=40), st.booleans())
def test_no_shown_set_of_departments_leaves_fewer_than_five(given_, drop):
    marks = [{1: [scale], **({2: [where]} if where else {})} for where, scale in given_]
    found = tally.results([SCALE, WHERE], marks, 5, drop)
    if found.withheld:
        assert len(marks) < 5
        return
    for result in found.questions:
        shown = [x.answered for x in result.lines if x.answered is not None]
        assert all(n >= 5 for n in shown)
        rest = result.answered - sum(shown)
        if result.lines and shown:
            assert rest == 0 or rest >= 5, "the rest is either nobody or a group"
        for some in combinations(shown, 2):
            assert sum(some) <= result.answered
