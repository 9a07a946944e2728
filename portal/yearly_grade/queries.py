"""Reads of rounds and results: who sees which, what waits, lists (E-5, E-6, E-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.exceptions import NotFound

from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people.models import Department, User
from portal.pure.scoring import Subject
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.models import (
    RoundState,
    YearlyCorrection,
    YearlyObjection,
    YearlyRound,
    YearlyRow,
    YearlyVeto,
    YearlyVoter,
)

S = RoundState
#: From this state on those graded see their own result.
SHOWN = (S.COMPUTED, S.REVIEWED, S.DECIDED, S.PUBLISHED)


def follows(actor: Actor) -> bool:
    """Whether the actor has a part in the rounds and sees them before they are published."""
    return any(actor.can(permission) for permission in words.FOLLOWING)


@dataclass(frozen=True)
class Live:
    """A round that is not published, as it is kept in memory."""

    id: int
    year: int
    subject: Subject
    state: RoundState
    vote_by: date | None
    object_by: datetime | None
    computed_by_id: int | None


def live() -> tuple[Live, ...]:
    """The rounds that are not published, from memory."""

    def read() -> tuple[Live, ...]:
        r = YearlyRound
        columns = r.id, r.year, r.subject, r.state, r.vote_by, r.object_by, r.computed_by_id
        query = select(*columns).where(db.text("state <> 'published'")).order_by(r.year, r.subject)
        return tuple(Live(*row) for row in db.session.execute(query))

    return epochs.cached("yearly_grade", "live", read)


def rounds(actor: Actor) -> list[YearlyRound]:
    """The rounds that an actor may open, the newest first: two a year."""
    query = select(YearlyRound).order_by(YearlyRound.year.desc(), YearlyRound.subject)
    if not follows(actor):
        query = query.where(YearlyRound.state == S.PUBLISHED)
    return list(db.session.scalars(query.limit(100)))


def round_of(actor: Actor, year: int, subject: str) -> YearlyRound:
    """A round that the actor may open. Raises NotFound for a missing and a hidden one alike."""
    found = any_round(year, subject)
    if found.state is not S.PUBLISHED and not follows(actor):
        raise NotFound()
    return found


def any_round(year: int, subject: str) -> YearlyRound:
    """A round, whoever asks. Raises NotFound."""
    query = select(YearlyRound).where(YearlyRound.year == year, YearlyRound.subject == Subject(subject))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def listing(round_: YearlyRound, typed: str = "", grade: str = "", department: int | None = None) -> Select[Any]:
    """The results of a round by place; then who is vetoed, and those without a total last."""
    query = select(YearlyRow).where(YearlyRow.round_id == round_.id)
    query = query.join(YearlyRow.department).outerjoin(YearlyRow.user)
    query = query.options(joinedload(YearlyRow.user), joinedload(YearlyRow.department))
    query = query.options(selectinload(YearlyRow.corrections))
    if typed:
        name = User.name if round_.subject is Subject.PERSON else Department.name
        query = query.where(name.contains(typed, autoescape=True))
    if grade:
        query = query.where(YearlyRow.grade == grade)
    if department:
        query = query.where(YearlyRow.department_id == department)
    return query.order_by(YearlyRow.place.is_(None), YearlyRow.place, YearlyRow.total.is_(None), YearlyRow.id)


def is_own(actor: Actor, row: YearlyRow) -> bool:
    """Whether a result is the actor's, or that of the department to which the actor belongs or that they head."""
    if row.user_id is not None:
        return row.user_id == actor.id
    return row.department_id == actor.department_id or row.department_id in actor.departments_headed()


def row_of(actor: Actor, row_id: int) -> YearlyRow:
    """A result that the actor may open: the own one from the computing on, all for who follows.

    Raises NotFound for a missing and a foreign one alike.
    """
    found = db.session.get(YearlyRow, row_id)
    if found is None or not (follows(actor) or (is_own(actor, found) and found.round.state in SHOWN)):
        raise NotFound()
    return found


def own(actor: Actor, limit: int = 12) -> list[YearlyRow]:
    """The results of an actor and of their departments, the newest first."""
    departments = {*actor.departments_headed(), actor.department_id or 0}
    query = (
        select(YearlyRow)
        .join(YearlyRow.round)
        .options(joinedload(YearlyRow.round), selectinload(YearlyRow.corrections))
        .where(YearlyRound.state.in_(SHOWN))
        .where(
            or_(
                YearlyRow.user_id == (actor.id or 0),
                (YearlyRow.user_id.is_(None)) & YearlyRow.department_id.in_(departments),
            )
        )
    )
    return list(db.session.scalars(query.order_by(YearlyRound.year.desc(), YearlyRow.id).limit(limit)))


# --- ballots --------------------------------------------------------------------------------------------------


def to_vote(actor: Actor) -> list[Live]:
    """The open rounds in which the actor has yet to vote: no query while none is open."""
    opened = [each for each in live() if each.state is S.OPEN]
    if not opened or actor.id is None:
        return []
    query = select(YearlyVoter.round_id).where(YearlyVoter.user_id == actor.id, YearlyVoter.voted.is_(False))
    mine = set(db.session.scalars(query.where(YearlyVoter.round_id.in_([each.id for each in opened]))))
    return [each for each in opened if each.id in mine]


def is_voter(actor: Actor, round_id: int) -> YearlyVoter | None:
    """The actor's place among the voters of a round."""
    return db.session.get(YearlyVoter, (round_id, actor.id or 0))


def voter_list(round_id: int, state: str = "") -> Select[Any]:
    """The voters of a round with whether they have voted, by department and name; ``state``: voted, waiting, all."""
    query: Any = select(User, YearlyVoter.voted).join(YearlyVoter, YearlyVoter.user_id == User.id)
    query = query.where(YearlyVoter.round_id == round_id)
    if state:
        query = query.where(YearlyVoter.voted.is_(state == "voted"))
    found: Select[Any] = query.order_by(User.department_id, User.name, User.id)
    return found


def ballot_rows(row_ids: list[int]) -> list[YearlyRow]:
    """Those whom a voter assesses, by department and name."""
    query = select(YearlyRow).join(YearlyRow.user).options(joinedload(YearlyRow.user))
    return list(db.session.scalars(query.where(YearlyRow.id.in_(row_ids)).order_by(YearlyRow.department_id, User.name)))


# --- what waits -----------------------------------------------------------------------------------------------


def objections(round_id: int) -> list[YearlyObjection]:
    """The objections of a round, those that wait first."""
    query = select(YearlyObjection).where(YearlyObjection.round_id == round_id)
    query = query.options(joinedload(YearlyObjection.row))
    return list(
        db.session.scalars(query.order_by(YearlyObjection.ruled_at.is_not(None), YearlyObjection.id.desc()).limit(200))
    )


def vetoes(round_id: int) -> list[YearlyVeto]:
    """The vetoes of a round, the newest first."""
    query = select(YearlyVeto).where(YearlyVeto.round_id == round_id).options(joinedload(YearlyVeto.row))
    return list(db.session.scalars(query.order_by(YearlyVeto.id.desc()).limit(200)))


def corrections(round_id: int) -> list[YearlyCorrection]:
    """The corrections of a published round, the newest first."""
    query = select(YearlyCorrection).where(YearlyCorrection.round_id == round_id)
    query = query.options(joinedload(YearlyCorrection.row))
    return list(db.session.scalars(query.order_by(YearlyCorrection.id.desc()).limit(200)))


def corrections_waiting() -> list[YearlyCorrection]:
    """The corrections that nobody has decided."""
    query = select(YearlyCorrection).where(db.text("yearly_correction.decided_at IS NULL"))
    return list(db.session.scalars(query.options(joinedload(YearlyCorrection.row)).limit(50)))


def grades(subject: str, year: int) -> dict[int, str]:
    """The published grades by department or person, corrections counted; empty before publication."""
    query = select(YearlyRow).join(YearlyRow.round).options(selectinload(YearlyRow.corrections))
    query = query.where(
        YearlyRound.year == year, YearlyRound.subject == Subject(subject), YearlyRound.state == S.PUBLISHED
    )
    found = {}
    for row in db.session.scalars(query):
        last = next((each for each in reversed(row.corrections) if each.accepted), None)
        found[row.department_id if row.user_id is None else row.user_id] = last.grade if last else row.grade
    return found
