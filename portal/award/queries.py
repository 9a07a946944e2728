"""Reads of awards: rounds, what waits for whom, the awards given (O-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.award import rules
from portal.award import vocabulary as words
from portal.award.models import AwardRound, Nomination, NominationState, Nominee, RoundState, Span
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.people.models import Department, User

#: In the words of the partial index.
RUNNING = text("award_round.state NOT IN ('awarded','cancelled')")
GIVEN = (NominationState.AWARDED, NominationState.REVOKED)


def rounds() -> Select[Any]:
    """All rounds, the latest first."""
    return select(AwardRound).order_by(AwardRound.opened_at.desc(), AwardRound.id.desc())


def by_number(number: str) -> AwardRound:
    """A round with its nominations. Raises NotFound."""
    query = select(AwardRound).where(AwardRound.number == number)
    found = db.session.scalar(query.options(selectinload(AwardRound.nominations).joinedload(Nomination.user)))
    if found is None:
        raise NotFound()
    return found


def nomination_of(round_: AwardRound, nomination_id: int) -> Nomination:
    """A nomination of a round. Raises NotFound."""
    found = next((n for n in round_.nominations if n.id == nomination_id), None)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True)
class Wanted:
    """Filters of the awards given; empty ones do not restrict."""

    q: str = ""
    span: Span | None = None
    nominee: Nominee | None = None
    department: int | None = None
    year: int | None = None
    state: NominationState | None = None


def given(wanted: Wanted) -> Select[Any]:
    """The awards given, the revoked ones too, the latest period first."""
    query = (
        select(Nomination)
        .join(Nomination.round)
        .join(Nomination.department)
        .outerjoin(Nomination.user)
        .options(contains_eager(Nomination.round), contains_eager(Nomination.user), joinedload(Nomination.department))
        .where(Nomination.state.in_((wanted.state,) if wanted.state else GIVEN))
    )
    for column, value in (
        (AwardRound.span, wanted.span),
        (AwardRound.nominee, wanted.nominee),
        (Nomination.department_id, wanted.department),
    ):
        if value:
            query = query.where(column == value)
    if wanted.year:
        query = query.where(AwardRound.first_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.q:
        asked = (Nomination.certificate, AwardRound.title, User.name)
        named = [column.contains(wanted.q, autoescape=True) for column in asked]
        collective = Department.name.contains(wanted.q, autoescape=True) & Nomination.user_id.is_(None)
        query = query.where(or_(*named, collective))
    return query.order_by(AwardRound.last_on.desc(), Nomination.id)


# --- what waits for whom --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A round that has not ended, as menus and to-dos need it."""

    number: str
    title: str
    state: RoundState
    nominate_by: date
    vote_by: date
    object_by: date | None
    #: Persons and departments nominated: (person or None, department).
    nominated: tuple[tuple[int | None, int], ...]
    unsummarised: frozenset[int]
    unvoted: frozenset[int]
    #: Who made the objections that wait for an answer.
    objectors: tuple[int, ...]

    def concerns(self, actor: Actor) -> bool:
        """Whether the actor is nominated, or of a department nominated."""
        return any(rules.concerned(actor.id, actor.department_id, u, d) for u, d in self.nominated)


def _runs() -> tuple[Run, ...]:
    query = select(AwardRound).where(RUNNING).order_by(AwardRound.id)
    loaded = (
        selectinload(AwardRound.nominations),
        selectinload(AwardRound.circle),
        selectinload(AwardRound.objections),
    )
    return tuple(_run(each) for each in db.session.scalars(query.options(*loaded)))


def _run(each: AwardRound) -> Run:
    stands = [n for n in each.nominations if n.state is not NominationState.WITHDRAWN]
    return Run(
        each.number,
        each.title,
        each.state,
        each.nominate_by,
        each.vote_by,
        each.object_by,
        tuple((n.user_id, n.department_id) for n in stands),
        frozenset(n.user_id for n in stands if n.user_id and not n.summary),
        frozenset(v.user_id for v in each.circle if not v.voted),
        tuple(o.by_id for o in each.objections if o.answered_at is None),
    )


def runs() -> tuple[Run, ...]:
    """The rounds that have not ended, from memory."""
    return epochs.cached("award", "runs", _runs)


def _barred() -> tuple[tuple[str, str], ...]:
    query = (
        select(AwardRound.number, Nomination.certificate)
        .join(Nomination.round)
        .where(Nomination.state == NominationState.AWARDED, Nomination.barred_at.is_not(None))
        .order_by(Nomination.id)
    )
    return tuple((number, certificate or "") for number, certificate in db.session.execute(query))


def barred() -> tuple[tuple[str, str], ...]:
    """Awards that stand though a later decision bars them: round and certificate, from memory (A-4)."""
    return epochs.cached("award", "barred", _barred)


def waiting(actor: Actor, now: datetime) -> list[tuple[str, Run]]:
    """What waits for the actor in the rounds that run: the verb and the round."""
    found: list[tuple[str, Run]] = []
    day = clock.local(now).date()
    for run in runs():
        match run.state:
            case RoundState.NOMINATING:
                if actor.id in run.unsummarised:
                    found.append(("summarise", run))
                if actor.can(words.MANAGE) and run.nominate_by < day:
                    found.append(("open_vote", run))
            case RoundState.VOTING:
                if actor.id in run.unvoted and day <= run.vote_by:
                    found.append(("vote", run))
                if actor.can(words.MANAGE) and (run.vote_by < day or not run.unvoted):
                    found.append(("count", run))
            case RoundState.COUNTED:
                if Role.SUPERVISION in actor.roles and not run.concerns(actor):
                    found.append(("review", run))
            case RoundState.REVIEWED:
                if Role.PRINCIPAL in actor.roles and not run.concerns(actor):
                    found.append(("decide", run))
            case RoundState.PUBLICISED:
                if Role.SUPERVISION in actor.roles and any(by != actor.id for by in run.objectors):
                    found.append(("answer", run))
                if actor.can(words.MANAGE) and run.object_by and run.object_by < day and not run.objectors:
                    found.append(("finish", run))
    return found
