"""Reads of fees and consequences: of a case, the two registers, what waits for whom (C-8, C-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.cases import queries as cases
from portal.cases import service as case_service
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.fee import vocabulary as words
from portal.fee.models import CaseFee, Consequence, ConsequenceState
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty import queries as posts
from portal.service_commitment.models import BreachKind, ItemVersion


def may_record(actor: Actor, case: Case) -> bool:
    """Whether a person may record what was charged: who answers for the case's post now."""
    return actor.can(words.RECORD) and case_service.may_handle(actor, case)


def may_propose(actor: Actor, case: Case) -> bool:
    """Whether a person may propose a consequence and record it as given: the handler or the head."""
    return actor.can(words.RECORD) and (
        case_service.may_handle(actor, case) or case.department_id in actor.departments_headed()
    )


def is_superior(actor: Actor, department_id: int) -> bool:
    """Whether a person may decide about a consequence: head, leader in charge, principal (C-8)."""
    scope = decides_for(actor)
    return scope is None or department_id in scope


def decides_for(actor: Actor) -> frozenset[int] | None:
    """The departments about whose consequences a person decides; None: all."""
    if not actor.can(words.APPROVE):
        return frozenset()
    if any(a.kind == "principal" for a in actor.posts):
        return None
    charged = {d for d, post_id in posts.charges().items() if actor.answers_for(post_id) is not None}
    return actor.departments_headed() | charged


def published_kinds(version: ItemVersion) -> tuple[BreachKind, ...]:
    """The kinds of consequence that a version publishes."""
    return tuple(BreachKind(k) for k in version.breach_kinds.split(",") if k)


_LATER = aliased(CaseFee)


def _stands() -> ColumnElement[bool]:
    """No later record takes the place of this one."""
    return ~exists().where(_LATER.corrects_id == CaseFee.id)


def fees_of(case_id: int) -> list[CaseFee]:
    """All records of a case, the oldest first; corrected ones among them."""
    return list(db.session.scalars(select(CaseFee).where(CaseFee.case_id == case_id).order_by(CaseFee.id)))


def consequences_of(case_id: int) -> list[Consequence]:
    """The consequences of a case, the oldest first."""
    return list(db.session.scalars(select(Consequence).where(Consequence.case_id == case_id).order_by(Consequence.id)))


def consequence(actor: Actor, number: str) -> Consequence | None:
    """A consequence of a case that the actor may read, or decide about."""
    found = db.session.scalar(
        select(Consequence)
        .where(Consequence.number == number)
        .options(joinedload(Consequence.case))
        .with_for_update(of=Consequence)
        .execution_options(populate_existing=True)
    )
    if found is None:
        return None
    return found if cases.may_read(actor, found.case) or is_superior(actor, found.department_id) else None


@dataclass(frozen=True)
class Wanted:
    """How a register is narrowed."""

    first: date | None = None
    last: date | None = None
    department_id: int | None = None
    which: str = ""


def _seen(actor: Actor, column: Any) -> ColumnElement[bool] | None:
    if actor.can(case_words.READ_ALL):
        return None
    return column.in_(sorted(cases.departments_seen(actor)) or [0])


#: What of the register of fees is shown: by its word in the address.
FEES = {
    "": lambda: _stands(),
    "differs": lambda: _stands() & (CaseFee.charged_fen != CaseFee.expected_fen),
    "more": lambda: _stands() & (CaseFee.charged_fen > CaseFee.expected_fen),
    "less": lambda: _stands() & (CaseFee.charged_fen < CaseFee.expected_fen),
    "corrected": lambda: ~_stands(),
}


def fees(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The register of fees as a person may see it, the newest first."""
    query = select(CaseFee).options(joinedload(CaseFee.case)).where(FEES.get(wanted.which, FEES[""])())
    seen = _seen(actor, CaseFee.department_id)
    query = query if seen is None else query.where(seen)
    if wanted.department_id:
        query = query.where(CaseFee.department_id == wanted.department_id)
    if wanted.first:
        query = query.where(CaseFee.charged_on >= wanted.first)
    if wanted.last:
        query = query.where(CaseFee.charged_on <= wanted.last)
    return query.order_by(CaseFee.charged_on.desc(), CaseFee.id.desc())


@dataclass(frozen=True)
class Sums:
    """What the rows of a register add up to, in fen."""

    count: int
    expected: int
    charged: int


def sums(query: Select[Any]) -> Sums:
    """The sums of a register as it is narrowed."""
    inner = query.with_only_columns(CaseFee.expected_fen, CaseFee.charged_fen).order_by(None).subquery()
    row = db.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(inner.c.expected_fen), 0),
            func.coalesce(func.sum(inner.c.charged_fen), 0),
        )
    ).one()
    return Sums(row[0], int(row[1]), int(row[2]))


def consequences(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The register of consequences as a person may see it, the newest first."""
    query = select(Consequence).options(joinedload(Consequence.case))
    seen = _seen(actor, Consequence.department_id)
    query = query if seen is None else query.where(seen)
    if wanted.which in set(ConsequenceState):
        query = query.where(Consequence.state == ConsequenceState(wanted.which))
    if wanted.department_id:
        query = query.where(Consequence.department_id == wanted.department_id)
    if wanted.first:
        query = query.where(Consequence.proposed_at >= clock.day_start(wanted.first))
    if wanted.last:
        query = query.where(Consequence.proposed_at < clock.day_start(wanted.last + timedelta(days=1)))
    return query.order_by(Consequence.proposed_at.desc(), Consequence.id.desc())


@dataclass(frozen=True)
class Waiting:
    """A consequence that waits for somebody."""

    number: str
    matter: str
    case_number: str
    kind: BreachKind
    proposed_at: datetime
    state: ConsequenceState


_OPEN = (ConsequenceState.PROPOSED, ConsequenceState.APPROVED)


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for a person: proposals to decide, and approved consequences to be carried out and recorded."""
    if not (actor.can(words.APPROVE) or actor.can(words.RECORD)):
        return []
    scope = decides_for(actor)
    decide: ColumnElement[bool] = (Consequence.state == ConsequenceState.PROPOSED) & (
        Consequence.proposed_by_id != actor.id
    )
    if scope is not None:
        decide &= Consequence.department_id.in_(sorted(scope) or [0])
    give = (Consequence.state == ConsequenceState.APPROVED) & Case.post_id.in_(actor.post_ids or (0,))
    query = (
        select(
            Consequence.number, Case.matter, Case.number, Consequence.kind, Consequence.proposed_at, Consequence.state
        )
        .join(Case, Case.id == Consequence.case_id)
        .where(Consequence.state.in_(_OPEN), or_(decide, give))
        .order_by(Consequence.id)
        .limit(50)
    )
    return [Waiting(*row) for row in db.session.execute(query)]
