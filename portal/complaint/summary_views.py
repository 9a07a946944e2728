"""Pages of the quarterly summary (A-5)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from portal.complaint import summary as figures
from portal.complaint import vocabulary as words
from portal.complaint.views import Answer, bp, lists_of
from portal.kernel import access, clock, documents
from portal.kernel.actor import require_actor
from portal.people import queries as people


@bp.get("/complaints/summary")
@access.guard(words.SUMMARY)
def summary() -> Answer:
    """A quarter in figures; groups that would tell who complained are withheld."""
    known = figures.quarters(clock.today())
    asked = request.args.get("quarter", "")
    quarter = next((q for q in known if str(q) == asked), known[0])
    found = figures.of(quarter, clock.now())
    return render_template(
        "complaint/summary.html", found=found, quarters=known, figures=figures, lists=lists_of(require_actor())
    )


@bp.get("/complaints/summary/<quarter>/paper")
@access.guard(words.SUMMARY)
def summary_paper(quarter: str) -> Answer:
    """The summary for print."""
    found = figures.of(figures.parse(quarter), clock.now())
    return render_template("complaint/summary_paper.html", found=found, figures=figures, unit=people.unit_name())


@bp.get("/complaints/summary/<quarter>/paper.docx")
@access.guard(words.SUMMARY)
def summary_docx(quarter: str) -> Response:
    """The summary as DOCX."""
    found = figures.of(figures.parse(quarter), clock.now())
    return documents.download(figures.docx(found), f"{_('投诉情况汇总')}-{found.quarter}.docx")
