"""Reads of the first-ask log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from portal.cases import queries as cases
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.first_ask import rules
from portal.first_ask import vocabulary as words
from portal.first_ask.models import Channel, Disposition, FirstAsk, HandOver
from portal.kernel import clock, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people


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


class Row(NamedTuple):
    """An entry as the log shows it."""

    number: str
    asked_at: datetime
    filed_at: datetime
    channel: Channel
    matter: str
    urgent: bool
    client_name: str
    client_unit: str
    client_phone: str
    materials_left: str
    outcome: str
    disposition: Disposition
    whither: str
    asker: str
    department: str
    case_number: str
    result: rules.Outcome


def log(actor: Actor, wanted: Filter) -> Select[Any]:
    """The log as the actor may see it, newest first. Ordered by an index; no count of the whole table.

    Selects the columns of ``rows_of``, not objects: a page of fifty costs one query more for the hand-overs.
    """
    query = cast(
        Select[Any],
        select(
            FirstAsk.id,
            FirstAsk.number,
            FirstAsk.asked_at,
            FirstAsk.filed_at,
            FirstAsk.channel,
            FirstAsk.matter,
            FirstAsk.urgent,
            FirstAsk.client_name,
            FirstAsk.client_unit,
            FirstAsk.client_phone,
            FirstAsk.materials_left,
            FirstAsk.outcome,
            FirstAsk.disposition,
            FirstAsk.outside_authority,
            FirstAsk.asker_id,
            FirstAsk.department_id,
            FirstAsk.reversed_at,
            FirstAsk.reverses_id,
            FirstAsk.answered_at,
            Case.number.label("case_number"),
            Case.closed_at.label("case_closed_at"),
            Case.department_id.label("case_department_id"),
        ).outerjoin(Case, Case.id == FirstAsk.case_id),
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


def rows_of(found: Sequence[Any]) -> list[Row]:
    """The rows of one page of ``log``, with the last hand-over of each and what became of it."""
    ids = [r.id for r in found if r.disposition is Disposition.PASSED]
    hands: dict[int, Any] = {}
    if ids:
        for hand in db.session.execute(
            select(
                HandOver.entry_id,
                HandOver.to_department_id,
                HandOver.accepted_at,
                HandOver.disputed_at,
                HandOver.ruled_at,
            )
            .where(HandOver.entry_id.in_(ids))
            .order_by(HandOver.ordinal)
        ):
            hands[hand.entry_id] = hand
    people_names, departments = people.user_names(), people.department_names()
    made = []
    for r in found:
        last = hands.get(r.id)
        result = rules.outcome(
            r.disposition,
            reversed_at=r.reversed_at or (r.asked_at if r.reverses_id else None),
            case_closed=None if r.case_number is None else r.case_closed_at is not None,
            answered=r.answered_at is not None,
            hand=None
            if last is None
            else rules.HandFacts(last.accepted_at is not None, last.disputed_at is not None, last.ruled_at is not None),
        )
        made.append(
            Row(
                r.number,
                r.asked_at,
                r.filed_at,
                r.channel,
                r.matter,
                r.urgent,
                r.client_name,
                r.client_unit,
                r.client_phone,
                r.materials_left,
                r.outcome,
                r.disposition,
                departments.get(last.to_department_id, "") if last else r.outside_authority,
                people_names.get(r.asker_id, ""),
                departments.get(r.department_id, ""),
                r.case_number or "",
                result,
            )
        )
    return made


def openable(actor: Actor, found: Sequence[Any]) -> frozenset[str]:
    """Numbers of the cases on one page of ``log`` that the actor may open: a case passed on is another department's."""
    known, seen = {r.case_number: r.case_department_id for r in found if r.case_number}, departments_seen(actor)
    far = [number for number, department in known.items() if department not in seen]
    shut = (
        {c.number for c in db.session.scalars(select(Case).where(Case.number.in_(far))) if not cases.may_read(actor, c)}
        if far and not actor.can(case_words.READ_ALL)
        else set()
    )
    return frozenset(known.keys() - shut)


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
                # "+ 0" and the instant of the passing-on: the few hand-overs lead to their entries.
                (FirstAsk.case_id + 0).is_(None),
                FirstAsk.answered_at.is_(None),
                HandOver.passed_at > clock.now() - timedelta(days=180),
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


def waits_for_principal() -> Any:
    """The condition of the partial index, in its own words: SQLAlchemy's ``urgent = 1`` would not fit it."""
    return text("first_ask.urgent AND first_ask.acknowledged_at IS NULL AND first_ask.reversed_at IS NULL")


def unacknowledged() -> list[FirstAsk]:
    """Urgent matters that the principal has not acknowledged (F-5), oldest first."""
    return list(
        db.session.scalars(
            select(FirstAsk)
            .where(waits_for_principal(), FirstAsk.reverses_id.is_(None))
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
