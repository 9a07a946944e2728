"""Reads of plans, inspections, findings and orders. Open ones through partial indexes, history by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
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
    Finding,
    FindingState,
    Inspection,
    InspectionDiscipline,
    InspectionPlan,
    InspectionState,
    Manner,
    Order,
    PlanDepartment,
    PlanMember,
    PlanState,
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
    return db.session.scalar(select(Finding.id).where(Finding.kind == kind[:30]).limit(1)) is not None


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
            selectinload(Inspection.findings).selectinload(Finding.orders),
            selectinload(Inspection.findings).selectinload(Finding.comments),
            selectinload(Inspection.disciplines).joinedload(InspectionDiscipline.discipline),
        )
    )
    if found is None or not rights.may_read_inspection(actor, found):
        raise NotFound()
    return found


def finding(actor: Actor, number: str) -> Finding:
    """A finding that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(Finding)
        .where(Finding.number == number)
        .options(joinedload(Finding.inspection), selectinload(Finding.orders), selectinload(Finding.comments))
    )
    if found is None or not rights.may_read_finding(actor, found):
        raise NotFound()
    return found


def order(actor: Actor, number: str) -> Order:
    """An order whose finding the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Order).where(Order.number == number))
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


def light(each: Order | None, now: datetime) -> Light:
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
ORDER_TABS = ("open", "due_soon", "overdue", "reported", "passed", "failed", "in_time", "late", "void", "all")


def _like(typed: str) -> str:
    escaped = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _says(typed: str, *columns: Any) -> ColumnElement[bool]:
    return or_(*(column.ilike(_like(typed), escape="\\") for column in columns))


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
    kept = exists().where(Finding.inspection_id == Inspection.id, Finding.state != S.WITHDRAWN)
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
    return Finding.settled_at.is_(None)


def _waiting(now: datetime) -> ColumnElement[bool]:
    """Orders whose report is waited for past the date."""
    return and_(Order.ended_at.is_(None), Order.reported_at.is_(None), Order.due_at < now)


def finding_state(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of FINDING_TABS; None does not restrict."""
    match name:
        case "all":
            return None
        case "counted":
            return Finding.state != S.WITHDRAWN
        case "overdue":
            return and_(is_open(), exists().where(Order.finding_id == Finding.id, _waiting(now)))
        case "" | "open":
            return is_open()
        case _:
            return Finding.state == S(name)


def findings(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The findings that the actor may read and that fit, newest first."""
    query = select(Finding).where(rights.visible_findings(actor)).options(selectinload(Finding.orders))
    query = query.options(joinedload(Finding.inspection))
    narrowed = finding_state(wanted.state, now)
    if narrowed is not None:
        query = query.where(narrowed)
    if wanted.days is not None:
        query = query.where(_within(Finding.found_at, wanted.days))
    if wanted.department:
        query = query.where(Finding.department_id == wanted.department)
    if wanted.kind:
        query = query.where(Finding.kind == wanted.kind)
    if wanted.severity:
        query = query.where(Finding.severity == Severity(wanted.severity))
    if wanted.q:
        query = query.where(_says(wanted.q, Finding.number, Finding.seen, Finding.matter))
    return query.order_by(Finding.found_at.desc(), Finding.id.desc())


def order_state(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of ORDER_TABS; None does not restrict."""
    running = and_(Order.ended_at.is_(None), Order.reported_at.is_(None))
    void = and_(Order.ended_at.is_not(None), Order.checked_at.is_(None))
    match name:
        case "all":
            return None
        case "due_soon":
            return and_(running, Order.soon_at <= now, Order.due_at >= now)
        case "overdue":
            return _waiting(now)
        case "reported":
            return and_(Order.ended_at.is_(None), Order.reported_at.is_not(None))
        case "passed":
            return Order.passed.is_(True)
        case "failed":
            return Order.passed.is_(False)
        case "in_time":
            return and_(not_(void), Order.reported_at <= Order.due_at)
        case "late":
            return and_(not_(void), Order.reported_at > Order.due_at)
        case "void":
            return void
        case _:
            return Order.ended_at.is_(None)


def orders(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The orders that the actor may read and that fit: open ones by their date, others newest first."""
    query = select(Order).join(Finding).where(rights.visible_findings(actor)).options(joinedload(Order.finding))
    narrowed = order_state(wanted.state, now)
    if narrowed is not None:
        query = query.where(narrowed)
    if wanted.days is not None:
        query = query.where(_within(Order.due_at, wanted.days))
    if wanted.department:
        query = query.where(Order.department_id == wanted.department)
    if wanted.q:
        query = query.where(_says(wanted.q, Order.number, Order.demand, Order.report, Finding.number, Finding.seen))
    if wanted.state in ("", "open", "due_soon", "overdue", "reported"):
        return query.order_by(Order.due_at, Order.id)
    return query.order_by(Order.due_at.desc(), Order.id.desc())


# --- what waits for whom --------------------------------------------------------------------------------------


def _of_department(actor: Actor) -> list[int]:
    """The departments that the actor speaks for."""
    led = rights.departments_led(actor)
    return sorted(d for d in led if rights.represents(actor, d))


def for_department(actor: Actor, limit: int = 50) -> list[Finding]:
    """Findings that wait for the department's word or for its rectification."""
    spoken_for = _of_department(actor)
    if not spoken_for:
        return []
    query = select(Finding).where(is_open(), Finding.department_id.in_(spoken_for), _departments_turn())
    query = query.options(selectinload(Finding.orders)).order_by(Finding.found_at, Finding.id)
    return list(db.session.scalars(query.limit(limit)))


def _departments_turn() -> ColumnElement[bool]:
    return or_(Finding.state == S.ORDERED, and_(Finding.state == S.FOUND, Finding.commented_at.is_(None)))


def _groups_turn(now: datetime) -> ColumnElement[bool]:
    heard = or_(Finding.commented_at.is_not(None), Finding.comment_by < now, Finding.severity == Severity.SERIOUS)
    return or_(Finding.state == S.REPORTED, and_(Finding.state == S.FOUND, heard))


def for_group(actor: Actor, now: datetime, limit: int = 50) -> list[Finding]:
    """Findings on which an order or a re-check of the group is waited for; never of an own department."""
    query = select(Finding).where(is_open(), _groups_turn(now)).options(selectinload(Finding.orders))
    own = rights.own_departments(actor.id)
    if own:
        query = query.where(Finding.department_id.not_in(sorted(own)))
    return list(db.session.scalars(query.order_by(Finding.found_at, Finding.id).limit(limit)))


def to_confirm(actor: Actor, limit: int = 50) -> list[Finding]:
    """Withdrawals that wait for a second person."""
    query = select(Finding).where(
        Finding.withdraw_asked_at.is_not(None), Finding.state != S.WITHDRAWN, Finding.withdraw_asked_by_id != actor.id
    )
    own = rights.own_departments(actor.id)
    if own:
        query = query.where(Finding.department_id.not_in(sorted(own)))
    return list(db.session.scalars(query.order_by(Finding.withdraw_asked_at).limit(limit)))


def to_feed_back(actor: Actor, limit: int = 50) -> list[Inspection]:
    """The actor's own inspections that are dealt with and not yet fed back."""
    left = exists().where(Finding.inspection_id == Inspection.id, Finding.settled_at.is_(None))
    query = select(Inspection).where(
        Inspection.state == InspectionState.OPEN, Inspection.inspected_by_id == actor.id, not_(left)
    )
    return list(db.session.scalars(query.order_by(Inspection.inspected_at).limit(limit)))


def to_note(actor: Actor, limit: int = 50) -> list[Inspection]:
    """Feedback that waits for the leader in charge."""
    led = rights.departments_led(actor)
    if not led:
        return []
    query = select(Inspection).where(Inspection.state == InspectionState.FED_BACK, Inspection.department_id.in_(led))
    found = db.session.scalars(query.order_by(Inspection.fed_back_at).limit(limit))
    return [each for each in found if rights.takes_note(actor, each)]


def my_plans(actor: Actor, today: date, limit: int = 20) -> list[InspectionPlan]:
    """Plans whose days have come and that the actor is to carry out."""
    member = exists().where(PlanMember.plan_id == InspectionPlan.id, PlanMember.user_id == actor.id)
    query = select(InspectionPlan).where(
        InspectionPlan.state == PlanState.PLANNED, InspectionPlan.from_on <= today, member
    )
    return list(db.session.scalars(query.order_by(InspectionPlan.to_on).limit(limit)))


def late_in_departments(actor: Actor, now: datetime) -> int:
    """How many orders are overdue in the departments that the actor leads but does not speak for."""
    led = rights.departments_led(actor) - set(_of_department(actor))
    if not led:
        return 0
    query = select(func.count()).select_from(Order).where(_waiting(now), Order.department_id.in_(sorted(led)))
    return db.session.scalar(query) or 0


def count_waiting(actor: Actor, now: datetime, inspects: bool) -> int:
    """How many findings wait for the actor, over the index of open ones."""
    turns = []
    if inspects:
        own = rights.own_departments(actor.id)
        turns.append(and_(_groups_turn(now), Finding.department_id.not_in(sorted(own))))
    spoken_for = _of_department(actor)
    if spoken_for:
        turns.append(and_(_departments_turn(), Finding.department_id.in_(spoken_for)))
    if not turns:
        return 0
    return db.session.scalar(select(func.count()).select_from(Finding).where(is_open(), or_(*turns))) or 0
