"""Reads of orders. What is open is remembered while nothing changes; the list is read by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.monthly_result import queries as results
from portal.monthly_result.models import MonthlyResult
from portal.monthly_result.queries import Placed, Published
from portal.policy import queries as policy
from portal.pure.deadlines import Light
from portal.pure.months import month_after
from portal.weak_result import rules
from portal.weak_result import vocabulary as words
from portal.weak_result.models import OrderState, WeakOrder

#: How many published months the office is offered to look at, and to compare with.
MONTHS = 6


@dataclass(frozen=True)
class Weak:
    """A weak result of a published month on which there is no order."""

    month: date
    edition: int
    department_id: int
    name: str
    total: Decimal
    place: int | None
    of_places: int


def published(month: date) -> Published | None:
    """The newest published edition of a month of departments."""
    return results.published("department", month)


def weak_of(found: Published) -> list[Placed]:
    """The weak departments of a published month, the weakest first (POL-1)."""
    below, last = int(policy.value("weak_result.below")), int(policy.value("weak_result.last"))
    by_id = {row.subject_id: row for row in found.rows}
    placed = [(row.subject_id, row.total, row.place) for row in found.rows]
    return [by_id[subject] for subject in rules.weak(placed, below, last)]


def places_of(found: Published) -> int:
    """How many departments have a place in a month."""
    return sum(row.place is not None for row in found.rows)


def to_order(today: date) -> list[Weak]:
    """The weak results of the last months without an order, the newest month first; from memory."""

    def read() -> list[Weak]:
        have = {(d, m) for d, m in db.session.execute(select(WeakOrder.department_id, WeakOrder.month))}
        made = list[Weak]()
        first = month_after(today.replace(day=1), -MONTHS)
        for month, _key in reversed(results.newest_results("department", first, today.replace(day=1))):
            found = published(month)
            for row in weak_of(found) if found else []:
                if found and (row.subject_id, month) not in have:
                    made.append(
                        Weak(month, found.edition, row.subject_id, row.name, row.total, row.place, places_of(found))
                    )
        return made

    return epochs.cached("weak_result", f"to_order/{today:%Y%m}", read, (MonthlyResult.__epoch__, "policy"))


def since(order: WeakOrder, today: date) -> list[tuple[date, Decimal]]:
    """The department's published totals of the months after the weak one: what the re-check looks at."""
    found = results.totals("department", month_after(order.month, 1), today.replace(day=1))
    return found.get(order.department_id, [])


# --- what is open ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenOrder:
    """An order that did not end."""

    number: str
    department_id: int
    month: date
    state: OrderState
    due_on: date
    due_at: datetime
    answered_at: datetime | None
    late: bool


def open_orders() -> tuple[OpenOrder, ...]:
    """The orders that did not end, by their dates; from memory."""

    def read() -> tuple[OpenOrder, ...]:
        query = select(
            WeakOrder.number, WeakOrder.department_id, WeakOrder.month, WeakOrder.state, WeakOrder.due_on,
            WeakOrder.due_at, WeakOrder.answered_at, WeakOrder.late_at.is_not(None),
        ).where(WeakOrder.ended_at.is_(None))  # fmt: skip
        return tuple(OpenOrder(*row) for row in db.session.execute(query.order_by(WeakOrder.due_at, WeakOrder.id)))

    return epochs.cached("weak_result", "open", read)


# --- who reads what -------------------------------------------------------------------------------------------


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition of the orders that an actor reads: those of the departments led, all for the office."""
    if actor.can(words.READ_ALL):
        return true()
    return WeakOrder.department_id.in_(sorted(ab_rights.departments_led(actor)))


def by_number(actor: Actor, number: str) -> WeakOrder:
    """An order that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(WeakOrder).where(WeakOrder.number == number, visible(actor)).options(joinedload(WeakOrder.department))
    )
    if found is None:
        raise NotFound()
    return found


#: What the list can be narrowed to, in the order of its tabs.
STATES = ("open", "overdue", "answered", "improved", "failed", "withdrawn", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    state: str = "open"
    department: int | None = None


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The orders that the actor may read and that fit: open ones by date, others newest first."""
    query = select(WeakOrder).where(visible(actor)).options(joinedload(WeakOrder.department))
    match wanted.state:
        case "overdue":
            late = func.coalesce(WeakOrder.answered_at, now) > WeakOrder.due_at
            query = query.where(and_(WeakOrder.ended_at.is_(None), late))
        case "answered" | "improved" | "failed" | "withdrawn":
            query = query.where(WeakOrder.state == OrderState(wanted.state))
        case "all":
            pass
        case _:
            query = query.where(WeakOrder.ended_at.is_(None))
    if wanted.department:
        query = query.where(WeakOrder.department_id == wanted.department)
    if wanted.q:
        query = query.where(WeakOrder.number.icontains(wanted.q, autoescape=True))
    if wanted.state in ("open", "overdue", "answered"):
        return query.order_by(WeakOrder.due_at, WeakOrder.id)
    return query.order_by(WeakOrder.issued_at.desc(), WeakOrder.id.desc())


def soon() -> timedelta:
    """How long before its date an order is due soon: as long as for cases (T-6)."""
    return timedelta(days=int(policy.value("timed_completion.due_soon_workdays")))


def light(order: WeakOrder | OpenOrder, now: datetime) -> Light:
    """The light of an order."""
    return rules.light(order.state, now, order.due_at, order.answered_at, soon())
