"""The official calendar of mainland China, from the package ``holidays``, for the years we have checked.

The package computes the statutory holidays of any year, but the days off in lieu and the shifted workdays of a year
are known only once its notice is published. A year counts as known when its shifted workdays in the package agree
with the notice (the test of this module holds the published lists).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from portal.pure.workdays import USUAL_HOURS, OfficeHours, WorkCalendar

#: Years whose published notice was compared with the package, day by day.
CHECKED_YEARS = frozenset({2024, 2025, 2026})


#: The package's names for our languages.
_LANGUAGES = {"zh": "zh_CN", "en": "en_US"}
_SHIFTED = {"zh": "调休上班", "en": "Shifted workday"}


@lru_cache(maxsize=16)
def exceptions(year: int, language: str = "zh") -> tuple[dict[date, bool], dict[date, str]]:
    """Days of a checked year that break the weekday rule: True for a shifted workday, False for a day off.

    The second dictionary names the holiday. Weekends that lie in a holiday are not listed: they are off anyway.
    """
    found = holidays.country_holidays("CN", years=[year], language=_LANGUAGES[language])
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    for day, name in found.items():
        if day.year == year:
            names[day] = name
            if day.weekday() < 5:
                days[day] = False
    for day in found.weekend_workdays:
        if day.year == year:
            days[day] = True
            names[day] = _SHIFTED[language]
    return days, names


def all_exceptions() -> tuple[dict[date, bool], dict[date, str]]:
    """The exceptions of all checked years together, as new dictionaries."""
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    for year in sorted(CHECKED_YEARS):
        more_days, more_names = exceptions(year)
        days.update(more_days)
        names.update(more_names)
    return days, names


def default_calendar(hours: OfficeHours = USUAL_HOURS) -> WorkCalendar:
    """The calendar of a portal in which nothing has been entered yet."""
    days, names = all_exceptions()
    return WorkCalendar(days=days, known_years=CHECKED_YEARS, hours=hours, names=names)


def days_of(year: int) -> list[date]:
    """All days of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
