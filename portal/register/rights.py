"""Who keeps, reads and checks a register: predicates for verbs, lists and pages (O-4, AB-4)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, true

from portal.ab_post import picture as ab
from portal.ab_post import rights as ab_rights
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.register import vocabulary as words
from portal.register.models import EntryState, Hazard, Keeper, RegisterEntry, RegisterKind, RegisterPassing, Scope


def departments_seen(actor: Actor) -> frozenset[int]:
    """Departments whose registers the actor reads: the own ones, those headed or in charge of."""
    return ab_rights.own_departments(actor) | ab_rights.departments_led(actor)


def keeping_departments() -> list[int]:
    """The departments that keep registers: the open ones with a post of staff or head."""
    seen, day = ab.picture(), clock.today()
    having = {
        p.department_id for p in seen.posts.values() if p.kind in (PostKind.STAFF, PostKind.HEAD) and p.open_on(day)
    }
    return [key for key, _name in people.open_departments() if key in having]


def represents(actor: Actor, department_id: int) -> bool:
    """Whether the actor speaks for a department: whoever answers for its head's post, else for its leader's."""
    if department_id in actor.departments_headed():
        return True
    if ab.picture().heads_of(department_id, clock.today()):
        return False
    return posts.leader_post_of(department_id) in actor.post_ids


def keeps(actor: Actor, kind: RegisterKind, department_id: int | None) -> bool:
    """Whether the actor writes in a register; the office in every one."""
    if not actor.can(words.WRITE):
        return False
    if actor.can(words.MANAGE):
        return True
    if kind.keeper is Keeper.OFFICE:
        return actor.can(words.KEEP_UNIT)
    if department_id is None:
        return kind.keeper is Keeper.MEMBER or bool(actor.departments_headed())
    if kind.keeper is Keeper.HEAD:
        return represents(actor, department_id)
    return department_id in ab_rights.own_departments(actor) or represents(actor, department_id)


def kept_departments(actor: Actor, kind: RegisterKind) -> list[int]:
    """The departments for which the actor writes in a register that every department keeps."""
    if kind.scope is Scope.UNIT:
        return []
    return [d for d in keeping_departments() if keeps(actor, kind, d)]


def writes(actor: Actor, kind: RegisterKind) -> bool:
    """Whether the actor writes anything in a kind of register."""
    return keeps(actor, kind, None) if kind.scope is Scope.UNIT else bool(kept_departments(actor, kind))


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition of the entries that an actor reads: drafts only where the own department or oneself wrote them."""
    if actor.can(words.READ_ALL):
        return true()
    own = RegisterEntry.department_id.in_(departments_seen(actor))
    common = RegisterEntry.department_id.is_(None) & (RegisterEntry.state != EntryState.DRAFT)
    return or_(own, common, RegisterEntry.recorded_by_id == actor.id)


def may_read(actor: Actor, entry: RegisterEntry) -> bool:
    """Whether the actor may open an entry: the same people whose lists show it, and who takes over the shift."""
    if not actor.can(words.READ):
        return False
    if actor.can(words.READ_ALL) or actor.id == entry.recorded_by_id:
        return True
    if entry.department_id is None:
        return entry.state is not EntryState.DRAFT
    return entry.department_id in departments_seen(actor) or concerned(actor, entry)


def concerned(actor: Actor, entry: RegisterEntry) -> bool:
    """Whether a filed entry hands a shift to the actor, or has a hazard of a department of theirs."""
    if entry.state is EntryState.DRAFT:
        return False
    seen = departments_seen(actor)
    return actor.id == entry.handed_to_id or any(h.department_id in seen for h in entry.hazard_rows)


def passes_on(actor: Actor, passing: RegisterPassing) -> bool:
    """Whether the actor may confirm that a meeting was passed on: who was there, or who heads the department."""
    return actor.id == passing.by_id or represents(actor, passing.department_id)


def rectifies(actor: Actor, hazard: Hazard) -> bool:
    """Whether the actor may report a hazard rectified: people of the department, or who speaks for it."""
    return hazard.department_id in ab_rights.own_departments(actor) or represents(actor, hazard.department_id)


def rechecks(actor: Actor, hazard: Hazard) -> bool:
    """Whether the actor may check a hazard again: the supervision group, the office, or who found it; never who
    rectified it."""
    if actor.id is None or actor.id == hazard.rectified_by_id:
        return False
    return actor.can(words.CHECK) or actor.id == hazard.found_by_id
