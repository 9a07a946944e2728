"""T-3: the years that count as known agree with the published notices, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.calendar import official

# The published lists, written down by hand: stretches of days off, and the weekend days that are worked.
DAYS_OFF = {
    2024: ["01-01", "02-10/02-17", "04-04/04-06", "05-01/05-05", "06-08/06-10", "09-15/09-17", "10-01/10-07"],
    2025: ["01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
    2026: [
        "01-01/01-03",
        "02-15/02-23",
        "04-04/04-06",
        "05-01/05-05",
        "06-19/06-21",
        "09-25/09-27",
        "10-01/10-07",
    ],
}
SHIFTED = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


def published(year: int) -> tuple[set[date], set[date]]:
    off: set[date] = set()
    for stretch in DAYS_OFF[year]:
        first, _, last = stretch.partition("/")
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last or first}"):
            off.add(day)
            day += timedelta(1)
    return off, {date.fromisoformat(f"{year}-{day}") for day in SHIFTED[year]}


def test_every_checked_year_is_written_down_here():
    assert set(official.CHECKED_YEARS) == set(DAYS_OFF) == set(SHIFTED)


@pytest.mark.parametrize("year", sorted(DAYS_OFF))
def test_every_day_of_a_checked_year_is_as_published(year):
    off, shifted = published(year)
    calendar = official.default_calendar()
    for day in official.days_of(year):
        expected = day in shifted or (day.weekday() < 5 and day not in off)
        assert calendar.is_workday(day) == expected, day


@pytest.mark.parametrize("year", sorted(DAYS_OFF))
def test_the_exceptions_are_just_those_of_the_notice(year):
    off, shifted = published(year)
    days, names = official.exceptions(year)
    assert {day for day, works in days.items() if works} == shifted
    assert {day for day, works in days.items() if not works} == {day for day in off if day.weekday() < 5}
    assert all(names[day] for day in days)


def test_only_the_checked_years_are_known():
    assert official.default_calendar().known_years == official.CHECKED_YEARS


def test_names_are_there_in_both_languages():
    assert official.exceptions(2026)[1][date(2026, 10, 1)] == "国庆节"
    assert official.exceptions(2026, "en")[1][date(2026, 10, 1)] == "National Day"
    assert official.exceptions(2026, "en")[0] == official.exceptions(2026)[0]


def test_days_of_a_year():
    assert len(official.days_of(2024)) == 366
    assert official.days_of(2026)[0] == date(2026, 1, 1)
    assert official.days_of(2026)[-1] == date(2026, 12, 31)
