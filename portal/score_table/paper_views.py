"""A version on paper and as files, and a draft tried on a month (E-2, POL-1)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from portal.kernel import access, clock, documents, sheets
from portal.pure.months import month_after, month_text, read_month
from portal.score_table import paper, queries, sheet, simulating
from portal.score_table import vocabulary as words
from portal.score_table.models import Version
from portal.score_table.views import Answer, bp, common

#: Months that a draft can be tried on, the last one first.
MONTHS = 12


def _name(version: Version, ending: str) -> str:
    return _("%(name)s 第 %(n)s 版", name=version.score_table.shown_name, n=version.version) + ending


@bp.get("/<number>/<int:n>/paper")
@access.guard(words.READ)
def print_paper(number: str, n: int) -> Answer:
    """A version for print."""
    version = queries.version(number, n)
    return render_template(
        "score_table/paper.html", version=version, table=version.table, paper=paper, now=clock.now(), **common()
    )


@bp.get("/<number>/<int:n>/paper.docx")
@access.guard(words.READ)
def docx(number: str, n: int) -> Response:
    """A version as DOCX."""
    version = queries.version(number, n)
    return documents.download(paper.docx(version, clock.now()), _name(version, ".docx"))


@bp.get("/<number>/<int:n>/table.xlsx")
@access.guard(words.READ)
def xlsx(number: str, n: int) -> Response:
    """A version as the workbook that can be changed and taken in again."""
    version = queries.version(number, n)
    return sheets.download(sheet.workbook(version.table), _name(version, ".xlsx"))


@bp.get("/<number>/<int:n>/simulate")
@access.guard(words.SIMULATE)
def simulate(number: str, n: int) -> Answer:
    """What a month would have been by this version, beside what held."""
    version = queries.version(number, n)
    this = clock.today().replace(day=1)
    months = [month_after(this, -k) for k in range(1, MONTHS + 1)]
    asked = read_month(request.args.get("month", ""))
    month = asked if asked in months else months[0]
    return render_template(
        "score_table/simulate.html",
        version=version, owner=version.score_table, months=months, month=month, month_text=month_text,
        found=simulating.simulate(version, month), **{k: v for k, v in common().items() if k != "month_text"},
    )  # fmt: skip
