"""Who may do what with a task: predicates for the verbs, the lists and the pages (P-4, T-5, AB-4)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from portal.ab_post import rights as ab_rights
from portal.kernel.actor import Actor
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import Post, PostKind
from portal.post_task import vocabulary as words
from portal.post_task.models import Task


def departments_seen(actor: Actor) -> frozenset[int]:
    """Departments whose tasks an actor reads: the own one, those of posts answered for, those in charge."""
    found = {actor.department_id} if actor.department_id else set()
    for held in actor.posts:
        found.add(held.department_id)
        if held.kind == PostKind.PRINCIPAL:
            found |= set(people.department_names())
    return frozenset(d for d in found if d) | ab_rights.departments_led(actor)


def visible(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of what an actor may read; None: everything."""
    if actor.can(words.READ_ALL):
        return None
    return or_(
        Task.department_id.in_(departments_seen(actor)),
        Task.post_id.in_(actor.post_ids),
        Task.assigned_post_id.in_(actor.post_ids),
        Task.assigned_by_id == actor.id,
    )


def may_read(actor: Actor, task: Task) -> bool:
    """Whether the actor may open a task: the same people whose lists show it."""
    if not actor.can(words.READ):
        return False
    return (
        actor.can(words.READ_ALL)
        or task.department_id in departments_seen(actor)
        or task.post_id in actor.post_ids
        or task.assigned_post_id in actor.post_ids
        or task.assigned_by_id == actor.id
    )


def handles(actor: Actor, task: Task) -> bool:
    """Whether the actor answers for the task's post now: A, or who acts for A (AB-3)."""
    return actor.can(words.HANDLE) and actor.answers_for(task.post_id) is not None


def supervises(actor: Actor, task: Task) -> bool:
    """Whether the actor confirms, grants and withdraws: who answers for the post that handed the task out (or the
    office for its own), and never who answers for the task itself or reported it done (P-4, T-5)."""
    if not actor.can(words.ASSIGN) or actor.id == task.reported_by_id or actor.answers_for(task.post_id) is not None:
        return False
    if task.assigned_post_id is not None:
        return actor.answers_for(task.assigned_post_id) is not None
    return actor.id == task.assigned_by_id or actor.can(words.ASSIGN_ANY)


def by_post(actor: Actor, post: Post) -> tuple[bool, int | None]:
    """Whether the actor may hand a task to a post, and by the powers of which post (None: as the office).

    The principal to every post, a leader to the departments in charge, a head to the posts of the department.
    """
    if not actor.can(words.ASSIGN) or actor.answers_for(post.id) is not None:
        return False, None
    for held in actor.posts:
        if (
            held.kind == PostKind.PRINCIPAL
            or (
                held.kind == PostKind.LEADER
                and post.kind in (PostKind.STAFF, PostKind.HEAD)
                and post.department_id in posts.departments_of(held.post_id)
            )
            or (held.kind == PostKind.HEAD and post.kind is PostKind.STAFF and post.department_id == held.department_id)
        ):
            return True, held.post_id
    return actor.can(words.ASSIGN_ANY), None


def assignable(actor: Actor) -> list[Post]:
    """The open posts to which the actor may hand tasks now."""
    return [post for post in posts.open_posts() if by_post(actor, post)[0]]
