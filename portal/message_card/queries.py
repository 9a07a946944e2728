"""Reads of message cards: which departments are out, whose messages wait, the list (AB-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.message_card import rules
from portal.message_card import vocabulary as words
from portal.message_card.models import CardSubmission, Message, Outing
from portal.message_card.rules import Card, Out
from portal.people.models import Department
from portal.post_duty.models import PostKind

#: How far ahead the portal looks for somebody who will be here again.
AHEAD = timedelta(days=14)


# --- cards ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A department as visitors may know it."""

    id: int
    code: str
    name: str
    place: str
    phone: str


def places() -> list[Place]:
    """The departments that are not closed, in the office's order."""
    return list(epochs.cached("people", "message_card.places", _places))


def _places() -> list[Place]:
    rows = select(Department.id, Department.code, Department.name, Department.place, Department.phone).where(
        Department.closed_on.is_(None)
    )
    return [Place(*row) for row in db.session.execute(rows.order_by(Department.sort, Department.id))]


def place_of(code: str) -> Place:
    """A department by its code. Raises NotFound."""
    found = next((p for p in places() if p.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _outings() -> dict[int, list[Out]]:
    """Marked times that are not over, by department, from memory."""
    since = clock.now() - timedelta(days=1)

    def read() -> tuple[datetime, dict[int, list[Out]]]:
        found: dict[int, list[Out]] = {}
        for row in db.session.scalars(select(Outing).where(Outing.back_at > since).order_by(Outing.from_at)):
            end = min(row.back_at, row.ended_at) if row.ended_at else row.back_at
            if end > row.from_at:
                found.setdefault(row.department_id, []).append(Out(row.id, row.from_at, end, row.reason))
        return since, found

    return epochs.cached("message_card", "outings", read)[1]


def marked_out(at: datetime) -> frozenset[int]:
    """The departments that are marked out at an instant."""
    return frozenset(d for d, found in _outings().items() if any(o.from_at <= at < o.back_at for o in found))


def card_of(department_id: int, at: datetime) -> Card:
    """The card of a department at an instant: marked out, empty by itself, or not needed (AB-6)."""
    seen, day = ab.picture_at(at), clock.local(at).date()
    own = [
        p.id
        for p in seen.posts.values()
        if p.department_id == department_id and p.open_on(day) and p.kind in (PostKind.STAFF, PostKind.HEAD)
    ]
    answered = [seen.answer(p, at).user_id is not None for p in own]
    comes = None
    if own and not any(answered):
        starts = [
            start for p in own for start, _end, answer in seen.segments(p, at, at + AHEAD) if answer.user_id is not None
        ]
        comes = min(starts, default=None)
    return rules.card(at, _outings().get(department_id, ()), answered, comes)


def hanging(at: datetime) -> list[tuple[Place, Card]]:
    """The departments whose card hangs at an instant, in the office's order."""
    found = [(place, card_of(place.id, at)) for place in places()]
    return [(place, card) for place, card in found if card.hangs]


def changes(at: datetime, until: datetime) -> list[datetime]:
    """The instants within a time at which a marked time begins or ends."""
    marks = {m for found in _outings().values() for o in found for m in (o.from_at, o.back_at)}
    return sorted(m for m in marks if at < m < until)


def outings_of(department_id: int, limit: int = 20) -> list[Outing]:
    """The last times in which a department was marked out, the newest first."""
    query = select(Outing).where(Outing.department_id == department_id)
    return list(db.session.scalars(query.order_by(Outing.from_at.desc(), Outing.id.desc()).limit(limit)))


# --- who may ---------------------------------------------------------------------------------------------------


def may_mark(actor: Actor, department_id: int) -> bool:
    """Whether the actor may mark a department out: its head or leader, the office and the principal for all."""
    if not actor.can(words.MARK):
        return False
    whole = actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles
    return whole or department_id in ab_rights.departments_led(actor)


def departments_answered(actor: Actor) -> frozenset[int]:
    """The departments whose messages the actor answers: the own one and those of the posts answered for."""
    if not actor.can(words.ANSWER):
        return frozenset()
    return ab_rights.own_departments(actor)


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose messages the actor may read; None means all."""
    if actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles:
        return None
    return departments_answered(actor) | ab_rights.departments_led(actor)


def may_answer(actor: Actor, message: Message) -> bool:
    """Whether the actor may answer a message that is open."""
    return message.answered_at is None and message.department_id in departments_answered(actor)


def by_number(actor: Actor, number: str) -> Message:
    """A message that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Message).where(Message.number == number))
    seen = departments_seen(actor)
    if found is None or (seen is not None and found.department_id not in seen):
        raise NotFound()
    return found


# --- messages --------------------------------------------------------------------------------------------------


def open_of(departments: Iterable[int]) -> list[Message]:
    """The unanswered messages of some departments, the earliest due first."""
    query = select(Message).where(Message.answered_at.is_(None), Message.department_id.in_(list(departments)))
    return list(db.session.scalars(query.order_by(Message.due_at, Message.id)))


def count_open(departments: Iterable[int]) -> int:
    """How many messages of some departments are unanswered."""
    query = select(func.count()).where(Message.answered_at.is_(None), Message.department_id.in_(list(departments)))
    return db.session.scalar(query.select_from(Message)) or 0


@dataclass(frozen=True)
class Unanswered:
    """The unanswered messages of a department, and how many of them are overdue."""

    department_id: int
    count: int
    late: int


def unanswered(now: datetime) -> list[Unanswered]:
    """Unanswered messages by department, the overdue ones first (W-1); read from the index of open ones alone."""
    late = func.count().filter(Message.due_at < now)
    rows = select(Message.department_id, func.count(), late).where(Message.answered_at.is_(None))
    found = [Unanswered(*row) for row in db.session.execute(rows.group_by(Message.department_id))]
    return sorted(found, key=lambda u: (-u.late, -u.count, u.department_id))


def sent_since(address: str | None, department_id: int | None, since: datetime) -> int:
    """How many messages came from an address, or to a department, since an instant."""
    query = select(func.count()).select_from(CardSubmission).where(CardSubmission.at > since)
    if address is not None:
        query = query.where(CardSubmission.address == address)
    if department_id is not None:
        query = query.where(CardSubmission.department_id == department_id)
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    from_on: date | None = None
    until_on: date | None = None
    department: int | None = None
    state: str = ""


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The messages that an actor may read and that fit; open ones first, the earliest due on top, then the newest."""
    query = select(Message)
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(Message.department_id.in_(seen))
    if wanted.q:
        query = query.where(
            or_(
                Message.number.contains(wanted.q, autoescape=True),
                Message.matter.contains(wanted.q, autoescape=True),
                Message.name.contains(wanted.q, autoescape=True),
                Message.phone.contains(wanted.q, autoescape=True),
            )
        )
    if wanted.from_on:
        query = query.where(Message.left_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Message.left_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.department:
        query = query.where(Message.department_id == wanted.department)
    if wanted.state == "open":
        query = query.where(Message.answered_at.is_(None))
    elif wanted.state == "overdue":
        query = query.where(Message.answered_at.is_(None), Message.due_at < clock.now())
    elif wanted.state == "answered":
        query = query.where(Message.answered_at.is_not(None))
    elif wanted.state == "late":
        query = query.where(Message.answered_at > Message.due_at)
    return query.order_by(Message.answered_at.is_not(None), Message.left_at.desc(), Message.id.desc())


def exported(actor: Actor, wanted: Wanted, most: int) -> list[Message]:
    """The messages of an export."""
    return list(db.session.scalars(listing(actor, wanted).limit(most)))
