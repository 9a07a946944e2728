"""Pages of the monthly statistics: who has filed, a department's month, the unit's summary (O-8)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.completion_report import page, paper, statistics
from portal.completion_report import vocabulary as words
from portal.completion_report.forms import MonthForm
from portal.completion_report.models import MonthlyStatistics
from portal.completion_report.views import bp
from portal.kernel import access, clock, documents, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.people.models import Department
from portal.pure.months import month_text, read_month

__all__ = ["bp"]

Answer = str | BaseResponse | tuple[str, int]


def _month(typed: str) -> date:
    """A month of an address (2026-10). Raises NotFound."""
    found = read_month(typed)
    if found is None:
        raise NotFound()
    return found


def _sheet(month: str, code: str) -> MonthlyStatistics:
    """A department's month that the actor may see. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        db.select(MonthlyStatistics)
        .join(Department, Department.id == MonthlyStatistics.department_id)
        .where(MonthlyStatistics.month == _month(month), Department.code == code)
    )
    seen = page.scope_seen(require_actor())
    if found is None or (seen is not None and found.department_id not in seen):
        raise NotFound()
    return found


def _common() -> dict[str, Any]:
    return {
        "words": words,
        "page": page,
        "statistics": statistics,
        "names": people.user_names(),
        "month_text": month_text,
    }


@bp.get("/monthly")
@access.guard(words.READ)
def monthly() -> str:
    """The months, and who has filed the one chosen; what is not filed first."""
    actor, now = require_actor(), clock.now()
    seen = page.scope_seen(actor)
    months = statistics.months(seen)
    asked = request.args.get("month", "")
    month = next((m for m in months if month_text(m) == asked), months[0] if months else None)
    sheets_of = statistics.of_month(month, seen) if month else []
    today = clock.local(now).date()
    return render_template(
        "completion_report/monthly.html",
        months=months,
        month=month,
        sheets=[statistics.read(s, now) for s in sheets_of],
        late={s.id: statistics.is_late(s, today) for s in sheets_of},
        summarised=actor.can(words.READ_ALL),
        mine={s.id for s in sheets_of if s.filed_at is None and statistics.may_file(actor, s.department_id)},
        **_common(),
    )


@bp.route("/monthly/<month>/<code>", methods=["GET", "POST"])
@access.guard(words.READ)
def show_month(month: str, code: str) -> Answer:
    """A department's month: the portal's figures, what is entered by hand, the remarks; the head saves and files it."""
    actor, now = require_actor(), clock.now()
    sheet = _sheet(month, code)
    if request.method == "POST":
        sheet = locked(MonthlyStatistics, id=sheet.id)
    form = MonthForm(obj=sheet)
    if form.sent():
        files = request.form.get("act") == "file"
        try:
            (statistics.file if files else statistics.save)(actor, sheet, form.hand(), form.remarks.data or "", now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("月度统计已报送。") if files else _("已保存。"))
            return go("completion_report.show_month", month=month, code=code)
    answer = render_template(
        "completion_report/month.html",
        sheet=statistics.read(sheet, now),
        form=form,
        may_file=sheet.filed_at is None and statistics.may_file(actor, sheet.department_id),
        late=statistics.is_late(sheet, clock.local(now).date()),
        period=statistics.month_of(sheet.month),
        lines=timeline.lines(journal.of_object("monthly_statistics", sheet.id)),
        **_common(),
    )
    return answer, 422 if form.errors else 200


@bp.get("/monthly/<month>/<code>/paper")
@access.guard(words.READ)
def month_paper(month: str, code: str) -> str:
    """A department's month for printing."""
    sheet = _sheet(month, code)
    return render_template("completion_report/month_paper.html", sheet=sheet, p=paper.of_sheet(sheet, clock.now()))


@bp.get("/monthly/<month>/<code>/paper.docx")
@access.guard(words.READ)
def month_docx(month: str, code: str) -> Response:
    """A department's month as DOCX."""
    sheet = _sheet(month, code)
    content = paper.of_sheet(sheet, clock.now())
    return documents.download(paper.docx(content), f"{content.title}-{sheet.department.name}.docx")


def _summary(month: str) -> paper.Content:
    """The unit's summary of a month. Raises NotFound before it was opened."""
    sheets_of = statistics.of_month(_month(month))
    if not sheets_of:
        raise NotFound()
    return paper.of_unit(sheets_of, clock.now())


@bp.get("/monthly/<month>/summary")
@access.guard(words.READ_ALL)
def month_summary(month: str) -> str:
    """The unit's summary of a month for printing."""
    return render_template("completion_report/summary.html", p=_summary(month), month=month)


@bp.get("/monthly/<month>/summary.docx")
@access.guard(words.READ_ALL)
def summary_docx(month: str) -> Response:
    """The unit's summary of a month as DOCX."""
    content = _summary(month)
    return documents.download(paper.docx(content), f"{content.title}.docx")


@bp.get("/monthly/<month>/summary.xlsx")
@access.guard(words.READ_ALL)
def summary_xlsx(month: str) -> Response:
    """The unit's summary of a month as XLSX."""
    content = _summary(month)
    tables = [(name[:31], headings, rows) for name, headings, rows in content.tables]
    return sheets.download(sheets.workbook(tables), f"{content.title}.xlsx")
