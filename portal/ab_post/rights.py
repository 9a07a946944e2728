"""Who may do what about absences and covers: predicates for the verbs' views and for the pages (AB-2, AB-3)."""

from __future__ import annotations

from portal.ab_post import queries
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind


def departments_in_charge(actor: Actor) -> frozenset[int]:
    """The departments that the actor is in charge of as a leader (also while acting, AB-4)."""
    leading = [held.post_id for held in actor.posts if held.kind == PostKind.LEADER]
    return frozenset(d for post_id in leading for d in posts.departments_of(post_id))


def own_departments(actor: Actor) -> frozenset[int]:
    """Where the actor belongs, and where they answer for a staff or head post now (AB-4)."""
    held = {post.department_id for post in actor.posts if post.kind in (PostKind.STAFF, PostKind.HEAD)}
    return frozenset(held | ({actor.department_id} if actor.department_id else set()))


def departments_led(actor: Actor) -> frozenset[int]:
    """The departments that the actor heads now, or is in charge of as a leader (also while acting, AB-4)."""
    return actor.departments_headed() | departments_in_charge(actor)


def may_name_cover(actor: Actor, department_id: int, kind: PostKind) -> bool:
    """Whether the actor may name who covers a post: head or leader for their departments, the office and the
    principal for all, leaders' posts the latter two only (AB-3)."""
    if not actor.can(words.NAME_COVER):
        return False
    if actor.can(words.MANAGE) or Role.PRINCIPAL in actor.roles:
        return True
    return kind in (PostKind.STAFF, PostKind.HEAD) and department_id in departments_led(actor)


def may_record_for(actor: Actor, user_id: int) -> bool:
    """Whether the actor may record that somebody else is away, or is back: head or leader for the people of their
    departments, the office and the principal for all."""
    if user_id == actor.id or not actor.can(words.NAME_COVER):
        return False
    if actor.can(words.MANAGE) or Role.PRINCIPAL in actor.roles:
        return True
    seen = queries.picture()
    own = [seen.posts[p] for p in seen.by_user.get(user_id, ())]
    if any(p.kind in (PostKind.LEADER, PostKind.PRINCIPAL) for p in own):
        return False
    led = departments_led(actor)
    return seen.departments_of_users.get(user_id) in led or any(p.department_id in led for p in own)


def may_end(actor: Actor, absence: Absence) -> bool:
    """Whether the actor may end or cancel an absence: the person, or who may record for them."""
    return actor.id == absence.user_id or may_record_for(actor, absence.user_id)


def receives(actor: Actor, absence: Absence) -> list[int]:
    """The posts that the actor takes over in an absence, confirmed or not."""
    fact, now, seen = queries.fact_of(absence), clock.now(), queries.picture_at(absence.from_at)
    held = seen.held_as_a(absence.user_id, absence.from_at, absence.to_at)
    taken = {h.post_id for h in absence.handovers if h.by_id == actor.id}
    return [p.id for p in held if p.id in taken or queries.receiver(seen, fact, p.id, now) == actor.id]


def may_see(actor: Actor, absence: Absence) -> bool:
    """Whether the actor may open an absence with its note: the person, who takes over, who may record for them."""
    return may_end(actor, absence) or bool(receives(actor, absence))


def watched(actor: Actor) -> frozenset[int] | None:
    """The departments whose gaps concern the actor: None means all (the office and the principal)."""
    if actor.can(words.MANAGE) or Role.PRINCIPAL in actor.roles:
        return None
    return departments_led(actor)
