"""States of a supervision, the clock of a reply, and the ladder of repeated reminders (T-12, T-6). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.post_task.rules import Clock, clock_of
from portal.pure.deadlines import Light, Thresholds, deadline
from portal.pure.limits import Limit
from portal.pure.states import Moves
from portal.pure.workdays import WorkCalendar
from portal.urging.models import SupervisionState

S = SupervisionState

OPEN = (S.ISSUED, S.REPLIED)

MOVES: Moves[SupervisionState] = Moves(
    {
        (S.ISSUED, "reply"): S.REPLIED,
        (S.REPLIED, "accept"): S.CLOSED,
        (S.REPLIED, "ask_again"): S.ISSUED,
        **{(s, "withdraw"): S.CLOSED for s in OPEN},
    }
)

#: The level at which the ladder of each threshold begins: 0 handler, 1 head, 2 leader in charge.
FIRST = {str(Light.DUE_SOON): 0, str(Light.OVERDUE): 1, str(Light.RED): 2}
TOP = 2


def reply_clock(
    asked_at: datetime, time_limit: str, reply_on: date | None, calendar: WorkCalendar, thresholds: Thresholds
) -> Clock:
    """Until when a reply is due, by a limit or by a date; a date on a day off moves to the next working day (T-3).

    Raises ValueError for a date before the day of asking or too far ahead, LimitError for a text that is no limit.
    """
    return clock_of(asked_at, time_limit, reply_on, calendar, thresholds)


def light(now: datetime, reply_by: datetime, soon_at: datetime | None, waits: bool) -> Light:
    """The light of what waits for a reply; what was answered has none."""
    if not waits:
        return Light.NORMAL
    if now > reply_by:
        return Light.OVERDUE
    return Light.DUE_SOON if soon_at is not None and now >= soon_at else Light.NORMAL


@dataclass(frozen=True)
class Step:
    """One step of the ladder that is due: its number from 1, whom it reaches, when it was due, and what follows."""

    number: int
    level: int
    at: datetime
    next_at: datetime
    last: bool


def level_of(first: str, step: int, times: int) -> int | None:
    """Whom a step reaches: so many times the level of the threshold, then as often each level above; None: no more."""
    level = FIRST[first] + (step - 1) // times if times > 0 else TOP + 1
    return level if level <= TOP else None


def after(at: datetime, every: Limit, calendar: WorkCalendar) -> datetime:
    """The instant one interval later, in office time."""
    due = deadline(at, every, calendar).at
    assert due is not None  # without pauses every limit ends
    return due


def due_step(
    first: str, done: int, next_at: datetime, now: datetime, every: Limit, times: int, calendar: WorkCalendar
) -> Step | None:
    """The step that is due now after ``done`` steps; of several that were slept over, the last. None: it is over."""
    number, at = done + 1, next_at
    while True:
        level = level_of(first, number, times)
        if level is None:
            return None
        following = after(at, every, calendar)
        last = level_of(first, number + 1, times) is None
        if last or following >= now:
            return Step(number, level, at, following, last)
        number, at = number + 1, following
