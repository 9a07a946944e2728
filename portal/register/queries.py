"""Reads of the registers: entries, what is owed and missed, what a month and a year say of people (O-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.kernel import search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.pure.months import month_after
from portal.register import rights
from portal.register import vocabulary as words
from portal.register.models import (
    EntryState,
    Hazard,
    HazardState,
    Presence,
    RegisterEntry,
    RegisterKind,
    RegisterPassing,
    RegisterPresence,
)

#: What waits is shown up to this number.
MOST_WAITING = 200


@dataclass(frozen=True)
class Study:
    """What a person did for the registers that count hours or notes: minutes attended, characters of notes."""

    times: int
    minutes: int
    notes: int


def absences(month: date) -> dict[int, int]:
    """How often people were absent without reason in a month (its first day), by person, from filed entries (O-4)."""
    query = (
        select(RegisterPresence.user_id, func.count())
        .join(RegisterEntry, RegisterEntry.id == RegisterPresence.entry_id)
        .where(
            RegisterEntry.held_on >= month,
            RegisterEntry.held_on < month_after(month, 1),
            RegisterEntry.state == EntryState.FILED,
            RegisterPresence.presence == Presence.ABSENT,
        )
        .group_by(RegisterPresence.user_id)
    )
    return {user_id: int(n) for user_id, n in db.session.execute(query)}


def absences_opened(month: date) -> list[tuple[str, date, int, int | None]]:
    """What the absences of a month open: number and day of the entry, the person, and the department for which they
    were expected; the earliest first."""
    query = (
        select(RegisterEntry.number, RegisterEntry.held_on, RegisterPresence.user_id, RegisterPresence.department_id)
        .join(RegisterPresence, RegisterPresence.entry_id == RegisterEntry.id)
        .where(
            RegisterPresence.presence == Presence.ABSENT,
            RegisterEntry.state == EntryState.FILED,
            RegisterEntry.held_on >= month,
            RegisterEntry.held_on < month_after(month, 1),
        )
        .order_by(RegisterEntry.held_on, RegisterEntry.id, RegisterPresence.user_id)
    )
    return [(number, day, user_id, department_id) for number, day, user_id, department_id in db.session.execute(query)]


def study(first: date, end: date, users: Iterable[int] | None = None) -> dict[int, Study]:
    """Study of people in [first, end): attended times and minutes, characters of notes, from filed entries (O-4)."""
    query = (
        select(
            RegisterPresence.user_id,
            func.count(),
            func.coalesce(func.sum(RegisterEntry.minutes), 0),
            func.coalesce(func.sum(RegisterPresence.notes), 0),
        )
        .join(RegisterEntry, RegisterEntry.id == RegisterPresence.entry_id)
        .join(RegisterKind, RegisterKind.id == RegisterEntry.kind_id)
        .where(
            RegisterEntry.held_on >= first,
            RegisterEntry.held_on < end,
            RegisterEntry.state == EntryState.FILED,
            RegisterPresence.presence == Presence.PRESENT,
            RegisterKind.hours,
        )
        .group_by(RegisterPresence.user_id)
    )
    if users is not None:
        query = query.where(RegisterPresence.user_id.in_(tuple(users)))
    return {
        user_id: Study(n, int(minutes or 0), int(notes or 0))
        for user_id, n, minutes, notes in db.session.execute(query)
    }


# --- the list -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    kind: int | None = None
    department: int | None = None
    state: EntryState | None = None
    first: date | None = None
    last: date | None = None
    person: int | None = None
    presence: Presence | None = None


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The entries that an actor reads, the newest day first."""
    query = select(RegisterEntry).where(rights.visible(actor)).options(joinedload(RegisterEntry.kind))
    if wanted.kind is not None:
        query = query.where(RegisterEntry.kind_id == wanted.kind)
    if wanted.department is not None:
        query = query.where(RegisterEntry.department_id == wanted.department)
    if wanted.state is not None:
        query = query.where(RegisterEntry.state == wanted.state)
    if wanted.first is not None:
        query = query.where(RegisterEntry.held_on >= wanted.first)
    if wanted.last is not None:
        query = query.where(RegisterEntry.held_on <= wanted.last)
    if wanted.person is not None or wanted.presence is not None:
        there = select(RegisterPresence.entry_id)
        if wanted.person is not None:
            there = there.where(RegisterPresence.user_id == wanted.person)
        if wanted.presence is not None:
            there = there.where(RegisterPresence.presence == wanted.presence)
        query = query.where(RegisterEntry.id.in_(there))
    if wanted.q:
        query = search.restrict(query, RegisterEntry.id, "register", wanted.q)
    return query.order_by(RegisterEntry.held_on.desc(), RegisterEntry.id.desc())


def by_number(actor: Actor, number: str) -> RegisterEntry:
    """An entry that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(RegisterEntry).where(RegisterEntry.number == number))
    if found is None or not rights.may_read(actor, found):
        raise NotFound()
    return found


@dataclass(frozen=True)
class HazardsWanted:
    """Filters of the list of hazards. ``state``: one of its states, ``overdue`` or empty for all."""

    state: str = ""
    department: int | None = None


def hazards(actor: Actor, wanted: HazardsWanted, today: date) -> Select[Any]:
    """The hazards that an actor reads: of departments seen, or of all; those open by their date, then the newest."""
    query = select(Hazard).options(joinedload(Hazard.entry))
    if not actor.can(words.READ_ALL):
        query = query.where(
            or_(Hazard.department_id.in_(rights.departments_seen(actor)), Hazard.found_by_id == actor.id)
        )
    if wanted.department is not None:
        query = query.where(Hazard.department_id == wanted.department)
    if wanted.state == "overdue":
        query = query.where(Hazard.state == HazardState.OPEN, Hazard.due_on < today)
    elif wanted.state:
        query = query.where(Hazard.state == wanted.state)
    closed = Hazard.state == HazardState.CLOSED
    return query.order_by(closed, Hazard.due_on.desc() if wanted.state == "closed" else Hazard.due_on, Hazard.id.desc())


def hazard_by_number(actor: Actor, number: str) -> Hazard:
    """A hazard that the actor may read. Raises NotFound."""
    found = db.session.scalar(select(Hazard).where(Hazard.number == number).options(joinedload(Hazard.entry)))
    if found is None or not (
        actor.can(words.READ_ALL)
        or found.found_by_id == actor.id
        or found.department_id in rights.departments_seen(actor)
    ):
        raise NotFound()
    return found


# --- what waits -------------------------------------------------------------------------------------------------


def to_pass_on(actor: Actor) -> list[RegisterPassing]:
    """Meetings that the actor has to pass on, the earliest date first."""
    query = select(RegisterPassing).join(RegisterEntry).options(joinedload(RegisterPassing.entry))
    query = query.where(RegisterPassing.passed_at.is_(None), RegisterEntry.state == EntryState.FILED)
    found = db.session.scalars(query.order_by(RegisterPassing.due_on, RegisterPassing.id).limit(MOST_WAITING))
    return [each for each in found if rights.passes_on(actor, each)]


def to_take_over(actor: Actor) -> list[RegisterEntry]:
    """Shifts that the actor has to take over."""
    query = select(RegisterEntry).where(
        RegisterEntry.handed_to_id == actor.id,
        RegisterEntry.handed_to_id.is_not(None),
        RegisterEntry.taken_at.is_(None),
        RegisterEntry.state == EntryState.FILED,
    )
    return list(db.session.scalars(query.order_by(RegisterEntry.held_at)))


def open_hazards(actor: Actor) -> tuple[list[Hazard], list[Hazard]]:
    """Hazards that the actor has to rectify, and those to check again."""
    query = select(Hazard).where(Hazard.state != HazardState.CLOSED)
    if not actor.can(words.CHECK):
        departments = ab_rights.own_departments(actor) | actor.departments_headed()
        query = query.where(or_(Hazard.department_id.in_(departments), Hazard.found_by_id == actor.id))
    found = list(db.session.scalars(query.order_by(Hazard.due_on, Hazard.id).limit(MOST_WAITING)))
    rectify = [h for h in found if h.state is HazardState.OPEN and rights.rectifies(actor, h)]
    return rectify, [h for h in found if h.state is HazardState.RECTIFIED and rights.rechecks(actor, h)]
