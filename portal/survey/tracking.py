"""Reads of measures of improvement and of meetings with clients (S-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.policy import queries as policy
from portal.survey import rules
from portal.survey import vocabulary as words
from portal.survey.models import ClientMeeting, Improvement, MeetingOpinion
from portal.survey.rules import HalfYear, Light, MeasureState

MEASURE_STATES = ("all", "open", "overdue", "done", "told", "withdrawn")


@dataclass(frozen=True)
class WantedMeasures:
    """Filters of the list of measures."""

    q: str = ""
    state: str = "all"
    department: int | None = None
    from_on: date | None = None
    until_on: date | None = None


def departments_of(actor: Actor) -> frozenset[int]:
    """The departments to which the actor belongs or for a post of which they answer."""
    own = {actor.department_id} if actor.department_id is not None else set()
    return frozenset(own | {held.department_id for held in actor.posts})


def may_read(actor: Actor, measure: Improvement) -> bool:
    """Whether the actor may read a measure: all, or those of their own department."""
    return actor.can(words.READ) or measure.department_id in departments_of(actor)


def may_report(actor: Actor, measure: Improvement) -> bool:
    """Whether the actor may say that a measure is done: its head, the holder of its post, or the office."""
    return (
        actor.can(words.MANAGE)
        or measure.department_id in actor.departments_headed()
        or (measure.post_id is not None and actor.answers_for(measure.post_id) is not None)
    )


def measure_by_number(actor: Actor, number: str) -> Improvement:
    """A measure that the actor may read. Raises NotFound."""
    found = db.session.scalar(select(Improvement).where(Improvement.number == number))
    if found is None or not may_read(actor, found):
        raise NotFound()
    return found


def measures(actor: Actor, wanted: WantedMeasures, today: date) -> Select[Any]:
    """Measures, those that are open first by their date."""
    open_first = (Improvement.state != MeasureState.OPEN, Improvement.due_on, Improvement.id)
    query = (
        select(Improvement)
        .order_by(*open_first)
        .options(joinedload(Improvement.survey), joinedload(Improvement.meeting))
    )
    if not actor.can(words.READ):
        query = query.where(Improvement.department_id.in_(departments_of(actor)))
    if wanted.state == "overdue":
        query = query.where(Improvement.state == MeasureState.OPEN, Improvement.due_on < today)
    elif wanted.state in MEASURE_STATES[1:]:
        query = query.where(Improvement.state == MeasureState(wanted.state))
    if wanted.department is not None:
        query = query.where(Improvement.department_id == wanted.department)
    if wanted.from_on:
        query = query.where(Improvement.due_on >= wanted.from_on)
    if wanted.until_on:
        query = query.where(Improvement.due_on <= wanted.until_on)
    if wanted.q:
        part = wanted.q
        query = query.where(
            or_(
                Improvement.number == part.upper(),
                Improvement.finding.contains(part, autoescape=True),
                Improvement.measure.contains(part, autoescape=True),
            )
        )
    return query


def measures_of(survey_id: int | None = None, meeting_id: int | None = None) -> list[Improvement]:
    """The measures laid down after a survey or a meeting."""
    query = select(Improvement).options(joinedload(Improvement.department)).order_by(Improvement.id)
    if survey_id is not None:
        return list(db.session.scalars(query.where(Improvement.survey_id == survey_id)))
    return list(db.session.scalars(query.where(Improvement.meeting_id == meeting_id)))


def light(state: MeasureState, due_on: date, today: date) -> Light:
    """The light of a measure."""
    return rules.light(state, due_on, today, policy.value("survey.due_soon_workdays"), calendar.work_calendar())


@dataclass(frozen=True)
class Waiting:
    """An open or untold measure as memory keeps it."""

    number: str
    measure: str
    department_id: int
    post_id: int | None
    due_on: date
    state: MeasureState


def waiting() -> tuple[Waiting, ...]:
    """All measures that are open, or done and not told of: few, and kept in memory."""
    return epochs.cached("survey", "waiting", _waiting)


def _waiting() -> tuple[Waiting, ...]:
    columns = (
        Improvement.number,
        Improvement.measure,
        Improvement.department_id,
        Improvement.post_id,
        Improvement.due_on,
        Improvement.state,
    )
    pending = (Improvement.state == MeasureState.OPEN, Improvement.state == MeasureState.DONE)
    return tuple(Waiting(*row) for each in pending for row in db.session.execute(select(*columns).where(each)).all())


def mine(actor: Actor) -> list[Waiting]:
    """The open measures that the actor is to do: those of the departments they head and of the posts they hold."""
    headed = actor.departments_headed()
    return [
        each
        for each in waiting()
        if each.state is MeasureState.OPEN
        and (each.department_id in headed or (each.post_id is not None and actor.answers_for(each.post_id)))
    ]


# --- meetings -------------------------------------------------------------------------------------------------


def meetings() -> Select[Any]:
    """Meetings, newest first."""
    return select(ClientMeeting).order_by(ClientMeeting.held_on.desc(), ClientMeeting.id.desc())


def meeting_by_number(number: str) -> ClientMeeting:
    """A meeting. Raises NotFound."""
    found = db.session.scalar(select(ClientMeeting).where(ClientMeeting.number == number))
    if found is None:
        raise NotFound()
    return found


def raised_at(meeting: ClientMeeting) -> list[MeetingOpinion]:
    """What was raised at a meeting."""
    query = select(MeetingOpinion).where(MeetingOpinion.meeting_id == meeting.id)
    return list(db.session.scalars(query.order_by(MeetingOpinion.number)))


def without_meeting(today: date) -> list[tuple[HalfYear, bool]]:
    """The half-years for which no meeting is recorded, each with whether it is over."""
    began, held = epochs.cached("survey", "meetings", _held)
    return rules.without_meeting(today, began, held, policy.value("survey.meeting_warn_days"))


def _held() -> tuple[date, tuple[date, ...]]:
    first = db.session.scalar(select(JournalEntry.at).where(JournalEntry.seq == 1))
    began = clock.local(first).date() if first is not None else date.max
    newest = select(ClientMeeting.held_on).order_by(ClientMeeting.held_on.desc()).limit(50)
    return began, tuple(db.session.scalars(newest))
