"""Half days by the office hours: how people say when they are away (O-3), how boards show it (AB-8). Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.kernel import clock
from portal.pure.workdays import OfficeHours, WorkCalendar


class Half(StrEnum):
    """The two halves of a working day."""

    AM = "am"
    PM = "pm"


def times(hours: OfficeHours) -> dict[Half, tuple[time, time]]:
    """Beginning and end of both halves: the first period and the rest; a day in one piece is cut in its middle."""
    first, *rest = hours.periods
    if rest:
        return {Half.AM: first, Half.PM: (rest[0][0], rest[-1][1])}
    minutes = hours.minutes_per_day // 2
    middle = (datetime.combine(date.min, first[0]) + timedelta(minutes=minutes)).time()
    return {Half.AM: (first[0], middle), Half.PM: (middle, first[1])}


def span(first: date, from_half: Half, last: date, to_half: Half, hours: OfficeHours) -> tuple[datetime, datetime]:
    """The instants from the beginning of one half day to the end of another, on the office's wall clock."""
    cut = times(hours)
    return (
        datetime.combine(first, cut[from_half][0], clock.ZONE),
        datetime.combine(last, cut[to_half][1], clock.ZONE),
    )


def of_day(day: date, hours: OfficeHours) -> dict[Half, tuple[datetime, datetime]]:
    """Both halves of a day as instants."""
    return {half: span(day, half, day, half, hours) for half in Half}


def half_of(at: datetime, hours: OfficeHours) -> Half:
    """The half in which an instant lies; the hours between two halves belong to the second."""
    return Half.AM if clock.local(at).time() < times(hours)[Half.AM][1] else Half.PM


def worked(from_at: datetime, to_at: datetime, calendar: WorkCalendar) -> list[tuple[date, Half]]:
    """The half days of working days that a time touches; days off do not count, shifted workdays do (T-3)."""
    found: list[tuple[date, Half]] = []
    day, last = clock.local(from_at).date(), clock.local(to_at).date()
    while day <= last:
        if calendar.is_workday(day):
            found += [
                (day, half)
                for half, (start, end) in of_day(day, calendar.hours).items()
                if start < to_at and from_at < end
            ]
        day += timedelta(days=1)
    return found


def days(from_at: datetime, to_at: datetime, calendar: WorkCalendar) -> float:
    """How many working days a time takes, in halves."""
    return len(worked(from_at, to_at, calendar)) / 2
