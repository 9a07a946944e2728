"""What holds of every score table and every month (E-2, E-4)."""

from __future__ import annotations

import random
from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.scoring import (
    Line,
    Missing,
    Note,
    Result,
    Table,
    from_data,
    percent,
    plain,
    rank,
    score,
    to_data,
    year,
)
from tests.pure.scoring_tables import decimals, months, tables

MODEST = settings(max_examples=30, deadline=None, derandomize=True)


@MODEST
@given(months())
def test_a_category_with_a_base_stays_at_zero_or_above_and_every_cap_holds(month: tuple[Table, list[Line]]) -> None:
    table, lines = month
    result = score(table, lines)
    for category, made in zip(table.categories, result.categories, strict=True):
        if category.base is not None:
            assert made.points >= 0
            assert category.cap is None or made.points <= category.cap
        elif category.cap is not None:
            assert abs(made.points) <= category.cap
        for one in made.rules:
            cap = table.rule(one.rule).cap
            assert cap is None or abs(one.points) <= cap
        for group in category.groups:
            inside = [one.points for one in made.rules if table.rule(one.rule).group == group.code]
            assert not group.strongest or sum(map(bool, inside)) <= 1
    assert table.total_cap is None or result.total <= table.total_cap
    assert result.capped or result.total == sum((made.counted for made in result.categories), D(0))


@MODEST
@given(months(), st.randoms())
def test_the_order_of_the_lines_never_matters_and_the_same_line_twice_counts_once(
    month: tuple[Table, list[Line]], chance: random.Random
) -> None:
    table, lines = month
    shuffled = [*lines, *lines]
    chance.shuffle(shuffled)
    assert score(table, shuffled) == score(table, lines)
    assert year(table, [D(90)], shuffled) == year(table, [D(90)], lines)


def _untouched(table: Table, before: Result, after: Result, line: Line) -> None:
    """Without one line: every other line stands as it was, and so does every sum that it did not belong to."""
    assert [one for one in before.scored if one.line != line] == list(after.scored)
    category, rule = table.places[line.rule]
    for old, new in zip(before.categories, after.categories, strict=True):
        if old.code != category.code:
            assert old == new
            continue
        outside = [one for one in new.rules if one.rule != rule.code and table.rule(one.rule).group != rule.group]
        alone = [one for one in new.rules if one.rule != rule.code and not table.rule(one.rule).group]
        for one in (*outside, *alone):
            assert one in old.rules
        gross = {one.rule: one.gross for one in old.rules}
        assert all(one.gross == gross[one.rule] for one in new.rules if one.rule != rule.code)


@MODEST
@given(months(), st.data())
def test_an_upheld_objection_changes_its_line_and_the_sums_it_belongs_to(
    month: tuple[Table, list[Line]], data: st.DataObject
) -> None:
    table, lines = month
    if not lines:
        return
    struck = data.draw(st.sampled_from(lines))
    before = score(table, lines)
    after = score(table, [line for line in lines if line != struck])
    _untouched(table, before, after, struck)
    worth = next(one for one in before.scored if one.line == struck)
    if worth.note is Note.YEARLY or not worth.points:
        assert after.total == before.total
        assert [c.points for c in after.categories] == [c.points for c in before.categories]


@MODEST
@given(months(), st.lists(decimals("-20", "120"), min_size=1, max_size=12))
def test_no_line_counts_in_its_month_and_in_the_year(month: tuple[Table, list[Line]], before: list[D]) -> None:
    table, lines = month
    result = score(table, lines)
    late = [line for line in lines if line in result.yearly]
    here = [line for line in lines if line not in late]
    # What waits for the year leaves the month as if it were not there …
    assert score(table, here).categories == result.categories
    # … and what counted in the month leaves the year as if it were not there.
    whole, alone = year(table, before, lines), year(table, before, late)
    assert (whole.average, whole.added, whole.total) == (alone.average, alone.added, alone.total)
    assert {one.line for one in whole.scored} == set(late)


@MODEST
@given(tables())
def test_a_table_comes_back_from_its_data(table: Table) -> None:
    assert from_data(to_data(table)) == table


@MODEST
@given(st.lists(st.one_of(st.none(), decimals("0", "120")), max_size=12), st.randoms())
def test_a_year_is_the_average_of_its_months_in_any_order(months: list[D | None], chance: random.Random) -> None:
    table = Table("t", "t", "person", ())  # type: ignore[arg-type]
    shuffled = list(months)
    chance.shuffle(shuffled)
    made = year(table, months)
    assert made == year(table, shuffled)
    there = [each for each in months if each is not None]
    if not there:
        assert (made.average, made.total) == (None, None)
        return
    assert made.average is not None
    assert min(there) <= made.average <= max(there)
    assert abs(made.average * len(there) - sum(there)) <= D("0.005") * len(there)
    zero = year(table, months, missing=Missing.ZERO).average
    assert zero is not None
    assert zero <= made.average


@MODEST
@given(st.dictionaries(st.integers(1, 24), st.sampled_from([D(90), D("90.5"), D(91)]), max_size=24))
def test_places_follow_the_totals(totals: dict[int, D]) -> None:
    ranked = rank(totals)
    assert sorted(key for _, key in ranked) == sorted(totals)
    for place, key in ranked:
        assert place == 1 + sum(other > totals[key] for other in totals.values())
    assert ranked == sorted(ranked)
    assert ranked == rank(dict(reversed(totals.items())))


@MODEST
@given(st.integers(1, 2_000_000), st.integers(0, 2_000_000), st.integers(0, 100))
def test_a_share_is_on_its_side_of_every_whole_percentage(whole: int, part: int, mark: int) -> None:
    share = percent(part, whole)
    assert share is not None
    assert (share < mark) == (part * 100 < mark * whole)
    assert (share > mark) == (part * 100 > mark * whole)


@MODEST
@given(decimals("-999", "999", 4))
def test_points_are_written_plainly_and_read_back(points: D) -> None:
    text = plain(points)
    assert D(text) == points
    assert not text.endswith(".")
    assert "." not in text or text[-1] != "0"
