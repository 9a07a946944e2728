"""The figures of a month, each with the list behind it (W-0, O-2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.paging import rows_of
from portal.people import queries as people
from portal.supervision import queries
from portal.supervision.models import Manner, Severity
from portal.supervision.queries import Wanted


@dataclass(frozen=True)
class Line:
    """One department: how many findings of each kind."""

    department_id: int
    name: str
    by_kind: dict[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Figures:
    """What was inspected, found and rectified in a month."""

    month: str
    inspections: int
    covert: int
    nothing: int
    findings: int
    serious: int
    #: Orders whose date lies in the month, by how they stand.
    in_time: int
    late: int
    overdue: int
    running: int
    kinds: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """Rectified on time, in percent: reported in time ÷ (reported + overdue); None when nothing was due."""
        due = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / due, 1) if due else None


def of_month(actor: Actor, month: str, now: datetime, department: int | None = None) -> Figures:
    """The figures of a month or quarter as the actor may see them: every one counts the list that it opens."""

    def inspections(**more: Any) -> int:
        return rows_of(queries.inspections(actor, Wanted(month=month, department=department, **more)))

    def findings(**more: Any) -> int:
        wanted = Wanted(month=month, department=department, state="counted", **more)
        return rows_of(queries.findings(actor, wanted, now))

    def orders(state: str) -> int:
        return rows_of(queries.orders(actor, Wanted(month=month, department=department, state=state), now))

    kinds, lines = _by_kind(actor, month, now, department)
    return Figures(
        month=month,
        inspections=inspections(),
        covert=inspections(manner=str(Manner.COVERT)),
        nothing=inspections(result="nothing"),
        findings=findings(),
        serious=findings(severity=str(Severity.SERIOUS)),
        in_time=orders("in_time"),
        late=orders("late"),
        overdue=orders("overdue"),
        running=orders("running"),
        kinds=kinds,
        lines=lines,
    )


def _by_kind(actor: Actor, month: str, now: datetime, department: int | None) -> tuple[list[str], list[Line]]:
    wanted = Wanted(month=month, department=department, state="counted")
    rows = queries.findings(actor, wanted, now).order_by(None).subquery()
    counted = select(rows.c.department_id, rows.c.kind, func.count()).group_by(rows.c.department_id, rows.c.kind)
    found: dict[int, dict[str, int]] = {}
    for department_id, kind, n in db.session.execute(counted):
        found.setdefault(department_id, {})[kind] = n
    used = {kind for row in found.values() for kind in row}
    known = queries.kinds()
    kinds = [k for k in known if k in used] + sorted(used - set(known))
    names = people.department_names()
    return kinds, [Line(d, name, found[d]) for d, name in names.items() if d in found]
