"""States and moves of plans, inspections and findings; when what may be done (O-2). Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, datetime

from portal.pure.months import month_after
from portal.pure.states import Moves
from portal.supervision.models import FindingState, InspectionState, PlanState, Severity

S, I, P = FindingState, InspectionState, PlanState  # noqa: E741 - short names of the table below

SETTLED = (S.PASSED, S.NOTED, S.WITHDRAWN)

#: The life of a finding.
MOVES: Moves[FindingState] = Moves(
    {
        (S.FOUND, "comment"): S.FOUND,
        (S.FOUND, "order"): S.ORDERED,
        (S.FOUND, "note"): S.NOTED,
        (S.ORDERED, "report"): S.REPORTED,
        (S.REPORTED, "pass"): S.PASSED,
        (S.REPORTED, "again"): S.ORDERED,
        **{(s, "withdraw"): S.WITHDRAWN for s in S if s is not S.WITHDRAWN},
    }
)
INSPECTION_MOVES: Moves[InspectionState] = Moves(
    {(I.OPEN, "add"): I.OPEN, (I.OPEN, "feed_back"): I.FED_BACK, (I.FED_BACK, "note"): I.CLOSED}
)
PLAN_MOVES: Moves[PlanState] = Moves({(P.PLANNED, "carry_out"): P.CARRIED_OUT, (P.PLANNED, "cancel"): P.CANCELLED})


def heard(commented_at: datetime | None, comment_by: datetime, now: datetime, severity: Severity) -> bool:
    """Whether an order may be issued: the department spoke, its time is over, or the finding is serious."""
    return commented_at is not None or now > comment_by or severity is Severity.SERIOUS


def may_feed_back(states: Iterable[FindingState]) -> bool:
    """Whether an inspection can be fed back: nothing is left to be dealt with."""
    return all(state in SETTLED for state in states)


def may_inspect(own: Container[int], departments: Iterable[int]) -> bool:
    """Whether somebody with these departments of their own may inspect those: never one of the own (O-2)."""
    return not any(each in own for each in departments)


def may_recheck(actor_id: int | None, own: Container[int], department_id: int, involved: Container[int | None]) -> bool:
    """Whether somebody may re-check: not of the department, nor who reported it or is concerned (O-2)."""
    return department_id not in own and actor_id not in involved


def carried_out(wanted: Iterable[int], visited: Container[int]) -> bool:
    """Whether a plan is done: every department was visited."""
    return all(each in visited for each in wanted)


def escalates(round_: int, after: int) -> bool:
    """Whether a failed re-check goes up: it is at least the so manyth of the same finding (A-3)."""
    return round_ >= after


def period(text: str) -> tuple[date, date] | None:
    """The first and last day of a month ``2026-11`` or a quarter ``2026-Q4``; None for anything else."""
    year, _dash, rest = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 2000 <= int(year) <= 2099):
        return None
    if rest[:1] == "Q" and rest[1:] in ("1", "2", "3", "4"):
        first, months = 3 * int(rest[1:]) - 2, 3
    elif len(rest) == 2 and rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 12:
        first, months = int(rest), 1
    else:
        return None
    start = date(int(year), first, 1)
    return start, date.fromordinal(month_after(start, months).toordinal() - 1)


def period_text(day: date, quarter: bool) -> str:
    """The name of the month or quarter of a day, as `period` reads it."""
    return f"{day.year}-Q{(day.month + 2) // 3}" if quarter else f"{day:%Y-%m}"
