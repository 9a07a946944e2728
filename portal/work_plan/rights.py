"""Who drafts, discusses, approves, confirms and decides; who reads (E-1)."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from sqlalchemy import ColumnElement, or_, true

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.ab_post import superiors
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.work_plan import vocabulary as words
from portal.work_plan.models import PlanItem, PlanState, WorkPlan

#: What everybody who works with matters may read.
OPEN_STATES = (PlanState.APPROVED, PlanState.ENDED)


def writes_for(actor: Actor, department_id: int) -> bool:
    """Whether the actor drafts and reports for a department: its head, else the office where it has no head."""
    if not actor.can(words.WRITE):
        return False
    if department_id in actor.departments_headed():
        return True
    return actor.can(words.MANAGE) and not ab.picture().heads_of(department_id, clock.today())


def in_charge(actor: Actor, department_id: int) -> bool:
    """Whether the actor answers for the post in charge of a department, else for the principal's, or is the office."""
    if not actor.can(words.DISCUSS):
        return False
    if actor.can(words.MANAGE):
        return True
    leader = posts.leader_post_of(department_id)
    return (leader if leader is not None else posts.principal_post()) in actor.post_ids


def discusses(actor: Actor, plan: WorkPlan) -> bool:
    """Whether the actor says what the plan is worth: in charge of the department, and did not make the plan."""
    return in_charge(actor, plan.department_id) and actor.id not in (plan.drafted_by_id, plan.submitted_by_id)


def approves(actor: Actor, makers: Container[int | None]) -> bool:
    """Whether the actor records the leaders' decision about what others made or asked for."""
    return actor.can(words.APPROVE) and actor.id not in makers


def confirmer(department_id: int, person_id: int, reported_by_id: int | None, now: datetime) -> int | None:
    """Who confirms an item now: the head, else one level up; never who is responsible or reported it."""
    found = superiors.decider(
        PostKind.HEAD, department_id, {x for x in (person_id, reported_by_id) if x is not None}, now
    )
    return found[0] if found is not None else None


def extender(department_id: int, person_id: int, asked_by_id: int | None, now: datetime) -> int | None:
    """Who decides more time now: the leader in charge, since the date was the leaders' meeting's; never who asks."""
    found = superiors.decider(
        PostKind.LEADER, department_id, {x for x in (person_id, asked_by_id) if x is not None}, now
    )
    return found[0] if found is not None else None


def handles(actor: Actor, item: PlanItem) -> bool:
    """Whether the actor reports an item: the person responsible, or who speaks for the department."""
    return actor.can(words.READ) and (actor.id == item.person_id or writes_for(actor, item.department_id))


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose plans the actor reads in every state; None: all."""
    if actor.can(words.READ_ALL):
        return None
    return ab_rights.departments_led(actor)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition of the plans that an actor reads: what is in force for all, the rest for who leads there."""
    led = departments_seen(actor)
    if led is None:
        return true()
    return or_(WorkPlan.state.in_(OPEN_STATES), WorkPlan.department_id.in_(sorted(led)))


def may_read(actor: Actor, plan: WorkPlan) -> bool:
    """Whether the actor may open a plan, its items and their files."""
    led = departments_seen(actor)
    return plan.state in OPEN_STATES or led is None or plan.department_id in led
