"""Pages of plans: the year's plans, the list of items, drafting, a plan and its verbs up to approval (E-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.work_plan import drafting, lights, queries, reviewing, rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import FILES, REVIEW_FILES, from_json
from portal.work_plan.forms import LIGHT_LABELS, ActForm, FilterForm, GoalsForm, ItemForm, PlanForm, chosen_year
from portal.work_plan.models import ItemState, PlanItem, PlanState, WorkPlan

bp = Blueprint("work_plan", __name__, url_prefix="/work-plans")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def shown() -> dict[str, Any]:
    """What every page of the room shows things with."""
    return {
        "words": words,
        "lights": lights,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The plans of a year with their figures."""
    actor, now = require_actor(), clock.now()
    year = chosen_year(request.args.get("year", ""))
    plans = queries.of_year(actor, year)
    having = {p.department_id for p in plans}
    return render_template(
        "work_plan/index.html",
        year=year,
        years=sorted({*queries.years(), clock.today().year, clock.today().year + 1}, reverse=True),
        plans=[(p, lights.figures(p, now)) for p in plans],
        writes=_writes(actor),
        missing=[name for d, name in _writes(actor) if d not in having],
        now=now,
        **shown(),
    )


def _writes(actor: Actor) -> list[tuple[int, str]]:
    """The departments for which the actor drafts."""
    if not actor.can(words.WRITE):
        return []
    return [(d, name) for d, name in people.open_departments() if rights.writes_for(actor, d)]


@bp.get("/items")
@access.guard(words.READ)
def items() -> Answer:
    """Items with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        "work_plan/items.html",
        "work_plan/_items.html",
        form=form,
        wanted=wanted,
        page=paginate(queries.listing(actor, wanted, now)),
        counts=queries.counts(actor, now),
        labels=LIGHT_LABELS,
        filtered=bool(request.args),
        **shown(),
    )


@bp.get("/items/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered items as XLSX (at most EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("年度"), _("科室"), _("重点任务"), _("分解事项"), _("工作措施和衡量标准"), _("责任人"),
        _("完成日期"), _("状态"), _("进度（%）"), _("灯号"), _("完成情况"), _("报告时间"), _("确认人"), _("延期次数"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            i.number, i.plan.year, departments.get(i.department_id, ""), i.key_task, i.step, i.measure,
            names.get(i.person_id, ""), i.due_on, str(words.ITEM_LABELS[i.state]), i.percent,
            str(words.LIGHT_LABELS[lights.light(i, now)]), i.result, i.reported_at,
            names.get(i.confirmed_by_id or 0, ""), sum(e.granted for e in i.extensions),
        ]
        for i in db.session.scalars(queries.listing(actor, form.wanted(), now).limit(EXPORTED))
    )  # fmt: skip
    return sheets.listed(_("计划事项"), headings, rows)


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.WRITE)
def draft() -> Answer:
    """Begin a plan."""
    actor = require_actor()
    choices = _writes(actor)
    form = PlanForm(choices, year=clock.today().year)
    if request.method == "GET" and len(choices) == 1:
        form.department_id.data = choices[0][0]
    if form.sent():
        try:
            made = drafting.draft(actor, form.department_id.data, form.year.data, form.goals.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已开始起草，请列入重点任务和分解事项。"))
            return go("work_plan.show", number=made.number)
    return render_template("work_plan/draft.html", form=form, none=not choices), 422 if form.errors else 200


# --- a plan ---------------------------------------------------------------------------------------------------


def can(actor: Actor, plan: WorkPlan, now: datetime) -> dict[str, Any]:
    """Which verbs a plan's page offers to the actor."""
    allowed, writes = rules.PLAN_MOVES.allowed, rights.writes_for(actor, plan.department_id)
    makers = (plan.drafted_by_id, plan.submitted_by_id)
    drafting_now = writes and plan.state is PlanState.DRAFT
    term = reviewing.term_due(plan, now)
    return {
        "write": drafting_now,
        "copy_old": drafting_now and not plan.items and drafting.last_year(plan) is not None,
        "submit": drafting_now and bool(plan.items),
        "discuss": allowed(plan.state, "discuss") and rights.discusses(actor, plan),
        "approve": allowed(plan.state, "approve") and rights.approves(actor, makers),
        "send_back": allowed(plan.state, "send_back")
        and (rights.discusses(actor, plan) or rights.approves(actor, makers)),
        "amend": writes and plan.state is PlanState.APPROVED,
        "decide": plan.state is PlanState.APPROVED and actor.can(words.APPROVE),
        "file": term if writes and term is not None and reviewing.review_of(plan, term) is None else None,
        "opine": plan.state is PlanState.APPROVED and rights.in_charge(actor, plan.department_id),
    }


def page(actor: Actor, plan: WorkPlan, form: ActForm, verb: str = "") -> str:
    """A plan's page; ``verb`` names the form that was refused."""
    now = clock.now()
    return render_template(
        "work_plan/show.html",
        plan=plan,
        form=form,
        verb=verb,
        can=can(actor, plan, now),
        figures=lights.figures(plan, now),
        groups=grouped(plan),
        amendments=queries.amendments(plan) if plan.approved_at is not None else [],
        text_of=from_json,
        reviews=[(r, reviewing.frozen(r), files.of(REVIEW_FILES, r.id)) for r in plan.reviews],
        attachments=files.of(FILES, plan.id) if plan.approved_at is not None else [],
        history=timeline.lines(reversed(journal.of_object("work_plan", plan.id))),
        now=now,
        **shown(),
    )


def grouped(plan: WorkPlan) -> list[tuple[str, list[PlanItem]]]:
    """The items of a plan under their key tasks, in the order of the first of each."""
    found: dict[str, list[PlanItem]] = {}
    for each in plan.items:
        found.setdefault(each.key_task, []).append(each)
    return list(found.items())


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A plan: goals, items with their lights, amendments, reviews."""
    actor = require_actor()
    return page(actor, queries.by_number(actor, number), ActForm(formdata=None))


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """A file of the meeting or of a review, for who may read the plan."""
    plan = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (FILES, plan.id), *((REVIEW_FILES, r.id) for r in plan.reviews)))


do = acts.Verbs(WorkPlan, queries.by_number, lambda _plan: ActForm(), page, "work_plan.show")


@bp.post("/<number>/submit")
@access.guard(words.WRITE)
def submit(number: str) -> Answer:
    """Hand the draft in."""
    return do(number, "submit", lambda a, p, _f, now: drafting.submit(a, p, now), _("已提交讨论。"))


@bp.post("/<number>/copy")
@access.guard(words.WRITE)
def copy(number: str) -> Answer:
    """Copy last year's items."""
    return do(
        number, "copy", lambda a, p, _f, now: drafting.copy_last_year(a, p, now), _("已复制上年计划，请逐项核对。")
    )


@bp.post("/<number>/discuss")
@access.guard(words.DISCUSS)
def discuss(number: str) -> Answer:
    """Record the discussion."""
    return do(
        number, "discuss", lambda a, p, f, now: drafting.discuss(a, p, f.text.data or "", now), _("讨论意见已记录。")
    )


@bp.post("/<number>/send-back")
@access.guard(words.DISCUSS)
def send_back(number: str) -> Answer:
    """Give the plan back to be changed."""
    return do(
        number, "send_back", lambda a, p, f, now: drafting.send_back(a, p, f.text.data or "", now), _("已退回修改。")
    )


@bp.post("/<number>/approve")
@access.guard(words.APPROVE)
def approve(number: str) -> Answer:
    """Record the approval of the leaders' meeting."""
    return do(
        number,
        "approve",
        lambda a, p, f, now: drafting.approve(a, p, f.meeting_on.data, f.text.data or "", now, f.files.data or ()),
        _("计划已审定，开始执行。"),
    )


@bp.route("/<number>/goals", methods=["GET", "POST"])
@access.guard(words.WRITE)
def write_goals(number: str) -> Answer:
    """Write the goals of the year."""
    actor = require_actor()
    plan = queries.by_number(actor, number)
    form = GoalsForm(obj=plan)
    if request.method == "POST" and acts.carried_out(
        form,
        lambda: drafting.write_goals(actor, locked(WorkPlan, number=number), form.goals.data or "", clock.now()),
        _("已保存。"),
    ):
        return go("work_plan.show", number=number)
    plan = queries.by_number(actor, number)
    return render_template("work_plan/goals.html", form=form, plan=plan), 422 if form.errors else 200


@bp.route("/<number>/items/new", methods=["GET", "POST"])
@access.guard(words.WRITE)
def add_item(number: str) -> Answer:
    """One more item of a draft."""
    actor = require_actor()
    plan = queries.by_number(actor, number)
    form = ItemForm(plan.department_id)
    if request.method == "GET":
        form.key_task.data = request.args.get("key_task", "")[:120]
    if request.method == "POST" and acts.carried_out(
        form,
        lambda: drafting.add_item(actor, locked(WorkPlan, number=number), form.what(), clock.now()),
        _("事项已列入。"),
    ):
        return go("work_plan.show", number=number)
    plan = queries.by_number(actor, number)
    return render_template("work_plan/item_form.html", form=form, plan=plan, item=None, amending=""), (
        422 if form.errors else 200
    )


def _of_draft(plan: WorkPlan, item_number: str) -> PlanItem:
    item = next((i for i in plan.items if i.number == item_number and i.state is ItemState.PLANNED), None)
    if item is None:
        raise NotFound()
    return item


@bp.route("/<number>/items/<item_number>/edit", methods=["GET", "POST"])
@access.guard(words.WRITE)
def change_item(number: str, item_number: str) -> Answer:
    """Change an item of a draft."""
    actor = require_actor()
    plan = queries.by_number(actor, number)
    item = _of_draft(plan, item_number)
    form = ItemForm(plan.department_id, obj=item)

    def act() -> None:
        held = locked(WorkPlan, number=number)
        drafting.change_item(actor, held, _of_draft(held, item_number), form.what(), clock.now())

    if request.method == "POST" and acts.carried_out(form, act, _("已保存。")):
        return go("work_plan.show", number=number)
    plan = queries.by_number(actor, number)
    item = _of_draft(plan, item_number)
    return render_template("work_plan/item_form.html", form=form, plan=plan, item=item, amending=""), (
        422 if form.errors else 200
    )


@bp.post("/<number>/items/<item_number>/remove")
@access.guard(words.WRITE)
def remove_item(number: str, item_number: str) -> Answer:
    """Take an item out of a draft."""
    return do(
        number,
        "remove",
        lambda a, p, _f, now: drafting.remove_item(a, p, _of_draft(p, item_number), now),
        _("事项已删去。"),
    )
