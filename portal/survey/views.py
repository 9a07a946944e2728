"""The office's pages of questionnaires: the list, the builder, preview, publication, figures (S-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, htmx, journal, timeline
from portal.kernel.actor import require_actor
from portal.kernel.acts import carried_out
from portal.kernel.db import db, locked
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.message_card.qr import qr_svg
from portal.people import queries as people
from portal.survey import queries, questions, service, showing, tracking
from portal.survey import vocabulary as words
from portal.survey.answering import answer_form
from portal.survey.forms import (
    STATE_TABS,
    ActForm,
    CodesForm,
    FilterForm,
    QuestionForm,
    ReasonForm,
    SurveyForm,
)
from portal.survey.models import Survey, SurveyQuestion
from portal.survey.rules import Audience, QuestionKind, Standing

bp = Blueprint("survey", __name__)

Answer = str | BaseResponse | tuple[str, int]


def shown() -> dict[str, Any]:
    """What the templates of this room use."""
    return {
        "queries": queries,
        "tracking": tracking,
        "showing": showing,
        "words": words,
        "names": people.user_names(),
        "department_names": people.department_names(),
    }


def address_of(survey: Survey) -> str:
    """The address that clients open and the QR code holds."""
    return url_for("survey.answer", token=survey.token, _external=True)


def locked_survey() -> Survey:
    """The survey of this address, locked. Raises NotFound."""
    number = (request.view_args or {})["number"]
    queries.by_number(require_actor(), number)
    return locked(Survey, number=number)


# --- the list -------------------------------------------------------------------------------------------------


@bp.get("/surveys")
@access.guard(words.READ)
def index() -> Answer:
    """Surveys with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    page = paginate(queries.listing(actor, form.wanted(), now))
    return htmx.page_or_fragment(
        "survey/index.html",
        "survey/_list.html",
        form=form,
        wanted=form.wanted(),
        page=page,
        answers=queries.answers([s.id for s in page.items if s.published_at and s.answered is None]),
        tabs=STATE_TABS,
        missing=tracking.without_meeting(clock.today()),
        filtered=any(v for k, v in request.args.items() if k not in ("page", "state")),
        **shown(),
    )


# --- writing --------------------------------------------------------------------------------------------------


@bp.route("/surveys/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def write() -> Answer:
    """Begin a questionnaire (S-2)."""
    actor, now = require_actor(), clock.now()
    opens = clock.day_start(clock.today() + timedelta(days=1)) + timedelta(hours=9)
    form = SurveyForm(data={"opens_at": opens, "closes_at": opens + timedelta(days=14), "audience": "link"})
    made: list[Survey] = []
    if request.method == "POST" and carried_out(
        form, lambda: made.append(service.write(actor, form.what(), now)), _("已存为草稿，请加入问题。")
    ):
        return go("survey.show", number=made[0].number)
    return render_template("survey/write.html", form=form, survey=None, **shown()), 422 if form.errors else 200


@bp.route("/surveys/<number>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def change(number: str) -> Answer:
    """Change a questionnaire that is not published."""
    actor, now = require_actor(), clock.now()
    survey = queries.by_number(actor, number)
    if survey.published_at is not None or survey.dropped_at is not None:
        raise NotFound()
    form = SurveyForm(
        data={
            "title": survey.title,
            "introduction": survey.introduction,
            "audience": str(survey.audience),
            "departments": [d.id for d in survey.departments],
            "opens_at": survey.opens_at,
            "closes_at": survey.closes_at,
        }
    )
    if request.method == "POST":
        locked(Survey, number=number)
        if carried_out(form, lambda: service.change(actor, survey, form.what(), now), _("已保存。")):
            return go("survey.show", number=number)
        survey = queries.by_number(actor, number)
    return render_template("survey/write.html", form=form, survey=survey, **shown()), 422 if form.errors else 200


# --- one survey -----------------------------------------------------------------------------------------------


def survey_page(number: str, **forms: PortalForm) -> str:
    actor, now = require_actor(), clock.now()
    survey = queries.by_number(actor, number)
    standing = queries.standing(survey, now)
    manages = actor.can(words.MANAGE)
    running = standing in (Standing.AHEAD, Standing.OPEN)
    old = db.session.get(Survey, survey.replaces_id) if survey.replaces_id else None
    return render_template(
        "survey/show.html",
        survey=survey,
        standing=standing,
        asked=queries.questions_of(survey),
        answered=queries.answered(survey) if survey.published_at else 0,
        codes_left=queries.codes_left(survey) if running and survey.audience is not Audience.LINK else 0,
        address=address_of(survey) if survey.token else "",
        qr=qr_svg(address_of(survey), _("问卷二维码")) if survey.token and running else None,
        replaces=old,
        manages=manages,
        running=running,
        measures=tracking.measures_of(survey_id=survey.id) if standing is Standing.CLOSED else [],
        forms_={"act": ActForm(formdata=None), "reason": ReasonForm(formdata=None), "codes": CodesForm(formdata=None)}
        | forms,
        history=timeline.lines(reversed(journal.of_object("survey", survey.id))),
        **shown(),
    )


@bp.get("/surveys/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A survey: its questions, who answers, how far it is."""
    return survey_page(number)


def _do(
    number: str, verb: Callable[[Survey], object], done: str, form: PortalForm, name: str, to: str = "survey.show"
) -> Answer:
    """One verb on a survey, locked; a refusal is shown at its field."""
    survey = locked_survey()
    if carried_out(form, lambda: verb(survey), done, {"questions": "", "closes_at": ""}):
        return go(to, number=number)
    return survey_page(number, **{name: form}), 422


@bp.post("/surveys/<number>/publish")
@access.guard(words.MANAGE)
def publish(number: str) -> Answer:
    """Publish: from now on nothing of it changes (S-2)."""
    actor, now = require_actor(), clock.now()
    return _do(number, lambda s: service.publish(actor, s, now), _("已发布，内容不能再改。"), ActForm(), "act")


@bp.post("/surveys/<number>/drop")
@access.guard(words.MANAGE)
def drop(number: str) -> Answer:
    """Give up a draft."""
    actor, now = require_actor(), clock.now()
    return _do(number, lambda s: service.drop(actor, s, now), _("已放弃。"), ActForm(), "act")


@bp.post("/surveys/<number>/close")
@access.guard(words.MANAGE)
def close(number: str) -> Answer:
    """End a survey before its time."""
    actor, now, form = require_actor(), clock.now(), ReasonForm()
    return _do(
        number, lambda s: service.close(actor, s, form.reason.data or "", now), _("已提前截止。"), form, "reason"
    )


def _made_from(number: str, verb: Callable[[Survey], Survey], done: str) -> Answer:
    queries.by_number(require_actor(), number)
    made = verb(locked(Survey, number=number))
    flash(done)
    return go("survey.show", number=made.number)


@bp.post("/surveys/<number>/copy")
@access.guard(words.MANAGE)
def copy(number: str) -> Answer:
    """Begin a new questionnaire with the content of this one."""
    actor, now = require_actor(), clock.now()
    return _made_from(number, lambda s: service.copy(actor, s, now), _("已复制为新的草稿，请核对时间。"))


@bp.post("/surveys/<number>/correct")
@access.guard(words.MANAGE)
def correct(number: str) -> Answer:
    """Prepare a new version of what nobody has answered yet (S-2)."""
    actor, now = require_actor(), clock.now()
    return _made_from(
        number, lambda s: service.correct(actor, s, now), _("新版已起草；发布后代替原来的问卷，链接和二维码不变。")
    )


# --- questions ------------------------------------------------------------------------------------------------


def _question(survey: Survey, question_id: int) -> SurveyQuestion:
    found = next((q for q in queries.questions_of(survey) if q.id == question_id), None)
    if found is None:
        raise NotFound()
    return found


def _draft(number: str) -> Survey:
    survey = queries.by_number(require_actor(), number)
    if survey.published_at is not None or survey.dropped_at is not None:
        raise NotFound()
    return locked(Survey, number=number) if request.method == "POST" else survey


def _question_page(form: QuestionForm, number: str, question: SurveyQuestion | None) -> Answer:
    survey = queries.by_number(require_actor(), number)
    scale = "、".join(f"{o.text} {o.points}" for o in queries.choices_now(QuestionKind.SCALE) or ())
    page = render_template("survey/question.html", form=form, survey=survey, question=question, scale=scale, **shown())
    return page, 422 if form.errors else 200


@bp.route("/surveys/<number>/questions/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def ask(number: str) -> Answer:
    """Add a question; the next one may follow at once."""
    actor, now = require_actor(), clock.now()
    survey = _draft(number)
    form = QuestionForm(data={"required": True, "kind": str(QuestionKind.SCALE)})
    if request.method == "POST" and carried_out(
        form, lambda: questions.ask(actor, survey, form.what(), now), _("已加入。")
    ):
        return go("survey.ask" if "more" in request.form else "survey.show", number=number)
    return _question_page(form, number, None)


@bp.route("/surveys/<number>/questions/<int:question_id>", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def change_question(number: str, question_id: int) -> Answer:
    """Change a question."""
    actor, now = require_actor(), clock.now()
    survey = _draft(number)
    question = _question(survey, question_id)
    own = question.choices() if queries.choices_now(question.kind) is None else ()
    form = QuestionForm(
        data={
            "kind": str(question.kind),
            "text": question.text,
            "help": question.help,
            "required": question.required,
            "options": "\n".join(o.text for o in own),
        }
    )
    if request.method == "POST" and carried_out(
        form, lambda: questions.change(actor, survey, question, form.what(), now), _("已保存。")
    ):
        return go("survey.show", number=number)
    return _question_page(form, number, question)


@bp.post("/surveys/<number>/questions/<int:question_id>/<any(up,down):way>")
@access.guard(words.MANAGE)
def move_question(number: str, question_id: int, way: str) -> Answer:
    """Move a question by one place."""
    survey = _draft(number)
    questions.move(require_actor(), survey, _question(survey, question_id), -1 if way == "up" else 1, clock.now())
    return go("survey.show", number=number)


@bp.post("/surveys/<number>/questions/<int:question_id>/remove")
@access.guard(words.MANAGE)
def remove_question(number: str, question_id: int) -> Answer:
    """Take a question out."""
    survey = _draft(number)
    questions.remove(require_actor(), survey, _question(survey, question_id), clock.now())
    flash(_("已删去。"))
    return go("survey.show", number=number)


@bp.get("/surveys/<number>/preview")
@access.guard(words.READ)
def preview(number: str) -> str:
    """The questionnaire exactly as the client will see it; nothing can be sent."""
    survey = queries.by_number(require_actor(), number)
    by_code = survey.audience is not Audience.LINK
    return render_template(
        "survey/answer.html",
        survey=survey,
        form=answer_form(queries.questions_of(survey), by_code, formdata=None),
        standing=Standing.OPEN,
        by_code=by_code,
        key="",
        unit=people.unit_name(),
        preview=True,
    )
