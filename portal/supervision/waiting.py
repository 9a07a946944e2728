"""What waits for whom: to-dos and their count, over the indexes of open work."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import selectinload

from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.supervision import queries, rights
from portal.supervision.models import (
    FindingState,
    Inspection,
    InspectionFinding,
    InspectionPlan,
    InspectionState,
    PlanMember,
    PlanState,
    RectificationOrder,
    Severity,
)


def _of_department(actor: Actor) -> list[int]:
    """The departments that the actor speaks for."""
    led = rights.departments_led(actor)
    return sorted(d for d in led if rights.represents(actor, d))


def for_department(actor: Actor, limit: int = 50) -> list[InspectionFinding]:
    """Findings that wait for the department's word or for its rectification."""
    spoken_for = _of_department(actor)
    if not spoken_for:
        return []
    query = select(InspectionFinding).where(
        queries.is_open(), InspectionFinding.department_id.in_(spoken_for), _departments_turn()
    )
    query = query.options(selectinload(InspectionFinding.orders)).order_by(
        InspectionFinding.found_at, InspectionFinding.id
    )
    return list(db.session.scalars(query.limit(limit)))


def _departments_turn() -> ColumnElement[bool]:
    return or_(
        InspectionFinding.state == FindingState.ORDERED,
        and_(InspectionFinding.state == FindingState.FOUND, InspectionFinding.commented_at.is_(None)),
    )


def _groups_turn(now: datetime) -> ColumnElement[bool]:
    heard = or_(
        InspectionFinding.commented_at.is_not(None),
        InspectionFinding.comment_by < now,
        InspectionFinding.severity == Severity.SERIOUS,
    )
    return or_(
        InspectionFinding.state == FindingState.REPORTED, and_(InspectionFinding.state == FindingState.FOUND, heard)
    )


def for_group(actor: Actor, now: datetime, limit: int = 50) -> list[InspectionFinding]:
    """Findings on which an order or a re-check of the group is waited for; never of an own department."""
    query = (
        select(InspectionFinding)
        .where(queries.is_open(), _groups_turn(now))
        .options(selectinload(InspectionFinding.orders))
    )
    own = rights.own_departments(actor.id)
    if own:
        query = query.where(InspectionFinding.department_id.not_in(sorted(own)))
    return list(db.session.scalars(query.order_by(InspectionFinding.found_at, InspectionFinding.id).limit(limit)))


def to_confirm(actor: Actor, limit: int = 50) -> list[InspectionFinding]:
    """Withdrawals that wait for a second person."""
    query = select(InspectionFinding).where(
        InspectionFinding.withdraw_asked_at.is_not(None),
        InspectionFinding.state != FindingState.WITHDRAWN,
        InspectionFinding.withdraw_asked_by_id != actor.id,
    )
    own = rights.own_departments(actor.id)
    if own:
        query = query.where(InspectionFinding.department_id.not_in(sorted(own)))
    return list(db.session.scalars(query.order_by(InspectionFinding.withdraw_asked_at).limit(limit)))


def to_feed_back(actor: Actor, limit: int = 50) -> list[Inspection]:
    """The actor's own inspections that are dealt with and not yet fed back."""
    left = exists().where(InspectionFinding.inspection_id == Inspection.id, InspectionFinding.settled_at.is_(None))
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
    query = (
        select(func.count())
        .select_from(RectificationOrder)
        .where(queries.waited_for(now), RectificationOrder.department_id.in_(sorted(led)))
    )
    return db.session.scalar(query) or 0


def count_waiting(actor: Actor, now: datetime, inspects: bool) -> int:
    """How many findings wait for the actor, over the index of open ones."""
    turns = []
    if inspects:
        own = rights.own_departments(actor.id)
        turns.append(and_(_groups_turn(now), InspectionFinding.department_id.not_in(sorted(own))))
    spoken_for = _of_department(actor)
    if spoken_for:
        turns.append(and_(_departments_turn(), InspectionFinding.department_id.in_(spoken_for)))
    if not turns:
        return 0
    return (
        db.session.scalar(select(func.count()).select_from(InspectionFinding).where(queries.is_open(), or_(*turns)))
        or 0
    )
