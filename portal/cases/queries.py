"""Reads of cases. Boards read open work through partial indexes; history is read by page only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from portal.cases import narrowing, rules
from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseArchive, CaseHandler, CaseProposal, CaseState, Consultation
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import UtcDateTime, db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.seams import YearOfWork
from portal.pure.deadlines import Light, Thresholds
from portal.pure.text import mask_name
from portal.service_commitment.models import CaseKind


class Row(NamedTuple):
    """A case as a list shows it."""

    id: int
    number: str
    matter: str
    client: str
    state: CaseState
    department_id: int
    post_id: int
    due_at: datetime | None
    received_at: datetime
    closed_at: datetime | None
    light: Light
    stopped: bool
    provisional: bool
    used: int
    closed_late: bool
    department: str
    kind: CaseKind
    #: A part of a joint case (T-9).
    part: bool


_COLUMNS = (
    Case.id,
    Case.number,
    Case.matter,
    Case.client_unit,
    Case.client_name,
    Case.state,
    Case.department_id,
    Case.post_id,
    Case.due_at,
    Case.soon_at,
    Case.red_at,
    Case.clock_from,
    Case.received_at,
    Case.closed_at,
    Case.stopped,
    Case.stopped_until,
    Case.consent_at,
    Case.kind,
    Case.lead_id,
    Case.provisional,
    Case.closed_late,
)


def rows(query: Select[Any]) -> list[Row]:
    """Run a query over the list columns."""
    return rows_of(db.session.execute(query))


def columns() -> Select[Any]:
    """The start of every list query."""
    return cast(Select[Any], select(*_COLUMNS))


def rows_of(found: Iterable[Any]) -> list[Row]:
    """Fetched list columns as rows, with their lights now."""
    now, names = clock.now(), people.department_names()
    return [_row_of(r, now, names) for r in found]


def _row_of(r: Any, now: datetime, names: Mapping[int, str]) -> Row:
    """One row with its light and how much of its time is used (percent, 100 at most)."""
    used = 0
    if r.due_at is not None and r.clock_from is not None:
        whole = (r.due_at - r.clock_from).total_seconds()
        gone = ((r.closed_at or now) - r.clock_from).total_seconds()
        used = max(0, min(100, round(100 * gone / whole))) if whole > 0 else 100
    # What silence has ended is ended, recorded or not (T-7).
    agreed = r.closed_at is None and r.consent_at is not None and r.consent_at < now
    ended = r.consent_at if agreed else r.closed_at
    closed = ended is not None
    stopped = not closed and rules.is_stopped(now, r.stopped, r.stopped_until)
    return Row(
        r.id,
        r.number,
        r.matter,
        r.client_unit or mask_name(r.client_name),
        CaseState.DEEMED_AGREED if agreed else r.state,
        r.department_id,
        r.post_id,
        r.due_at,
        r.received_at,
        ended,
        Light.NORMAL if closed else rules.light_of(now, r.due_at, r.soon_at, r.red_at, stopped),
        stopped,
        r.provisional,
        used,
        r.closed_late or agreed,
        names.get(r.department_id, ""),
        r.kind,
        r.lead_id is not None,
    )


def by_number(actor: Actor, number: str) -> Case:
    """A case that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    case = db.session.scalar(
        select(Case).where(Case.number == number).options(selectinload(Case.materials), selectinload(Case.pauses))
    )
    if case is None or not may_read(actor, case):
        raise NotFound()
    return case


def may_read(actor: Actor, case: Case) -> bool:
    """Who may see a case: its department, its post's holders, who had a hand in it, leaders in charge, the office."""
    if not actor.can(words.READ):
        return False
    if actor.can(words.READ_ALL) or case.department_id in departments_seen(actor):
        return True
    if actor.answers_for(case.post_id) is not None:
        return True
    return db.session.get(CaseHandler, (case.id, actor.id)) is not None or _takes_part(actor, case)


def _takes_part(actor: Actor, case: Case) -> bool:
    """Whether a joint case concerns the actor's departments through its lead or one of its parts (T-9)."""
    if case.kind is not CaseKind.JOINT:
        return False
    if case.lead_id is not None:
        return case.lead is not None and case.lead.department_id in departments_seen(actor)
    ours = exists().where(Case.lead_id == case.id, Case.department_id.in_(departments_seen(actor)))
    return bool(db.session.scalar(select(ours)))


def departments_seen(actor: Actor) -> frozenset[int]:
    """Departments whose cases an actor sees: the own one, those of acting posts, those in charge."""
    found = {actor.department_id} if actor.department_id else set()
    for answering in actor.posts:
        found.add(answering.department_id)
        if answering.kind == "leader":
            found |= posts.departments_of(answering.post_id)
        elif answering.kind == "principal":
            found |= set(people.department_names())
    return frozenset(d for d in found if d)


def visible(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of what an actor may see in lists; None: everything."""
    if actor.can(words.READ_ALL):
        return None
    return or_(
        Case.department_id.in_(departments_seen(actor)),
        exists().where(CaseHandler.case_id == Case.id, CaseHandler.user_id == actor.id),
    )


def is_open() -> ColumnElement[bool]:
    """The condition that the partial indexes of open work know."""
    return Case.closed_at.is_(None)


def queue(post_ids: tuple[int, ...], tab: str = "", limit: int = 50) -> list[Row]:
    """Open cases of some posts, the most urgent first; tabs: those of ``narrowing.TABS``."""
    if not post_ids:
        return []
    query = columns().where(is_open(), Case.post_id.in_(post_ids))
    if tab in narrowing.TABS:
        query = query.where(narrowing.TABS[tab](clock.now()))
    return rows(query.order_by(Case.due_at.is_(None), Case.due_at, Case.id).limit(limit))


@dataclass(frozen=True)
class Counts:
    """Open work of some posts or departments at an instant."""

    open: int = 0
    red: int = 0
    overdue: int = 0
    soon: int = 0
    today: int = 0
    supplement: int = 0
    provisional: int = 0


def counts(where: ColumnElement[bool] | None, now: datetime) -> Counts:
    """Count open work in one pass over the partial index (``overdue`` includes ``red``)."""
    query = select(
        func.count(),
        func.count().filter(narrowing.red(now)),
        func.count().filter(narrowing.late(now)),
        func.count().filter(narrowing.soon(now)),
        func.count().filter(narrowing.due_today(now)),
        func.count().filter(narrowing.supplement(now)),
        func.count().filter(narrowing.provisional(now)),
    ).where(is_open())
    if where is not None:
        query = query.where(where)
    return Counts(*db.session.execute(query).one())


@cache
def _late_of_posts() -> Select[Any]:
    at = bindparam("at", type_=UtcDateTime())
    return select(func.count()).where(
        is_open(), Case.post_id.in_(bindparam("posts", expanding=True)), narrowing.late(at)
    )


def count_late(post_ids: tuple[int, ...], now: datetime) -> int:
    """How many open cases of some posts are past their limit: the menu's figure, asked for with every page."""
    return db.session.scalar(_late_of_posts(), {"posts": post_ids, "at": now}) or 0


def closed_today(where: ColumnElement[bool] | None = None) -> int:
    """How many cases were closed today; parts of joint cases are the work of their posts and count there."""
    query = select(func.count()).select_from(Case).where(Case.closed_on == clock.today())
    if where is not None:
        query = query.where(where)
    return db.session.scalar(query) or 0


@dataclass(frozen=True)
class OnTime:
    """W-0: on-time rate of a time: closed on time ÷ (closed + open overdue); tacit consents are late."""

    closed: int
    on_time: int
    open_overdue: int

    @property
    def rate(self) -> float | None:
        """Percent, None when nothing was closed or overdue."""
        whole = self.closed + self.open_overdue
        return 100 * self.on_time / whole if whole else None

    def __sub__(self, other: OnTime) -> OnTime:
        return OnTime(self.closed - other.closed, self.on_time - other.on_time, self.open_overdue - other.open_overdue)


def on_time(first: date, last: date, now: datetime, department_id: int | None = None) -> OnTime:
    """The honest figure of a time (W-0).

    A part of a joint case is its department's work and counts there; in the figure of the unit the client's matter
    counts once, in the lead case (T-9).
    """
    closed = select(
        func.count(),
        func.count().filter(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED),
    ).where(Case.closed_on >= first, Case.closed_on <= last)
    late = select(func.count()).where(is_open(), Case.due_at < now)
    if department_id is not None:
        closed = closed.where(Case.department_id == department_id)
        late = late.where(Case.department_id == department_id)
    whole, good = db.session.execute(closed).one()
    found = OnTime(whole, good, db.session.scalar(late) or 0)
    return found if department_id is not None else found - parts(first, last, now)


_PARTS_CLOSED = select(
    func.count(),
    func.count().filter(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED),
).where(Case.lead_id.is_not(None), Case.closed_on >= bindparam("first"), Case.closed_on <= bindparam("last"))
_PARTS_LATE = select(func.count()).where(
    Case.lead_id.is_not(None), Case.closed_at.is_(None), Case.due_at < bindparam("now", type_=UtcDateTime())
)


def parts(first: date, last: date, now: datetime) -> OnTime:
    """The parts of joint cases alone: what the unit's figure leaves out (T-9, W-0). Read from indexes of parts."""
    whole, good = db.session.execute(_PARTS_CLOSED, {"first": first, "last": last}).one()
    return OnTime(whole, good, db.session.scalar(_PARTS_LATE, {"now": now}) or 0)


def year_of_post(post_id: int, year: int, now: datetime) -> YearOfWork:
    """The cases of a post in a year, counted as everywhere (W-0), for the report on duty (P-5)."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    start, end = clock.day_start(first), clock.day_start(date(year + 1, 1, 1))
    received = select(func.count()).where(Case.received_at >= start, Case.received_at < end, Case.post_id == post_id)
    closed = select(
        func.count(),
        func.count().filter(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED),
    ).where(Case.closed_on >= first, Case.closed_on <= last, Case.post_id == post_id)
    overdue = select(func.count()).where(is_open(), Case.due_at < now, Case.post_id == post_id)
    whole, good = db.session.execute(closed).one()
    return YearOfWork(db.session.scalar(received) or 0, whole, good, db.session.scalar(overdue) or 0)


def proposals_waiting(actor: Actor) -> list[CaseProposal]:
    """Proposals for which the actor may be the second person (N-7)."""
    from portal.cases.second_person import may_confirm

    waiting = db.session.scalars(
        select(CaseProposal)
        .join(Case, Case.id == CaseProposal.case_id)
        .where(CaseProposal.decided_at.is_(None), is_open())
        .options(selectinload(CaseProposal.case), selectinload(CaseProposal.proposed_by))
        .order_by(CaseProposal.id)
        .limit(200)
    )
    return [p for p in waiting if may_confirm(actor, p.case, p)]


def consultations(case_id: int) -> list[Consultation]:
    """The consultations of a case, oldest first."""
    return list(
        db.session.scalars(select(Consultation).where(Consultation.case_id == case_id).order_by(Consultation.id))
    )


def linked(case: Case) -> list[Case]:
    """Cases that correct or revive this one."""
    return list(db.session.scalars(select(Case).where(Case.origin_id == case.id).order_by(Case.id)))


def unfiled(actor: Actor) -> Select[Any]:
    """Closed cases whose archive file has not been filed (J-4), newest first."""
    query = columns().join(CaseArchive, CaseArchive.case_id == Case.id).where(CaseArchive.filed_at.is_(None))
    if not actor.can(words.READ_ALL):
        query = query.where(CaseArchive.department_id.in_(departments_seen(actor)))
    return query.order_by(CaseArchive.case_id.desc())


def thresholds() -> Thresholds:
    """When limits become due soon and red, as the office has set it (T-6, POL-1)."""
    return Thresholds(
        soon_workdays=policy.value("timed_completion.due_soon_workdays"),
        short_below_workdays=policy.value("timed_completion.short_limit_below"),
        red_after=policy.value("timed_completion.red_after"),
    )
