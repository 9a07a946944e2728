"""Reads of the wall: open work and today, through partial indexes; never history, never a client's name (W-1, W-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, text
from sqlalchemy import case as choose
from sqlalchemy.orm import aliased

from portal.cases import rules as cases
from portal.cases.models import Case, CaseState
from portal.denial_filing.models import Filing
from portal.first_ask.models import Disposition, FirstAsk, HandOver
from portal.first_ask.queries import counted
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.people.queries import token_hash
from portal.pure.deadlines import Light
from portal.service_commitment.models import ServiceItem
from portal.wall.models import Display, Pairing
from portal.wall.rules import LIFE, Rate, without_names

# --- displays -------------------------------------------------------------------------------------------------

_SCREEN = select(Display.large, select(func.max(JournalEntry.seq)).scalar_subquery()).where(
    Display.token_hash == bindparam("token"), Display.revoked_at.is_(None)
)


@dataclass(frozen=True)
class Screen:
    """What a poll needs of the display that sends it: its size, and the number of the journal's newest entry."""

    large: bool
    head: int


def screen(token: str) -> Screen | None:
    """The display of a token and the journal's head, in one indexed statement; None when unknown or revoked."""
    row = db.session.execute(_SCREEN, {"token": token_hash(token)}).one_or_none()
    return Screen(row[0], row[1] or 0) if row else None


def asked(token: str, now: datetime) -> Pairing | None:
    """The code that a screen shows while it waits, None when it has none that is still good."""
    return db.session.scalar(
        select(Pairing).where(
            Pairing.secret_hash == token_hash(token), Pairing.display_id.is_(None), Pairing.asked_at >= now - LIFE
        )
    )


def displays(ended: int = 20) -> list[Display]:
    """The displays that show the wall, by name, then the last ones that were revoked."""
    shown = select(Display).where(Display.revoked_at.is_(None)).order_by(Display.name, Display.id)
    gone = select(Display).where(Display.revoked_at.is_not(None)).order_by(Display.revoked_at.desc()).limit(ended)
    return [*db.session.scalars(shown), *db.session.scalars(gone)]


# --- open work ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lights:
    """Open cases by light (T-6), ``overdue`` with ``red``; and those past their promise, by department (W-0)."""

    red: int
    overdue: int
    soon: int
    late: dict[int, int]


def lights(now: datetime) -> Lights:
    """Count the lights from the index of open work alone: each statement is a range of due dates."""
    red, calm = Case.red_at < now, or_(Case.red_at.is_(None), Case.red_at >= now)
    # "+ 0" keeps the grouping from choosing another index than that of due dates.
    department = Case.department_id + 0
    past = select(department, func.count(), func.count().filter(red)).where(Case.closed_at.is_(None), Case.due_at < now)
    rows = db.session.execute(past.group_by(department)).all()
    soon = and_(Case.soon_at <= now, Case.stopped.is_(False), calm)
    ahead = select(func.count().filter(soon), func.count().filter(red))
    soon_ones, red_ahead = db.session.execute(ahead.where(Case.closed_at.is_(None), Case.due_at >= now)).one()
    # A stopped promise has no due date, and the statutory clock may have run out all the same (T-4).
    red_stopped = (
        db.session.scalar(select(func.count()).where(Case.closed_at.is_(None), Case.due_at.is_(None), red)) or 0
    )
    beside = red_ahead + red_stopped
    return Lights(
        red=sum(r[2] for r in rows) + beside,
        overdue=sum(r[1] for r in rows) + beside,
        soon=soon_ones,
        late={r[0]: r[1] for r in rows},
    )


@dataclass(frozen=True)
class Due:
    """An overdue case or one that is due soon; ``span`` is how long it is over, or how much is left."""

    id: int
    light: Light
    span: timedelta
    matter: str
    department_id: int
    post_id: int
    provisional: bool


def worst(now: datetime, counts: Lights, limit: int) -> list[Due]:
    """The most urgent open cases: red, then overdue, the longest first; then what is due soonest."""
    is_open = Case.closed_at.is_(None)
    red = Case.red_at < now
    ids: list[int] = []
    if counts.overdue:
        late = (
            select(Case.id).where(is_open, Case.due_at < now).order_by(choose((red, 0), else_=1), Case.due_at, Case.id)
        )
        ids += db.session.scalars(late.limit(limit))
    if counts.overdue > sum(counts.late.values()):
        for beside in (Case.due_at.is_(None), Case.due_at >= now):
            ids += db.session.scalars(select(Case.id).where(is_open, beside, red).order_by(Case.red_at).limit(limit))
    if counts.soon and len(ids) < limit:
        calm = or_(Case.red_at.is_(None), Case.red_at >= now)
        soon = select(Case.id).where(is_open, Case.due_at >= now, Case.soon_at <= now, Case.stopped.is_(False), calm)
        ids += db.session.scalars(soon.order_by(Case.due_at, Case.id).limit(limit - len(ids)))
    if not ids:
        return []
    more = (Case.department_id, Case.post_id, Case.due_at, Case.soon_at, Case.red_at, Case.stopped, Case.provisional)
    query = select(Case.id, *more, *_MATTER).outerjoin(ServiceItem, ServiceItem.id == Case.item_id)
    found = [_due(row, now) for row in db.session.execute(query.where(Case.id.in_(ids)))]
    rank = {Light.RED: 0, Light.OVERDUE: 1}
    found.sort(key=lambda d: (rank.get(d.light, 2), -d.span if d.light in rank else d.span, d.id))
    return found[:limit]


_MATTER = (ServiceItem.name, Case.matter, Case.client_unit, Case.client_name, Case.client_phone)
_ASKED = (ServiceItem.name, FirstAsk.matter, FirstAsk.client_unit, FirstAsk.client_name, FirstAsk.client_phone)


def _matter(row: Any) -> str:
    """The item's name, or the matter as typed without the client's name; the last five columns of a row."""
    item, matter, *client = row[-5:]
    return item or without_names(matter, client)


def _due(row: Any, now: datetime) -> Due:
    light = cases.light_of(now, row.due_at, row.soon_at, row.red_at, row.stopped)
    late = light in (Light.OVERDUE, Light.RED)
    # Past the statutory limit alone: that is the limit which is over.
    limit = row.due_at if row.due_at is not None and (not late or row.due_at < now) else row.red_at
    span = now - limit if late else limit - now
    return Due(row.id, light, span, _matter(row), row.department_id, row.post_id, row.provisional)


def closed(first: date, last: date) -> dict[int, Rate]:
    """Cases closed within some days by department, and how many of them on time (W-0)."""
    good = and_(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED)
    query = select(Case.department_id, func.count(), func.count().filter(good))
    rows = db.session.execute(query.where(Case.closed_on >= first, Case.closed_on <= last).group_by(Case.department_id))
    return {department: Rate(whole, on_time) for department, whole, on_time in rows}


def tacit(now: datetime, until: datetime) -> tuple[int, int]:
    """Materials received and not answered whose five days (T-7a) end before an instant, and those whose are over."""
    ending = Case.tacit_at < until
    query = select(func.count(), func.count().filter(Case.tacit_at < now))
    row = db.session.execute(query.where(ending, Case.state == CaseState.RECEIVED, Case.closed_at.is_(None))).one()
    return row[0] - row[1], row[1]


# --- denial filings, urgent matters, hand-overs, today --------------------------------------------------------

# The words of the partial indexes themselves: with bound values SQLite could not know that it may use them.
_FILING_WAITS = text("denial_filing.state IN ('waiting_leader','waiting_principal')")
_UNACKNOWLEDGED = text(
    "first_ask.urgent AND first_ask.acknowledged_at IS NULL AND first_ask.reversed_at IS NULL"
    " AND first_ask.reverses_id + 0 IS NULL"
)
_HAND_OVER_WAITS = and_(HandOver.accepted_at.is_(None), HandOver.ruled_at.is_(None))


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody: since when, until when at the latest, and where."""

    id: int
    matter: str
    department_id: int
    since: datetime
    by: datetime | None
    to_department_id: int | None = None
    grave: bool = False
    disputed: bool = False


@dataclass(frozen=True)
class Queue:
    """What waits: how many, how many of them beyond their time, and the most urgent ones."""

    count: int = 0
    late: int = 0
    rows: tuple[Waiting, ...] = ()
    disputed: int = 0


def filings(now: datetime, limit: int) -> Queue:
    """Denial filings that wait for a decision (D-3, D-5), the earliest decision first."""
    query = select(func.count(), func.count().filter(Filing.decide_by < now)).select_from(Filing)
    count, late = db.session.execute(query.where(_FILING_WAITS)).one()
    if not count:
        return Queue()
    rows = db.session.execute(
        select(Filing.id, Filing.department_id, Filing.filed_at, Filing.decide_by, Filing.grave, *_MATTER)
        .join(Case, Case.id == Filing.case_id)
        .outerjoin(ServiceItem, ServiceItem.id == Case.item_id)
        .where(_FILING_WAITS)
        .order_by(Filing.decide_by, Filing.id)
        .limit(limit)
    )
    found = (Waiting(r.id, _matter(r), r.department_id, r.filed_at, r.decide_by, grave=r.grave) for r in rows)
    return Queue(count, late, tuple(found))


def urgent(now: datetime, limit: int) -> Queue:
    """Urgent matters that the principal has not acknowledged (F-5), the oldest first."""
    query = select(func.count(), func.count().filter(FirstAsk.acknowledge_by < now)).select_from(FirstAsk)
    count, late = db.session.execute(query.where(_UNACKNOWLEDGED)).one()
    if not count:
        return Queue()
    rows = db.session.execute(
        select(FirstAsk.id, FirstAsk.department_id, FirstAsk.asked_at, FirstAsk.acknowledge_by, *_ASKED)
        .outerjoin(ServiceItem, ServiceItem.id == FirstAsk.item_id)
        .where(_UNACKNOWLEDGED)
        .order_by(FirstAsk.asked_at, FirstAsk.id)
        .limit(limit)
    )
    found = (Waiting(r.id, _matter(r), r.department_id, r.asked_at, r.acknowledge_by) for r in rows)
    return Queue(count, late, tuple(found))


def hand_overs(now: datetime, limit: int) -> Queue:
    """Matters passed on that nobody has taken yet, disputed ones included (F-4), the earliest answer first."""
    entry = aliased(FirstAsk)
    waits = and_(_HAND_OVER_WAITS, entry.reversed_at.is_(None))
    # A dispute came in time or not; what waits then is the office's ruling, which has no limit.
    late_one = and_(HandOver.respond_by < now, HandOver.disputed_at.is_(None))
    query = select(func.count(), func.count().filter(late_one), func.count(HandOver.disputed_at))
    joined = query.select_from(HandOver).join(entry, entry.id == HandOver.entry_id)
    count, late, disputed = db.session.execute(joined.where(waits)).one()
    if not count:
        return Queue()
    matter = (ServiceItem.name, entry.matter, entry.client_unit, entry.client_name, entry.client_phone)
    own = (HandOver.from_department_id, HandOver.to_department_id, HandOver.passed_at)
    rows = db.session.execute(
        select(HandOver.id, *own, HandOver.respond_by, HandOver.disputed_at, *matter)
        .join(entry, entry.id == HandOver.entry_id)
        .outerjoin(ServiceItem, ServiceItem.id == entry.item_id)
        .where(waits)
        .order_by(HandOver.respond_by, HandOver.id)
        .limit(limit)
    )
    found = (
        Waiting(
            r.id,
            _matter(r),
            r.from_department_id,
            r.passed_at,
            r.respond_by,
            to_department_id=r.to_department_id,
            disputed=r.disputed_at is not None,
        )
        for r in rows
    )
    return Queue(count, late, tuple(found), disputed)


def asked_today(today: date) -> dict[Disposition, int]:
    """Today's first-asks that count, by first disposition (F-3)."""
    query = select(FirstAsk.disposition, func.count()).where(FirstAsk.asked_at >= clock.day_start(today), counted())
    return {row[0]: row[1] for row in db.session.execute(query.group_by(FirstAsk.disposition))}


def total(rates: Iterable[Rate]) -> Rate:
    """The rate over several departments."""
    return sum(rates, Rate())
