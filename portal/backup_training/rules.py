"""States of a training plan, and the year of a department (AB-7). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where a plan stands."""

    PLANNED = "planned"
    OVERDUE = "overdue"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


def state(today: date, planned_by: date, sessions: int, confirmed: bool, cancelled: bool) -> State:
    """Where a plan stands on a day: done only with a session and the head's confirmation."""
    if cancelled:
        return State.CANCELLED
    if confirmed:
        return State.DONE
    if sessions:
        return State.HELD
    return State.OVERDUE if planned_by < today else State.PLANNED


@dataclass(frozen=True)
class Year:
    """The training of a department in a year."""

    posts: int
    sessions: int
    minutes: int
    plans: int
    done: int
    overdue: int
    #: Posts that had at least the expected number of sessions.
    reached: int

    @property
    def percent(self) -> float | None:
        """Share of posts that reached the expected number; None without posts."""
        return 100 * self.reached / self.posts if self.posts else None
