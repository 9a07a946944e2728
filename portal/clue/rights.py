"""Who reads clues, and who may decide on which: never who is concerned (A-1, A-2)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from portal.ab_post import picture
from portal.ab_post import rights as ab_rights
from portal.clue import vocabulary as words
from portal.clue.models import Clue
from portal.kernel.actor import Actor
from portal.policy import queries as policy


def own_posts(actor: Actor) -> frozenset[int]:
    """The posts that the actor holds as A or B, or answers for now."""
    held = picture.picture().by_user.get(actor.id or 0, set())
    return frozenset(held) | frozenset(actor.post_ids)


def concerned(actor: Actor, clue: Clue) -> bool:
    """Whether a clue is about the actor: in person, in whose place somebody acted, or by a post of the actor."""
    return (
        actor.id in (clue.person_id, clue.for_person_id)
        or (clue.post_id is not None and clue.post_id in own_posts(actor))
        or (clue.post_id is None and clue.person_id is None and clue.department_id in actor.departments_headed())
    )


def not_own(actor: Actor) -> ColumnElement[bool]:
    """The condition of the clues that are not about the actor: whoever is concerned sees nothing of them here."""
    posts = own_posts(actor)
    conditions = [
        or_(Clue.person_id.is_(None), Clue.person_id != (actor.id or 0)),
        or_(Clue.for_person_id.is_(None), Clue.for_person_id != (actor.id or 0)),
    ]
    if posts:
        conditions.append(or_(Clue.post_id.is_(None), Clue.post_id.not_in(sorted(posts))))
    headed = actor.departments_headed()
    if headed:
        conditions.append(
            or_(
                Clue.department_id.is_(None),
                Clue.department_id.not_in(sorted(headed)),
                Clue.post_id.is_not(None),
                Clue.person_id.is_not(None),
            )
        )
    return and_(*conditions)


def may_read(actor: Actor, clue: Clue) -> bool:
    """Whether the actor may open a clue: the office and the supervision group, unless it is about them."""
    return actor.can(words.READ) and not concerned(actor, clue)


def superior(actor: Actor, clue: Clue) -> bool:
    """Whether the actor is the direct superior: heads the department of the clue, or is in charge of it."""
    return clue.department_id is not None and clue.department_id in ab_rights.departments_led(actor)


def may_decide(actor: Actor, clue: Clue) -> bool:
    """Whether the actor may dismiss or reopen a clue: not concerned, nor its direct superior unless policy says so."""
    if not actor.can(words.DECIDE) or not may_read(actor, clue) or clue.raised_by_id == actor.id:
        return False
    return bool(policy.value("clue.superior_may_dismiss")) or not superior(actor, clue)
