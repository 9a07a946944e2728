"""The deadline calculator (T-10): when a limit ends, with the days counted and skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from portal.calendar import queries
from portal.pure.deadlines import SHANGHAI, Due, OutOfCalendar, Pause, deadline, local
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar


def calculate(
    start: date | datetime, limit: Limit, pauses: Sequence[Pause] = (), calendar: WorkCalendar | None = None
) -> dict[str, Any]:
    """When a limit that starts at `start` ends, as plain values (T-10).

    A date stands for its opening of business, a datetime without zone for the office's wall clock. ``due`` is ISO with
    offset, None while an open pause stops the clock. ``skipped`` names date, reason (``weekend``, ``holiday``,
    ``stopped``, ``after_hours``) and, where the calendar has one, the day's name. Without `calendar` the one in force
    is used, which needs an application. Raises `OutOfCalendar`.
    """
    calendar = calendar or queries.work_calendar()
    since = instant_of(start, calendar)
    due = due_of(since, limit, calendar, pauses)
    return {
        "from": since.isoformat(),
        "limit": str(limit),
        "due": due.at.isoformat() if due.at else None,
        "provisional": due.provisional,
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [
            {"date": day.isoformat(), "reason": str(reason), "name": calendar.names.get(day, "")}
            for day, reason in due.skipped
        ],
    }


def instant_of(start: date | datetime, calendar: WorkCalendar) -> datetime:
    """The instant on the office's wall clock that a start stands for. Raises `OutOfCalendar`."""
    if not isinstance(start, datetime):
        return datetime.combine(start, calendar.hours.opens, SHANGHAI)
    return start.replace(tzinfo=SHANGHAI) if start.tzinfo is None else local(start)


def due_of(
    since: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause] = (), next_day: bool = False
) -> Due:
    """`deadline`, with every run past the last possible date as `OutOfCalendar`."""
    try:
        return deadline(since, limit, calendar, pauses, next_day)
    except OverflowError:
        raise OutOfCalendar("beyond the calendar") from None
