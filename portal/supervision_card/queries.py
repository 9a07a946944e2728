"""Reads of supervision cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, exists, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.kernel import clock, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.supervision_card import vocabulary as words
from portal.supervision_card.models import SupervisionCard

SEARCH = "supervision_card"
#: Cases told of at most among the to-dos.
MOST_OWED = 20


@dataclass(frozen=True)
class Wanted:
    """Filters of the register; empty ones do not restrict."""

    q: str = ""
    from_on: date | None = None
    until_on: date | None = None
    department: int | None = None
    state: str = ""


def may_read(actor: Actor, card: SupervisionCard) -> bool:
    """Whether an actor sees a card: those of the own departments, of cases that may be read, or all."""
    if actor.can(words.READ_ALL) or card.department_id in cases.departments_seen(actor):
        return True
    return card.case is not None and cases.may_read(actor, card.case)


def by_number(actor: Actor, number: str) -> SupervisionCard:
    """A card that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(SupervisionCard).where(SupervisionCard.number == number))
    if found is None or not may_read(actor, found):
        raise NotFound()
    return found


def of_case(case_id: int) -> list[SupervisionCard]:
    """All cards of a case, oldest first."""
    query = select(SupervisionCard).where(SupervisionCard.case_id == case_id).order_by(SupervisionCard.id)
    return list(db.session.scalars(query))


def valid_of(case_id: int) -> SupervisionCard | None:
    """The card that a case has."""
    return db.session.scalar(
        select(SupervisionCard).where(SupervisionCard.case_id == case_id, SupervisionCard.withdrawn_at.is_(None))
    )


def listing(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The cards that an actor may read and that fit, newest first."""
    query = select(SupervisionCard)
    if not actor.can(words.READ_ALL):
        query = query.where(SupervisionCard.department_id.in_(cases.departments_seen(actor)))
    if wanted.q:
        query = search.restrict(query, SupervisionCard.id, SEARCH, wanted.q)
    if wanted.from_on:
        query = query.where(SupervisionCard.issued_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(SupervisionCard.issued_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.department:
        query = query.where(SupervisionCard.department_id == wanted.department)
    match wanted.state:
        case "valid":
            query = query.where(SupervisionCard.withdrawn_at.is_(None))
        case "withdrawn":
            query = query.where(SupervisionCard.withdrawn_at.is_not(None))
        case "case":
            query = query.where(SupervisionCard.case_id.is_not(None))
        case "visit":
            query = query.where(SupervisionCard.case_id.is_(None))
    return query.order_by(SupervisionCard.issued_at.desc(), SupervisionCard.id.desc())


def exported(actor: Actor, wanted: Wanted, most: int) -> list[SupervisionCard]:
    """The cards of an export, with their cases."""
    return list(db.session.scalars(listing(actor, wanted).options(joinedload(SupervisionCard.case)).limit(most)))


def owed_since() -> datetime | None:
    """Since when every acceptance gets a card; None when the office has not decided so."""
    if not policy.value("supervision_card.every_acceptance"):
        return None
    row = policy.newest_versions().get("supervision_card.every_acceptance")
    return row.set_at if row is not None else None


def owed(actor: Actor) -> list[Row[Any]]:
    """Accepted cases of the actor's posts that have no card although each is to get one: number, matter, due date."""
    since = owed_since() if actor.posts else None
    if since is None:
        return []
    card = exists().where(SupervisionCard.case_id == Case.id, SupervisionCard.withdrawn_at.is_(None))
    query = (
        select(Case.number, Case.matter, Case.due_at)
        .where(Case.closed_at.is_(None), Case.accepted_at >= since, ~card)
        .where(Case.post_id.in_([each.post_id for each in actor.posts]))
    )
    return list(db.session.execute(query.order_by(Case.due_at).limit(MOST_OWED)))


def genuine(number: str) -> SupervisionCard | None:
    """The card of a number, for the check page."""
    return db.session.scalar(select(SupervisionCard).where(SupervisionCard.number == number))
