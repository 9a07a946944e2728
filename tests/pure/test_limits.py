"""Limits: T-2 (units), C-2 (the promise against the statutory limit)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.deadlines import SHANGHAI, deadline
from portal.pure.limits import Limit, LimitError, Unit, shorter

MODEST = settings(max_examples=150, deadline=None, derandomize=True)

limits = st.one_of(
    st.just(Limit(0, Unit.ON_SPOT)),
    st.builds(Limit, st.integers(1, 999), st.sampled_from([unit for unit in Unit if unit is not Unit.ON_SPOT])),
)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("0d", 0, Unit.ON_SPOT),
        ("4wh", 4, Unit.WORKING_HOURS),
        ("5wd", 5, Unit.WORKING_DAYS),
        ("15d", 15, Unit.DAYS),
        ("3m", 3, Unit.MONTHS),
        (" 5WD ", 5, Unit.WORKING_DAYS),
        ("\u300015d\u3000", 15, Unit.DAYS),
        ("５ｗｄ", 5, Unit.WORKING_DAYS),
        ("\u200b0D", 0, Unit.ON_SPOT),
        ("007wh", 7, Unit.WORKING_HOURS),
        ("20 wd", 20, Unit.WORKING_DAYS),
        ("999m", 999, Unit.MONTHS),
    ],
)
def test_reads_every_unit_as_people_type_it(text: str, amount: int, unit: Unit) -> None:
    assert Limit.parse(text) == Limit(amount, unit)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u3000\u200b", "empty"),
        ("5", "format"),
        ("wd", "format"),
        ("-5wd", "format"),
        ("5.5wd", "format"),
        ("5wd 3d", "format"),
        ("五wd", "format"),
        ("५wd", "format"),
        ("5wd\x00", "format"),
        ("\ud8005wd", "format"),
        ("9" * 33 + "d", "format"),
        ("5" * 100_000, "format"),
        ("5w", "unit"),
        ("5y", "unit"),
        ("0wd", "amount_out_of_range"),
        ("0wh", "amount_out_of_range"),
        ("0m", "amount_out_of_range"),
        ("1000d", "amount_out_of_range"),
        ("99999999999999999999d", "amount_out_of_range"),
    ],
)
def test_refuses_what_is_no_limit_with_a_code(text: str, code: str) -> None:
    with pytest.raises(LimitError) as refused:
        Limit.parse(text)
    assert refused.value.code == code


def test_a_limit_cannot_be_built_out_of_bounds() -> None:
    for amount, unit in [(1, Unit.ON_SPOT), (0, Unit.DAYS), (-1, Unit.WORKING_DAYS), (1000, Unit.MONTHS)]:
        with pytest.raises(LimitError, match="amount_out_of_range"):
            Limit(amount, unit)
    with pytest.raises(LimitError, match="unit"):
        Limit(3, "fortnights")  # type: ignore[arg-type]
    with pytest.raises(LimitError, match="format"):
        Limit(True, Unit.DAYS)
    with pytest.raises(LimitError, match="format"):
        Limit(1.5, Unit.DAYS)  # type: ignore[arg-type]


def test_a_stored_unit_text_becomes_the_unit() -> None:
    assert Limit(5, "wd") == Limit(5, Unit.WORKING_DAYS)  # type: ignore[arg-type]
    assert Limit(5, "wd").unit is Unit.WORKING_DAYS  # type: ignore[arg-type]


@given(limits)
@MODEST
def test_text_round_trips(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit
    assert str(Limit.parse(str(limit))) == str(limit)


@pytest.mark.parametrize(
    ("promised", "statutory", "stands"),
    [
        # one unit: strictly less
        ("4wd", "5wd", True),
        ("5wd", "5wd", False),
        ("6wd", "5wd", False),
        ("14d", "15d", True),
        ("15d", "15d", False),
        ("1m", "2m", True),
        # equal at the smallest of its kind; a month can be shortened to days
        ("1wd", "1wd", True),
        ("1wh", "1wh", True),
        ("1d", "1d", True),
        ("0d", "0d", True),
        ("1m", "1m", False),
        ("2wd", "2wd", False),
        # on the spot is below everything
        ("0d", "1wh", True),
        ("0d", "1wd", True),
        ("1wh", "0d", False),
        ("1wd", "0d", False),
        # working hours and working days, seven hours a day
        ("6wh", "1wd", True),
        ("7wh", "1wd", False),
        ("13wh", "2wd", True),
        ("14wh", "2wd", False),
        ("1wd", "14wh", False),
        ("1wd", "15wh", True),
        # working days against calendar days: weekends and holidays lengthen the promise
        ("5wd", "5d", False),
        ("5wd", "7d", False),
        ("5wd", "15d", False),
        ("5wd", "16d", True),
        ("10wd", "30d", True),
        ("20wd", "30d", False),
        ("1wd", "1d", False),
        # calendar days against working days: as many are never longer
        ("5d", "6wd", True),
        ("5d", "5wd", False),
        ("1d", "1wd", False),
        # months have 28 to 31 days
        ("27d", "1m", True),
        ("28d", "1m", False),
        ("1m", "31d", False),
        ("1m", "32d", True),
        ("3m", "94d", True),
        ("10wd", "1m", True),
        ("20wd", "1m", False),
        ("1m", "32wd", True),
        ("1m", "31wd", False),
        # hours against days and months
        ("6wh", "1d", True),
        ("7wh", "1d", False),
        ("35wh", "16d", True),
        ("35wh", "15d", False),
        ("1d", "14wh", False),
        ("1d", "15wh", True),
    ],
)
def test_the_promise_must_be_shorter_c_2(promised: str, statutory: str, stands: bool) -> None:
    assert shorter(Limit.parse(promised), Limit.parse(statutory)) is stands


def test_hours_and_days_are_compared_by_the_office_day() -> None:
    assert shorter(Limit.parse("7wh"), Limit.parse("1wd"), minutes_per_day=480)
    assert not shorter(Limit.parse("6wh"), Limit.parse("1wd"), minutes_per_day=360)


@given(limits, limits)
@MODEST
def test_no_two_limits_are_shorter_than_each_other(one: Limit, other: Limit) -> None:
    if one != other:
        assert not (shorter(one, other) and shorter(other, one))


small = st.one_of(
    st.builds(Limit, st.integers(1, 40), st.just(Unit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 30), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])),
    st.builds(Limit, st.integers(1, 3), st.just(Unit.MONTHS)),
)


@given(small, small, st.integers(0, 250), st.integers(0, 1439))
@settings(max_examples=400, deadline=None, derandomize=True)
def test_a_promise_that_stands_ends_first_whatever_the_day(calendar, promised, statutory, day, minute) -> None:
    if promised.unit is statutory.unit or not shorter(promised, statutory):
        return
    start = datetime.combine(date(2026, 1, 1), datetime.min.time(), SHANGHAI) + timedelta(days=day, minutes=minute)
    first, second = deadline(start, promised, calendar).at, deadline(start, statutory, calendar).at
    assert first is not None
    assert second is not None
    if {promised.unit, statutory.unit} == {Unit.DAYS, Unit.MONTHS}:
        # Both can move to the same working day.
        assert first <= second
    else:
        assert first < second
