"""Pages of an item: progress, report, confirmation, more time, lateness taken back; amendments of an item (E-1)."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, acts, clock, files, journal, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.work_plan import amending, executing, lights, queries, rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import PROGRESS_FILES
from portal.work_plan.forms import ActForm, ItemForm
from portal.work_plan.models import Change, ItemState, PlanItem, PlanState, WorkPlan
from portal.work_plan.views import Answer, bp, shown

__all__ = ["bp"]


def _can(actor: Actor, item: PlanItem, now: datetime) -> dict[str, bool]:
    """Which verbs the page offers to the actor."""
    force = item.plan.state is PlanState.APPROVED
    handles = force and rights.handles(actor, item)
    allowed, asked = rules.ITEM_MOVES.allowed, executing.waiting_extension(item)
    confirmer = rights.confirmer(item.department_id, item.person_id, item.reported_by_id, now)
    extender = rights.extender(item.department_id, item.person_id, asked.asked_by_id if asked else None, now)
    amended = item.state is ItemState.RUNNING and amending.waiting(item) is not None
    return {
        "progress": handles and allowed(item.state, "progress"),
        "report": handles and allowed(item.state, "report") and asked is None,
        "ask_extension": handles
        and allowed(item.state, "extend")
        and asked is None
        and now <= item.due_at
        and executing.extensions_left(item) > 0,
        "confirm": force and allowed(item.state, "confirm") and confirmer == actor.id,
        "decide_extension": force and asked is not None and extender == actor.id,
        "excuse": item.late_at is not None
        and actor.can(words.MANAGE)
        and actor.id not in (item.person_id, item.reported_by_id),
        "amend": force
        and item.state is ItemState.RUNNING
        and not amended
        and rights.writes_for(actor, item.department_id),
        "amended": amended,
    }


def _page(actor: Actor, item: PlanItem, form: ActForm, verb: str = "") -> str:
    now = clock.now()
    return render_template(
        "work_plan/show_item.html",
        item=item,
        form=form,
        verb=verb,
        can=_can(actor, item, now),
        light=lights.light(item, now),
        waiting=executing.waiting_extension(item),
        attachments={p.id: files.of(PROGRESS_FILES, p.id) for p in item.progress},
        history=timeline.lines(reversed(journal.of_object("work_plan_item", item.id))),
        now=now,
        **shown(),
    )


@bp.get("/items/<number>")
@access.guard(words.READ)
def show_item(number: str) -> Answer:
    """An item: who, what, until when, how far it is."""
    actor = require_actor()
    return _page(actor, queries.item_by_number(actor, number), ActForm(formdata=None))


@bp.get("/items/<number>/files/<int:file_id>")
@access.guard(words.READ)
def item_file(number: str, file_id: int) -> Response:
    """A file of a report of progress, for who may read the plan."""
    item = queries.item_by_number(require_actor(), number)
    return files.send(files.one_of(file_id, *((PROGRESS_FILES, p.id) for p in item.progress)))


_do = acts.Verbs(
    PlanItem,
    queries.item_by_number,
    lambda _item: ActForm(),
    _page,
    "work_plan.show_item",
    first=lambda seen: locked(WorkPlan, id=seen.plan_id),
)


@bp.post("/items/<number>/progress")
@access.guard(words.READ)
def progress(number: str) -> Answer:
    """Report how far it is."""
    return _do(
        number,
        "progress",
        lambda a, i, f, now: executing.progress(a, i, f.percent.data, f.text.data or "", now, f.files.data or ()),
        _("进度已记录。"),
    )


@bp.post("/items/<number>/report")
@access.guard(words.READ)
def report_done(number: str) -> Answer:
    """Report it done."""
    return _do(
        number,
        "report",
        lambda a, i, f, now: executing.report(a, i, f.text.data or "", now, f.files.data or ()),
        _("已报告完成，等待确认。"),
    )


@bp.post("/items/<number>/<any(confirm, return):decision>")
@access.guard(words.READ)
def decide_item(number: str, decision: str) -> Answer:
    """Confirm it done, or send it back."""
    if decision == "confirm":
        return _do(
            number, "confirm", lambda a, i, f, now: executing.confirm(a, i, f.text.data or "", now), _("已确认完成。")
        )
    return _do(
        number, "return", lambda a, i, f, now: executing.send_back(a, i, f.text.data or "", now), _("已退回继续办理。")
    )


@bp.post("/items/<number>/ask-extension")
@access.guard(words.READ)
def ask_extension(number: str) -> Answer:
    """Ask for more time before the date (T-5)."""
    return _do(
        number,
        "ask_extension",
        lambda a, i, f, now: executing.ask_extension(a, i, f.due_on.data, f.text.data or "", now),
        _("延期申请已送分管领导，答复之前期限不变。"),
    )


@bp.post("/items/<number>/extension/<any(grant, refuse):decision>")
@access.guard(words.READ)
def decide_extension(number: str, decision: str) -> Answer:
    """Grant or refuse more time (T-5)."""
    grant = decision == "grant"
    return _do(
        number,
        "decide_extension",
        lambda a, i, f, now: executing.decide_extension(a, i, grant, f.text.data or "", now),
        _("已同意延期。") if grant else _("已答复不同意延期。"),
    )


@bp.post("/items/<number>/excuse")
@access.guard(words.MANAGE)
def excuse(number: str) -> Answer:
    """Take a wrong record of lateness back (J-3)."""
    return _do(
        number, "excuse", lambda a, i, f, now: executing.excuse(a, i, f.text.data or "", now), _("逾期记录已撤销。")
    )


# --- amendments -----------------------------------------------------------------------------------------------


def _amend(number: str, item_number: str | None) -> Answer:
    """The form of an amendment: of an item, or one more."""
    actor = require_actor()
    plan = queries.by_number(actor, number)

    def item_of(held: WorkPlan) -> PlanItem | None:
        if item_number is None:
            return None
        found = next((i for i in held.items if i.number == item_number), None)
        if found is None:
            raise NotFound()
        return found

    item = item_of(plan)
    form = ItemForm(plan.department_id, obj=item)
    change = Change.ADD if item is None else Change.CHANGE

    def act() -> None:
        held = locked(WorkPlan, number=number)
        amending.ask(actor, held, change, item_of(held), form.what(), form.reason.data or "", clock.now())

    if request.method == "POST" and acts.carried_out(form, act, _("调整已提出，待班子会审定。")):
        return go("work_plan.show", number=number)
    plan = queries.by_number(actor, number)
    page = render_template("work_plan/item_form.html", form=form, plan=plan, item=item_of(plan), amending=str(change))
    return page, 422 if form.errors else 200


@bp.route("/<number>/amend", methods=["GET", "POST"])
@access.guard(words.WRITE)
def amend_add(number: str) -> Answer:
    """Ask for one more item of a plan in force."""
    return _amend(number, None)


@bp.route("/<number>/items/<item_number>/amend", methods=["GET", "POST"])
@access.guard(words.WRITE)
def amend_item(number: str, item_number: str) -> Answer:
    """Ask for an item to be changed."""
    return _amend(number, item_number)


@bp.post("/items/<number>/amend-cancel")
@access.guard(words.WRITE)
def amend_cancel(number: str) -> Answer:
    """Ask for an item to be cancelled."""

    def act(actor: Actor, item: PlanItem, form: ActForm, now: datetime) -> None:
        try:
            amending.ask(actor, item.plan, Change.CANCEL, item, None, form.text.data or "", now)
        except Invalid as error:
            error.field = "text"
            raise

    return _do(number, "amend_cancel", act, _("调整已提出，待班子会审定。"))
