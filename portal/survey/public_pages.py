"""What everybody sees without a login: a questionnaire to answer, and published figures (S-2).

The answering page sets no cookie and writes no journal entry: neither tells who was here.
"""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, idempotency
from portal.kernel.db import db, locked
from portal.kernel.paging import paginate
from portal.kernel.web import csrf, same_site
from portal.people import queries as people
from portal.survey import codes, queries, rules, showing
from portal.survey import vocabulary as words
from portal.survey.answering import AnswerForm, answer_form
from portal.survey.models import Survey
from portal.survey.rules import Audience, Standing
from portal.survey.views import bp

PER_PAGE = 20


def _page(survey: Survey, form: AnswerForm | None, status: int = 200) -> BaseResponse:
    answer = make_response(
        render_template(
            "survey/answer.html",
            survey=survey,
            form=form,
            standing=queries.standing(survey, clock.now()),
            by_code=survey.audience is not Audience.LINK,
            key=idempotency.key_input(),
            unit=people.unit_name(),
            preview=False,
        ),
        status,
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/q/<token>")
@access.public
def answer(token: str) -> BaseResponse:
    """The questionnaire, or that it has not begun or is over (S-2)."""
    survey = queries.by_token(token)
    running = queries.standing(survey, clock.now()) is Standing.OPEN
    form = None
    if running:
        form = answer_form(queries.questions_of(survey), survey.audience is not Audience.LINK, formdata=None)
    return _page(survey, form)


@bp.post("/q/<token>")
@csrf.exempt  # answering needs no session, so that no cookie tells one visitor from another
@access.public
def send_answer(token: str) -> BaseResponse:
    """Take an answer; a code works once, a wrong one is told at its field (S-2)."""
    same_site()
    queries.by_token(token)
    survey, now = locked(Survey, token=token), clock.now()
    by_code = survey.audience is not Audience.LINK
    form = answer_form(queries.questions_of(survey), by_code)
    if queries.standing(survey, now) is not Standing.OPEN:
        return _page(survey, None)
    good = form.validate()
    if not good or form.website.data:
        if good:
            form.form_errors.append(_("没有提交成功，请刷新页面后重新填写。"))
        return _page(survey, form, 422)
    try:
        taken = codes.answer(
            survey,
            form.given(),
            now,
            code=form["code"].data if by_code else "",
            address=request.remote_addr or "",
            form_key=idempotency.sent_key(),
        )
    except codes.NotRunning:
        return _page(survey, None)
    except codes.TooMany:
        db.session.rollback()
        form.form_errors.append(_("今天从这里提交的次数太多，请改天或者换一个网络再试。"))
        return _page(survey, form, 429)
    if not taken:  # answered with 200, so that the count of wrong codes is kept
        form["code"].errors = [_("答卷码不对，或者已经用过。请对照印好的答卷码再填一次。")]
        return _page(survey, form)
    return redirect(url_for("survey.thanks", token=token), 303)


@bp.get("/q/<token>/thanks")
@access.public
def thanks(token: str) -> str:
    """Thanks; the same for everybody."""
    return render_template("survey/thanks.html", survey=queries.by_token(token), unit=people.unit_name())


@bp.get("/public/surveys")
@access.public
def public_index() -> str:
    """Questionnaires that everybody may answer now, and published figures."""
    return render_template(
        "survey/public_index.html",
        running=queries.public_running(clock.now()),
        page=paginate(queries.public_results(), per_page=PER_PAGE),
    )


@bp.get("/public/surveys/<number>")
@access.public
def public_show(number: str) -> str:
    """The published figures of a questionnaire, and what was done about them. Never what was written by hand."""
    survey = db.session.scalar(queries.public_results().where(Survey.number == number))
    results = queries.results_of(survey, clock.now()) if survey is not None else None
    if survey is None or results is None:
        raise NotFound()
    return render_template(
        "survey/public_show.html",
        survey=survey,
        results=results,
        showing=showing,
        told=queries.told_of(survey),
        words=words,
        unit=people.unit_name(),
        rules=rules,
    )
