"""Reads of clients' opinions: open ones through the index of open work, history by page (S-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.client_opinion import rights, rules
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionRectification, OpinionState
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.pure.deadlines import Light

S = OpinionState
#: Whose turn it is.
_DEPARTMENT = (S.REGISTERED, S.APPROVED, S.RECTIFYING)
_JUDGES = (S.ANSWERED, S.RECTIFIED, S.CALLING_BACK)


def by_number(actor: Actor, number: str) -> Opinion:
    """An opinion that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(Opinion).where(Opinion.number == number).options(selectinload(Opinion.rounds), joinedload(Opinion.case))
    )
    if found is None or not rights.may_read(actor, found):
        raise NotFound()
    return found


def due_of(opinion: Opinion) -> datetime | None:
    """Until when the present step is due; None: it has no limit."""
    if opinion.closed_at is not None:
        return None
    if opinion.contact_due_at is not None and opinion.contacted_at is None:
        return opinion.contact_due_at
    if opinion.state is S.APPROVED:
        return opinion.answer_due_at
    if opinion.state is S.RECTIFYING and opinion.last is not None:
        return opinion.last.due_at
    return None


def light(opinion: Opinion, now: datetime) -> str:
    """The light of the present step: due soon on its last day."""
    if opinion.closed_at is not None:
        return "closed"
    due = due_of(opinion)
    soon = clock.day_start(clock.local(due).date()) if due is not None else None
    return str(rules.light(now, due, soon))


def is_late(opinion: Opinion, now: datetime) -> bool:
    """Whether the present step is past its limit."""
    return light(opinion, now) == Light.OVERDUE


# --- lists -----------------------------------------------------------------------------------------------------

TABS = ("open", "overdue", "mine", "closed", "all")


@dataclass(frozen=True)
class Wanted:
    """Filters of the list; empty ones do not restrict."""

    q: str = ""
    tab: str = "open"
    state: str = ""
    kind: str = ""
    source: str = ""
    verdict: str = ""
    department: int | None = None
    from_on: date | None = None
    until_on: date | None = None


def overdue(now: datetime) -> ColumnElement[bool]:
    """Open ones whose present step is past its limit."""
    late_round = (
        select(OpinionRectification.id)
        .where(
            OpinionRectification.opinion_id == Opinion.id,
            OpinionRectification.rectified_at.is_(None),
            OpinionRectification.due_at < now,
        )
        .exists()
    )
    return and_(
        Opinion.closed_at.is_(None),
        or_(
            and_(Opinion.contact_due_at < now, Opinion.contacted_at.is_(None)),
            and_(Opinion.state == S.APPROVED, Opinion.answer_due_at < now),
            and_(Opinion.state == S.RECTIFYING, late_round),
        ),
    )


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """The opinions that the actor may read and that fit: the newest first."""
    query = select(Opinion).options(selectinload(Opinion.rounds))
    seen = rights.visible(actor)
    if seen is not None:
        query = query.where(seen)
    match wanted.tab:
        case "overdue":
            query = query.where(overdue(now))
        case "mine":
            query = query.where(_turn(**_of(actor)))
        case "closed":
            query = query.where(Opinion.closed_at.is_not(None))
        case "all":
            pass
        case _:
            query = query.where(Opinion.closed_at.is_(None))
    for column, value in (
        (Opinion.state, wanted.state),
        (Opinion.kind, wanted.kind),
        (Opinion.source, wanted.source),
        (Opinion.verdict, wanted.verdict),
        (Opinion.department_id, wanted.department),
    ):
        if value:
            query = query.where(column == value)
    if wanted.from_on:
        query = query.where(Opinion.opened_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Opinion.opened_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.q:
        columns = Opinion.number, Opinion.text, Opinion.notice_number
        query = query.where(or_(*(column.contains(wanted.q, autoescape=True) for column in columns)))
    return query.order_by(Opinion.opened_at.desc(), Opinion.id.desc())


# --- what waits ------------------------------------------------------------------------------------------------


def _turn(headed: Any, led: Any, judged: Any, own: Any, unassigned: Any) -> ColumnElement[bool]:
    """Open ones on which it is somebody's turn: the departments they head and lead, the states that they judge outside
    their own departments, and those in which a department is still to be named."""
    return and_(
        Opinion.closed_at.is_(None),
        or_(
            and_(Opinion.state.in_(_DEPARTMENT), Opinion.department_id.in_(headed)),
            and_(Opinion.state == S.DRAFTED, Opinion.department_id.in_(led)),
            and_(Opinion.state.in_(judged), Opinion.department_id.not_in(own)),
            and_(Opinion.department_id.is_(None), Opinion.state.in_(unassigned)),
        ),
    )


def _of(actor: Actor) -> dict[str, list[Any]]:
    """What ``_turn`` needs to know of a person."""
    return {
        "headed": list(actor.departments_headed()),
        "led": list(rights.departments_in_charge(actor)),
        "judged": list(_JUDGES) if judges_now(actor) else [],
        "own": list(ab_rights.own_departments(actor)),
        "unassigned": [S.REGISTERED] if rights.manages(actor) else [],
    }


def _has_turns(given: dict[str, list[Any]]) -> bool:
    return any(given[name] for name in ("headed", "led", "judged", "unassigned"))


def judges_now(actor: Actor) -> bool:
    """Whether what is to be judged waits for the actor: the office and the supervision group."""
    return actor.can(words.JUDGE) and actor.can(words.READ_ALL)


@cache
def _waiting() -> Select[Any]:
    names = ("headed", "led", "judged", "own", "unassigned")
    return (
        select(func.count())
        .select_from(Opinion)
        .where(_turn(**{name: bindparam(name, expanding=True) for name in names}))
    )


def count_waiting(actor: Actor) -> int:
    """How many opinions wait for the actor: one statement over the index of open ones."""
    given = _of(actor)
    return (db.session.scalar(_waiting(), given) or 0) if _has_turns(given) else 0


def waiting(actor: Actor, limit: int = 30) -> list[Opinion]:
    """The opinions that wait for the actor, the oldest first."""
    given = _of(actor)
    if not _has_turns(given):
        return []
    query = select(Opinion).where(_turn(**given)).options(selectinload(Opinion.rounds))
    return list(db.session.scalars(query.order_by(Opinion.opened_at, Opinion.id).limit(limit)))


def doubted(actor: Actor, limit: int = 20) -> list[Opinion]:
    """Opinions that somebody calls untrue and that the actor may decide about as the second person."""
    if not actor.can(words.JUDGE):
        return []
    query = select(Opinion).where(Opinion.untrue_proposed_by_id.is_not(None)).order_by(Opinion.id).limit(limit)
    found = db.session.scalars(query.options(selectinload(Opinion.rounds), joinedload(Opinion.case)))
    return [each for each in found if rights.seconds(actor, each)]


def late_seen(actor: Actor, now: datetime) -> int:
    """How many opinions are past a limit that the actor should know of: as the office, the principal or a leader."""
    if not (rights.sees_all(actor) or Role.LEADER in actor.roles):
        return 0
    query = select(func.count()).select_from(Opinion).where(overdue(now))
    seen = rights.visible(actor)
    return db.session.scalar(query if seen is None else query.where(seen)) or 0
