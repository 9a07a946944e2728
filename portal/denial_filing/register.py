"""The register of filings and its rates (D-7): every figure is counted by the condition that its list is read by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from portal.calendar import queries as calendar
from portal.cases import queries as cases
from portal.cases.models import Case
from portal.denial_filing import rules
from portal.denial_filing.models import Filing, FilingState
from portal.kernel import clock, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.pure.spans import office_time
from portal.service_commitment.models import ItemVersion, ServiceItem

#: What a list or a figure can be narrowed to, beside the filters.
OUTCOMES = {
    "waiting": _l("待审批"),
    "agreed": _l("同意"),
    "corrected": _l("纠正"),
    "supplement": _l("改为补正"),
    "decided": _l("已决定"),
    "recalled": _l("撤回"),
    "fallen": _l("随办件结案失效"),
    "late_decision": _l("逾期审批"),
    "late_delivery": _l("逾期送达"),
}
#: Stands in an address for "no item" and "not decided yet".
NONE = 0


@dataclass(frozen=True)
class Wanted:
    """Filters of the register; empty ones do not restrict. ``item`` and ``leader`` 0: those without one."""

    q: str = ""
    from_on: date | None = None
    until_on: date | None = None
    department: int | None = None
    item: int | None = None
    leader: int | None = None
    outcome: str = ""
    grave: str = ""


def outcome(name: str, now: datetime) -> ColumnElement[bool]:
    """The condition behind an outcome at an instant."""
    waits = and_(Filing.state.in_(rules.WAITING), Case.closed_at.is_(None))
    today = clock.local(now).date()
    match name:
        case "waiting":
            return waits
        case "fallen":
            return and_(Filing.state.in_(rules.WAITING), Case.closed_at.is_not(None))
        case "decided":
            return Filing.state.in_(rules.DECIDED)
        case "late_decision":
            return or_(Filing.decided_at > Filing.decide_by, and_(waits, Filing.decide_by < now))
        case "late_delivery":
            owed = or_(Filing.letter_number.is_not(None), Case.closed_at.is_(None))
            never = and_(Filing.delivered_on.is_(None), Filing.deliver_by < today, owed)
            return and_(Filing.state == FilingState.AGREED, or_(Filing.delivered_on > Filing.deliver_by, never))
        case _:
            return Filing.state == FilingState(name)


def _conditions(actor: Actor, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    seen = cases.visible(actor)
    if seen is not None:
        found.append(seen)
    if wanted.from_on:
        found.append(Filing.filed_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        found.append(Filing.filed_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.department:
        found.append(Filing.department_id == wanted.department)
    if wanted.item is not None:
        found.append(Case.item_id == wanted.item if wanted.item else Case.item_id.is_(None))
    if wanted.leader is not None:
        found.append(Filing.decided_by_id == wanted.leader if wanted.leader else Filing.decided_by_id.is_(None))
    if wanted.grave:
        found.append(Filing.grave.is_(wanted.grave == "yes"))
    if wanted.outcome:
        found.append(outcome(wanted.outcome, now))
    if wanted.q and (matching := search.matching("denial_filing", wanted.q)) is not None:
        found.append(Filing.id.in_(matching))
    return found


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The filings of the register that the actor may see and that fit, newest first."""
    query = select(Filing).join(Filing.case).options(contains_eager(Filing.case))
    return query.where(*_conditions(actor, wanted, now)).order_by(Filing.filed_at.desc(), Filing.id.desc())


def exported(actor: Actor, wanted: Wanted, now: datetime, limit: int) -> Iterator[Filing]:
    """The first ``limit`` filings of the register."""
    yield from db.session.scalars(listing(actor, wanted, now).limit(limit))


#: The figures of a line, in their order.
FIGURES = ("filings", "agreed", "corrected", "supplement", "late_decision", "late_delivery")


@dataclass
class Line:
    """The rates of one department, item or leader; ``key`` 0 stands for those without one."""

    key: int
    name: str
    counts: dict[str, int] = field(default_factory=dict)
    decided: int = 0
    worked: timedelta = timedelta()

    @property
    def hours(self) -> float | None:
        """Working hours from filing to decision on average; None before the first decision."""
        return self.worked.total_seconds() / 3600 / self.decided if self.decided else None

    def share(self, name: str) -> float | None:
        """Percent of the decided filings that were decided so; None before the first decision."""
        return 100 * self.counts[name] / self.decided if self.decided else None


#: Column and name of the filter for each way of grouping.
GROUPS = {
    "department": (_l("科室"), Filing.department_id),
    "item": (_l("事项"), Case.item_id),
    "leader": (_l("审批领导"), Filing.decided_by_id),
}


def rates(actor: Actor, wanted: Wanted, group: str, now: datetime) -> list[Line]:
    """The rates of the filings that fit, by department, item or leader; the most filings first.

    The outcome is not among the filters here: the figures are the outcomes.
    """
    column = func.coalesce(GROUPS[group][1], NONE)
    where = _conditions(actor, replace(wanted, outcome=""), now)
    query = (
        select(column, func.count(), *(func.count().filter(outcome(name, now)) for name in FIGURES[1:]))
        .select_from(Filing)
        .join(Filing.case)
        .where(*where)
        .group_by(column)
    )
    names = _names(group)
    lines = {
        row[0]: Line(row[0], names.get(row[0], ""), dict(zip(FIGURES, row[1:], strict=True)))
        for row in db.session.execute(query)
    }
    hours = calendar.work_calendar()
    spent = select(column, Filing.filed_at, Filing.decided_at).select_from(Filing).join(Filing.case)
    for key, filed_at, decided_at in db.session.execute(spent.where(*where, Filing.decided_at.is_not(None))):
        lines[key].decided += 1
        if decided_at is not None:
            lines[key].worked += office_time(clock.local(filed_at), clock.local(decided_at), hours)
    return sorted(lines.values(), key=lambda line: (-line.counts["filings"], line.key))


def _names(group: str) -> dict[int, str]:
    if group == "department":
        return people.department_names()
    if group == "leader":
        return {**people.user_names(), NONE: _("尚未决定")}
    return {**dict(items()), NONE: _("目录以外的事项")}


def items() -> list[tuple[int, str]]:
    """All items, the retired ones too, with their names."""
    rows = (
        select(ServiceItem.id, ItemVersion.name)
        .join(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .order_by(ServiceItem.code)
    )
    return [(item_id, name) for item_id, name in db.session.execute(rows)]


def leaders() -> list[tuple[int, str]]:
    """Everybody who has decided a filing."""
    names = people.user_names()
    found = select(Filing.decided_by_id).where(Filing.decided_by_id.is_not(None)).distinct()
    return sorted((user_id, names.get(user_id, "")) for user_id in db.session.scalars(found) if user_id is not None)
