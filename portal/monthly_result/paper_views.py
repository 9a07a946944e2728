"""Papers of a month's result and the history of a department: print, DOCX, XLSX (E-4)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.completion_report import paper as forms
from portal.kernel import access, clock, documents, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.kernel.documents import Certificate, Certificates
from portal.monthly_result import chart, page, paper
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, ResultRow
from portal.monthly_result.views import MONTH, Answer, bp, common
from portal.people.models import Department
from portal.pure.months import month_after
from portal.pure.scoring import Subject


def _edition(subject: str, month: str) -> MonthlyResult:
    return page.edition(require_actor(), subject, page.parse(month), request.args.get("edition", ""))


def _row(subject: str, month: str, sort: int) -> tuple[MonthlyResult, ResultRow]:
    """A row whose lines the actor reads; a foreign one looks like a missing one."""
    found = _edition(subject, month)
    row = page.row_of(found, sort)
    if not page.may_open(require_actor(), found, row):
        raise NotFound()
    return found, row


@bp.get(MONTH + "/bulletin")
@access.guard(words.READ)
def bulletin(subject: str, month: str) -> Answer:
    """The month's bulletin for print."""
    found = _edition(subject, month)
    return render_template(
        "monthly_result/bulletin.html", result=found, p=paper.bulletin(found, clock.now()), **common()
    )


@bp.get(MONTH + "/bulletin.docx")
@access.guard(words.READ)
def bulletin_docx(subject: str, month: str) -> Response:
    """The month's bulletin as DOCX."""
    content = paper.bulletin(_edition(subject, month), clock.now())
    return documents.download(forms.docx(content), f"{content.title}.docx")


@bp.get(MONTH + "/ranking.xlsx")
@access.guard(words.READ)
def ranking_xlsx(subject: str, month: str) -> Response:
    """The ranking as XLSX."""
    found = _edition(subject, month)
    content = paper.bulletin(found, clock.now())
    return sheets.download(sheets.workbook(content.tables), f"{paper.title(found)}.xlsx")


@bp.get(MONTH + "/sheets/<int:sort>")
@access.guard(words.READ)
def sheet(subject: str, month: str, sort: int) -> Answer:
    """A subject's score sheet: for the scored and for who has a part in the result."""
    found, row = _row(subject, month, sort)
    return render_template(
        "monthly_result/sheet.html", result=found, row=row, p=paper.sheet(found, row, clock.now()), **common()
    )


@bp.get(MONTH + "/sheets/<int:sort>/paper")
@access.guard(words.READ)
def sheet_paper(subject: str, month: str, sort: int) -> Answer:
    """A score sheet for print."""
    found, row = _row(subject, month, sort)
    return render_template(
        "monthly_result/sheet_paper.html", result=found, row=row, p=paper.sheet(found, row, clock.now()), **common()
    )


@bp.get(MONTH + "/sheets/<int:sort>/paper.docx")
@access.guard(words.READ)
def sheet_docx(subject: str, month: str, sort: int) -> Response:
    """A score sheet as DOCX."""
    found, row = _row(subject, month, sort)
    content = paper.sheet(found, row, clock.now())
    return documents.download(forms.docx(content), f"{content.title}-{month}-{row.name}.docx")


@bp.get(MONTH + "/sheets/<int:sort>/paper.xlsx")
@access.guard(words.READ)
def sheet_xlsx(subject: str, month: str, sort: int) -> Response:
    """A score sheet as XLSX."""
    found, row = _row(subject, month, sort)
    content = paper.sheet(found, row, clock.now())
    return sheets.download(sheets.workbook(content.tables), f"{content.title}-{month}-{row.name}.xlsx")


def _flags(month: str) -> tuple[MonthlyResult, list[ResultRow]]:
    """The published flags of a month. Raises NotFound where there are none."""
    found = _edition(Subject.DEPARTMENT, month)
    flags = [row for row in found.rows if row.flag] if found.published_at else []
    if not flags:
        raise NotFound()
    return found, flags


@bp.get("/department/<month>/certificates")
@access.guard(words.READ)
def certificates(month: str) -> Answer:
    """The certificates of a month's red flags for print, one a page."""
    found, flags = _flags(month)
    return render_template(
        "monthly_result/certificates.html",
        result=found,
        found=[paper.certificate(found, row) for row in flags],
        **common(),
    )


@bp.get("/department/<month>/certificates.docx")
@access.guard(words.READ)
def certificates_docx(month: str) -> Response:
    """The certificates of a month's red flags as DOCX."""
    found, flags = _flags(month)
    return documents.download(
        certificate_paper([paper.certificate(found, row) for row in flags]), f"{month}-{flags[0].name}.docx"
    )


def certificate_paper(found: list[dict[str, str]]) -> Certificates:
    """Certificates, one a page, as the print page shows them."""
    return Certificates(
        [
            Certificate(each["title"], f"{each['to']}：", (each["text"], _("特发此证。")), each["unit"], each["day"])
            for each in found
        ]
    )


@bp.get("/departments/<code>/history")
@access.guard(words.READ)
def history(code: str) -> Answer:
    """The published totals of a department over twelve months, as a drawing and as a table."""
    department = db.session.scalar(db.select(Department).where(Department.code == code))
    if department is None:
        raise NotFound()
    typed = request.args.get("month", "")
    newest = page.newest_month(Subject.DEPARTMENT) or clock.today().replace(day=1)
    last = page.parse(typed) if typed else newest
    found = page.history(Subject.DEPARTMENT, department.id, last)
    totals = [(month, row.total, row.place, row.flag) for month, row, _n in found]
    return render_template(
        "monthly_result/history.html",
        department=department,
        last=last,
        earlier=month_after(last, -12) if found else None,
        later=min(month_after(last, 12), newest) if last < newest else None,
        found=found,
        charts=[drawn for sheet in (chart.WIDE, chart.NARROW) if (drawn := chart.draw(last, totals, sheet))],
        **common(),
    )
