"""Who sees whose sheet, who decides a correction, who concludes a finding (O-3, P-3)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, true

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.ab_post.models import Letter
from portal.attendance import vocabulary as words
from portal.attendance.models import Correction, CorrectionState, Finding
from portal.kernel import clock
from portal.kernel.actor import Actor, Answering
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind


def departments(actor: Actor) -> list[tuple[int, str]]:
    """The departments whose sheets the actor may read, in the office's order: all for the office, supervision and
    the principal, else those headed or in charge of."""
    names = people.department_names()
    if sees_all(actor):
        return list(names.items())
    led = ab_rights.departments_led(actor) if actor.can(words.READ_DEPARTMENT) else frozenset()
    return [(department_id, name) for department_id, name in names.items() if department_id in led]


def sees_all(actor: Actor) -> bool:
    """Whether the actor reads every department's sheet."""
    return actor.can(words.READ_ALL)


def may_see(actor: Actor, user_id: int, department_id: int | None) -> bool:
    """Whether the actor may read a person's sheet, corrections and findings."""
    return actor.id == user_id or sees_all(actor) or department_id in {d for d, _name in departments(actor)}


def _held(user_id: int) -> set[PostKind]:
    """The kinds of posts that a person holds as A now."""
    seen, day = ab.picture(), clock.today()
    return {
        seen.posts[post_id].kind
        for post_id in seen.by_user.get(user_id, ())
        if seen.holder(post_id, Letter.A, day) == user_id and seen.posts[post_id].open_on(day)
    }


def deciding_post(actor: Actor, user_id: int, department_id: int | None) -> Answering | None:
    """The post by which the actor decides about a person's attendance, or None.

    Staff: the head of their department or the leader in charge; a head: the leader in charge; a leader: the
    principal; the principal: a leader. The principal for everybody else too. Never about oneself.
    """
    if actor.id == user_id or not actor.can(words.APPROVE):
        return None
    held = _held(user_id)
    for own in actor.posts:
        in_charge = own.kind == PostKind.LEADER and department_id in posts.departments_of(own.post_id)
        if PostKind.PRINCIPAL in held:
            good = own.kind == PostKind.LEADER
        elif PostKind.LEADER in held:
            good = own.kind == PostKind.PRINCIPAL
        elif PostKind.HEAD in held:
            good = in_charge or own.kind == PostKind.PRINCIPAL
        else:
            heads = own.kind == PostKind.HEAD and own.department_id == department_id
            good = heads or in_charge or own.kind == PostKind.PRINCIPAL
        # Who acts for the person concerned would decide in their place.
        if good and own.for_user_id != user_id:
            return own
    return None


def may_decide(actor: Actor, correction: Correction) -> bool:
    """Whether the actor may approve or refuse a correction: never the asker, nor whom it concerns."""
    return (
        correction.state is CorrectionState.WAITING
        and actor.id != correction.asked_by_id
        and deciding_post(actor, correction.user_id, correction.department_id) is not None
    )


def may_reply(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may explain: the person concerned, once, until the conclusion."""
    return actor.id == finding.user_id and finding.replied_at is None and finding.concluded_at is None


def barred_from_concluding(actor: Actor, finding: Finding) -> bool:
    """Whether the actor is the person concerned or the inspector."""
    return actor.id in (finding.user_id, finding.inspected_by_id)


def may_conclude(actor: Actor, finding: Finding) -> bool:
    """Whether the actor may conclude: the office or the principal, once there is a reply or its time is over."""
    return (
        actor.can(words.CONCLUDE)
        and finding.concluded_at is None
        and not barred_from_concluding(actor, finding)
        and (finding.replied_at is not None or finding.reply_by < clock.today())
    )


def visible_corrections(actor: Actor) -> ColumnElement[bool]:
    """The condition of the corrections that the actor may read."""
    if sees_all(actor):
        return true()
    own = or_(Correction.user_id == actor.id, Correction.asked_by_id == actor.id)
    led = [department_id for department_id, _name in departments(actor)]
    return or_(own, Correction.department_id.in_(led) if led else false())


def visible_findings(actor: Actor) -> ColumnElement[bool]:
    """The condition of the findings that the actor may read."""
    if sees_all(actor):
        return true()
    own = or_(Finding.user_id == actor.id, Finding.inspected_by_id == actor.id)
    led = [department_id for department_id, _name in departments(actor)]
    return or_(own, Finding.department_id.in_(led) if led else false())
