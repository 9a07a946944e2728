"""Who may urge, supervise, answer and decide (T-12, AB-3)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from portal.kernel.actor import Actor
from portal.post_duty import queries as posts
from portal.post_duty.models import Post, PostKind
from portal.post_task.rights import departments_seen
from portal.urging import vocabulary as words
from portal.urging.models import Supervision, Urge


def by_post(actor: Actor, post: Post, permission: str) -> tuple[bool, int | None]:
    """Whether the actor may urge (or supervise) a post, and by the powers of which post (None: as the office).

    The principal every post, a leader those of the departments in charge, a head those of the department; never who
    answers for the post.
    """
    if not actor.can(permission) or actor.answers_for(post.id) is not None:
        return False, None
    for held in actor.posts:
        if (
            held.kind == PostKind.PRINCIPAL
            or (
                held.kind == PostKind.LEADER
                and post.kind in (PostKind.STAFF, PostKind.HEAD)
                and post.department_id in posts.departments_of(held.post_id)
            )
            or (
                permission == words.URGE
                and held.kind == PostKind.HEAD
                and post.kind is PostKind.STAFF
                and post.department_id == held.department_id
            )
        ):
            return True, held.post_id
    return actor.can(words.SUPERVISE_ANY), None


def may_urge(actor: Actor, post: Post) -> bool:
    """Whether the actor may urge what a post has to do."""
    return by_post(actor, post, words.URGE)[0]


def may_supervise(actor: Actor, post: Post) -> bool:
    """Whether the actor may issue a supervision to a post."""
    return by_post(actor, post, words.SUPERVISE)[0]


def supervised_posts(actor: Actor) -> list[Post]:
    """The open posts to which the actor may issue a supervision now."""
    return [post for post in posts.open_posts() if may_supervise(actor, post)]


def answers(actor: Actor, what: Urge | Supervision) -> bool:
    """Whether the actor answers for the post that is asked: A, or who acts for A (AB-3)."""
    return actor.answers_for(what.post_id) is not None


def decides(actor: Actor, supervision: Supervision) -> bool:
    """Whether the actor is of the side that issued it: who answers for the issuing post, or the office for its own.

    Never who answers for the post that was asked, or gave a reply.
    """
    if not actor.can(words.SUPERVISE) or answers(actor, supervision):
        return False
    if any(reply.replied_by_id == actor.id for reply in supervision.replies):
        return False
    if supervision.issued_post_id is not None:
        return actor.answers_for(supervision.issued_post_id) is not None
    return actor.id == supervision.issued_by_id or actor.can(words.SUPERVISE_ANY)


def visible(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of the supervisions that an actor may read; None: all."""
    if actor.can(words.READ_ALL):
        return None
    return or_(
        Supervision.department_id.in_(departments_seen(actor)),
        Supervision.post_id.in_(actor.post_ids),
        Supervision.issued_post_id.in_(actor.post_ids),
        Supervision.issued_by_id == actor.id,
    )


def may_read(actor: Actor, supervision: Supervision) -> bool:
    """Whether the actor may open a supervision: the same people whose lists show it."""
    if not actor.can(words.READ):
        return False
    return (
        actor.can(words.READ_ALL)
        or supervision.department_id in departments_seen(actor)
        or supervision.post_id in actor.post_ids
        or supervision.issued_post_id in actor.post_ids
        or supervision.issued_by_id == actor.id
    )


def visible_urges(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of the urges that an actor may read; None: all."""
    if actor.can(words.READ_ALL):
        return None
    return or_(
        Urge.department_id.in_(departments_seen(actor)),
        Urge.post_id.in_(actor.post_ids),
        Urge.by_post_id.in_(actor.post_ids),
        Urge.urged_by_id == actor.id,
    )
