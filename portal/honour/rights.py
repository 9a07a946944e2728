"""Who may read, record, confirm and withdraw: predicates for the verbs, the lists and the pages (O-9)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from portal.ab_post import rights as ab_rights
from portal.honour import vocabulary as words
from portal.honour.models import Honour, HonourState, Kind
from portal.honour.rules import Concerned
from portal.kernel.actor import Actor, Role


def reads_all(actor: Actor) -> bool:
    """Whether the actor reads every entry: the office, the supervision group, the principal."""
    return actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles


def visible(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of what an actor may read: one's own, what one recorded, the departments led; None: everything."""
    if reads_all(actor):
        return None
    return or_(
        Honour.department_id.in_(ab_rights.departments_led(actor)),
        Honour.user_id == actor.id,
        Honour.recorded_by_id == actor.id,
    )


def may_read(actor: Actor, honour: Honour) -> bool:
    """Whether the actor may open an entry: the same people whose lists show it."""
    if not actor.can(words.READ):
        return False
    return (
        reads_all(actor)
        or actor.id in (honour.user_id, honour.recorded_by_id)
        or honour.department_id in ab_rights.departments_led(actor)
    )


def reads_person(actor: Actor, user_id: int, department_id: int | None) -> bool:
    """Whether the actor may read the whole record of a person."""
    return actor.id == user_id or reads_all(actor) or department_id in ab_rights.departments_led(actor)


def may_record(actor: Actor, kind: Kind, department_id: int) -> bool:
    """Whether the actor may record an entry of a department: its people what is good, its head and leader all."""
    if not actor.can(words.RECORD):
        return False
    if actor.can(words.RECORD_ANY) or department_id in ab_rights.departments_led(actor):
        return True
    return department_id == actor.department_id and kind is not Kind.MEDIA_BAD


def recordable(actor: Actor, departments: dict[int, str]) -> dict[int, str]:
    """The departments for which the actor may record anything."""
    return {d: name for d, name in departments.items() if may_record(actor, Kind.PRAISE, d)}


def _concerned(honour: Honour) -> Concerned:
    return Concerned(honour.recorded_by_id, honour.user_id, honour.department_id, honour.for_department)


def may_decide(actor: Actor, honour: Honour) -> bool:
    """Whether the actor may confirm or refuse an entry that waits."""
    if honour.state is not HonourState.RECORDED or not actor.can(words.CONFIRM):
        return False
    return _concerned(honour).confirms(actor.id, actor.department_id)


def may_withdraw(actor: Actor, honour: Honour) -> bool:
    """Whether the actor may withdraw an entry: who recorded it while it waits, later who could have confirmed it."""
    if honour.state is HonourState.RECORDED and actor.id == honour.recorded_by_id:
        return True
    if honour.state not in (HonourState.RECORDED, HonourState.CONFIRMED) or not actor.can(words.CONFIRM):
        return False
    return _concerned(honour).stands_apart(actor.id, actor.department_id)
