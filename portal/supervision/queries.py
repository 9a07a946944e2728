"""Reads of plans, inspections, findings and orders. Open ones through partial indexes, history by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_task import rules as task_rules
from portal.pure.deadlines import Light
from portal.supervision import rights, rules
from portal.supervision.models import (
    FindingState,
    Inspection,
    InspectionDiscipline,
    InspectionFinding,
    InspectionPlan,
    InspectionState,
    Manner,
    PlanDepartment,
    PlanMember,
    PlanState,
    RectificationOrder,
    Severity,
)

S = FindingState


def kinds() -> list[str]:
    """The kinds of findings that the office has set, each once."""
    typed = str(policy.value("supervision.kinds"))
    for sign in (",", "，", ";", "；"):
        typed = typed.replace(sign, "、")
    return list(dict.fromkeys(name.strip()[:30] for name in typed.split("、") if name.strip()))


def kind_is_used(kind: str) -> bool:
    """Whether a finding has this kind, also one that the office does not use any more."""
    return (
        db.session.scalar(select(InspectionFinding.id).where(InspectionFinding.kind == kind[:30]).limit(1)) is not None
    )


def group() -> list[int]:
    """The people who inspect: the supervision group and the office."""
    found = {*people.users_with_role(Role.SUPERVISION), *people.users_with_role(Role.OFFICE)}
    now, seen = clock.now(), ab.picture()
    return sorted(user for user in found if seen.able(user, now))


# --- one thing ------------------------------------------------------------------------------------------------


def plan(actor: Actor, number: str) -> InspectionPlan:
    """A plan that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(InspectionPlan)
        .where(InspectionPlan.number == number)
        .options(selectinload(InspectionPlan.departments), selectinload(InspectionPlan.members))
    )
    if found is None or not rights.may_read_plan(actor, found):
        raise NotFound()
    return found


def inspection(actor: Actor, number: str) -> Inspection:
    """An inspection that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(Inspection)
        .where(Inspection.number == number)
        .options(
            joinedload(Inspection.department),
            selectinload(Inspection.findings).selectinload(InspectionFinding.orders),
            selectinload(Inspection.findings).selectinload(InspectionFinding.comments),
            selectinload(Inspection.disciplines).joinedload(InspectionDiscipline.discipline),
        )
    )
    if found is None or not rights.may_read_inspection(actor, found):
        raise NotFound()
    return found


def finding(actor: Actor, number: str) -> InspectionFinding:
    """A finding that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(InspectionFinding)
        .where(InspectionFinding.number == number)
        .options(
            joinedload(InspectionFinding.inspection),
            selectinload(InspectionFinding.orders),
            selectinload(InspectionFinding.comments),
        )
    )
    if found is None or not rights.may_read_finding(actor, found):
        raise NotFound()
    return found


def order(actor: Actor, number: str) -> RectificationOrder:
    """An order whose finding the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(RectificationOrder).where(RectificationOrder.number == number))
    if found is None or not rights.may_read_finding(actor, found.finding):
        raise NotFound()
    return found


def inspections_of(plan_: InspectionPlan, actor: Actor) -> list[Inspection]:
    """What was carried out of a plan and may be read by the actor, oldest first."""
    query = select(Inspection).where(Inspection.plan_id == plan_.id, rights.visible_inspections(actor))
    return list(db.session.scalars(query.options(selectinload(Inspection.findings)).order_by(Inspection.inspected_at)))


def open_plans(actor: Actor) -> list[InspectionPlan]:
    """The plans that an inspection may carry out now: not ended, and without an own department of the actor."""
    query = select(InspectionPlan).where(InspectionPlan.state == PlanState.PLANNED, rights.visible_plans(actor))
    query = query.options(selectinload(InspectionPlan.departments), selectinload(InspectionPlan.members))
    found = db.session.scalars(query.order_by(InspectionPlan.from_on).limit(100))
    return [each for each in found if rights.may_inspect(actor, *each.department_ids)]


def light(each: RectificationOrder | None, now: datetime) -> Light:
    """The light of an order (T-6): of its date while the report is waited for, then none."""
    if each is None or each.ended_at is not None or each.reported_at is not None:
        return Light.NORMAL
    return task_rules.light_of(now, each.due_at, each.soon_at, each.red_at, None)


# --- lists ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the lists; empty ones do not restrict, and a list looks only at those that it knows."""

    q: str = ""
    state: str = ""
    department: int | None = None
    manner: str = ""
    result: str = ""
    kind: str = ""
    severity: str = ""
    month: str = ""
    mine: str = ""

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day of the month or quarter."""
        return rules.period(self.month)


PLAN_TABS = ("", *(str(s) for s in PlanState))
INSPECTION_TABS = ("", *(str(s) for s in InspectionState))
FINDING_TABS = ("open", *(str(s) for s in FindingState), "overdue", "counted", "all")
ORDER_TABS = (
    "open",
    "running",
    "due_soon",
    "overdue",
    "reported",
    "passed",
    "failed",
    "in_time",
    "late",
    "due",
    "void",
    "all",
)


def _says(typed: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(column.icontains(typed, autoescape=True) for column in columns))


def _within(column: Any, days: tuple[date, date]) -> ColumnElement[bool]:
    start, end = clock.day_start(days[0]), clock.day_start(date.fromordinal(days[1].toordinal() + 1))
    return and_(column >= start, column < end)


def plans(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The plans that the actor may read and that fit, in the order of their days; those of a period touch it."""
    query = select(InspectionPlan).where(rights.visible_plans(actor))
    query = query.options(selectinload(InspectionPlan.departments), selectinload(InspectionPlan.members))
    if wanted.days is not None:
        query = query.where(InspectionPlan.from_on <= wanted.days[1], InspectionPlan.to_on >= wanted.days[0])
    if wanted.state:
        query = query.where(InspectionPlan.state == PlanState(wanted.state))
    if wanted.manner:
        query = query.where(InspectionPlan.manner == Manner(wanted.manner))
    if wanted.department:
        about = exists().where(
            PlanDepartment.plan_id == InspectionPlan.id, PlanDepartment.department_id == wanted.department
        )
        query = query.where(about)
    if wanted.mine:
        member = exists().where(PlanMember.plan_id == InspectionPlan.id, PlanMember.user_id == actor.id)
        query = query.where(member)
    if wanted.q:
        query = query.where(_says(wanted.q, InspectionPlan.number, InspectionPlan.title, InspectionPlan.subject))
    if wanted.days is None:
        return query.order_by(InspectionPlan.from_on.desc(), InspectionPlan.id.desc())
    return query.order_by(InspectionPlan.from_on, InspectionPlan.id)


def with_findings() -> ColumnElement[bool]:
    """The condition of an inspection at which something was found (and not withdrawn)."""
    kept = exists().where(InspectionFinding.inspection_id == Inspection.id, InspectionFinding.state != S.WITHDRAWN)
    discipline = exists().where(InspectionDiscipline.inspection_id == Inspection.id)
    return or_(kept, discipline)


def inspections(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The inspections that the actor may read and that fit, newest first."""
    query = select(Inspection).where(rights.visible_inspections(actor))
    query = query.options(selectinload(Inspection.findings), selectinload(Inspection.disciplines))
    if wanted.days is not None:
        query = query.where(_within(Inspection.inspected_at, wanted.days))
    if wanted.state:
        query = query.where(Inspection.state == InspectionState(wanted.state))
    if wanted.manner:
        query = query.where(Inspection.manner == Manner(wanted.manner))
    if wanted.department:
        query = query.where(Inspection.department_id == wanted.department)
    if wanted.result:
        query = query.where(with_findings() if wanted.result == "found" else not_(with_findings()))
    if wanted.q:
        query = query.where(_says(wanted.q, Inspection.number, Inspection.place, Inspection.note, Inspection.feedback))
    return query.order_by(Inspection.inspected_at.desc(), Inspection.id.desc())


def is_open() -> ColumnElement[bool]:
    """The condition that the partial index of findings knows."""
    return InspectionFinding.settled_at.is_(None)


def waited_for(now: datetime) -> ColumnElement[bool]:
    """Orders whose report is waited for past the date."""
    return and_(
        RectificationOrder.ended_at.is_(None), RectificationOrder.reported_at.is_(None), RectificationOrder.due_at < now
    )


def finding_state(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of FINDING_TABS; None does not restrict."""
    match name:
        case "all":
            return None
        case "counted":
            return InspectionFinding.state != S.WITHDRAWN
        case "overdue":
            return and_(
                is_open(), exists().where(RectificationOrder.finding_id == InspectionFinding.id, waited_for(now))
            )
        case "" | "open":
            return is_open()
        case _:
            return InspectionFinding.state == S(name)


def findings(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The findings that the actor may read and that fit, newest first."""
    query = (
        select(InspectionFinding).where(rights.visible_findings(actor)).options(selectinload(InspectionFinding.orders))
    )
    query = query.options(joinedload(InspectionFinding.inspection))
    narrowed = finding_state(wanted.state, now)
    if narrowed is not None:
        query = query.where(narrowed)
    if wanted.days is not None:
        query = query.where(_within(InspectionFinding.found_at, wanted.days))
    if wanted.department:
        query = query.where(InspectionFinding.department_id == wanted.department)
    if wanted.kind:
        query = query.where(InspectionFinding.kind == wanted.kind)
    if wanted.severity:
        query = query.where(InspectionFinding.severity == Severity(wanted.severity))
    if wanted.q:
        query = query.where(_says(wanted.q, InspectionFinding.number, InspectionFinding.seen, InspectionFinding.matter))
    return query.order_by(InspectionFinding.found_at.desc(), InspectionFinding.id.desc())


def order_state(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of ORDER_TABS; None does not restrict."""
    running = and_(RectificationOrder.ended_at.is_(None), RectificationOrder.reported_at.is_(None))
    void = and_(RectificationOrder.ended_at.is_not(None), RectificationOrder.checked_at.is_(None))
    match name:
        case "all":
            return None
        case "due_soon":
            return and_(running, RectificationOrder.soon_at <= now, RectificationOrder.due_at >= now)
        case "running":
            return and_(running, RectificationOrder.due_at >= now)
        case "overdue":
            return waited_for(now)
        case "reported":
            return and_(RectificationOrder.ended_at.is_(None), RectificationOrder.reported_at.is_not(None))
        case "passed":
            return RectificationOrder.passed.is_(True)
        case "failed":
            return RectificationOrder.passed.is_(False)
        case "in_time":
            return and_(not_(void), RectificationOrder.reported_at <= RectificationOrder.due_at)
        case "late":
            return and_(not_(void), RectificationOrder.reported_at > RectificationOrder.due_at)
        case "due":
            return and_(not_(void), or_(RectificationOrder.reported_at.is_not(None), RectificationOrder.due_at < now))
        case "void":
            return void
        case _:
            return RectificationOrder.ended_at.is_(None)


def orders(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The orders that the actor may read and that fit: open ones by their date, others newest first."""
    query = (
        select(RectificationOrder)
        .join(InspectionFinding)
        .where(rights.visible_findings(actor))
        .options(joinedload(RectificationOrder.finding))
    )
    narrowed = order_state(wanted.state, now)
    if narrowed is not None:
        query = query.where(narrowed)
    if wanted.days is not None:
        query = query.where(_within(RectificationOrder.due_at, wanted.days))
    if wanted.department:
        query = query.where(RectificationOrder.department_id == wanted.department)
    if wanted.q:
        query = query.where(
            _says(
                wanted.q,
                RectificationOrder.number,
                RectificationOrder.demand,
                RectificationOrder.report,
                InspectionFinding.number,
                InspectionFinding.seen,
            )
        )
    if wanted.state in ("", "open", "running", "due_soon", "overdue", "reported"):
        return query.order_by(RectificationOrder.due_at, RectificationOrder.id)
    return query.order_by(RectificationOrder.due_at.desc(), RectificationOrder.id.desc())
