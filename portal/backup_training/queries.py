"""Reads of training: plans, sessions, the year by department (AB-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.ab_post import rights
from portal.ab_post.models import Letter
from portal.backup_training import rules
from portal.backup_training import vocabulary as words
from portal.backup_training.models import TrainingPlan, TrainingSession
from portal.backup_training.rules import State, Year
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import Post, PostKind


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose training the actor may read; None means all."""
    if actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles:
        return None
    own = {held.department_id for held in actor.posts} | ({actor.department_id} if actor.department_id else set())
    return rights.departments_led(actor) | frozenset(own)


def may_plan(actor: Actor, post: Post) -> bool:
    """Whether the actor plans and confirms training for a post: its head or leader, the office and the principal."""
    if not actor.can(words.PLAN):
        return False
    if actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles:
        return True
    return post.kind in (PostKind.STAFF, PostKind.HEAD) and post.department_id in rights.departments_led(actor)


def may_confirm(actor: Actor, plan: TrainingPlan) -> bool:
    """Whether the actor may confirm a plan: who may plan for the post, but not the trained person."""
    return actor.id != plan.trainee_id and may_plan(actor, plan.post)


def may_record(actor: Actor, post: Post) -> bool:
    """Whether the actor may record a session for a post: A or B of it, its department, or who plans for it."""
    if not actor.can(words.RECORD) and not actor.can(words.PLAN):
        return False
    seen, day = ab.picture(), clock.today()
    if actor.id in {seen.holder(post.id, letter, day) for letter in Letter}:
        return True
    return may_plan(actor, post) or (actor.can(words.RECORD) and post.department_id == actor.department_id)


def state_of(plan: TrainingPlan, today: date) -> State:
    """Where a plan stands."""
    return rules.state(
        today, plan.planned_by, len(plan.sessions), plan.confirmed_at is not None, plan.cancelled_at is not None
    )


def b_of(post_id: int) -> int | None:
    """Who is B of a post today."""
    return ab.picture().holder(post_id, Letter.B, clock.today())


def post_choices(actor: Actor, record: bool = False) -> list[tuple[int, str]]:
    """The open posts for which the actor may plan (or record), as choices."""
    names = people.department_names()
    allowed = may_record if record else may_plan
    return [
        (post.id, f"{post.name} · {names.get(post.department_id, '')}")
        for post in posts.open_posts()
        if allowed(actor, post)
    ]


def plan_of(actor: Actor, plan_id: int) -> TrainingPlan:
    """A plan that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    plan = db.session.get(TrainingPlan, plan_id)
    seen = departments_seen(actor)
    own = plan is not None and plan.trainee_id == actor.id
    if plan is None or not (own or seen is None or plan.post.department_id in seen):
        raise NotFound()
    return plan


def open_plans(where: Any) -> list[TrainingPlan]:
    """Plans that are neither confirmed nor cancelled, the earliest first."""
    query = (
        select(TrainingPlan)
        .join(TrainingPlan.post)
        .options(contains_eager(TrainingPlan.post), selectinload(TrainingPlan.sessions))
        .where(TrainingPlan.confirmed_at.is_(None), TrainingPlan.cancelled_at.is_(None), where)
    )
    return list(db.session.scalars(query.order_by(TrainingPlan.planned_by, TrainingPlan.id)))


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    year: int | None = None
    department: int | None = None
    state: str = ""


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The plans that an actor may read and that fit: open ones first, the earliest on top."""
    query = (
        select(TrainingPlan)
        .join(TrainingPlan.post)
        .options(contains_eager(TrainingPlan.post), selectinload(TrainingPlan.sessions))
    )
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(or_(Post.department_id.in_(seen), TrainingPlan.trainee_id == actor.id))
    if wanted.q:
        query = query.where(
            or_(
                TrainingPlan.topic.contains(wanted.q, autoescape=True),
                TrainingPlan.trainer.contains(wanted.q, autoescape=True),
                Post.name.contains(wanted.q, autoescape=True),
            )
        )
    if wanted.department:
        query = query.where(Post.department_id == wanted.department)
    if wanted.year:
        query = query.where(TrainingPlan.planned_by.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    held = TrainingPlan.sessions.any()
    waiting = (TrainingPlan.confirmed_at.is_(None), TrainingPlan.cancelled_at.is_(None))
    match wanted.state:
        case "planned":
            query = query.where(*waiting, ~held, TrainingPlan.planned_by >= clock.today())
        case "overdue":
            query = query.where(*waiting, ~held, TrainingPlan.planned_by < clock.today())
        case "held":
            query = query.where(*waiting, held)
        case "done":
            query = query.where(TrainingPlan.confirmed_at.is_not(None))
        case "cancelled":
            query = query.where(TrainingPlan.cancelled_at.is_not(None))
    ended = or_(TrainingPlan.confirmed_at.is_not(None), TrainingPlan.cancelled_at.is_not(None))
    return query.order_by(ended, TrainingPlan.planned_by, TrainingPlan.id)


def exported(actor: Actor, wanted: Wanted, most: int) -> list[TrainingPlan]:
    """The plans of an export."""
    return list(db.session.scalars(listing(actor, wanted).limit(most)))


def sessions(actor: Actor, year: int, department: int | None = None) -> list[TrainingSession]:
    """The sessions held in a year that the actor may read, the latest first."""
    query = (
        select(TrainingSession)
        .join(TrainingSession.post)
        .options(contains_eager(TrainingSession.post), selectinload(TrainingSession.plan))
        .where(TrainingSession.held_on.between(date(year, 1, 1), date(year, 12, 31)))
    )
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(Post.department_id.in_(seen))
    if department:
        query = query.where(Post.department_id == department)
    return list(db.session.scalars(query.order_by(TrainingSession.held_on.desc(), TrainingSession.id.desc())))


def sessions_of(post_id: int, limit: int = 20) -> list[TrainingSession]:
    """The last sessions held for a post, the latest first."""
    query = select(TrainingSession).where(TrainingSession.post_id == post_id)
    return list(db.session.scalars(query.order_by(TrainingSession.held_on.desc()).limit(limit)))


def overview(actor: Actor, year: int) -> list[tuple[int, Year]]:
    """The year by department, in the office's order: sessions, plans, posts that reached what is expected."""
    today, expected = clock.today(), policy.value("backup_training.sessions_a_year")
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = {
        post_id: (count, minutes)
        for post_id, count, minutes in db.session.execute(
            select(TrainingSession.post_id, func.count(), func.sum(TrainingSession.minutes))
            .where(TrainingSession.held_on.between(first, last))
            .group_by(TrainingSession.post_id)
        )
    }
    plans: dict[int, list[State]] = {}
    query = select(TrainingPlan).where(TrainingPlan.planned_by.between(first, last))
    for plan in db.session.scalars(query.options(selectinload(TrainingPlan.sessions))):
        plans.setdefault(plan.post_id, []).append(state_of(plan, today))
    seen, found = departments_seen(actor), []
    everywhere = [p for p in posts.open_posts() if p.kind in (PostKind.STAFF, PostKind.HEAD)]
    for department_id in people.department_names():
        here = [p.id for p in everywhere if p.department_id == department_id]
        if not here or (seen is not None and department_id not in seen):
            continue
        states = [s for p in here for s in plans.get(p, ())]
        year_of = Year(
            posts=len(here),
            sessions=sum(held.get(p, (0, 0))[0] for p in here),
            minutes=sum(held.get(p, (0, 0))[1] for p in here),
            plans=len(states),
            done=states.count(State.DONE),
            overdue=states.count(State.OVERDUE),
            reached=sum(held.get(p, (0, 0))[0] >= expected for p in here),
        )
        found.append((department_id, year_of))
    return found
