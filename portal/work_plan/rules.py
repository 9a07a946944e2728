"""Moves of plans and items, lights, figures of a plan. Pure (E-1, T-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.pure.deadlines import Light
from portal.pure.states import Moves
from portal.work_plan.models import ItemState, PlanState, Term

P, S = PlanState, ItemState

PLAN_MOVES: Moves[PlanState] = Moves(
    {
        (P.DRAFT, "submit"): P.SUBMITTED,
        (P.SUBMITTED, "discuss"): P.DISCUSSED,
        (P.DISCUSSED, "approve"): P.APPROVED,
        (P.SUBMITTED, "send_back"): P.DRAFT,
        (P.DISCUSSED, "send_back"): P.DRAFT,
        (P.APPROVED, "end"): P.ENDED,
    }
)
ITEM_MOVES: Moves[ItemState] = Moves(
    {
        (S.PLANNED, "begin"): S.RUNNING,
        (S.RUNNING, "progress"): S.RUNNING,
        (S.RUNNING, "report"): S.REPORTED,
        (S.REPORTED, "confirm"): S.DONE,
        (S.REPORTED, "send_back"): S.RUNNING,
        (S.RUNNING, "extend"): S.RUNNING,
        (S.RUNNING, "cancel"): S.CANCELLED,
        (S.REPORTED, "cancel"): S.CANCELLED,
    }
)
#: In these somebody is waited for.
OPEN = (S.RUNNING, S.REPORTED)


def light(
    state: ItemState, now: datetime, due_at: datetime, reported_at: datetime | None, soon: timedelta, excused: bool
) -> Light:
    """The light of an item: on time, due soon from ``soon`` before its date on, late after it (T-6).

    What was reported keeps the light of that instant; what is planned or cancelled, or whose lateness was taken back,
    has none.
    """
    if state in (S.PLANNED, S.CANCELLED) or excused:
        return Light.NORMAL
    at = reported_at or now
    if at > due_at:
        return Light.OVERDUE
    if state is S.RUNNING and at >= due_at - soon:
        return Light.DUE_SOON
    return Light.NORMAL


def term_due(year: int, today: date, mid_after: int, year_after: int) -> Term | None:
    """The review that is due on a day: so many months after the year of the plan began; None before the first."""
    passed = 12 * (today.year - year) + today.month - 1
    if passed >= year_after:
        return Term.YEAR
    return Term.MID if passed >= mid_after else None


def year_later(day: date, years: int) -> date:
    """The same day so many years later; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True)
class Fact:
    """What counts of one item."""

    state: ItemState
    light: Light
    percent: int


@dataclass(frozen=True)
class Figures:
    """How a plan stands; cancelled items do not count."""

    items: int = 0
    done: int = 0
    done_late: int = 0
    late: int = 0
    soon: int = 0
    reported: int = 0
    percent: int = 0

    @property
    def rate(self) -> int:
        """Done items in whole percent, rounded down; 0 where there is none."""
        return 100 * self.done // self.items if self.items else 0


def figures(facts: Iterable[Fact]) -> Figures:
    """The figures of some items; ``percent`` is the mean progress in whole percent, rounded down."""
    counted = [f for f in facts if f.state is not S.CANCELLED]
    done = [f for f in counted if f.state is S.DONE]
    left = [f for f in counted if f.state is not S.DONE]
    return Figures(
        items=len(counted),
        done=len(done),
        done_late=sum(f.light is Light.OVERDUE for f in done),
        late=sum(f.light is Light.OVERDUE for f in left),
        soon=sum(f.light is Light.DUE_SOON for f in left),
        reported=sum(f.state is S.REPORTED for f in left),
        percent=sum(f.percent for f in counted) // len(counted) if counted else 0,
    )
