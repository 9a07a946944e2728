"""Reading complaints: one, lists, what waits, figures. Never who complained (A-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import queries as ab
from portal.complaint import rights, rules
from portal.complaint import vocabulary as words
from portal.complaint.models import About, Channel, Complaint, ComplaintPaper, ComplaintState
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.kernel.db import UtcDateTime, db
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.post_task.queries import thresholds
from portal.pure.deadlines import Light

__all__ = ["thresholds"]

S = ComplaintState
TABS = ("running", "waiting", "due_soon", "overdue", "answered", "ended", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of the lists; empty ones do not restrict."""

    q: str = ""
    tab: str = "running"
    department: int | None = None
    channel: str = ""
    about: str = ""
    from_on: date | None = None
    until_on: date | None = None


def find(actor: Actor, number: str) -> Complaint:
    """A complaint of which the actor may read everything but who complained, or the extract.

    Raises NotFound for a missing and a foreign one alike.
    """
    found = db.session.scalar(
        select(Complaint)
        .where(Complaint.number == number)
        .options(selectinload(Complaint.notes), selectinload(Complaint.papers))
    )
    if found is None or not (rights.reads_all(actor, found) or rights.reads_extract(actor, found)):
        raise NotFound()
    return found


def read(actor: Actor, number: str) -> Complaint:
    """A complaint of which the actor may read everything but who complained. Raises NotFound."""
    found = find(actor, number)
    if not rights.reads_all(actor, found):
        raise NotFound()
    return found


def paper_of(actor: Actor, number: str, paper: str) -> tuple[Complaint, ComplaintPaper]:
    """A paper of a complaint that the actor reads. Raises NotFound."""
    found = read(actor, number)
    made = next((p for p in found.papers if p.number == paper), None)
    if made is None:
        raise NotFound()
    return found, made


def light(complaint: Complaint, now: datetime) -> Light:
    """The light of a complaint."""
    return rules.light(now, complaint.due_at, complaint.soon_at, complaint.told_at)


# --- lists -----------------------------------------------------------------------------------------------------


def is_running() -> ColumnElement[bool]:
    """The condition that the partial index of running complaints knows."""
    return Complaint.told_at.is_(None)


def condition(tab: str, now: datetime) -> ColumnElement[bool] | None:
    """The condition behind one of TABS; None does not restrict."""
    match tab:
        case "waiting":
            return and_(is_running(), Complaint.state.in_((S.RECEIVED, S.TAKEN_UP, S.PROPOSED)))
        case "due_soon":
            return and_(is_running(), Complaint.soon_at <= now, Complaint.due_at >= now)
        case "overdue":
            return and_(is_running(), Complaint.due_at < now)
        case "answered":
            return Complaint.state == S.ANSWERED
        case "ended":
            return Complaint.closed_at.is_not(None)
        case "all":
            return None
        case _:
            return is_running()


def listing(seen: ColumnElement[bool], wanted: Wanted, now: datetime) -> Select[Any]:
    """The complaints under a condition of rights that fit: running ones by their date, others newest first."""
    query = select(Complaint).where(seen)
    tab = condition(wanted.tab, now)
    if tab is not None:
        query = query.where(tab)
    if wanted.department:
        query = query.where(Complaint.department_id == wanted.department)
    if wanted.channel:
        query = query.where(Complaint.channel == Channel(wanted.channel))
    if wanted.about:
        query = query.where(Complaint.about == About(wanted.about))
    if wanted.from_on:
        query = query.where(Complaint.received_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Complaint.received_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.q:
        query = query.where(Complaint.number.contains(wanted.q.upper(), autoescape=True))
    if wanted.tab in ("answered", "ended", "all"):
        return query.order_by(Complaint.received_at.desc(), Complaint.id.desc())
    return query.order_by(Complaint.due_at, Complaint.id)


def officers(complaint: Complaint, now: datetime) -> list[tuple[int, str]]:
    """Who may be the officer: people of the office and the supervision group, heads and leaders; none concerned."""
    found = [*people.users_with_role(Role.SUPERVISION), *people.users_with_role(Role.OFFICE)]
    for post in posts.open_posts():
        if post.kind is not PostKind.STAFF:
            holder = ab.who_answers_for(post.id, now).user_id
            if holder is not None:
                found.append(holder)
    names, whom = dict(people.people_in_service()), rights.subject(complaint)
    fit = [u for u in dict.fromkeys(found) if u in names and rights.fit_officer(complaint, u, now, whom)]
    return [(u, names[u]) for u in fit]


# --- what waits ------------------------------------------------------------------------------------------------


def _mine(actor: Actor) -> ColumnElement[bool]:
    return and_(Complaint.officer_id == actor.id, Complaint.state.in_((S.INVESTIGATING, S.APPROVED)))


def _to_decide(actor: Actor) -> ColumnElement[bool]:
    """What `rights.decides` and `rights.approves` say, as a condition."""
    if not actor.can(words.DECIDE):
        return false()
    return and_(
        rights.visible(actor),
        Complaint.state.in_((S.RECEIVED, S.TAKEN_UP, S.PROPOSED)),
        or_(Complaint.officer_id.is_(None), Complaint.officer_id != actor.id),
        or_(Complaint.state != S.PROPOSED, Complaint.proposed_by_id.is_(None), Complaint.proposed_by_id != actor.id),
    )


def _to_state(actor: Actor) -> ColumnElement[bool]:
    if not actor.departments_headed():
        return false()
    return and_(Complaint.state == S.INVESTIGATING, rights.about(actor), Complaint.statement_at.is_(None))


def count_waiting(actor: Actor) -> int:
    """How many complaints wait for the actor, as their to-dos say: one statement over the index of running ones."""
    if not actor.can(words.READ):
        return 0
    waiting = or_(_mine(actor), _to_decide(actor), _to_state(actor))
    return db.session.scalar(select(func.count()).select_from(Complaint).where(is_running(), waiting)) or 0


def _first(condition: ColumnElement[bool], limit: int) -> list[Complaint]:
    query = select(Complaint).where(is_running(), condition)
    return list(db.session.scalars(query.order_by(Complaint.due_at, Complaint.id).limit(limit)))


def mine(actor: Actor, limit: int = 50) -> list[Complaint]:
    """Running complaints that the actor is the officer of, the earliest date first."""
    return _first(_mine(actor), limit)


def to_decide(actor: Actor, limit: int = 50) -> list[Complaint]:
    """Running complaints that wait for a decision which the actor may take."""
    return _first(_to_decide(actor), limit)


def to_state(actor: Actor, limit: int = 50) -> list[Complaint]:
    """Extracts that wait for a statement of the actor's departments."""
    return _first(_to_state(actor), limit)


# --- figures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """Complaints that are not answered yet, without any name: for the wall and the bulletin."""

    open: int
    undecided: int
    due_soon: int
    overdue: int
    #: The earliest date of those that run.
    next_due: datetime | None


@cache
def _running() -> Select[Any]:
    now = bindparam("now", type_=UtcDateTime())
    figures: Any = select(
        func.count(),
        func.sum(case((Complaint.state == S.RECEIVED, 1), else_=0)),
        func.sum(case((and_(Complaint.soon_at <= now, Complaint.due_at >= now), 1), else_=0)),
        func.sum(case((Complaint.due_at < now, 1), else_=0)),
        func.min(Complaint.due_at),
    ).where(is_running())
    return cast(Select[Any], figures)


def running(now: datetime) -> Running:
    """The figures of running complaints: one pass over the index of running ones."""
    n, undecided, soon, late, due = db.session.execute(_running(), {"now": now}).one()
    return Running(n, undecided or 0, soon or 0, late or 0, due)
