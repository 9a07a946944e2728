"""Who may have more time, how much, and from whom; what a procedure and a request still need (T-4, T-5). Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from portal.cases.rules import ClockFacts, clocks, extends_statutory, is_late
from portal.pure.deadlines import USUAL_THRESHOLDS
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import WorkCalendar
from portal.timed_completion.models import ExtensionState


class Matter(StrEnum):
    """What the longest extension depends on (T-5)."""

    LICENCE = "licence"
    JOINT = "joint"
    OTHER = "other"


def matter(licence: bool, joint: bool) -> Matter:
    """The matter of a case: what departments handle jointly may be extended for longest, licences too (law 42)."""
    if joint:
        return Matter.JOINT
    return Matter.LICENCE if licence else Matter.OTHER


def most_days(limit: Limit) -> int:
    """The longest extension in working days. Raises ValueError for a limit in another unit."""
    if limit.unit is not Unit.WORKING_DAYS:
        raise ValueError("an extension is in working days")
    return limit.amount


def extended(facts: ClockFacts, days: int, licence: bool) -> ClockFacts:
    """The facts of a clock with an extension: both clocks of a licence move, else the promised one alone (T-5)."""
    return replace(facts, extension=days, statutory_extension=days if extends_statutory(licence) else 0)


def beyond_statutory(facts: ClockFacts, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether a promise given anew would reach beyond the statutory limit (T-5, C-2).

    A clock that is stopped without a known end is looked at as if it ran again now.
    """
    stops = [
        stop if stop.to_at or stop.until_at else stop._replace(to_at=max(now, stop.from_at)) for stop in facts.pauses
    ]
    found = clocks(replace(facts, pauses=stops), calendar, USUAL_THRESHOLDS)
    return found.due_at is not None and found.statutory_due_at is not None and found.due_at > found.statutory_due_at


def standing(
    state: ExtensionState, due_at: datetime | None, closed_at: datetime | None, now: datetime
) -> ExtensionState:
    """Where a request stands now: undecided when the limit or the case ended, it has fallen, recorded or not (T-5)."""
    if state is ExtensionState.WAITING and (closed_at is not None or is_late(now, due_at)):
        return ExtensionState.FALLEN
    return state
