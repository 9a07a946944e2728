"""Pages of the year's reports: one's own, those to assess, the round (P-5)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.duty_report import paper, queries, service
from portal.duty_report import vocabulary as words
from portal.duty_report.forms import AssessForm, CircleForm, FilterForm, ReportForm, RoundForm
from portal.duty_report.models import DutyReport, DutyRound, Grade, RoundState
from portal.kernel import access, clock, documents, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("duty_report", __name__, url_prefix="/duty-reports")

Answer = str | BaseResponse | tuple[str, int]


def _common() -> dict[str, object]:
    return {"words": words, "names": people.user_names(), "departments": people.department_names()}


@bp.get("/")
@access.guard(words.READ)
def index() -> str:
    """One's own reports, those to assess; the rounds for who manages or reads results."""
    actor = require_actor()
    return render_template(
        "duty_report/index.html",
        own=queries.own(actor.id or 0),
        to_assess=queries.to_assess(actor.id or 0),
        rounds=queries.rounds() if queries.sees_results(actor) else [],
        **_common(),
    )


# --- rounds ----------------------------------------------------------------------------------------------------


@bp.route("/rounds/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def prepare() -> Answer:
    """Prepare a year's round (P-5)."""
    year = clock.today().year
    form = RoundForm(year=year, report_by=date(year, 12, 20), assess_by=date(year, 12, 31))
    if form.sent() and form.report_by.data and form.assess_by.data:
        try:
            made = service.prepare(
                require_actor(), form.year.data or 0, form.report_by.data, form.assess_by.data, clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("述职已准备，请核对每个人的评议范围后开始。"))
            return go("duty_report.show_round", year=made.year)
    return render_template("duty_report/prepare.html", form=form), 422 if form.errors else 200


def _seen_round(year: int) -> DutyRound:
    round_ = queries.round_of(year)
    if not queries.sees_results(require_actor()):
        raise NotAllowed(_("述职的组织情况由办公室、督查和主要负责人查看。"))
    return round_


@bp.get("/rounds/<int:year>")
@access.guard(words.READ)
def show_round(year: int) -> Answer:
    """A round: who has submitted, how far the assessors are; the results once it is closed."""
    round_ = _seen_round(year)
    form = FilterForm(request.args)
    form.validate()
    good = {f.name: f.data for f in form if f.data and not f.errors}
    page = paginate(queries.reports(round_.id, good.get("q", ""), good.get("state", "")))
    closed = round_.state is RoundState.CLOSED
    return page_or_fragment(
        "duty_report/round.html",
        "duty_report/_reports.html",
        round=round_,
        form=form,
        page=page,
        results=queries.results_of(r.id for r in page.items) if closed else {},
        filtered=any(v for k, v in request.args.items() if k != "page"),
        lines=timeline.lines(journal.of_object("duty_round", round_.id)),
        **_common(),
    )


@bp.get("/rounds/<int:year>/export.xlsx")
@access.guard(words.READ)
def export(year: int) -> Response:
    """The results of a closed round as XLSX."""
    round_ = _seen_round(year)
    if round_.state is not RoundState.CLOSED:
        raise Conflict(_("述职还没有结束，不能导出结果。"))
    reports = list(db.session.scalars(queries.reports(round_.id)))
    found, departments = queries.results_of(r.id for r in reports), people.department_names()
    headings = [
        _("科室"), _("姓名"), _("岗位"), _("提交时间"), _("评议人数"), _("已评议"),
        *(str(label) for label in words.GRADE_LABELS.values()),
        *(_("%(grade)s占比（%%）", grade=label) for label in words.GRADE_LABELS.values()),
    ]  # fmt: skip
    lines = (
        [
            departments.get(r.user.department_id or 0, ""), r.user.name, r.post.name, r.submitted_at,
            found[r.id].circle, found[r.id].given, *(found[r.id].counts[g] for g in Grade),
            *(round(found[r.id].share(g), 1) for g in Grade),
        ]
        for r in reports
    )  # fmt: skip
    return sheets.listed(_("述职评议结果"), headings, lines, year)


def _locked_round(year: int) -> DutyRound:
    return locked(DutyRound, id=queries.round_of(year).id)


@bp.post("/rounds/<int:year>/open")
@access.guard(words.MANAGE)
def open_round(year: int) -> Answer:
    """Open a round (P-5)."""
    service.open_round(require_actor(), _locked_round(year), clock.now())
    flash(_("述职已开始。"))
    return go("duty_report.show_round", year=year)


@bp.post("/rounds/<int:year>/close")
@access.guard(words.MANAGE)
def close(year: int) -> Answer:
    """Close a round (P-5)."""
    service.close(require_actor(), _locked_round(year), clock.now())
    flash(_("述职已结束，结果可以查看。"))
    return go("duty_report.show_round", year=year)


# --- reports ---------------------------------------------------------------------------------------------------


def _report(report_id: int) -> DutyReport:
    found = queries.report_of(require_actor(), report_id)
    return locked(DutyReport, id=report_id) if request.method == "POST" else found


@bp.get("/<int:report_id>")
@access.guard(words.READ)
def show(report_id: int) -> str:
    """A report, with what the reader may do: write, assess, read the result."""
    return _page(_report(report_id), AssessForm())


def _page(report: DutyReport, form: AssessForm) -> str:
    actor, now = require_actor(), clock.now()
    mine, closed = queries.assessor_of(actor, report), report.round.state is RoundState.CLOSED
    result = closed and (report.user_id == actor.id or queries.sees_results(actor))
    readable = report.submitted_at is not None or report.user_id == actor.id
    return render_template(
        "duty_report/show.html",
        report=report,
        readable=readable,
        figures=queries.figures_of(report, now) if readable else [],
        form=form,
        mine=mine,
        may_assess=mine is not None
        and mine.assessed_at is None
        and report.submitted_at is not None
        and report.round.state is RoundState.OPEN,
        may_write=report.user_id == actor.id and report.submitted_at is None and report.round.state is RoundState.OPEN,
        result=queries.results_of([report.id])[report.id] if result else None,
        remarks=queries.remarks(report.id) if result and report.user_id != actor.id else [],
        **_common(),
    )


@bp.route("/<int:report_id>/write", methods=["GET", "POST"])
@access.guard(words.READ)
def write(report_id: int) -> Answer:
    """Write one's own report: keep a draft, or submit it (P-5)."""
    actor, now, report = require_actor(), clock.now(), _report(report_id)
    if report.user_id != actor.id:
        raise NotAllowed(_("述职报告由本人填写。"))
    if report.submitted_at is not None or report.round.state is not RoundState.OPEN:
        raise Conflict(_("述职报告已经提交或者述职没有开始，不能填写。"))
    form = ReportForm(obj=report)
    if form.sent():
        sends = request.form.get("act") == "submit"
        try:
            (service.submit if sends else service.save)(actor, report, form.texts(), now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("述职报告已提交。") if sends else _("草稿已保存。"))
            return go("duty_report.show" if sends else "duty_report.write", report_id=report.id)
    page = render_template(
        "duty_report/write.html",
        form=form,
        report=report,
        figures=queries.figures_now(report.user_id, report.round.year, now),
        **_common(),
    )
    return page, 422 if form.errors else 200


@bp.post("/<int:report_id>/assess")
@access.guard(words.READ)
def assess(report_id: int) -> Answer:
    """Give a grade and a remark, once (P-5)."""
    report, form = _report(report_id), AssessForm()
    if not form.sent():
        return _page(report, form), 422
    service.assess(require_actor(), report, Grade(form.grade.data), form.remark.data or "", clock.now())
    flash(_("评议已提交，不能再改。"))
    return go("duty_report.index")


@bp.route("/<int:report_id>/circle", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def circle(report_id: int) -> Answer:
    """Adjust who assesses a report, before the round opens (P-5)."""
    report = _report(report_id)
    form = CircleForm([report.user_id, *(a.user_id for a in report.circle)])
    if form.sent():
        try:
            service.add_assessor(require_actor(), report, form.user_id.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("评议人已增加。"))
            return go("duty_report.circle", report_id=report.id)
    page = render_template(
        "duty_report/circle.html",
        form=form,
        report=report,
        prepared=report.round.state is RoundState.PREPARED,
        lines=timeline.lines(e for e in journal.of_object("duty_report", report.id) if e.event != words.ASSESSED.tag),
        **_common(),
    )
    return page, 422 if form.errors else 200


@bp.post("/<int:report_id>/circle/remove")
@access.guard(words.MANAGE)
def remove_assessor(report_id: int) -> Answer:
    """Take somebody out of a circle, before the round opens."""
    typed = request.form.get("user_id", "")
    user_id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    service.remove_assessor(require_actor(), _report(report_id), user_id, clock.now())
    flash(_("评议人已减少。"))
    return go("duty_report.circle", report_id=report_id)


def _printable(report_id: int) -> DutyReport:
    report = _report(report_id)
    if report.submitted_at is None:
        raise Conflict(_("述职报告还没有提交。"))
    return report


@bp.get("/<int:report_id>/paper")
@access.guard(words.READ)
def print_paper(report_id: int) -> Answer:
    """The report for printing, with its result where the reader may see it."""
    report = _printable(report_id)
    return render_template(
        "duty_report/paper.html",
        report=report,
        p=paper.content(report, require_actor()),
        headings=paper.figure_headings(),
    )


@bp.get("/<int:report_id>/paper.docx")
@access.guard(words.READ)
def docx(report_id: int) -> Response:
    """The report as DOCX."""
    report = _printable(report_id)
    name = f"{_('述职报告')}-{report.round.year}-{report.user.name}.docx"
    return documents.download(paper.docx(report, require_actor()), name)
