"""Pages of result errors (W-0)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.completion_report import errors, page
from portal.completion_report import vocabulary as words
from portal.completion_report.forms import ErrorFilterForm, ErrorForm, WithdrawForm
from portal.completion_report.models import ErrorKind, FoundBy, ResultError
from portal.completion_report.views import EXPORTED, bp
from portal.kernel import access, clock, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

__all__ = ["bp"]

Answer = str | BaseResponse | tuple[str, int]


def _wanted() -> tuple[ErrorFilterForm, errors.Wanted]:
    form = ErrorFilterForm(request.args)
    form.validate()
    good: dict[str, Any] = {f.name: f.data for f in form if not f.errors}
    return form, errors.Wanted(
        good.get("q") or "",
        good.get("department"),
        form.chosen_kind(),
        good.get("first"),
        good.get("last"),
        bool(good.get("standing")),
    )


@bp.get("/result-errors")
@access.guard(words.READ)
def result_errors() -> str:
    """The recorded result errors, with filters and pages."""
    form, wanted = _wanted()
    return page_or_fragment(
        "completion_report/errors.html",
        "completion_report/_errors.html",
        form=form,
        page=paginate(errors.listing(require_actor(), wanted)),
        words=words,
        names=people.user_names(),
        departments=people.department_names(),
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


@bp.get("/result-errors.xlsx")
@access.guard(words.READ)
def export_errors() -> Response:
    """The filtered result errors as XLSX."""
    _form, wanted = _wanted()
    names, departments = people.user_names(), people.department_names()
    headings = [
        _("办件"), _("事项"), _("科室"), _("办结日期"), _("经办人"), _("差错种类"), _("怎样发现"), _("发现日期"),
        _("差错情况"), _("记录人"), _("记录时间"), _("更正办件"), _("撤销时间"), _("撤销的理由"),
    ]  # fmt: skip
    found = db.session.scalars(errors.listing(require_actor(), wanted).limit(EXPORTED))
    lines = (
        [
            e.case.number,
            e.case.matter,
            departments.get(e.case.department_id, ""),
            e.closed_on,
            names.get(e.case.answered_by_id or 0, ""),
            str(words.KIND_LABELS[e.kind]),
            str(words.FOUND_LABELS[e.found_by]),
            e.found_on,
            e.facts,
            names.get(e.recorded_by_id, ""),
            e.recorded_at,
            "、".join(c.number for c in cases.linked(e.case)),
            e.withdrawn_at,
            e.withdrawal,
        ]
        for e in found
    )
    return sheets.listed(_("结果差错"), headings, lines)


@bp.route("/result-errors/of/<number>", methods=["GET", "POST"])
@access.guard(words.RECORD_ERROR)
def record_error(number: str) -> Answer:
    """Record that the result of a closed case was wrong (W-0)."""
    actor = require_actor()
    case = cases.by_number(actor, number)
    if request.method == "POST":
        case = locked(Case, number=number)
    if not errors.may_record(actor, case):
        raise NotAllowed(_("结果差错在办件结束后由办公室、督查或负责人记录，经办人不能记录自己经办的办件。"), "W-0")
    form = ErrorForm(found_on=clock.today())
    if form.sent() and form.found_on.data:
        try:
            made = errors.record(
                actor,
                case,
                ErrorKind(form.kind.data),
                FoundBy(form.found_by.data),
                form.found_on.data,
                form.what.data or "",
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("结果差错已记录。"))
            return go("completion_report.show_error", error_id=made.id)
    answer = render_template("completion_report/record_error.html", form=form, case=case, words=words)
    return answer, 422 if form.errors else 200


def _seen(error_id: int) -> ResultError:
    """A record of a case that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    found = db.first_or_404(db.select(ResultError).filter_by(id=error_id))
    cases.by_number(require_actor(), found.case.number)
    return found


@bp.get("/result-errors/<int:error_id>")
@access.guard(words.READ)
def show_error(error_id: int) -> str:
    """A result error, its case, the corrective cases, and what became of it."""
    return _page(_seen(error_id), WithdrawForm(formdata=None))


def _page(error: ResultError, form: WithdrawForm) -> str:
    actor = require_actor()
    return render_template(
        "completion_report/error.html",
        error=error,
        form=form,
        may_withdraw=error.withdrawn_at is None and errors.may_withdraw(actor, error.case),
        linked=cases.linked(error.case),
        lines=timeline.lines(journal.of_object("result_error", error.id)),
        words=words,
        page=page,
        names=people.user_names(),
        departments=people.department_names(),
    )


@bp.post("/result-errors/<int:error_id>/withdraw")
@access.guard(words.RECORD_ERROR)
def withdraw_error(error_id: int) -> Answer:
    """Withdraw a record that was not right; it stays to be read."""
    _seen(error_id)
    error, form = locked(ResultError, id=error_id), WithdrawForm()
    if not form.sent():
        return _page(error, form), 422
    errors.withdraw(require_actor(), error, form.reason.data or "", clock.now())
    flash(_("差错记录已撤销。"))
    return go("completion_report.show_error", error_id=error_id)
