"""The working-day calendar and office hours: T-3."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.workdays import USUAL_HOURS, OfficeHours, OutOfCalendar, WorkCalendar

MODEST = settings(max_examples=150, deadline=None, derandomize=True)
days = st.dates(date(2025, 6, 1), date(2027, 6, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),  # Thursday, holiday
        ("2026-01-04", True),  # Sunday, shifted
        ("2026-01-05", True),
        ("2026-01-10", False),  # an ordinary Saturday
        ("2026-02-14", True),  # Saturday, shifted
        ("2026-02-16", False),
        ("2026-02-23", False),  # Monday, last day of the holiday
        ("2026-02-24", True),
        ("2026-02-28", True),  # Saturday, shifted
        ("2026-09-20", True),  # Sunday, shifted
        ("2026-10-07", False),
        ("2026-10-10", True),  # Saturday, shifted
        ("2027-01-01", True),  # unknown year: Friday is taken as worked
        ("2027-01-02", False),
    ],
)
def test_weekdays_days_off_and_shifted_days(calendar, day: str, works: bool) -> None:
    assert calendar.is_workday(date.fromisoformat(day)) is works


def test_the_official_year_2026_has_248_working_days(calendar) -> None:
    assert calendar.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_only_entered_years_are_known(calendar) -> None:
    assert calendar.is_known(date(2026, 12, 31))
    assert not calendar.is_known(date(2027, 1, 1))
    assert calendar.knows(date(2026, 1, 1), date(2026, 12, 31))
    assert not calendar.knows(date(2026, 12, 31), date(2027, 1, 1))
    assert not calendar.knows(date(2025, 12, 31), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-20", 1, "2026-02-24"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-20", -1, "2026-02-14"),
        ("2026-02-27", -5, "2026-02-13"),
        ("2026-02-20", 0, "2026-02-20"),
        ("2026-09-30", 2, "2026-10-09"),
    ],
)
def test_counts_working_days_on_and_back(calendar, day: str, n: int, result: str) -> None:
    assert calendar.add_workdays(date.fromisoformat(day), n) == date.fromisoformat(result)


def test_next_working_day_is_strictly_after(calendar) -> None:
    assert calendar.next_workday(date(2026, 2, 13)) == date(2026, 2, 14)
    assert calendar.on_or_next_workday(date(2026, 2, 13)) == date(2026, 2, 13)
    assert calendar.on_or_next_workday(date(2026, 2, 15)) == date(2026, 2, 24)


def brute_force(calendar: WorkCalendar, a: date, b: date) -> int:
    return sum(calendar.is_workday(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))


@given(days, days)
@MODEST
def test_working_days_between_agrees_with_counting_them(calendar, a: date, b: date) -> None:
    a, b = min(a, b), max(a, b)
    assert calendar.workdays_between(a, b) == brute_force(calendar, a, b)
    assert calendar.workdays_between(b, a) == -brute_force(calendar, a, b)


@given(st.dictionaries(days, st.booleans(), max_size=60), days, days)
@MODEST
def test_any_exceptions_agree_with_counting(exceptions: dict[date, bool], a: date, b: date) -> None:
    a, b = min(a, b), max(a, b)
    made = WorkCalendar(exceptions, frozenset())
    assert made.workdays_between(a, b) == brute_force(made, a, b)


@given(days, st.integers(-300, 300).filter(bool))
@MODEST
def test_adding_lands_on_a_working_day_and_counts_back(calendar, day: date, n: int) -> None:
    end = calendar.add_workdays(day, n)
    assert calendar.is_workday(end)
    if n > 0:
        assert calendar.workdays_between(day, end) == n
    else:
        yesterday = day - timedelta(days=1)
        assert calendar.workdays_between(end - timedelta(days=1), yesterday) == -n


def test_works_at_both_ends_of_time_and_refuses_to_leave_it(calendar) -> None:
    assert calendar.workdays_between(date.min, date.min) == 0
    assert calendar.workdays_between(date.min, date(1, 1, 8)) == 5
    assert calendar.workdays_between(date.min, date.max) > 2_000_000
    with pytest.raises(OutOfCalendar) as refused:
        calendar.next_workday(date.max)
    assert refused.value.code == "out_of_calendar"
    with pytest.raises(OutOfCalendar):
        calendar.add_workdays(date(2026, 1, 1), 10**9)
    with pytest.raises(OutOfCalendar):
        calendar.add_workdays(date(2026, 1, 1), -(10**9))
    with pytest.raises(OutOfCalendar):
        calendar.add_workdays(date.min, -1)


def test_a_calendar_keeps_its_own_copy() -> None:
    exceptions = {date(2026, 1, 1): False}
    made = WorkCalendar(exceptions, frozenset({2026}), names={date(2026, 1, 1): "元旦"})
    exceptions[date(2026, 1, 2)] = False
    assert made.is_workday(date(2026, 1, 2))
    with pytest.raises(TypeError):
        made.days[date(2026, 1, 2)] = False  # type: ignore[index]
    assert made == WorkCalendar({date(2026, 1, 1): False}, frozenset({2026}), names={date(2026, 1, 1): "元旦"})
    assert hash(made) == hash(WorkCalendar({date(2026, 1, 1): False}, frozenset({2026})))


def test_usual_office_hours() -> None:
    assert (USUAL_HOURS.opens, USUAL_HOURS.closes, USUAL_HOURS.minutes_per_day) == (time(9), time(17, 30), 420)


@pytest.mark.parametrize(
    "periods",
    [
        (),
        ((time(9), time(9)),),
        ((time(12), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(9), time(12, 0, 30)),),
    ],
)
def test_impossible_office_hours_are_refused(periods) -> None:
    with pytest.raises(ValueError):
        OfficeHours(periods)
