"""Reads of tasks. Open work is read through the partial index, history by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.kernel import search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.post_task import rights, rules
from portal.post_task import vocabulary as words
from portal.post_task.models import Extension, Source, Task, TaskState
from portal.pure.deadlines import Light, Thresholds


def thresholds() -> Thresholds:
    """When a task becomes due soon and red: the same values as for cases (T-6, POL-1)."""
    return Thresholds(
        soon_workdays=policy.value("timed_completion.due_soon_workdays"),
        short_below_workdays=policy.value("timed_completion.short_limit_below"),
        red_after=policy.value("timed_completion.red_after"),
    )


def by_number(actor: Actor, number: str) -> Task:
    """A task that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    task = db.session.scalar(select(Task).where(Task.number == number).options(selectinload(Task.extensions)))
    if task is None or not rights.may_read(actor, task):
        raise NotFound()
    return task


def waiting_extension(task: Task) -> Extension | None:
    """The extension that waits for the assigner's answer."""
    return next((e for e in task.extensions if e.decided_at is None), None)


def light(task: Task, now: datetime) -> Light:
    """The warning state of a task (T-6); a closed one has none."""
    if task.closed_at is not None:
        return Light.NORMAL
    return rules.light_of(now, task.due_at, task.soon_at, task.red_at, task.reported_at)


def late(task: Task, now: datetime) -> bool:
    """Whether the task is, or was done, past its date."""
    return rules.is_late(task.closed_at or now, task.due_at, task.reported_at)


# --- the list -------------------------------------------------------------------------------------------------

#: What the list can be narrowed to, in the order of its tabs.
LIGHTS = ("open", "due_soon", "overdue", "reported", "confirmed", "withdrawn", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict. ``mine``: handled or assigned by the reader's posts."""

    q: str = ""
    light: str = "open"
    source: Source | None = None
    department: int | None = None
    post: int | None = None
    mine: str = ""


def is_open() -> ColumnElement[bool]:
    """The condition that the partial indexes know."""
    return Task.closed_at.is_(None)


def overdue(now: datetime) -> ColumnElement[bool]:
    """Open and past the date; for what was reported done, past it when it was."""
    return and_(is_open(), func.coalesce(Task.reported_at, now) > Task.due_at)


def condition(name: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of LIGHTS; None does not restrict."""
    match name:
        case "due_soon":
            return and_(is_open(), Task.state.in_(rules.RUNNING), Task.soon_at <= now, Task.due_at >= now)
        case "overdue":
            return overdue(now)
        case "reported" | "confirmed" | "withdrawn":
            return Task.state == TaskState(name)
        case "all":
            return None
        case _:
            return is_open()


def assigned_by(actor: Actor) -> ColumnElement[bool]:
    """What the actor supervises: handed out by a post that the actor answers for, or as the office."""
    own = [
        Task.assigned_post_id.in_(actor.post_ids),
        and_(Task.assigned_post_id.is_(None), Task.assigned_by_id == actor.id),
    ]
    if actor.can(words.ASSIGN_ANY):
        own.append(Task.assigned_post_id.is_(None))
    return and_(or_(*own), Task.post_id.not_in(actor.post_ids))


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The tasks that the actor may read and that fit: open ones by urgency, others newest first."""
    query = select(Task).options(joinedload(Task.post), selectinload(Task.extensions))
    for each in (rights.visible(actor), condition(wanted.light, now)):
        if each is not None:
            query = query.where(each)
    if wanted.source is not None:
        query = query.where(Task.source == wanted.source)
    if wanted.department:
        query = query.where(Task.department_id == wanted.department)
    if wanted.post:
        query = query.where(Task.post_id == wanted.post)
    if wanted.mine == "handle":
        query = query.where(Task.post_id.in_(actor.post_ids))
    elif wanted.mine == "assign":
        query = query.where(assigned_by(actor))
    if wanted.q:
        query = search.restrict(query, Task.id, "post_task", wanted.q)
    if wanted.light in ("confirmed", "withdrawn", "all"):
        return query.order_by(Task.assigned_at.desc(), Task.id.desc())
    return query.order_by(Task.due_at, Task.id)


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """How many tasks that the actor may read are open, due soon, overdue and waiting for confirmation."""
    names = ("open", "due_soon", "overdue", "reported")
    marks = [mark for name in names if (mark := condition(name, now)) is not None]
    query = select(*(func.count().filter(mark) for mark in marks)).where(is_open())
    seen = rights.visible(actor)
    if seen is not None:
        query = query.where(seen)
    return dict(zip(names, db.session.execute(query).one(), strict=True))


# --- what waits for whom --------------------------------------------------------------------------------------


def to_handle(actor: Actor, limit: int = 50) -> list[Task]:
    """Tasks that wait for whoever answers for their post now, the most urgent first."""
    if not actor.can(words.HANDLE) or not actor.post_ids:
        return []
    query = select(Task).where(is_open(), Task.state.in_(rules.RUNNING), Task.post_id.in_(actor.post_ids))
    return list(db.session.scalars(query.order_by(Task.due_at, Task.id).limit(limit)))


def to_decide(actor: Actor, limit: int = 50) -> list[Task]:
    """Tasks reported done, and extensions asked for, that wait for their assigner."""
    if not actor.can(words.ASSIGN):
        return []
    asked = exists().where(Extension.task_id == Task.id, Extension.decided_at.is_(None))
    query = select(Task).options(selectinload(Task.extensions))
    query = query.where(is_open(), or_(Task.state == TaskState.REPORTED, asked), assigned_by(actor))
    found = db.session.scalars(query.order_by(Task.due_at, Task.id).limit(limit))
    return [task for task in found if rights.supervises(actor, task)]


def late_in_departments(actor: Actor, now: datetime) -> int:
    """How many tasks the actor should know of as head (overdue) or leader in charge (red, T-6)."""
    running = and_(is_open(), Task.state.in_(rules.RUNNING))
    headed = actor.departments_headed()
    charged = ab_rights.departments_led(actor) - headed
    wanted = []
    if headed:
        wanted.append(and_(Task.department_id.in_(headed), Task.due_at < now))
    if charged:
        wanted.append(and_(Task.department_id.in_(charged), Task.red_at < now))
    if any(held.kind == PostKind.PRINCIPAL for held in actor.posts):
        unled = {d for d in posts.departments_with_posts() if posts.leader_post_of(d) in actor.post_ids}
        wanted.append(and_(Task.department_id.in_(unled), Task.red_at < now))
    if not wanted:
        return 0
    query = select(func.count()).select_from(Task).where(running, or_(*wanted), Task.post_id.not_in(actor.post_ids))
    return db.session.scalar(query) or 0


def open_on(post_id: int) -> list[Task]:
    """The open tasks of a post, the most urgent first."""
    return list(db.session.scalars(select(Task).where(is_open(), Task.post_id == post_id).order_by(Task.due_at)))
