"""The working calendar as every clock uses it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.calendar import official
from portal.calendar.models import CalendarDay, CalendarYear
from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.pure.workdays import OfficeHours, WorkCalendar


def work_calendar() -> WorkCalendar:
    """The calendar in force: official days of the checked years, the office's own days over them, office hours."""
    return epochs.cached("calendar", "work_calendar", _build, epochs=("policy",))


def _build() -> WorkCalendar:
    days: dict[date, bool] = {}
    names: dict[date, str] = {}
    for year in official.CHECKED_YEARS:
        more_days, more_names = official.exceptions(year)
        days.update(more_days)
        names.update(more_names)
    years = set(official.CHECKED_YEARS)
    years.update(db.session.scalars(select(CalendarYear.year)))
    for day, workday, reason in db.session.execute(select(CalendarDay.day, CalendarDay.workday, CalendarDay.reason)):
        days[day] = workday
        names[day] = reason
    hours: OfficeHours = policy.value("calendar.office_hours")
    return WorkCalendar(days=days, known_years=frozenset(years), hours=hours, names=names)


def in_office_hours(instant: datetime) -> bool:
    """Whether the office is open at an instant."""
    there = clock.local(instant)
    calendar = work_calendar()
    return calendar.is_workday(there.date()) and any(a <= there.time() < b for a, b in calendar.hours.periods)


def years_shown() -> list[int]:
    """The years of the calendar page: from the first checked one to next year."""
    this = clock.today().year
    return list(range(min(official.CHECKED_YEARS), this + 2))


def month_grid(year: int, month: int) -> list[list[date | None]]:
    """Weeks of a month, Monday first, with None outside the month."""
    first = date(year, month, 1)
    cells: list[date | None] = [None] * first.weekday()
    day = first
    while day.month == month:
        cells.append(day)
        day += timedelta(1)
    cells += [None] * (-len(cells) % 7)
    return [cells[i : i + 7] for i in range(0, len(cells), 7)]
