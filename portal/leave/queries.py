"""Reads of leave: whose business a request is, own lists, certificates that are due, the month of a department."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.ab_post import rights
from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.leave import balances, steps
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest, LeaveState
from portal.leave.rules import Level
from portal.people import queries as people
from portal.pure.months import month_after

#: How far back a sudden absence without a request is shown to the person.
MAKE_UP = timedelta(days=60)


class Sight(StrEnum):
    """How much of a request somebody sees: all of it, or what a handover needs."""

    FULL = "full"
    HANDOVER = "handover"


def sight(actor: Actor, request: LeaveRequest, now: datetime) -> Sight | None:
    """How much of a request the actor sees; None: nothing, as if it did not exist.

    All: the applicant, who decides or has decided, heads and leaders of the department, office, supervision and
    principal. A draft is the applicant's alone. Who takes over a post sees the times and the handover.
    """
    if actor.id == request.applicant_id:
        return Sight.FULL
    if request.state is LeaveState.DRAFT:
        return None
    if actor.can(words.READ_ALL) or any(s.decided_by_id == actor.id for s in request.steps):
        return Sight.FULL
    if actor.can(words.READ) and request.department_id in rights.departments_led(actor):
        return Sight.FULL
    step = request.next_step if request.open_level is not None else None
    if step is not None and step.level is not Level.FILE:  # who files sees every request
        who = steps.decider(step.level, request.department_id, request.applicant_id, now)
        if who is not None and who[0] == actor.id:
            return Sight.FULL
    if any(row.confirmed_by_id == actor.id for row in request.posts):
        return Sight.HANDOVER
    if request.state is LeaveState.WAITING:
        pairs = steps.receivers(request.applicant_id, request.from_at, request.to_at, now)
        if any(taker == actor.id for _post, taker in pairs):
            return Sight.HANDOVER
    return None


def by_number(actor: Actor, number: str, lock: bool = False) -> tuple[LeaveRequest, Sight]:
    """A request by number as far as the actor sees it. Raises NotFound: a foreign one looks like a missing one."""
    found = (
        locked(LeaveRequest, number=number)
        if lock
        else db.session.scalar(select(LeaveRequest).where(LeaveRequest.number == number))
    )
    seen = sight(actor, found, clock.now()) if found is not None else None
    if found is None or seen is None:
        raise NotFound()
    return found, seen


def own(user_id: int) -> Select[Any]:
    """A person's requests, the latest first."""
    query = select(LeaveRequest).where(LeaveRequest.applicant_id == user_id).options(joinedload(LeaveRequest.absence))
    return query.order_by(LeaveRequest.from_at.desc(), LeaveRequest.id.desc())


def returned_to(user_id: int) -> list[LeaveRequest]:
    """A person's requests that were sent back for correction."""
    where = (LeaveRequest.applicant_id == user_id, LeaveRequest.state == LeaveState.RETURNED)
    return list(db.session.scalars(select(LeaveRequest).where(*where).order_by(LeaveRequest.id)))


def lacking_certificate() -> tuple[Any, ...]:
    """The conditions of a sick leave whose certificate has not been handed in."""
    return (
        LeaveRequest.kind == AbsenceKind.SICK,
        LeaveRequest.state.in_((LeaveState.WAITING, LeaveState.APPROVED)),
        LeaveRequest.certificate_at.is_(None),
        LeaveRequest.certificate_due_on.is_not(None),
    )


def certificates_owed(user_id: int) -> list[LeaveRequest]:
    """A person's sick leaves without certificate."""
    where = (LeaveRequest.applicant_id == user_id, *lacking_certificate())
    return list(db.session.scalars(select(LeaveRequest).where(*where).order_by(LeaveRequest.certificate_due_on)))


def certificates_late(today: date) -> list[LeaveRequest]:
    """Sick leaves whose certificate is late, the oldest first."""
    where = (*lacking_certificate(), LeaveRequest.certificate_due_on < today)
    return list(db.session.scalars(select(LeaveRequest).where(*where).order_by(LeaveRequest.certificate_due_on)))


def without_request(user_id: int, now: datetime) -> list[Absence]:
    """A person's sudden absences of late for which no leave was asked: to be made up (O-3)."""
    linked = select(LeaveRequest.absence_id).where(LeaveRequest.absence_id.is_not(None))
    query = select(Absence).where(
        Absence.user_id == user_id,
        Absence.emergency,
        Absence.from_at > now - MAKE_UP,
        or_(Absence.ended_at.is_(None), Absence.ended_at > Absence.from_at),
        Absence.id.not_in(linked),
    )
    return list(db.session.scalars(query.order_by(Absence.from_at)))


# --- the month of a department --------------------------------------------------------------------------------


@dataclass
class Cell:
    """One day of a person's row: what kind, whether for half of it, whether still waiting; empty where here."""

    day: date
    workday: bool
    kind: AbsenceKind | None = None
    half: Half | None = None
    waiting: bool = False
    number: str = ""


@dataclass
class Row:
    """A person's month."""

    name: str
    department: str
    cells: list[Cell] = field(default_factory=list)
    entries: list[LeaveRequest] = field(default_factory=list)


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose leave the actor sees in lists: None means all."""
    if actor.can(words.READ_ALL):
        return None
    return rights.departments_led(actor)


def month(departments: set[int], first: date) -> list[Row]:
    """Everybody of some departments with their leave in a month, day by day."""
    last = month_after(first, 1) - timedelta(days=1)
    seen, working, names = ab.picture(), calendar.work_calendar(), people.department_names()
    at = clock.now()
    order = {d: n for n, d in enumerate(names)}
    members = [u for u, d in seen.departments_of_users.items() if d in departments and seen.able(u, at)]
    members.sort(key=lambda u: (order.get(seen.departments_of_users[u] or 0, 0), u))
    rows = {
        u: Row(
            seen.names[u],
            names.get(seen.departments_of_users[u] or 0, ""),
            [Cell(d, working.is_workday(d)) for d in (first + timedelta(days=n) for n in range(last.day))],
        )
        for u in members
    }
    wanted = (
        select(LeaveRequest)
        .where(
            LeaveRequest.applicant_id.in_(members),
            LeaveRequest.state.in_((LeaveState.WAITING, LeaveState.APPROVED)),
            and_(LeaveRequest.from_on <= last, LeaveRequest.to_on >= first),
        )
        .options(joinedload(LeaveRequest.absence), selectinload(LeaveRequest.steps))
        .order_by(LeaveRequest.from_at)
    )
    for request in db.session.scalars(wanted):
        span = balances.taken_span(request)
        if span is None:
            continue
        row = rows[request.applicant_id]
        row.entries.append(request)
        for cell in row.cells:
            if span.from_on <= cell.day <= span.to_on and cell.workday:
                cell.kind, cell.number = request.kind, request.number
                cell.waiting = request.state is LeaveState.WAITING
                if cell.day == span.from_on and span.from_half is Half.PM:
                    cell.half = Half.PM
                elif cell.day == span.to_on and span.to_half is Half.AM:
                    cell.half = Half.AM
    return list(rows.values())
