"""Pages of decisions on amendments, of reviews, and of the whole office's plans on paper (E-1)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, documents
from portal.kernel.actor import require_actor
from portal.kernel.db import db
from portal.work_plan import amending, paper, queries, reviewing
from portal.work_plan import vocabulary as words
from portal.work_plan.forms import chosen_year
from portal.work_plan.models import PlanAmendment, PlanReview, Term, WorkPlan
from portal.work_plan.views import Answer, bp, do

__all__ = ["bp"]


def _amendment(plan: WorkPlan, amendment_id: int) -> PlanAmendment:
    found = db.session.get(PlanAmendment, amendment_id)
    if found is None or found.plan_id != plan.id:
        raise NotFound()
    return found


@bp.post("/<number>/amendments/<int:amendment_id>/<any(approve, refuse):decision>")
@access.guard(words.APPROVE)
def decide_amendment(number: str, amendment_id: int, decision: str) -> Answer:
    """Record what the leaders' meeting decided of an amendment."""
    approve = decision == "approve"
    return do(
        number,
        f"amendment-{amendment_id}",
        lambda a, p, f, now: amending.decide(
            a, _amendment(p, amendment_id), approve, f.meeting_on.data, f.text.data or "", now
        ),
        _("调整已批准并生效。") if approve else _("已记录：不同意调整。"),
    )


def _review(plan: WorkPlan, term: str) -> PlanReview:
    found = reviewing.review_of(plan, Term(term))
    if found is None:
        raise NotFound()
    return found


@bp.post("/<number>/reviews/<any(mid, year):term>/file")
@access.guard(words.WRITE)
def file_review(number: str, term: str) -> Answer:
    """The department says how its plan stands."""
    return do(
        number,
        f"file-{term}",
        lambda a, p, f, now: reviewing.file(a, p, Term(term), f.text.data or "", now, f.files.data or ()),
        _("自查已提交。"),
    )


@bp.post("/<number>/reviews/<any(mid, year):term>/opine")
@access.guard(words.DISCUSS)
def opine(number: str, term: str) -> Answer:
    """Who is in charge gives an opinion."""
    return do(
        number,
        f"opine-{term}",
        lambda a, p, f, now: reviewing.opine(a, _review(p, term), f.text.data or "", now),
        _("检查意见已记录。"),
    )


@bp.post("/<number>/reviews/<any(mid, year):term>/conclude")
@access.guard(words.APPROVE)
def conclude(number: str, term: str) -> Answer:
    """Conclude a review; its figures are kept."""
    return do(
        number,
        f"conclude-{term}",
        lambda a, p, f, now: reviewing.conclude(a, _review(p, term), f.text.data or "", now),
        _("检查结论已记录，数据已固定。"),
    )


# --- on paper -------------------------------------------------------------------------------------------------


@bp.get("/bulletin")
@access.guard(words.READ)
def bulletin() -> str:
    """How the plans of the whole office stand, for print."""
    year = chosen_year(request.args.get("year", ""))
    return render_template("work_plan/paper.html", p=paper.of_office(queries.in_force(year), year, clock.now()),
                           back="index", number="", year=year)  # fmt: skip


@bp.get("/bulletin.docx")
@access.guard(words.READ)
def bulletin_docx() -> Response:
    """The same as DOCX."""
    year = chosen_year(request.args.get("year", ""))
    content = paper.of_office(queries.in_force(year), year, clock.now())
    return documents.download(paper.docx(content), f"{content.title}.docx")


@bp.get("/<number>/paper")
@access.guard(words.READ)
def plan_paper(number: str) -> str:
    """A plan for print."""
    plan = queries.by_number(require_actor(), number)
    return render_template(
        "work_plan/paper.html", p=paper.of_plan(plan, clock.now()), back="show", number=number, year=plan.year
    )


@bp.get("/<number>/paper.docx")
@access.guard(words.READ)
def plan_docx(number: str) -> Response:
    """A plan as DOCX."""
    plan = queries.by_number(require_actor(), number)
    content = paper.of_plan(plan, clock.now())
    return documents.download(paper.docx(content), f"{plan.number}.docx")
