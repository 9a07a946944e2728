"""Reads of the wall: open work and today, through partial indexes; never history, never a client's name (W-1, W-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Dialect, Engine, Integer, and_, bindparam, func, literal_column, or_, select, text
from sqlalchemy import case as choose

from portal.cases import queries as case_queries
from portal.cases import rules as cases
from portal.cases.models import Case, CaseState
from portal.denial_filing.models import Filing
from portal.first_ask.models import Disposition, FirstAsk, HandOver
from portal.first_ask.queries import counted
from portal.kernel import clock
from portal.kernel.db import UtcDateTime, db
from portal.kernel.journal import JournalEntry
from portal.people.queries import token_hash
from portal.pure.deadlines import Light
from portal.service_commitment.models import ServiceItem
from portal.urging import queries as urging
from portal.wall.models import Display
from portal.wall.rules import Rate, without_names

# --- displays -------------------------------------------------------------------------------------------------

_SCREEN = select(Display.large, select(func.max(JournalEntry.seq)).scalar_subquery()).where(
    Display.token_hash == bindparam("token"), Display.revoked_at.is_(None)
)


@dataclass(frozen=True)
class Screen:
    """What a poll needs of the display that sends it: its size, and the number of the journal's newest entry."""

    large: bool
    head: int


@cache
def _screen_sql(dialect: Dialect) -> str:
    return str(_SCREEN.compile(dialect=dialect))


def screen(engine: Engine, token: str) -> Screen | None:
    """The display of a token and the journal's head; None when unknown or revoked.

    Every screen asks this every few seconds, nearly always to learn that nothing has changed. One indexed statement
    straight on a connection answers it: a session with its transaction would cost several times as much.
    """
    connection, dialect, hashed = engine.raw_connection(), engine.dialect, token_hash(token)
    try:
        cursor = connection.cursor()
        cursor.execute(_screen_sql(dialect), (hashed,) if dialect.positional else {"token": hashed})
        row = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    return Screen(bool(row[0]), row[1] or 0) if row else None


def displays(ended: int = 20) -> list[Display]:
    """The displays that show the wall, by name, then the last ones that were revoked."""
    shown = select(Display).where(Display.revoked_at.is_(None)).order_by(Display.name, Display.id)
    gone = select(Display).where(Display.revoked_at.is_not(None)).order_by(Display.revoked_at.desc()).limit(ended)
    return [*db.session.scalars(shown), *db.session.scalars(gone)]


# --- open work ------------------------------------------------------------------------------------------------
# The statements are built once: building one costs more than running it.

NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
LIMIT = bindparam("limit", type_=Integer())

_OPEN = Case.closed_at.is_(None)
_RED = Case.red_at < NOW
_CALM = or_(Case.red_at.is_(None), Case.red_at >= NOW)
#: While a clock is stopped its ``soon_at`` lies ahead, or there is none.
_SOON = and_(Case.soon_at <= NOW, _CALM)

# Each of the three reads a range of due dates from the index of open work alone; "+ 0" keeps the grouping from choosing
# another index (written out, since PostgreSQL takes two bound zeros for two expressions). A stopped promise has no due
# date, and the statutory clock may have run out all the same (T-4).
_DEPARTMENT = Case.department_id + literal_column("0", Integer())
_PAST = (
    select(_DEPARTMENT, func.count(), func.count().filter(_RED)).where(_OPEN, Case.due_at < NOW).group_by(_DEPARTMENT)
)
_AHEAD = select(func.count().filter(_SOON), func.count().filter(_RED)).where(_OPEN, Case.due_at >= NOW)
_STOPPED = select(func.count()).where(_OPEN, Case.due_at.is_(None), _RED)


@dataclass(frozen=True)
class Lights:
    """Open cases by light (T-6), ``overdue`` with ``red``; and those past their promise, by department (W-0)."""

    red: int
    overdue: int
    soon: int
    late: dict[int, int]
    #: Red ones among those whose promise is stopped, and among those whose promise is not over yet.
    red_stopped: int = 0
    red_ahead: int = 0


def lights(now: datetime) -> Lights:
    """Count the open cases that are red, overdue and due soon."""
    at = {"now": now}
    past = db.session.execute(_PAST, at).all()
    soon, red_ahead = db.session.execute(_AHEAD, at).one()
    red_stopped = db.session.scalar(_STOPPED, at) or 0
    return Lights(
        red=sum(r[2] for r in past) + red_stopped + red_ahead,
        overdue=sum(r[1] for r in past) + red_stopped + red_ahead,
        soon=soon,
        late={r[0]: r[1] for r in past},
        red_stopped=red_stopped,
        red_ahead=red_ahead,
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


_MATTER = (ServiceItem.name, Case.matter, Case.client_unit, Case.client_name, Case.client_phone)
_ASKED = (ServiceItem.name, FirstAsk.matter, FirstAsk.client_unit, FirstAsk.client_name, FirstAsk.client_phone)

_LATE_FIRST = (
    select(Case.id)
    .where(_OPEN, Case.due_at < NOW)
    .order_by(choose((_RED, 0), else_=1), Case.due_at, Case.id)
    .limit(LIMIT)
)
_RED_STOPPED = select(Case.id).where(_OPEN, Case.due_at.is_(None), _RED).order_by(Case.red_at).limit(LIMIT)
_RED_AHEAD = select(Case.id).where(_OPEN, Case.due_at >= NOW, _RED).order_by(Case.red_at).limit(LIMIT)
_SOON_FIRST = select(Case.id).where(_OPEN, Case.due_at >= NOW, _SOON).order_by(Case.due_at, Case.id).limit(LIMIT)
_DUE = (
    select(
        Case.id,
        Case.department_id,
        Case.post_id,
        Case.due_at,
        Case.soon_at,
        Case.red_at,
        Case.provisional,
        *_MATTER,
    )
    .outerjoin(ServiceItem, ServiceItem.id == Case.item_id)
    .where(Case.id.in_(bindparam("ids", expanding=True)))
)


def worst(now: datetime, counts: Lights, limit: int) -> list[Due]:
    """The most urgent open cases: red, then overdue, the longest first; then what is due soonest."""
    at: dict[str, Any] = {"now": now, "limit": limit}
    ids: list[int] = []
    if counts.late:
        ids += db.session.scalars(_LATE_FIRST, at)
    if counts.red_stopped:
        ids += db.session.scalars(_RED_STOPPED, at)
    if counts.red_ahead:
        ids += db.session.scalars(_RED_AHEAD, at)
    if counts.soon and len(ids) < limit:
        ids += db.session.scalars(_SOON_FIRST, {"now": now, "limit": limit - len(ids)})
    if not ids:
        return []
    found = [_due(row, now) for row in db.session.execute(_DUE, {"ids": ids})]
    rank = {Light.RED: 0, Light.OVERDUE: 1}
    found.sort(key=lambda d: (rank.get(d.light, 2), -d.span if d.light in rank else d.span, d.id))
    return found[:limit]


def _matter(row: Any) -> str:
    """The item's name, or the matter as typed without the client's name; the last five columns of a row."""
    item, matter, *client = row[-5:]
    return item or without_names(matter, client)


def _due(row: Any, now: datetime) -> Due:
    light = cases.light_of(now, row.due_at, row.soon_at, row.red_at)
    late = light in (Light.OVERDUE, Light.RED)
    # Past the statutory limit alone: that is the limit which is over.
    limit = row.due_at if row.due_at is not None and (not late or row.due_at < now) else row.red_at
    span = now - limit if late else limit - now
    return Due(row.id, light, span, _matter(row), row.department_id, row.post_id, row.provisional)


_CLOSED = (
    select(
        Case.department_id,
        func.count(),
        func.count().filter(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED),
    )
    .where(Case.closed_on >= bindparam("first"), Case.closed_on <= bindparam("last"))
    .group_by(Case.department_id)
)


def closed(first: date, last: date) -> dict[int, Rate]:
    """Cases closed within some days by department, and how many of them on time (W-0)."""
    rows = db.session.execute(_CLOSED, {"first": first, "last": last})
    return {department: Rate(whole, on_time) for department, whole, on_time in rows}


def parts(first: date, last: date, now: datetime) -> Rate:
    """Parts of joint cases: in the rates of their departments, not in the unit's, which counts a matter once (T-9)."""
    found = case_queries.parts(first, last, now)
    return Rate(found.closed, found.on_time, found.open_overdue)


_TACIT = select(func.count(), func.count().filter(Case.tacit_at < NOW)).where(
    Case.tacit_at < bindparam("until"), Case.state == CaseState.RECEIVED, _OPEN
)


def tacit(now: datetime, until: datetime) -> tuple[int, int]:
    """Materials received and not answered whose five days (T-7a) end before an instant, and those whose are over."""
    ending, over = db.session.execute(_TACIT, {"now": now, "until": until}).one()
    return ending - over, over


# --- denial filings, urgent matters, hand-overs, today --------------------------------------------------------

# The words of the partial indexes themselves: with bound values SQLite could not know that it may use them.
_FILING_WAITS = text("denial_filing.state IN ('waiting_leader','waiting_principal')")
_UNACKNOWLEDGED = text(
    "first_ask.urgent AND first_ask.acknowledged_at IS NULL AND first_ask.reversed_at IS NULL"
    " AND first_ask.reverses_id + 0 IS NULL"
)
_HAND_OVER_WAITS = and_(HandOver.accepted_at.is_(None), HandOver.ruled_at.is_(None), FirstAsk.reversed_at.is_(None))


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody: since when, until when at the latest, and where."""

    id: int
    matter: str
    department_id: int
    since: datetime
    by: datetime | None
    grave: bool = False
    disputed: bool = False


@dataclass(frozen=True)
class Queue:
    """What waits: how many, how many of them beyond their time, and the most urgent ones."""

    count: int = 0
    late: int = 0
    rows: tuple[Waiting, ...] = ()
    disputed: int = 0


# A filing whose case was closed otherwise has fallen; nobody has to decide it.
_FILINGS = (
    select(func.count(), func.count().filter(Filing.decide_by < NOW))
    .select_from(Filing)
    .join(Case, Case.id == Filing.case_id)
    .where(_FILING_WAITS, Case.closed_at.is_(None))
)
_FILING_ROWS = (
    select(Filing.id, Filing.department_id, Filing.filed_at, Filing.decide_by, Filing.grave, *_MATTER)
    .join(Case, Case.id == Filing.case_id)
    .outerjoin(ServiceItem, ServiceItem.id == Case.item_id)
    .where(_FILING_WAITS, Case.closed_at.is_(None))
    .order_by(Filing.decide_by, Filing.id)
    .limit(LIMIT)
)


def filings(now: datetime, limit: int) -> Queue:
    """Denial filings that wait for a decision (D-3, D-5), the earliest decision first."""
    count, late = db.session.execute(_FILINGS, {"now": now}).one()
    rows = db.session.execute(_FILING_ROWS, {"limit": limit}) if count else ()
    found = (Waiting(r.id, _matter(r), r.department_id, r.filed_at, r.decide_by, grave=r.grave) for r in rows)
    return Queue(count, late, tuple(found))


_URGENT = (
    select(func.count(), func.count().filter(FirstAsk.acknowledge_by < NOW))
    .select_from(FirstAsk)
    .where(_UNACKNOWLEDGED)
)
_URGENT_ROWS = (
    select(FirstAsk.id, FirstAsk.department_id, FirstAsk.asked_at, FirstAsk.acknowledge_by, *_ASKED)
    .outerjoin(ServiceItem, ServiceItem.id == FirstAsk.item_id)
    .where(_UNACKNOWLEDGED)
    .order_by(FirstAsk.asked_at, FirstAsk.id)
    .limit(LIMIT)
)


def urgent(now: datetime, limit: int) -> Queue:
    """Urgent matters that the principal has not acknowledged (F-5), the oldest first."""
    count, late = db.session.execute(_URGENT, {"now": now}).one()
    rows = db.session.execute(_URGENT_ROWS, {"limit": limit}) if count else ()
    found = (Waiting(r.id, _matter(r), r.department_id, r.asked_at, r.acknowledge_by) for r in rows)
    return Queue(count, late, tuple(found))


# A dispute came in time or not; what waits then is the office's ruling, which has no limit.
_LATE_HAND_OVER = and_(HandOver.respond_by < NOW, HandOver.disputed_at.is_(None))
_HAND_OVERS = (
    select(func.count(), func.count().filter(_LATE_HAND_OVER), func.count(HandOver.disputed_at))
    .select_from(HandOver)
    .join(FirstAsk, FirstAsk.id == HandOver.entry_id)
    .where(_HAND_OVER_WAITS)
)
_HAND_OVER_ROWS = (
    select(
        HandOver.id, HandOver.to_department_id, HandOver.passed_at, HandOver.respond_by, HandOver.disputed_at, *_ASKED
    )
    .join(FirstAsk, FirstAsk.id == HandOver.entry_id)
    .outerjoin(ServiceItem, ServiceItem.id == FirstAsk.item_id)
    .where(_HAND_OVER_WAITS)
    .order_by(HandOver.respond_by, HandOver.id)
    .limit(LIMIT)
)


def hand_overs(now: datetime, limit: int) -> Queue:
    """Matters passed on that nobody has taken yet, disputed ones included (F-4), the earliest answer first."""
    count, late, disputed = db.session.execute(_HAND_OVERS, {"now": now}).one()
    rows = db.session.execute(_HAND_OVER_ROWS, {"limit": limit}) if count else ()
    found = (
        Waiting(r.id, _matter(r), r.to_department_id, r.passed_at, r.respond_by, disputed=r.disputed_at is not None)
        for r in rows
    )
    return Queue(count, late, tuple(found), disputed)


def supervised(now: datetime, limit: int) -> Queue:
    """Supervisions without a reply past their date (T-12), by number: their subject may name a client."""
    count, rows = urging.overdue(now, limit)
    return Queue(count, count, tuple(Waiting(s.id, s.number, s.department_id, s.reply_by, s.reply_by) for s in rows))


_ASKED_TODAY = (
    select(FirstAsk.disposition, func.count())
    .where(FirstAsk.asked_at >= bindparam("since", type_=UtcDateTime()), counted())
    .group_by(FirstAsk.disposition)
)


def asked_today(today: date) -> dict[Disposition, int]:
    """Today's first-asks that count, by first disposition (F-3)."""
    return {row[0]: row[1] for row in db.session.execute(_ASKED_TODAY, {"since": clock.day_start(today)})}


def total(rates: Iterable[Rate]) -> Rate:
    """The rate over several departments."""
    return sum(rates, Rate())
