"""The figures of a closed survey: page, sheet, report, publication (S-2)."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, documents, sheets
from portal.kernel.actor import require_actor
from portal.kernel.acts import carried_out
from portal.kernel.forms import PortalForm
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.survey import queries, service, showing, tracking
from portal.survey import vocabulary as words
from portal.survey.forms import PublishResultsForm, ReasonForm
from portal.survey.models import Survey
from portal.survey.tally import Results
from portal.survey.views import Answer, bp, locked_survey, shown


def _figures(number: str) -> tuple[Survey, Results]:
    survey = queries.by_number(require_actor(), number)
    results = queries.results_of(survey, clock.now())
    if results is None:
        raise NotFound()
    return survey, results


def _results_page(number: str, **forms: PortalForm) -> str:
    survey, results = _figures(number)
    actor = require_actor()
    reads_texts = actor.can(words.READ_TEXTS)
    return render_template(
        "survey/results.html",
        survey=survey,
        results=results,
        texts=queries.texts_of(survey, results) if reads_texts else {},
        reads_texts=reads_texts,
        manages=actor.can(words.MANAGE),
        measures=tracking.measures_of(survey_id=survey.id),
        forms_={"publish": PublishResultsForm(formdata=None), "reason": ReasonForm(formdata=None)} | forms,
        **shown(),
    )


@bp.get("/surveys/<number>/results")
@access.guard(words.READ)
def results(number: str) -> str:
    """The figures of a closed survey (S-2)."""
    return _results_page(number)


@bp.get("/surveys/<number>/results.xlsx")
@access.guard(words.READ)
def results_xlsx(number: str) -> Response:
    """The statistics as XLSX."""
    survey, found = _figures(number)
    texts = queries.texts_of(survey, found) if require_actor().can(words.READ_TEXTS) else None
    return sheets.download(showing.workbook(survey, found, texts), f"{survey.number}-{_('统计结果')}.xlsx")


@bp.get("/surveys/<number>/report.docx")
@access.guard(words.READ)
def report(number: str) -> Response:
    """The report as DOCX."""
    survey, found = _figures(number)
    paper = showing.report(survey, found, tracking.measures_of(survey_id=survey.id), people.unit_name())
    return documents.download(paper, f"{survey.number}-{_('统计报告')}.docx")


@bp.post("/surveys/<number>/results/publish")
@access.guard(words.MANAGE)
def publish_results(number: str) -> Answer:
    """Show the figures on the public pages (S-2)."""
    actor, now, form = require_actor(), clock.now(), PublishResultsForm()
    survey = locked_survey()
    if carried_out(form, lambda: service.publish_results(actor, survey, form.note.data or "", now), _("结果已公布。")):
        return go("survey.results", number=number)
    return _results_page(number, publish=form), 422


@bp.post("/surveys/<number>/results/withdraw")
@access.guard(words.MANAGE)
def withdraw_results(number: str) -> Answer:
    """Take the figures off the public pages."""
    actor, now, form = require_actor(), clock.now(), ReasonForm()
    survey = locked_survey()
    if carried_out(
        form, lambda: service.withdraw_results(actor, survey, form.reason.data or "", now), _("结果已撤下。")
    ):
        return go("survey.results", number=number)
    return _results_page(number, reason=form), 422
