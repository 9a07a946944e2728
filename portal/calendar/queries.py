"""The working calendar as every clock uses it, and as the calendar page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.calendar import official
from portal.calendar.models import CalendarDay, CalendarYear, ServiceDay
from portal.kernel import clock, epochs, i18n
from portal.kernel.db import db
from portal.policy import catalogue
from portal.policy import queries as policy
from portal.pure.service_days import Service, ServiceRule
from portal.pure.workdays import OfficeHours, WorkCalendar

#: The years that may be looked at; what is entered lies in them too.
FIRST_YEAR, LAST_YEAR = 2000, 2099


_supposed: ContextVar[WorkCalendar | None] = ContextVar("supposed_calendar", default=None)
_views: ContextVar[dict[int, WorkCalendar]] = ContextVar("supposed_views")


def work_calendar() -> WorkCalendar:
    """The calendar in force: official days of the checked years, the office's own days over them, office hours.

    Inside `supposing`, the calendar that is supposed there.
    """
    return _supposed.get() or epochs.cached("calendar", "work_calendar", _build, epochs=("policy",))


@contextmanager
def supposing(calendar: WorkCalendar) -> Iterator[None]:
    """Let every question about the calendar be answered by another one, to see what a change would do.

    Nothing may be written, and no memory made, inside.
    """
    token, views = _supposed.set(calendar), _views.set({})
    try:
        yield
    finally:
        _supposed.reset(token)
        _views.reset(views)


def _build() -> WorkCalendar:
    return calendar_of(db.session(), policy.value("calendar.office_hours"))


@dataclass
class Parts:
    """What a database holds about the calendar: entered years, days as (day, worked, reason, own), office hours."""

    years: set[int]
    days: list[tuple[date, bool, str, bool]]
    hours: OfficeHours

    def calendar(self) -> WorkCalendar:
        """The calendar that these parts make, over the official days of the checked years."""
        days, names = official.all_exceptions()
        for day, workday, reason, _own in sorted(self.days, key=lambda row: row[3]):  # own days last: they win
            days[day] = workday
            names[day] = reason
        return WorkCalendar(days=days, known_years=official.CHECKED_YEARS | self.years, hours=self.hours, names=names)


def parts_of(session: Session, hours: OfficeHours) -> Parts:
    """What a database holds about the calendar."""
    rows = session.execute(select(CalendarDay.day, CalendarDay.workday, CalendarDay.reason, CalendarDay.own))
    return Parts(set(session.scalars(select(CalendarYear.year))), [(d, w, r, o) for d, w, r, o in rows], hours)


def parts() -> Parts:
    """What the calendar in force is made of; a copy that may be changed, to suppose another one."""
    return parts_of(db.session(), policy.value("calendar.office_hours"))


def calendar_of(session: Session, hours: OfficeHours) -> WorkCalendar:
    """The calendar that a database holds, with these office hours."""
    return parts_of(session, hours).calendar()


def services() -> dict[int, Service]:
    """The service days of departments that have any, by department."""
    return epochs.cached("calendar", "services", _services)


def _services() -> dict[int, Service]:
    parse = catalogue.definition("calendar.office_hours").parse
    found: dict[int, list[ServiceRule]] = {}
    for row in db.session.scalars(select(ServiceDay).where(ServiceDay.cancelled_at.is_(None)).order_by(ServiceDay.id)):
        hours: Any = parse(row.hours) if row.hours else None
        rule = ServiceRule(row.from_on, row.until_on, row.weekday, row.open, hours)
        found.setdefault(row.department_id, []).append(rule)
    return {department_id: Service(tuple(rules)) for department_id, rules in found.items()}


def of_department(department_id: int | None) -> WorkCalendar:
    """The calendar for a matter that a department receives: the one in force, with the department's service days.

    They decide about receipt alone (see `portal.pure.service_days`); the counting stays official.
    """
    calendar = work_calendar()
    service = services().get(department_id or 0)
    if service is None:
        return calendar
    views = _views.get() if _supposed.get() else _kept_views()
    found = views.get(department_id or 0)
    if found is None:
        found = views[department_id or 0] = replace(calendar, service=service)
    return found


def _kept_views() -> dict[int, WorkCalendar]:
    return epochs.cached("calendar", "views", dict[int, WorkCalendar], epochs=("policy",))


def in_office_hours(instant: datetime, department_id: int | None = None) -> bool:
    """Whether the office is open at an instant; with a department, whether its window is."""
    there = clock.local(instant)
    calendar = of_department(department_id)
    if calendar.service is not None:
        return calendar.service.open_at(there, calendar)
    return calendar.is_workday(there.date()) and any(a <= there.time() < b for a, b in calendar.hours.periods)


def anything_open(instant: datetime) -> bool:
    """Whether the office, or the window of any department, is open at an instant."""
    return in_office_hours(instant) or any(in_office_hours(instant, each) for each in services())


def opening_of(department_id: int | None, day: date) -> tuple[tuple[time, time], ...]:
    """When a department's window is open on a day; nothing when it is closed."""
    calendar = of_department(department_id)
    if calendar.service is not None:
        return calendar.service.periods(day, calendar)
    return calendar.hours.periods if calendar.is_workday(day) else ()


def service_days(department_id: int | None = None) -> list[ServiceDay]:
    """The service days that hold or will hold, by department, weekdays before single dates."""
    today = clock.today()
    query = select(ServiceDay).where(
        ServiceDay.cancelled_at.is_(None), or_(ServiceDay.until_on.is_(None), ServiceDay.until_on >= today)
    )
    if department_id:
        query = query.where(ServiceDay.department_id == department_id)
    rows = db.session.scalars(query).all()
    return sorted(rows, key=lambda r: (r.department_id, r.weekday is None, r.weekday or 0, r.from_on, r.id))


def years_shown() -> list[int]:
    """The years that the calendar page offers: from the first checked one to next year, and any that was entered."""
    offered = set(range(min(official.CHECKED_YEARS), clock.today().year + 2))
    return sorted(offered | set(db.session.scalars(select(CalendarYear.year))))


def entered_year(year: int) -> CalendarYear | None:
    """The notice that the office entered for a year."""
    return db.session.scalar(select(CalendarYear).where(CalendarYear.year == year))


def notice_days(year: int) -> list[CalendarDay]:
    """The days of the notice that the office entered for a year, in order."""
    return _days(year, own=False)


def own_days(year: int) -> list[CalendarDay]:
    """The days of a year that the office set itself, in order."""
    return _days(year, own=True)


def own_day(day: date) -> CalendarDay | None:
    """What the office set for one day itself."""
    return db.session.scalar(select(CalendarDay).where(CalendarDay.day == day, CalendarDay.own))


def _days(year: int, own: bool) -> list[CalendarDay]:
    wanted = select(CalendarDay).where(
        CalendarDay.own == own, CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    )
    return list(db.session.scalars(wanted.order_by(CalendarDay.day)))


class Mark(StrEnum):
    """How a day is marked on the page."""

    PLAIN = "plain"
    WEEKEND = "weekend"
    OFF = "off"
    WORK = "work"


@dataclass(frozen=True)
class DayCell:
    """One day of the year page. ``own``: set by the office itself."""

    day: date
    mark: Mark
    name: str
    own: bool
    today: bool


@dataclass(frozen=True)
class Stretch:
    """Days in a row with the same mark and name, as a month lists them."""

    first: date
    last: date
    mark: Mark
    name: str
    own: bool


@dataclass(frozen=True)
class Month:
    """One month of the year page: weeks of cells (None outside the month) and its special days in words."""

    number: int
    weeks: list[list[DayCell | None]]
    stretches: list[Stretch]


def year_view(year: int) -> list[Month]:
    """The twelve months of a year with every day marked."""
    calendar = work_calendar()
    own = {row.day for row in own_days(year)}
    names = _names(year, calendar, own)
    today = clock.today()
    cells = {
        day: DayCell(day, _mark(day, calendar, day in names), names.get(day, ""), day in own, day == today)
        for day in official.days_of(year)
    }
    months = []
    for month in range(1, 13):
        weeks = [[cells[day] if day else None for day in week] for week in month_grid(year, month)]
        in_order = [cell for week in weeks for cell in week if cell]
        months.append(Month(month, weeks, _stretches(in_order)))
    return months


def _mark(day: date, calendar: WorkCalendar, named: bool) -> Mark:
    works, weekend = calendar.is_workday(day), day.weekday() >= 5
    if works:
        return Mark.WORK if weekend else Mark.PLAIN
    return Mark.OFF if named or not weekend else Mark.WEEKEND


def _names(year: int, calendar: WorkCalendar, own: set[date]) -> dict[date, str]:
    """Names of the special days; the official ones in the reader's language."""
    names = {day: name for day, name in calendar.names.items() if day.year == year}
    if year in official.CHECKED_YEARS:
        translated = official.exceptions(year, i18n.language())[1]
        names.update({day: name for day, name in translated.items() if day not in own})
    return names


def day_name(day: date, calendar: WorkCalendar) -> str:
    """The name of a special day in the reader's language; empty for any other."""
    stored = calendar.names.get(day, "")
    if stored and day.year in official.CHECKED_YEARS and official.exceptions(day.year)[1].get(day) == stored:
        return official.exceptions(day.year, i18n.language())[1].get(day, stored)
    return stored


def _stretches(cells: Sequence[DayCell]) -> list[Stretch]:
    found: list[Stretch] = []
    for cell in cells:
        if cell.mark not in (Mark.OFF, Mark.WORK) and not cell.own:
            continue
        last = found[-1] if found else None
        same = last and (last.mark, last.name, last.own) == (cell.mark, cell.name, cell.own)
        if last and same and last.last + timedelta(1) == cell.day:
            found[-1] = Stretch(last.first, cell.day, cell.mark, cell.name, cell.own)
        else:
            found.append(Stretch(cell.day, cell.day, cell.mark, cell.name, cell.own))
    return found


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
