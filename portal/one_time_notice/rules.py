"""What a notice must name, what a further notice should have named before, and its dates (N-1, N-4, N-7). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.one_time_notice.models import Problem
from portal.pure.deadlines import deadline
from portal.pure.limits import Limit, Unit
from portal.pure.workdays import WorkCalendar


@dataclass(frozen=True)
class Material:
    """A line of the case's checklist as it stands. ``in_checklist``: bound at receipt, not added by a notice."""

    id: int
    required: bool
    in_checklist: bool
    received_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """A line of a notice about to be issued."""

    material_id: int
    problem: Problem


@dataclass(frozen=True)
class Earlier:
    """A notice that the client had before: when, and which lines it named."""

    issued_at: datetime
    material_ids: frozenset[int]


def forgotten(materials: Iterable[Material], asked: Iterable[Asked]) -> list[int]:
    """Ids of the required materials that were not handed in and that the notice does not name (N-1)."""
    named = {a.material_id for a in asked}
    return [m.id for m in materials if m.required and m.received_at is None and m.id not in named]


def repeated(materials: Iterable[Material], asked: Iterable[Asked], earlier: Sequence[Earlier]) -> list[int]:
    """Ids of what a further notice asks for and an earlier one could have asked for but did not (N-4).

    Missing: it stood in the bound checklist and no earlier notice named it. Wrong: the paper had been handed in when
    an earlier notice was issued that did not name it. A first notice repeats nothing.
    """
    known = {m.id: m for m in materials}
    found = []
    for line in asked:
        material = known.get(line.material_id)
        if material is None or not earlier:
            continue
        if line.problem is Problem.MISSING:
            late = material.in_checklist and not any(line.material_id in e.material_ids for e in earlier)
        else:
            late = material.received_at is not None and any(
                material.received_at <= e.issued_at and line.material_id not in e.material_ids for e in earlier
            )
        if late:
            found.append(line.material_id)
    return found


def default_until(now: datetime, within: Limit, calendar: WorkCalendar) -> date:
    """The date until which the client is waited for unless the handler sets another (N-7)."""
    return deadline(now, within, calendar).counted[-1]


def remind_from(until: date, before: Limit, calendar: WorkCalendar) -> date:
    """The day from which the client is to be reminded of a notice's date (N-7)."""
    if before.unit is Unit.WORKING_DAYS:
        return calendar.add_workdays(until, -before.amount)
    return until - timedelta(days=before.amount)
