"""States, the clock, who is barred, and what a summary withholds (A-5). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from portal.complaint.models import ComplaintState
from portal.post_task.rules import Clock, clock_of
from portal.pure.deadlines import Light, Thresholds
from portal.pure.limits import Limit, Unit
from portal.pure.states import Moves
from portal.pure.workdays import WorkCalendar

S = ComplaintState
K = TypeVar("K")

#: It is the unit's turn: the answer is due.
RUNNING = (S.RECEIVED, S.TAKEN_UP, S.INVESTIGATING, S.PROPOSED, S.APPROVED)
FINAL = (S.PASSED_ON, S.NOT_TAKEN_UP, S.CLOSED)

MOVES: Moves[ComplaintState] = Moves(
    {
        **{(s, "resolve"): s for s in (S.RECEIVED, S.TAKEN_UP, S.INVESTIGATING)},
        (S.RECEIVED, "take_up"): S.TAKEN_UP,
        (S.RECEIVED, "pass_on"): S.PASSED_ON,
        (S.RECEIVED, "not_take_up"): S.NOT_TAKEN_UP,
        (S.TAKEN_UP, "assign"): S.INVESTIGATING,
        # Who delivers the paper of an ended one has to know to whom.
        (S.PASSED_ON, "assign"): S.PASSED_ON,
        (S.NOT_TAKEN_UP, "assign"): S.NOT_TAKEN_UP,
        **{(s, "reassign"): s for s in (S.INVESTIGATING, S.APPROVED, S.PASSED_ON, S.NOT_TAKEN_UP)},
        **{(s, "extend"): s for s in RUNNING},
        **{(s, "add"): s for s in RUNNING},
        (S.INVESTIGATING, "note"): S.INVESTIGATING,
        (S.INVESTIGATING, "extract"): S.INVESTIGATING,
        (S.INVESTIGATING, "state"): S.INVESTIGATING,
        (S.INVESTIGATING, "propose"): S.PROPOSED,
        (S.PROPOSED, "approve"): S.APPROVED,
        (S.PROPOSED, "send_back"): S.INVESTIGATING,
        (S.APPROVED, "tell"): S.ANSWERED,
        (S.ANSWERED, "rate"): S.CLOSED,
        (S.ANSWERED, "close"): S.CLOSED,
        **{(s, "reverse"): s for s in (S.ANSWERED, S.CLOSED)},
    }
)


def answer_clock(
    received_at: datetime, limit: str, extra_days: int, calendar: WorkCalendar, thresholds: Thresholds
) -> Clock:
    """When the answer is due: the limit from receipt by the common calendar, and the days of the one extension after
    it (A-5, T-3). Raises LimitError for a text that is no limit."""
    first = clock_of(received_at, limit, None, calendar, thresholds)
    if not extra_days:
        return first
    return clock_of(first.due_at, str(Limit(extra_days, Unit.DAYS)), None, calendar, thresholds)


def light(now: datetime, due_at: datetime, soon_at: datetime | None, told_at: datetime | None) -> Light:
    """The light of a complaint: overdue after the very instant of its date; once told the state of that instant."""
    at = told_at or now
    if at > due_at:
        return Light.OVERDUE
    return Light.DUE_SOON if told_at is None and soon_at is not None and at >= soon_at else Light.NORMAL


@dataclass(frozen=True)
class Subject:
    """Whom a complaint concerns: the person, the department, and who had a hand in the case."""

    person_id: int | None = None
    department_id: int | None = None
    hands: frozenset[int] = frozenset()


def concerned(subject: Subject, user_id: int | None, departments: Collection[int], whole: bool) -> bool:
    """Whether somebody may neither decide, look into nor answer a complaint: the person, who had a hand in the case,
    and (``whole``, by policy) everybody of the department concerned."""
    if user_id is None:
        return False
    if user_id == subject.person_id or user_id in subject.hands:
        return True
    return whole and subject.department_id is not None and subject.department_id in departments


def withheld(counts: Mapping[K, int], least: int) -> dict[K, int | None]:
    """The figures of one table of a summary; None for a group of fewer than ``least``, so that nobody is told by it.

    A single group held back could be had from the total: the next smallest one is held back with it. Empty groups
    tell of nobody and stay.
    """
    small = {key for key, n in counts.items() if 0 < n < least}
    rest = sorted((n, order) for order, (key, n) in enumerate(counts.items()) if n >= least)
    if len(small) == 1 and rest:
        small.add(list(counts)[rest[0][1]])
    return {key: None if key in small else n for key, n in counts.items()}
