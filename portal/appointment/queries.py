"""Reads of appointments: slots that can be had, who may, lists, the week, the day, the month (C-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.appointment import rules
from portal.appointment import vocabulary as words
from portal.appointment.models import Appointment, AppointmentSubmission, Hours, Slot
from portal.appointment.rules import Offer, Opening, State
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people.models import Department
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.pure.spans import local, office_time

# --- departments and slots ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A department as the public knows it."""

    id: int
    code: str
    name: str
    place: str
    phone: str


def places() -> list[Place]:
    """The departments that are not closed, in the office's order."""

    def read() -> list[Place]:
        rows = select(Department.id, Department.code, Department.name, Department.place, Department.phone)
        rows = rows.where(Department.closed_on.is_(None)).order_by(Department.sort, Department.id)
        return [Place(*row) for row in db.session.execute(rows)]

    return epochs.cached("people", "appointment.places", read)


def place_of(code: str) -> Place:
    """A department by its code, when it takes appointments. Raises NotFound."""
    found = next((p for p in bookable() if p.code == code), None)
    if found is None:
        raise NotFound()
    return found


def _offers() -> dict[int, list[Offer]]:
    def read() -> dict[int, list[Offer]]:
        found: dict[int, list[Offer]] = {}
        rows = select(
            Hours.department_id, Hours.weekday, Hours.only_on, Hours.from_minute, Hours.to_minute, Hours.minutes,
            Hours.capacity,
        ).where(Hours.ended_at.is_(None)).order_by(Hours.id)  # fmt: skip
        for department_id, weekday, only_on, start, end, minutes, capacity in db.session.execute(rows):
            offer = Offer(weekday, only_on, start, end, minutes, capacity)
            found.setdefault(department_id, []).append(offer)
        return found

    return epochs.cached("appointment_hours", "offers", read)


def bookable() -> list[Place]:
    """The departments that offer slots."""
    offers = _offers()
    return [p for p in places() if p.id in offers]


def hours_of(department_id: int) -> list[Hours]:
    """The hours of a department in force, by day and time."""
    query = select(Hours).where(Hours.department_id == department_id, Hours.ended_at.is_(None))
    return list(db.session.scalars(query.order_by(Hours.only_on, Hours.weekday, Hours.from_minute)))


def opening_at(department_id: int, from_at: datetime) -> Opening | None:
    """The slot of a department that begins at an instant."""
    day = clock.local(from_at).date()
    found = rules.openings(_offers().get(department_id, ()), day, day, calendar.work_calendar())
    return next((o for o in found if o.from_at == from_at), None)


@dataclass(frozen=True)
class Free:
    """A slot and how many may still take it."""

    from_at: datetime
    to_at: datetime
    left: int


def free(department_id: int, now: datetime, but: int | None = None) -> list[Free]:
    """The slots that can be had from now on, within the policy's days; full ones are left out."""
    soonest = now + timedelta(minutes=policy.value("appointment.notice_minutes"))
    first = clock.local(now).date()
    last = first + timedelta(days=policy.value("appointment.ahead_days"))
    offered = list(rules.openings(_offers().get(department_id, ()), first, last, calendar.work_calendar()))
    if not offered:
        return []
    rows = select(Slot.from_at, Slot.taken, Slot.id).where(
        Slot.department_id == department_id, Slot.from_at >= offered[0].from_at, Slot.from_at <= offered[-1].from_at
    )
    taken = {at: n - (slot_id == but) for at, n, slot_id in db.session.execute(rows)}
    found = [Free(o.from_at, o.to_at, o.capacity - taken.get(o.from_at, 0)) for o in offered if o.from_at >= soonest]
    return [f for f in found if f.left > 0]


# --- who may --------------------------------------------------------------------------------------------------


def departments_answered(actor: Actor) -> frozenset[int]:
    """The departments whose appointments the actor answers: the own one and those of the posts answered for."""
    if not actor.can(words.HANDLE):
        return frozenset()
    return ab_rights.own_departments(actor)


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose appointments the actor may read; None means all."""
    if actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles:
        return None
    return departments_answered(actor) | ab_rights.departments_led(actor)


def may_handle(actor: Actor, appointment: Appointment) -> bool:
    """Whether the actor may answer and follow an appointment."""
    return appointment.department_id in departments_answered(actor)


def by_number(actor: Actor, number: str) -> Appointment:
    """An appointment that the actor may read (whoever entered it too). Raises NotFound for any other."""
    found = db.session.scalar(select(Appointment).where(Appointment.number == number))
    seen = departments_seen(actor)
    if found is None or not (seen is None or found.department_id in seen or found.asked_by_id == actor.id):
        raise NotFound()
    return found


def who_comes(appointment: Appointment) -> tuple[str, str]:
    """The post that will be there and who answers for it at the agreed time (C-7, AB-3); empty where nobody does."""
    if appointment.post is None or appointment.from_at is None:
        return "", ""
    seen = ab.picture_at(appointment.from_at)
    user_id = seen.answer(appointment.post.id, appointment.from_at).user_id
    return appointment.post.name, seen.names.get(user_id or 0, "")


# --- what waits -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """An appointment that something is to be done about: as much of it as menus and to-dos need."""

    number: str
    department_id: int
    matter: str
    state: State
    due_at: datetime
    from_at: datetime | None
    to_at: datetime | None
    post_id: int | None


def open_ones() -> list[Waiting]:
    """All appointments that are not ended, from memory."""

    def read() -> list[Waiting]:
        columns = (
            Appointment.number, Appointment.department_id, Appointment.matter, Appointment.state, Appointment.due_at,
            Appointment.from_at, Appointment.to_at, Appointment.post_id,
        )  # fmt: skip
        rows = select(*columns).where(Appointment.closed_at.is_(None)).order_by(Appointment.due_at, Appointment.id)
        return [Waiting(*row) for row in db.session.execute(rows)]

    return epochs.cached("appointment", "open", read)


def to_answer(actor: Actor) -> list[Waiting]:
    """What the actor's departments have to answer."""
    departments = departments_answered(actor)
    return [w for w in open_ones() if w.state is State.ASKED and w.department_id in departments]


def to_attend(actor: Actor, now: datetime) -> list[Waiting]:
    """Agreed times of today and tomorrow's working day, and those that are over and not recorded, of the actor's posts;
    the head sees the department's that are over."""
    day = clock.local(now).date()
    until = clock.day_start(calendar.work_calendar().next_workday(day) + timedelta(days=1))
    headed, mine = actor.departments_headed(), set(actor.post_ids)
    return [
        w
        for w in open_ones()
        if w.state is State.CONFIRMED
        and w.from_at is not None
        and w.to_at is not None
        and w.from_at < until
        and (w.post_id in mine or (w.department_id in headed and w.to_at < now))
    ]


def sent_since(address: str, guess: bool, since: datetime) -> int:
    """How many requests, or wrong guesses, came from an address since an instant."""
    query = select(func.count()).select_from(AppointmentSubmission)
    query = query.where(
        AppointmentSubmission.address == address, AppointmentSubmission.guess == guess, AppointmentSubmission.at > since
    )
    return db.session.scalar(query) or 0


# --- lists ----------------------------------------------------------------------------------------------------

#: What the list can be narrowed to, in the order of its tabs.
STATES = ("open", "asked", "overdue", "proposed", "confirmed", "came", "missed", "declined", "cancelled", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters; empty ones do not restrict. Days are of asking, ``on`` is the agreed day; ``answered`` those with an
    answer."""

    q: str = ""
    state: str = "open"
    department: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    on: date | None = None
    answered: str = ""


def _condition(name: str, now: datetime) -> ColumnElement[bool] | None:
    if name == "all":
        return None
    if name == "overdue":
        return and_(Appointment.state == State.ASKED, Appointment.due_at < now)
    if name in ("", "open"):
        return Appointment.closed_at.is_(None)
    return Appointment.state == State(name)


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The appointments that an actor may read and that fit; open ones by urgency, others the newest first."""
    query = select(Appointment).options(joinedload(Appointment.post))
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(or_(Appointment.department_id.in_(seen), Appointment.asked_by_id == actor.id))
    condition = _condition(wanted.state, now)
    if condition is not None:
        query = query.where(condition)
    if wanted.q:
        query = query.where(
            or_(
                *(
                    column.contains(wanted.q, autoescape=True)
                    for column in (Appointment.number, Appointment.matter, Appointment.name, Appointment.phone)
                )
            )
        )
    if wanted.department:
        query = query.where(Appointment.department_id == wanted.department)
    if wanted.from_on:
        query = query.where(Appointment.asked_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Appointment.asked_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.on:
        start = clock.day_start(wanted.on)
        query = query.where(Appointment.from_at >= start, Appointment.from_at < start + timedelta(days=1))
    if wanted.answered:
        query = query.where(Appointment.answered_at.is_not(None))
    if wanted.state in ("open", "asked", "overdue", "proposed", ""):
        return query.order_by(Appointment.due_at, Appointment.id)
    if wanted.state == "confirmed":
        return query.order_by(Appointment.from_at, Appointment.id)
    return query.order_by(Appointment.asked_at.desc(), Appointment.id.desc())


def agreed(actor: Actor, first: date, last: date, department: int | None = None) -> list[Appointment]:
    """The agreed times of some days, whatever became of them but cancelled, in order (week and day sheet)."""
    query = select(Appointment).options(joinedload(Appointment.post)).where(
        Appointment.from_at >= clock.day_start(first),
        Appointment.from_at < clock.day_start(last + timedelta(days=1)),
        Appointment.state.in_((State.ASKED, State.PROPOSED, State.CONFIRMED, State.CAME, State.MISSED)),
    )  # fmt: skip
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(Appointment.department_id.in_(seen))
    if department:
        query = query.where(Appointment.department_id == department)
    return list(db.session.scalars(query.order_by(Appointment.from_at, Appointment.id)))


@dataclass(frozen=True)
class Figures:
    """A month by the day of asking; ``average`` is the office time until the first answer."""

    asked: int
    states: dict[State, int]
    answered: int
    late: int
    average: timedelta | None


def figures(actor: Actor, first: date, last: date, department: int | None = None) -> Figures:
    """The figures of some days for what the actor may read (W-0)."""
    wanted = Wanted(state="all", from_on=first, until_on=last, department=department)
    rows = listing(actor, wanted, clock.now()).with_only_columns(
        Appointment.state, Appointment.asked_at, Appointment.answered_at, Appointment.due_at
    )
    states: dict[State, int] = dict.fromkeys(State, 0)
    times, late, work = [], 0, calendar.work_calendar()
    for state, asked_at, answered_at, due_at in db.session.execute(rows.order_by(None)):
        states[state] += 1
        if answered_at is not None:
            times.append(office_time(local(asked_at), local(answered_at), work))
            late += answered_at > due_at
    average = sum(times, timedelta()) / len(times) if times else None
    return Figures(sum(states.values()), states, len(times), late, average)


def posts_of(department_ids: Iterable[int]) -> list[tuple[int, str]]:
    """The posts of some departments that may be there: (id, name)."""
    wanted, day = set(department_ids), clock.today()
    kinds = (PostKind.STAFF, PostKind.HEAD)
    found = [p for p in ab.picture().posts.values() if p.department_id in wanted and p.kind in kinds and p.open_on(day)]
    return [(p.id, p.name) for p in sorted(found, key=lambda p: p.code)]
