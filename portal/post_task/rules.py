"""States, moves and the clock of a task (P-4, T-3, T-6). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.post_task.models import TaskState
from portal.pure.deadlines import Instants, Light, Thresholds, deadline, light, warning_instants
from portal.pure.limits import MAX_AMOUNT, Limit, Unit
from portal.pure.spans import local
from portal.pure.states import Moves
from portal.pure.workdays import WorkCalendar

S = TaskState

OPEN = (S.ASSIGNED, S.IN_PROGRESS, S.REPORTED)
#: In these it is the handler's turn; a reported task waits for the assigner.
RUNNING = (S.ASSIGNED, S.IN_PROGRESS)

MOVES: Moves[TaskState] = Moves(
    {
        (S.ASSIGNED, "acknowledge"): S.IN_PROGRESS,
        (S.IN_PROGRESS, "progress"): S.IN_PROGRESS,
        (S.IN_PROGRESS, "report"): S.REPORTED,
        (S.REPORTED, "confirm"): S.CONFIRMED,
        (S.REPORTED, "send_back"): S.IN_PROGRESS,
        **{(s, "ask_extension"): s for s in RUNNING},
        **{(s, "withdraw"): S.WITHDRAWN for s in OPEN},
    }
)


@dataclass(frozen=True)
class Clock:
    """The instants of a task's clock (T-6)."""

    due_at: datetime
    soon_at: datetime | None
    red_at: datetime | None
    provisional: bool


def limit_of(given_at: datetime, time_limit: str, due_on: date | None) -> Limit:
    """The limit of a task: as given, or the calendar days from the day of giving to the date.

    Raises ValueError for a date before the day of giving or too far ahead, LimitError for a text that is no limit.
    """
    if due_on is None:
        return Limit.parse(time_limit)
    days = (due_on - local(given_at).date()).days
    if not 0 <= days <= MAX_AMOUNT:
        raise ValueError("a date out of reach")
    return Limit(days, Unit.DAYS if days else Unit.ON_SPOT)


def clock_of(
    given_at: datetime, time_limit: str, due_on: date | None, calendar: WorkCalendar, thresholds: Thresholds
) -> Clock:
    """When a task becomes due soon, overdue and red (T-3, T-6); the same arithmetic as for cases."""
    limit = limit_of(given_at, time_limit, due_on)
    due = deadline(given_at, limit, calendar)
    marks = warning_instants(given_at, due, None, limit, calendar, (), thresholds)
    if due.at is None:  # only a stopped clock has no end, and nothing stops this one
        raise ValueError("a task without an end")
    return Clock(due.at, marks.soon_at, marks.red_at, due.provisional or marks.provisional)


def light_of(
    now: datetime, due_at: datetime, soon_at: datetime | None, red_at: datetime | None, reported_at: datetime | None
) -> Light:
    """The warning state (T-6). Once done is reported, the state of that instant: waiting is not the handler's."""
    return light(reported_at or now, Instants(soon_at, due_at, red_at, False))


def is_late(now: datetime, due_at: datetime, reported_at: datetime | None = None) -> bool:
    """Whether the given date has passed (at its very instant not), or had passed when done was reported."""
    return (reported_at or now) > due_at
