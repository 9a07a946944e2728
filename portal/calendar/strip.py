"""A calculated deadline as a page shows it: a small calendar of the days on the way, and the days passed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.calendar import queries
from portal.calendar import vocabulary as words
from portal.pure.deadlines import Due, SkipReason
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar

#: Longer ways are told in figures only.
MOST_DAYS = 370


@dataclass(frozen=True)
class StripDay:
    """One day on the way. ``kind``: start, counted, due, or the reason why it is passed over."""

    day: date
    kind: str
    ordinal: int | None
    name: str


@dataclass(frozen=True)
class StripMonth:
    """The weeks of one month that the way touches; None for days outside the month."""

    first: date
    weeks: list[list[StripDay | date | None]]


@dataclass(frozen=True)
class Passed:
    """Days in a row that are passed over for the same reason."""

    first: date
    last: date
    days: int
    why: str


@dataclass(frozen=True)
class Result:
    """The answer of the calculator."""

    since: datetime
    limit: Limit
    due: Due
    months: list[StripMonth]
    passed: list[Passed]
    too_long: bool


def result(since: datetime, limit: Limit, due: Due, calendar: WorkCalendar) -> Result:
    """The answer with its strip; a way of more than `MOST_DAYS` days has no strip."""
    days = _days(due, calendar)
    too_long = bool(days) and (max(days) - min(days)).days > MOST_DAYS
    months = [] if too_long else _months(days)
    return Result(since, limit, due, months, _passed(due, calendar)[:100], too_long)


def _days(due: Due, calendar: WorkCalendar) -> dict[date, StripDay]:
    found = {due.received_on: StripDay(due.received_on, "start", None, "")}
    for day, reason in due.skipped:
        found[day] = StripDay(day, str(reason), None, queries.day_name(day, calendar))
    last = due.counted[-1] if due.counted and due.at else None
    for ordinal, day in enumerate(due.counted, 1):
        found[day] = StripDay(day, "due" if day == last else "counted", ordinal, "")
    return found


def _months(days: dict[date, StripDay]) -> list[StripMonth]:
    first, last = min(days), max(days)
    found = []
    month = first.replace(day=1)
    while month <= last:
        weeks: list[list[StripDay | date | None]] = []
        for week in queries.month_grid(month.year, month.month):
            if any(day in days for day in week if day):
                weeks.append([days.get(day, day) if day else None for day in week])
        found.append(StripMonth(month, weeks))
        month = (month + timedelta(31)).replace(day=1)
    return found


def _passed(due: Due, calendar: WorkCalendar) -> list[Passed]:
    found: list[Passed] = []
    for day, reason in due.skipped:
        why = _why(day, reason, calendar)
        last = found[-1] if found else None
        if last and last.why == why and last.last + timedelta(1) == day:
            found[-1] = Passed(last.first, day, last.days + 1, why)
        else:
            found.append(Passed(day, day, 1, why))
    return found


def _why(day: date, reason: SkipReason, calendar: WorkCalendar) -> str:
    name = queries.day_name(day, calendar) if reason in (SkipReason.HOLIDAY, SkipReason.WEEKEND) else ""
    return name or str(words.SKIP_LABELS[reason])
