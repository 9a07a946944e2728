"""Reads of plans and items. What is open is remembered while nothing changes; lists are read by year and page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.kernel import clock, epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.pure.months import month_after
from portal.work_plan import lights, rights
from portal.work_plan.models import (
    ItemState,
    PlanAmendment,
    PlanExtension,
    PlanItem,
    PlanState,
    Term,
    WorkPlan,
)
from portal.work_plan.rules import OPEN

# --- what other rooms read ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overdue:
    """An item whose date passed without a report: what a score of its department or person may count (E-3)."""

    number: str
    title: str
    department_id: int
    person_id: int
    at: datetime


def overdue(month: date) -> list[Overdue]:
    """The items whose date passed within a month, as recorded and not taken back; in order of their dates.

    ``month`` is its first day. Each opens ``work_plan.show_item`` with its ``number``.
    """
    start, end = clock.day_start(month), clock.day_start(month_after(month, 1))
    query = (
        select(PlanItem.number, PlanItem.step, PlanItem.department_id, PlanItem.person_id, PlanItem.late_at)
        .where(PlanItem.late_at.is_not(None), PlanItem.late_at > start, PlanItem.late_at <= end)
        .order_by(PlanItem.late_at, PlanItem.id)
    )
    return [
        Overdue(number, title, department_id, person_id, at)
        for number, title, department_id, person_id, at in db.session.execute(query)
        if at is not None
    ]


# --- what is open, from memory --------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenItem:
    """An item that somebody is waited for."""

    number: str
    step: str
    department_id: int
    person_id: int
    state: ItemState
    due_on: date
    due_at: datetime
    reported_by_id: int | None
    #: Its passed date was recorded, or taken back.
    late: bool
    excused: bool
    #: Who asked for more time that is not answered.
    asked_by_id: int | None


@dataclass(frozen=True)
class OpenPlan:
    """A plan that did not end."""

    number: str
    year: int
    department_id: int
    state: PlanState
    makers: tuple[int | None, ...]
    #: Who asked for the amendments that wait.
    asked: tuple[int, ...]
    #: Reviews that are not concluded: term, who filed it, whether there is an opinion.
    reviews: tuple[tuple[Term, int, bool], ...]
    filed: frozenset[Term]


@dataclass(frozen=True)
class Work:
    """Everything that is open."""

    items: tuple[OpenItem, ...]
    plans: tuple[OpenPlan, ...]


def open_work() -> Work:
    """All that is open, read again only when something of a plan has changed."""
    return epochs.cached("work_plan", "open", _read_open)


def _read_open() -> Work:
    items = db.session.execute(
        select(
            PlanItem.number, PlanItem.step, PlanItem.department_id, PlanItem.person_id, PlanItem.state,
            PlanItem.due_on, PlanItem.due_at, PlanItem.reported_by_id,
            or_(PlanItem.late_at.is_not(None), PlanItem.excused_at.is_not(None)), PlanItem.excused_at.is_not(None),
            PlanExtension.asked_by_id,
        )
        .join(WorkPlan, WorkPlan.id == PlanItem.plan_id)
        .outerjoin(PlanExtension, and_(PlanExtension.item_id == PlanItem.id, PlanExtension.decided_at.is_(None)))
        .where(PlanItem.state.in_(OPEN), WorkPlan.state == PlanState.APPROVED)
        .order_by(PlanItem.due_at, PlanItem.id)
    )  # fmt: skip
    asked: dict[int, list[int]] = {}
    rows = select(PlanAmendment.plan_id, PlanAmendment.asked_by_id).where(PlanAmendment.decided_at.is_(None))
    for plan_id, by in db.session.execute(rows):
        asked.setdefault(plan_id, []).append(by)
    plans = db.session.scalars(
        select(WorkPlan)
        .where(WorkPlan.state != PlanState.ENDED)
        .options(selectinload(WorkPlan.reviews))
        .order_by(WorkPlan.year, WorkPlan.id)
    )
    return Work(
        tuple(OpenItem(*row) for row in items),
        tuple(
            OpenPlan(
                p.number,
                p.year,
                p.department_id,
                p.state,
                (p.drafted_by_id, p.submitted_by_id),
                tuple(asked.get(p.id, ())),
                tuple((r.term, r.filed_by_id, r.opinion_at is not None) for r in p.reviews if r.concluded_at is None),
                frozenset(r.term for r in p.reviews),
            )
            for p in plans
        ),
    )


# --- one thing ------------------------------------------------------------------------------------------------


def by_number(actor: Actor, number: str) -> WorkPlan:
    """A plan that the actor may read, with its items. Raises NotFound for a missing and a foreign one alike."""
    plan = db.session.scalar(
        select(WorkPlan)
        .where(WorkPlan.number == number)
        .options(joinedload(WorkPlan.department), selectinload(WorkPlan.items), selectinload(WorkPlan.reviews))
    )
    if plan is None or not rights.may_read(actor, plan):
        raise NotFound()
    return plan


def item_by_number(actor: Actor, number: str) -> PlanItem:
    """An item of a plan that the actor may read. Raises NotFound."""
    item = db.session.scalar(
        select(PlanItem)
        .where(PlanItem.number == number)
        .options(
            joinedload(PlanItem.plan).joinedload(WorkPlan.department),
            selectinload(PlanItem.progress),
            selectinload(PlanItem.extensions),
        )
    )
    if item is None or not rights.may_read(actor, item.plan):
        raise NotFound()
    return item


def amendments(plan: WorkPlan) -> list[PlanAmendment]:
    """The amendments of a plan, newest first."""
    query = select(PlanAmendment).where(PlanAmendment.plan_id == plan.id).options(joinedload(PlanAmendment.item))
    return list(db.session.scalars(query.order_by(PlanAmendment.id.desc())))


# --- lists ----------------------------------------------------------------------------------------------------


def years() -> list[int]:
    """The years that have plans, the newest first, from memory."""

    def read() -> list[int]:
        return list(db.session.scalars(select(WorkPlan.year).distinct().order_by(WorkPlan.year.desc())))

    return epochs.cached("work_plan", "years", read)


def of_year(actor: Actor, year: int) -> list[WorkPlan]:
    """The plans of a year that the actor reads, in the office's order of departments."""
    query = (
        select(WorkPlan)
        .where(WorkPlan.year == year, rights.visible(actor))
        .options(joinedload(WorkPlan.department), selectinload(WorkPlan.items).joinedload(PlanItem.plan))
    )
    order = {key: n for n, key in enumerate(people.department_names())}
    return sorted(db.session.scalars(query), key=lambda p: order.get(p.department_id, len(order)))


def in_force(year: int) -> list[WorkPlan]:
    """The plans of a year that everybody reads: approved or ended, in the office's order of departments."""
    query = (
        select(WorkPlan)
        .where(WorkPlan.year == year, WorkPlan.state.in_(rights.OPEN_STATES))
        .options(joinedload(WorkPlan.department), selectinload(WorkPlan.items).joinedload(PlanItem.plan))
    )
    order = {key: n for n, key in enumerate(people.department_names())}
    return sorted(db.session.scalars(query), key=lambda p: order.get(p.department_id, len(order)))


#: What the list of items can be narrowed to, in the order of its tabs.
LIGHTS = ("open", "due_soon", "overdue", "reported", "done", "cancelled", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    light: str = "open"
    year: int | None = None
    department: int | None = None
    person: int | None = None
    mine: str = ""


def condition(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of LIGHTS; None does not restrict."""
    running = and_(PlanItem.state == ItemState.RUNNING, WorkPlan.state == PlanState.APPROVED)
    match name:
        case "due_soon":
            return and_(running, PlanItem.due_at >= now, PlanItem.due_at <= now + lights.soon())
        case "overdue":
            at = func.coalesce(PlanItem.reported_at, now)
            return and_(PlanItem.state.in_(OPEN), at > PlanItem.due_at, PlanItem.excused_at.is_(None))
        case "reported" | "done" | "cancelled":
            return PlanItem.state == ItemState(name)
        case "all":
            return None
        case _:
            return PlanItem.state.in_(OPEN)


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The items that the actor may read and that fit: open ones by urgency, others by year and department."""
    query = (
        select(PlanItem)
        .join(WorkPlan, WorkPlan.id == PlanItem.plan_id)
        .where(rights.visible(actor))
        .options(joinedload(PlanItem.plan), selectinload(PlanItem.extensions))
    )
    for each in _conditions(actor, wanted, now):
        query = query.where(each)
    if wanted.light in ("done", "cancelled", "all"):
        return query.order_by(WorkPlan.year.desc(), PlanItem.department_id, PlanItem.sort, PlanItem.id)
    return query.order_by(PlanItem.due_at, PlanItem.id)


def _conditions(actor: Actor, wanted: Wanted, now: datetime) -> Iterable[ColumnElement[bool]]:
    mark = condition(wanted.light, now)
    if mark is not None:
        yield mark
    if wanted.year:
        yield WorkPlan.year == wanted.year
    if wanted.department:
        yield PlanItem.department_id == wanted.department
    if wanted.person:
        yield PlanItem.person_id == wanted.person
    if wanted.mine == "mine":
        yield PlanItem.person_id == (actor.id or 0)
    if wanted.q:
        columns = (PlanItem.number, PlanItem.step, PlanItem.key_task, WorkPlan.number)
        yield or_(*(column.icontains(wanted.q, autoescape=True) for column in columns))


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many items of plans that everybody reads are open, due soon, late and waiting for confirmation."""
    soon, found = lights.soon(), dict.fromkeys(("open", "due_soon", "overdue", "reported"), 0)
    for each in open_work().items:
        running = each.state is ItemState.RUNNING
        found["open"] += 1
        found["due_soon"] += running and now <= each.due_at <= now + soon
        found["overdue"] += running and each.due_at < now and not each.excused
        found["reported"] += not running
    return found
