"""Reads of surveys, their figures, measures and meetings (S-2)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.kernel import clock, epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.scale import read_scale
from portal.survey import rules, tally
from portal.survey import vocabulary as words
from portal.survey.models import Improvement, Survey, SurveyCode, SurveyPaper, SurveyQuestion
from portal.survey.rules import Audience, MeasureState, QuestionKind, Standing
from portal.survey.tally import Option, Question, Results


def standing(survey: Survey, now: datetime) -> Standing:
    """Where a survey stands."""
    return rules.standing(
        now,
        published_at=survey.published_at,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        closed_at=survey.closed_at,
        replaced=survey.replaced_at is not None,
        dropped=survey.dropped_at is not None,
    )


def by_number(actor: Actor, number: str) -> Survey:
    """A survey that the actor may read. Raises NotFound: what is not published is the office's alone."""
    found = db.session.scalar(select(Survey).where(Survey.number == number))
    if found is None or (found.published_at is None and not actor.can(words.MANAGE)):
        raise NotFound()
    return found


def by_token(token: str) -> Survey:
    """The survey behind a public address. Raises NotFound."""
    found = db.session.scalar(select(Survey).where(Survey.token == token))
    if found is None:
        raise NotFound()
    return found


def questions_of(survey: Survey) -> list[SurveyQuestion]:
    """The questions in their order."""
    query = select(SurveyQuestion).where(SurveyQuestion.survey_id == survey.id)
    return list(db.session.scalars(query.order_by(SurveyQuestion.position, SurveyQuestion.id)))


def choices_now(kind: QuestionKind) -> tuple[Option, ...] | None:
    """The options of a question that the portal makes itself: the scale of the policy, the departments; else None."""
    if kind is QuestionKind.SCALE:
        grades = read_scale(policy.value("survey.scale"))
        return tuple(Option(str(n), g.text, g.points) for n, g in enumerate(grades, 1))
    if kind is QuestionKind.DEPARTMENT:
        return tuple(Option(str(key), name) for key, name in people.open_departments())
    return () if kind is QuestionKind.TEXT else None


# --- the list -------------------------------------------------------------------------------------------------

STATES = ("all", "draft", "ahead", "open", "closed", "shown")


@dataclass(frozen=True)
class Wanted:
    """Filters of the list of surveys; empty ones do not restrict."""

    q: str = ""
    state: str = "all"
    audience: Audience | None = None
    from_on: date | None = None
    until_on: date | None = None


def listing(actor: Actor, wanted: Wanted, now: datetime) -> Select[Any]:
    """Surveys, newest first; those that are not published only for who manages."""
    query = select(Survey).order_by(Survey.made_at.desc(), Survey.id.desc())
    published, over = Survey.published_at.is_not(None), or_(Survey.closed_at.is_not(None), Survey.closes_at <= now)
    running = and_(published, Survey.replaced_at.is_(None))
    if not actor.can(words.MANAGE):
        query = query.where(published)
    match wanted.state:
        case "draft":
            query = query.where(Survey.published_at.is_(None), Survey.dropped_at.is_(None))
        case "ahead":
            query = query.where(running, Survey.opens_at > now, ~over)
        case "open":
            query = query.where(running, Survey.opens_at <= now, ~over)
        case "closed":
            query = query.where(running, over)
        case "shown":
            query = query.where(Survey.results_published_at.is_not(None))
    if wanted.audience:
        query = query.where(Survey.audience == wanted.audience)
    if wanted.from_on:
        query = query.where(Survey.opens_at >= clock.day_start(wanted.from_on))
    if wanted.until_on:
        query = query.where(Survey.opens_at < clock.day_start(wanted.until_on + timedelta(days=1)))
    if wanted.q:
        query = query.where(or_(Survey.number == wanted.q.upper(), Survey.title.contains(wanted.q, autoescape=True)))
    return query


def answers(survey_ids: Iterable[int]) -> dict[int, int]:
    """How many answered, by survey."""
    wanted = list(survey_ids)
    rows = db.session.execute(
        select(SurveyPaper.survey_id, func.count())
        .where(SurveyPaper.survey_id.in_(wanted), SurveyPaper.question_id.is_(None))
        .group_by(SurveyPaper.survey_id)
    )
    return {**dict.fromkeys(wanted, 0), **dict(rows.all())}


def answered(survey: Survey) -> int:
    """How many have answered."""
    return survey.answered if survey.answered is not None else answers([survey.id])[survey.id]


def codes_left(survey: Survey) -> int:
    """How many one-time codes still work."""
    return db.session.scalar(select(func.count()).where(SurveyCode.survey_id == survey.id)) or 0


# --- figures --------------------------------------------------------------------------------------------------


def results_of(survey: Survey, now: datetime) -> Results | None:
    """The figures of a survey; None before its end."""
    least = survey.least_group
    if standing(survey, now) is not Standing.CLOSED or least is None:
        return None
    return epochs.cached("survey", f"results/{survey.id}", lambda: _counted(survey, least))


def _counted(survey: Survey, least: int) -> Results:
    """Counted from all papers, once: after the end none is added."""
    asked = [Question(q.id, q.kind, q.text, q.choices()) for q in questions_of(survey)]
    papers = db.session.scalars(
        select(SurveyPaper.content).where(SurveyPaper.survey_id == survey.id, SurveyPaper.question_id.is_(None))
    )
    read: list[Mapping[int, list[str]]] = [
        {int(key): values for key, values in json.loads(content).items()} for content in papers
    ]
    return tally.results(asked, read, least, survey.drop_extremes)


def texts_of(survey: Survey, results: Results) -> dict[int, list[str]]:
    """What was written in own words by question, shuffled; nothing where figures are withheld."""
    found: dict[int, list[str]] = {
        r.question.id: [] for r in results.questions if r.question.kind is QuestionKind.TEXT and not r.withheld
    }
    rows = db.session.execute(
        select(SurveyPaper.question_id, SurveyPaper.content).where(SurveyPaper.question_id.in_(found))
    )
    for question_id, content in rows:
        found[question_id or 0].append(content)
    for said in found.values():
        random.SystemRandom().shuffle(said)
    return found


# --- what the public sees -------------------------------------------------------------------------------------


def public_running(now: datetime) -> list[Survey]:
    """Surveys that everybody may answer now."""
    query = select(Survey).where(
        Survey.published_at.is_not(None),
        Survey.closed_at.is_(None),
        Survey.replaced_at.is_(None),
        Survey.audience == Audience.LINK,
        Survey.opens_at <= now,
        Survey.closes_at > now,
    )
    return list(db.session.scalars(query.order_by(Survey.closes_at)))


def public_results() -> Select[Any]:
    """Surveys whose figures are published, newest first."""
    shown = select(Survey).where(Survey.results_published_at.is_not(None))
    return shown.order_by(Survey.results_published_at.desc(), Survey.id.desc())


def told_of(survey: Survey) -> list[Improvement]:
    """The measures of a survey that clients have been told of."""
    query = select(Improvement).where(Improvement.survey_id == survey.id, Improvement.state == MeasureState.TOLD)
    return list(db.session.scalars(query.options(joinedload(Improvement.department)).order_by(Improvement.id)))


# --- surveys of staff -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """A survey that is published and not over, as memory keeps it."""

    id: int
    number: str
    title: str
    audience: Audience
    token: str
    opens_at: datetime
    closes_at: datetime
    departments: frozenset[int]


def running() -> tuple[Running, ...]:
    """The surveys that are published and not closed."""
    return epochs.cached("survey", "running", _running)


def _running() -> tuple[Running, ...]:
    query = select(Survey).where(
        Survey.published_at.is_not(None), Survey.closed_at.is_(None), Survey.replaced_at.is_(None)
    )
    return tuple(
        Running(
            s.id,
            s.number,
            s.title,
            s.audience,
            s.token or "",
            s.opens_at,
            s.closes_at,
            frozenset(d.id for d in s.departments),
        )
        for s in db.session.scalars(query.order_by(Survey.closes_at))
    )


def for_staff(actor: Actor, now: datetime) -> list[Running]:
    """The surveys that the staff of the actor's department is asked to answer now."""
    return [
        s
        for s in running()
        if s.audience is Audience.STAFF and actor.department_id in s.departments and s.opens_at <= now < s.closes_at
    ]
