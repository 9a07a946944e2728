"""Pages of plans and of inspections: plan, record on the spot, add, report, feed back (O-2)."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.kernel import access, acts, clock, documents, files, htmx, journal, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.supervision import findings as verbs
from portal.supervision import paper, queries, rights, rules, service
from portal.supervision import vocabulary as words
from portal.supervision.forms import NOTHING, ActForm, CancelForm, PlanForm, SeenForm, SpotForm
from portal.supervision.models import FindingState, Inspection, InspectionPlan, InspectionState, Manner, PlanState
from portal.supervision.service import Visit
from portal.supervision.views import Answer, bp, shown

__all__ = ["bp"]


# --- plans ----------------------------------------------------------------------------------------------------


@bp.route("/plans/new", methods=["GET", "POST"])
@access.guard(words.INSPECT)
def plan() -> Answer:
    """Plan an inspection."""
    actor, form = require_actor(), PlanForm()
    if form.sent():
        try:
            made = service.plan(actor, form.what(), clock.now())
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            return go("supervision.show_plan", number=made.number)
    return render_template("supervision/plan.html", form=form), 422 if form.errors else 200


def _plan_page(actor: Actor, found: InspectionPlan, form: CancelForm, _verb: str = "") -> str:
    cancels = found.state is PlanState.PLANNED and (
        rights.may_inspect(actor, *found.department_ids) or (actor.can(words.INSPECT) and actor.id == found.made_by_id)
    )
    return render_template(
        "supervision/show_plan.html",
        plan=found,
        form=form,
        cancels=cancels,
        carries_out=found.state is PlanState.PLANNED and rights.may_inspect(actor, *found.department_ids),
        made=queries.inspections_of(found, actor),
        history=timeline.lines(reversed(journal.of_object("inspection_plan", found.id))),
        **shown(actor),
    )


@bp.get("/plans/<number>")
@access.guard(words.READ)
def show_plan(number: str) -> Answer:
    """A plan and what was carried out of it."""
    actor = require_actor()
    return _plan_page(actor, queries.plan(actor, number), CancelForm(formdata=None))


_do_plan = acts.Verbs(InspectionPlan, queries.plan, lambda _plan: CancelForm(), _plan_page, "supervision.show_plan")


@bp.post("/plans/<number>/cancel")
@access.guard(words.INSPECT)
def cancel(number: str) -> Answer:
    """Give a plan up."""
    return _do_plan(
        number, "cancel", lambda a, p, f, now: service.cancel(a, p, f.reason.data or "", now), _("计划已取消。")
    )


# --- on the spot ----------------------------------------------------------------------------------------------


def _case(actor: Actor, typed: str | None) -> Case | None:
    """The case that a number names, if the actor may read it. Raises Invalid at its field."""
    if not typed:
        return None
    try:
        return cases.by_number(actor, typed.upper())
    except NotFound:
        raise Invalid("case", _("没有这个编号的办件。"), "D-6") from None


@bp.route("/spot", methods=["GET", "POST"])
@access.guard(words.INSPECT)
def spot() -> Answer:
    """Record an inspection on the spot: where, and what was found or that nothing was."""
    actor, now = require_actor(), clock.now()
    form = SpotForm(actor)
    if request.method == "GET":
        _prefill(actor, form)
    made: list[Inspection] = []

    def act() -> None:
        chosen = form.plan_id.data
        held = locked(InspectionPlan, id=chosen) if chosen is not None else None
        nothing = form.result.data == NOTHING
        visit = Visit(
            department_id=form.department_id.data,
            manner=Manner(form.manner.data),
            place=form.place.data or "",
            inspected_at=form.inspected_at.data,
            plan=held,
            members=form.members.data or (),
            note=form.seen.data or "" if nothing else "",
            seen=None if nothing else form.what(_case(actor, form.case.data)),
        )
        made.append(service.inspect(actor, visit, now, form.uploads()))

    if request.method == "POST" and acts.carried_out(form, act, _("检查已登记。")):
        return go("supervision.show", number=made[0].number)
    page = htmx.page_or_fragment("supervision/spot.html", "supervision/_spot.html", form=form, **shown(actor))
    return page, 422 if form.errors or form.form_errors else 200


def _prefill(actor: Actor, form: SpotForm) -> None:
    """What an address may give: the plan, with its only department and its people."""
    number = request.args.get("plan", "")
    found = next((p for p in queries.open_plans(actor) if p.number == number), None)
    if found is not None:
        form.plan_id.data, form.manner.data = found.id, str(found.manner)
        form.members.data = [u for u in found.member_ids if u != actor.id]
        if len(found.department_ids) == 1:
            form.department_id.data = found.department_ids[0]


@bp.route("/<number>/add", methods=["GET", "POST"])
@access.guard(words.INSPECT)
def add(number: str) -> Answer:
    """Add what else was seen at an inspection."""
    actor = require_actor()
    found = queries.inspection(actor, number)
    if actor.id not in found.inspector_ids or found.state is not InspectionState.OPEN:
        raise NotFound()
    form = SeenForm(actor, [found.department_id])

    def act() -> None:
        held = locked(Inspection, number=number)
        service.add(actor, held, form.what(_case(actor, form.case.data)), clock.now(), form.uploads())

    if request.method == "POST" and acts.carried_out(form, act, _("已补充登记。")):
        return go("supervision.show", number=number)
    page = render_template("supervision/add.html", form=form, made=queries.inspection(actor, number), **shown(actor))
    return page, 422 if form.errors or form.form_errors else 200


# --- an inspection --------------------------------------------------------------------------------------------


def _plan_is_read(actor: Actor, found: Inspection) -> bool:
    return found.plan is not None and rights.may_read_plan(actor, found.plan)


def _page(actor: Actor, found: Inspection, form: ActForm, verb: str = "") -> str:
    feeds = (
        found.state is InspectionState.OPEN
        and rights.may_inspect(actor, found.department_id)
        and rules.may_feed_back(each.state for each in found.findings)
    )
    return render_template(
        "supervision/show.html",
        made=found,
        form=form,
        verb=verb,
        with_plan=_plan_is_read(actor, found),
        adds=found.state is InspectionState.OPEN
        and actor.id in found.inspector_ids
        and rights.may_inspect(actor, found.department_id),
        feeds=feeds,
        notes=found.state is InspectionState.FED_BACK and rights.takes_note(actor, found),
        photos=files.of(service.FILES, found.id),
        kept=[f for f in found.findings if f.state is not FindingState.WITHDRAWN],
        history=timeline.lines(reversed(journal.of_object("inspection", found.id))),
        **shown(actor),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """An inspection: where, who, what was found, how it stands, the feedback."""
    actor = require_actor()
    return _page(actor, queries.inspection(actor, number), ActForm(formdata=None))


_do = acts.Verbs(Inspection, queries.inspection, lambda _inspection: ActForm(), _page, "supervision.show")


@bp.post("/<number>/feed-back")
@access.guard(words.INSPECT)
def feed_back(number: str) -> Answer:
    """Tell the leader in charge how it went."""
    return _do(
        number,
        "feed_back",
        lambda a, i, f, now: verbs.feed_back(a, i, f.text.data or "", now),
        _("已反馈分管领导。"),
    )


@bp.post("/<number>/note")
@access.guard(words.READ)
def note(number: str) -> Answer:
    """The leader in charge takes note of the feedback."""
    return _do(
        number,
        "note",
        lambda a, i, f, now: verbs.note_feedback(a, i, f.text.data or "", now),
        _("已阅知，督查办结。"),
    )


@bp.get("/<number>/report")
@access.guard(words.READ)
def report(number: str) -> Answer:
    """The report of an inspection for print."""
    actor = require_actor()
    found = queries.inspection(actor, number)
    return render_template(
        "supervision/report.html",
        made=found,
        head=paper.head(found, _plan_is_read(actor, found)),
        rows=paper.findings(found),
        tail=paper.tail(found),
        unit=people.unit_name(),
    )


@bp.get("/<number>/report.docx")
@access.guard(words.READ)
def report_docx(number: str) -> Response:
    """The report as DOCX."""
    actor = require_actor()
    found = queries.inspection(actor, number)
    return documents.download(paper.report_docx(found, _plan_is_read(actor, found)), f"{found.number}.docx")


@bp.get("/<number>/photos/<int:file_id>")
@access.guard(words.READ)
def photo(number: str, file_id: int) -> Response:
    """A photo of an inspection, for who may read it."""
    found = queries.inspection(require_actor(), number)
    return files.show(files.one_of(file_id, (service.FILES, found.id)))
