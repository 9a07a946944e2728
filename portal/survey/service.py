"""The verbs of a questionnaire: write, change, ask, publish, correct, copy, close; publish its figures (S-2)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from portal.kernel import clock, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.survey import codes, queries, questions
from portal.survey import vocabulary as words
from portal.survey.models import Survey, SurveyClient, SurveyCode, SurveyDepartment, SurveyQuestion
from portal.survey.questions import Asked, question_facts, require_draft
from portal.survey.rules import Audience, QuestionKind, Standing

#: The longest time for which a questionnaire stays open.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Shape:
    """What a questionnaire is, beside its questions."""

    title: str
    introduction: str
    audience: Audience
    opens_at: datetime
    closes_at: datetime
    departments: tuple[int, ...] = ()


def _require(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("问卷由办公室管理。"))


def _check(shape: Shape) -> None:
    if shape.closes_at <= shape.opens_at:
        raise Invalid("closes_at", _("截止时间应晚于开始时间。"), "S-2")
    if shape.closes_at - shape.opens_at > LONGEST:
        raise Invalid("closes_at", _("一份问卷最长开放一年。"))
    if shape.audience is Audience.STAFF and not shape.departments:
        raise Invalid("departments", _("请选择由哪些科室的人员作答。"), "S-2")
    if set(shape.departments) - set(people.department_names()):
        raise Invalid("departments", _("没有这个科室。"))


def _facts(survey: Survey, departments: Iterable[int]) -> dict[str, Any]:
    names = people.department_names()
    return {
        "number": survey.number,
        "title": survey.title,
        "audience": str(survey.audience),
        "opens_at": survey.opens_at,
        "closes_at": survey.closes_at,
        "introduction": survey.introduction,
        "departments": [names[d] for d in departments],
    }


def _shape(survey: Survey, shape: Shape) -> tuple[int, ...]:
    survey.title, survey.introduction, survey.audience = shape.title, shape.introduction, shape.audience
    survey.opens_at, survey.closes_at = shape.opens_at, shape.closes_at
    return tuple(sorted(set(shape.departments))) if shape.audience is Audience.STAFF else ()


def write(actor: Actor, shape: Shape, now: datetime, copied_from: Survey | None = None) -> Survey:
    """Begin a questionnaire, with the questions of an earlier one where one is copied (S-2).

    Raises NotAllowed, Invalid for a wrong order of instants or a staff survey without departments.
    """
    _require(actor)
    _check(shape)
    made = Survey(number=numbers.take("WJ", now), made_by_id=actor.id, made_at=now, title="", audience=shape.audience)
    departments = _shape(made, shape)
    db.session.add(made)
    db.session.flush()
    db.session.add_all(SurveyDepartment(survey_id=made.id, department_id=d) for d in departments)
    journal.record(
        words.WRITTEN,
        made,
        actor,
        now,
        **_facts(made, departments),
        copied_from=copied_from.number if copied_from else "",
    )
    if copied_from is not None:
        _copy_questions(actor, copied_from, made, now)
    return made


def _copy_questions(actor: Actor, source: Survey, made: Survey, now: datetime) -> None:
    for old in queries.questions_of(source):
        own = tuple(o.text for o in old.choices()) if queries.choices_now(old.kind) is None else ()
        questions.ask(actor, made, Asked(old.kind, old.text, old.help, old.required, own), now)


def change(actor: Actor, survey: Survey, shape: Shape, now: datetime) -> None:
    """Change what is not published yet. Raises NotAllowed, Conflict, Invalid as ``write``."""
    require_draft(actor, survey)
    _check(shape)
    departments = _shape(survey, shape)
    db.session.execute(delete(SurveyDepartment).where(SurveyDepartment.survey_id == survey.id))
    db.session.expire(survey, ["departments"])
    db.session.add_all(SurveyDepartment(survey_id=survey.id, department_id=d) for d in departments)
    journal.record(words.CHANGED, survey, actor, now, **_facts(survey, departments))


def copy(actor: Actor, survey: Survey, now: datetime) -> Survey:
    """A new questionnaire with the content of an earlier one, for a time of the same length from tomorrow on."""
    begun = clock.local(survey.opens_at)
    opens = clock.day_start(clock.local(now).date() + timedelta(days=1)) + timedelta(
        hours=begun.hour, minutes=begun.minute
    )
    shape = Shape(
        survey.title,
        survey.introduction,
        survey.audience,
        opens,
        opens + (survey.closes_at - survey.opens_at),
        tuple(d.id for d in survey.departments if d.id in dict(people.open_departments())),
    )
    return write(actor, shape, now, copied_from=survey)


def drop(actor: Actor, survey: Survey, now: datetime) -> None:
    """Give up a questionnaire that was not published. Raises NotAllowed, Conflict."""
    require_draft(actor, survey)
    survey.dropped_at = now
    journal.record(words.DROPPED, survey, actor, now, number=survey.number)


# --- publication ----------------------------------------------------------------------------------------------


def content_digest(survey: Survey, asked: Sequence[SurveyQuestion]) -> str:
    """The digest of what clients see, as the publication is recorded with it."""
    seen = [survey.title, survey.introduction, [question_facts(q) for q in asked]]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def publish(actor: Actor, survey: Survey, now: datetime) -> None:
    """Publish: from now on nothing of it changes (S-2). Of a staff survey everybody's code is laid down.

    Raises NotAllowed, Conflict when it was published, or when somebody has answered the version that it replaces
    meanwhile, Invalid without a question or when its end is over.
    """
    require_draft(actor, survey)
    asked = queries.questions_of(survey)
    if not any(q.kind is not QuestionKind.DEPARTMENT for q in asked):
        raise Invalid("questions", _("请先加入问题，再发布。"), "S-2")
    if survey.closes_at <= now:
        raise Invalid("closes_at", _("截止时间已过，请先修改截止时间。"), "S-2")
    for question in asked:
        made = queries.choices_now(question.kind)
        if made is not None and made != question.choices():
            question.set_choices(made)
    db.session.flush()
    if survey.replaces_id is not None:
        _take_the_place(actor, db.session.get_one(Survey, survey.replaces_id), survey, now)
    survey.token = survey.token or secrets.token_urlsafe(8)
    survey.least_group = policy.value("survey.least_group")
    survey.drop_extremes = policy.value("survey.drop_extremes")
    survey.published_at, survey.published_by_id = now, actor.id
    if survey.audience is Audience.STAFF:
        codes.lay_down(survey)
    journal.record(
        words.PUBLISHED,
        survey,
        actor,
        now,
        version=survey.version,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        questions=len(asked),
        digest=content_digest(survey, asked),
        least_group=survey.least_group,
        drop_extremes=survey.drop_extremes,
    )


def correct(actor: Actor, survey: Survey, now: datetime) -> Survey:
    """Prepare a new version of a published questionnaire that nobody has answered yet (S-2).

    Raises NotAllowed, Conflict when it has answers, is closed, or a new version is being prepared already.
    """
    _require(actor)
    if queries.standing(survey, now) not in (Standing.AHEAD, Standing.OPEN):
        raise Conflict(_("只有待开始和进行中的问卷可以更正。"), "S-2")
    _require_unanswered(survey)
    if db.session.scalar(
        select(Survey.id).where(Survey.replaces_id == survey.id, Survey.dropped_at.is_(None)).limit(1)
    ):
        raise Conflict(_("这份问卷的新版已经在起草。"), "S-2")
    shape = Shape(
        survey.title,
        survey.introduction,
        survey.audience,
        survey.opens_at,
        survey.closes_at,
        tuple(d.id for d in survey.departments),
    )
    made = write(actor, shape, now, copied_from=survey)
    made.replaces_id, made.version = survey.id, survey.version + 1
    return made


def _require_unanswered(survey: Survey) -> None:
    if queries.answered(survey):
        raise Conflict(_("已经有人作答，问卷不能再改；可以提前截止，另发一份。"), "S-2")


def _take_the_place(actor: Actor, old: Survey, made: Survey, now: datetime) -> None:
    """The new version takes over address, codes and sample of the old one, which nobody has answered."""
    db.session.execute(select(Survey.id).where(Survey.id == old.id).with_for_update())
    if queries.standing(old, now) not in (Standing.AHEAD, Standing.OPEN):
        raise Conflict(_("原来的问卷已经截止。"), "S-2")
    _require_unanswered(old)
    token, old.token, old.replaced_at = old.token, None, now
    journal.record(words.REPLACED, old, actor, now, number=made.number)
    made.token, made.codes_issued, made.codes_void = token, old.codes_issued, old.codes_void
    if old.drawn_at is not None or old.listed:
        made.listed, made.list_digest, made.drawn, made.seed = old.listed, old.list_digest, old.drawn, old.seed
        made.drawn_at, made.drawn_by_id = old.drawn_at, old.drawn_by_id
        moved = update(SurveyClient).where(SurveyClient.survey_id == old.id).values(survey_id=made.id)
        db.session.execute(moved, execution_options={"synchronize_session": False})
    if made.audience is Audience.CODES is old.audience:
        kept = update(SurveyCode).where(SurveyCode.survey_id == old.id).values(survey_id=made.id)
        db.session.execute(kept, execution_options={"synchronize_session": False})
    else:
        db.session.execute(delete(SurveyCode).where(SurveyCode.survey_id == old.id))
        made.codes_issued = made.codes_void = 0


# --- the end --------------------------------------------------------------------------------------------------


def close(actor: Actor, survey: Survey, reason: str, now: datetime) -> None:
    """End a questionnaire before its time, with the reason. Raises NotAllowed, Conflict when it does not run."""
    _require(actor)
    if queries.standing(survey, now) not in (Standing.AHEAD, Standing.OPEN):
        raise Conflict(_("这份问卷没有在进行。"), "S-2")
    _end(actor, survey, reason, now, now)


def _end(actor: Actor, survey: Survey, reason: str, at: datetime, now: datetime) -> None:
    survey.answered = queries.answered(survey)
    survey.closed_at, survey.close_reason, survey.closed_by_id = at, reason, actor.id
    db.session.execute(delete(SurveyCode).where(SurveyCode.survey_id == survey.id))
    journal.record(words.CLOSED, survey, actor, now, number=survey.number, answered=survey.answered, reason=reason)


def sweep_ended(now: datetime) -> int:
    """Close the questionnaires whose time is over, each once."""
    over = (
        select(Survey)
        .where(
            Survey.published_at.is_not(None),
            Survey.closed_at.is_(None),
            Survey.replaced_at.is_(None),
            Survey.closes_at <= now,
        )
        .order_by(Survey.id)
        .with_for_update(skip_locked=True)
    )
    found = list(db.session.scalars(over))
    for survey in found:
        _end(SYSTEM, survey, "", survey.closes_at, now)
    return len(found)


def publish_results(actor: Actor, survey: Survey, note: str, now: datetime) -> None:
    """Show the figures on the public pages (S-2).

    Raises NotAllowed, Conflict before the end, when they are shown already, or when too few answered.
    """
    _require(actor)
    if queries.standing(survey, now) is not Standing.CLOSED:
        raise Conflict(_("问卷截止以后才能公布结果。"), "S-2")
    if survey.results_published_at is not None:
        raise Conflict(_("结果已经公布。"))
    if survey.closed_at is None:
        _end(SYSTEM, survey, "", survey.closes_at, now)
    if (survey.answered or 0) < (survey.least_group or 0):
        raise Conflict(_("作答人数太少，不能公布结果。"), "S-2")
    survey.results_published_at, survey.results_published_by_id, survey.results_note = now, actor.id, note
    journal.record(words.RESULTS_PUBLISHED, survey, actor, now, note=note, answered=survey.answered)


def withdraw_results(actor: Actor, survey: Survey, reason: str, now: datetime) -> None:
    """Take the figures off the public pages, with the reason. Raises NotAllowed, Conflict when they are not shown."""
    _require(actor)
    if survey.results_published_at is None:
        raise Conflict(_("结果没有公布。"))
    survey.results_published_at, survey.results_published_by_id, survey.results_note = None, None, ""
    journal.record(words.RESULTS_WITHDRAWN, survey, actor, now, reason=reason)
