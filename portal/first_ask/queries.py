"""Reads of the first-ask log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.first_ask import rules
from portal.first_ask import vocabulary as words
from portal.first_ask.models import Channel, Disposition, FirstAsk, HandOver
from portal.kernel import clock, search
from portal.kernel.actor import Actor
from portal.kernel.db import db


def counted() -> ColumnElement[bool]:
    """Entries that count: neither reversed nor reversals."""
    # "+ 0" keeps the unique index of reversals out of the plan: nearly every entry has none, so it would read them all.
    return (FirstAsk.reverses_id + 0).is_(None) & FirstAsk.reversed_at.is_(None)


@dataclass(frozen=True)
class Filter:
    """What the log is narrowed to."""

    q: str = ""
    first: date | None = None
    last: date | None = None
    department_id: int | None = None
    disposition: Disposition | None = None
    channel: Channel | None = None
    mine: bool = False
    urgent: bool = False
    reversed: bool = False


def log(actor: Actor, wanted: Filter) -> Select[Any]:
    """The log as the actor may see it, newest first. Ordered by an index; no count of the whole table."""
    query = select(FirstAsk).options(
        selectinload(FirstAsk.asker),
        selectinload(FirstAsk.department),
        selectinload(FirstAsk.case),
        selectinload(FirstAsk.handovers).selectinload(HandOver.to_department),
    )
    if not wanted.reversed:
        query = query.where(counted())
    if wanted.mine:
        query = query.where(FirstAsk.asker_id == actor.id)
    elif wanted.department_id:
        query = query.where(FirstAsk.department_id == wanted.department_id)
    if not actor.can(words.READ_ALL) and not wanted.mine:
        seen = departments_seen(actor)
        if len(seen) == 1 and not wanted.department_id:
            query = query.where(FirstAsk.department_id == next(iter(seen)))
        else:
            # "+ 0" keeps the order's index in use: a few departments are found soon in newest-first order.
            query = query.where((FirstAsk.department_id + 0).in_(seen))
    if wanted.disposition:
        query = query.where(FirstAsk.disposition == wanted.disposition)
    if wanted.channel:
        query = query.where(FirstAsk.channel == wanted.channel)
    if wanted.urgent:
        query = query.where(FirstAsk.urgent)
    if wanted.first:
        query = query.where(FirstAsk.asked_at >= clock.day_start(wanted.first))
    if wanted.last:
        query = query.where(FirstAsk.asked_at < clock.day_start(wanted.last + timedelta(days=1)))
    if wanted.q:
        query = search.restrict(query, FirstAsk.id, "first_ask", wanted.q)
    return query.order_by(FirstAsk.asked_at.desc(), FirstAsk.id.desc())


def departments_seen(actor: Actor) -> frozenset[int]:
    """Departments whose entries an actor sees."""
    return cases.departments_seen(actor)


def may_read(actor: Actor, entry: FirstAsk) -> bool:
    """Who may see an entry: its department, departments it was passed to, its asker, the office, the principal."""
    if not actor.can(words.READ):
        return False
    seen = departments_seen(actor)
    touched = {entry.department_id} | {h.to_department_id for h in entry.handovers}
    touched |= {h.ruled_department_id for h in entry.handovers if h.ruled_department_id}
    return actor.can(words.READ_ALL) or entry.asker_id == actor.id or bool(seen & touched)


def by_number(actor: Actor, number: str) -> FirstAsk:
    """An entry that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    entry = db.session.scalar(
        select(FirstAsk)
        .where(FirstAsk.number == number)
        .options(selectinload(FirstAsk.handovers), selectinload(FirstAsk.case))
    )
    if entry is None or not may_read(actor, entry):
        raise NotFound()
    return entry


def outcome_of(entry: FirstAsk) -> rules.Outcome:
    """What became of an entry (F-3)."""
    last = entry.handovers[-1] if entry.handovers else None
    return rules.outcome(
        entry.disposition,
        reversed_at=entry.reversed_at,
        case_closed=None if entry.case is None else entry.case.closed_at is not None,
        answered=entry.answered_at is not None,
        hand=None
        if last is None
        else rules.HandFacts(last.accepted_at is not None, last.disputed_at is not None, last.ruled_at is not None),
    )


def today(asker_id: int, limit: int = 6) -> list[FirstAsk]:
    """Today's entries of one person, newest first."""
    return list(
        db.session.scalars(
            select(FirstAsk)
            .where(FirstAsk.asker_id == asker_id, FirstAsk.asked_at >= clock.day_start(clock.today()), counted())
            .order_by(FirstAsk.asked_at.desc(), FirstAsk.id.desc())
            .limit(limit)
        )
    )


def count_today(asker_id: int | None = None, department_ids: frozenset[int] | None = None) -> int:
    """How many entries of today: of one person, of departments, or of all."""
    query = select(func.count()).select_from(FirstAsk)
    query = query.where(FirstAsk.asked_at >= clock.day_start(clock.today()), counted())
    if asker_id is not None:
        query = query.where(FirstAsk.asker_id == asker_id)
    if department_ids is not None:
        query = query.where(FirstAsk.department_id.in_(department_ids))
    return db.session.scalar(query) or 0


def waiting_for(department_ids: frozenset[int]) -> list[HandOver]:
    """Matters passed to some departments that wait for an answer (F-4), oldest first."""
    return list(
        db.session.scalars(
            select(HandOver)
            .join(FirstAsk, FirstAsk.id == HandOver.entry_id)
            .where(
                HandOver.to_department_id.in_(department_ids),
                HandOver.accepted_at.is_(None),
                HandOver.ruled_at.is_(None),
                HandOver.disputed_at.is_(None),
                FirstAsk.reversed_at.is_(None),
            )
            .options(selectinload(HandOver.entry), selectinload(HandOver.from_department))
            .order_by(HandOver.respond_by)
            .limit(100)
        )
    )


def taken_over(department_ids: frozenset[int]) -> list[HandOver]:
    """Matters that departments took over (or were ruled to) and that have no result yet, oldest first."""
    return list(
        db.session.scalars(
            select(HandOver)
            .join(FirstAsk, FirstAsk.id == HandOver.entry_id)
            .where(
                FirstAsk.reversed_at.is_(None),
                FirstAsk.case_id.is_(None),
                FirstAsk.answered_at.is_(None),
                FirstAsk.disposition == Disposition.PASSED,
                FirstAsk.asked_at > clock.now() - timedelta(days=180),
                or_(
                    HandOver.ruled_department_id.in_(department_ids),
                    HandOver.accepted_at.is_not(None) & HandOver.to_department_id.in_(department_ids),
                ),
            )
            .options(selectinload(HandOver.entry))
            .order_by(HandOver.passed_at)
            .limit(100)
        )
    )


def disputed() -> list[HandOver]:
    """Disputes that wait for the office's ruling (F-4), oldest first."""
    return list(
        db.session.scalars(
            select(HandOver)
            .join(FirstAsk, FirstAsk.id == HandOver.entry_id)
            .where(HandOver.accepted_at.is_(None), HandOver.ruled_at.is_(None), HandOver.disputed_at.is_not(None))
            .where(FirstAsk.reversed_at.is_(None))
            .options(selectinload(HandOver.entry))
            .order_by(HandOver.disputed_at)
            .limit(100)
        )
    )


def unacknowledged() -> list[FirstAsk]:
    """Urgent matters that the principal has not acknowledged (F-5), oldest first."""
    return list(
        db.session.scalars(
            select(FirstAsk)
            .where(FirstAsk.urgent, FirstAsk.acknowledged_at.is_(None), FirstAsk.reversed_at.is_(None))
            .where(FirstAsk.reverses_id.is_(None))
            .order_by(FirstAsk.asked_at)
            .limit(50)
        )
    )


def of_case(case: Case) -> FirstAsk | None:
    """The entry through which a case came in."""
    return db.session.scalar(select(FirstAsk).where(FirstAsk.case_id == case.id).order_by(FirstAsk.id).limit(1))


def undo_until(entry: FirstAsk, minutes: int) -> datetime:
    """Until when an entry can be undone without a reason."""
    return entry.filed_at + timedelta(minutes=minutes)


def count_today_by_department() -> dict[int, int]:
    """Today's entries by department."""
    rows = (
        select(FirstAsk.department_id, func.count())
        .where(FirstAsk.asked_at >= clock.day_start(clock.today()), counted())
        .group_by(FirstAsk.department_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}
