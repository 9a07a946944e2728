"""Pages of training: plans, sessions, the year (AB-7)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.backup_training import queries, service
from portal.backup_training import vocabulary as words
from portal.backup_training.forms import CancelForm, FilterForm, PlanForm, SessionForm
from portal.backup_training.models import Outcome, TrainingPlan
from portal.kernel import access, clock, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post

bp = Blueprint("backup_training", __name__, url_prefix="/training")

Answer = str | BaseResponse | tuple[str, int]
MOST_EXPORTED = 20_000


def _wanted(form: FilterForm) -> queries.Wanted:
    return queries.Wanted(**{f.name: f.data for f in form if f.data and not f.errors})


@bp.get("/")
@access.guard(words.READ)
def index() -> Answer:
    """Plans with filters, search and pages."""
    actor, today = require_actor(), clock.today()
    form = FilterForm(request.args)
    form.validate()
    return page_or_fragment(
        "backup_training/index.html",
        "backup_training/_list.html",
        form=form,
        page=paginate(queries.listing(actor, _wanted(form))),
        state=lambda plan: queries.state_of(plan, today),
        words=words,
        names=people.user_names(),
        departments=people.department_names(),
        filtered=any(v for k, v in request.args.items() if k != "page"),
        may_record=bool(queries.post_choices(actor, record=True)),
    )


def _year() -> int:
    typed = request.args.get("year", "")
    good = typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= 2099
    return int(typed) if good else clock.today().year


@bp.get("/overview")
@access.guard(words.READ)
def overview() -> str:
    """The year by department, and the sessions held in it (AB-7)."""
    actor, year = require_actor(), _year()
    return render_template(
        "backup_training/overview.html",
        year=year,
        this_year=clock.today().year,
        rows=queries.overview(actor, year),
        sessions=queries.sessions(actor, year),
        expected=policy.value("backup_training.sessions_a_year"),
        words=words,
        names=people.user_names(),
        departments=people.department_names(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered plans and the sessions of the year as XLSX (at most MOST_EXPORTED plans)."""
    actor, today = require_actor(), clock.today()
    form = FilterForm(request.args)
    form.validate()
    wanted = _wanted(form)
    names, departments = people.user_names(), people.department_names()
    plans = (
        [
            departments.get(p.post.department_id, ""), p.post.name, names.get(p.trainee_id, ""), p.topic, p.trainer,
            p.planned_by, str(words.STATE_LABELS[queries.state_of(p, today)]),
            p.sessions[-1].held_on if p.sessions else None, p.confirmed_at, names.get(p.confirmed_by_id or 0, ""),
        ]
        for p in queries.exported(actor, wanted, MOST_EXPORTED)
    )  # fmt: skip
    held = (
        [
            departments.get(s.post.department_id, ""), s.post.name, s.held_on, s.minutes, s.content, s.trainer,
            _("、").join(names.get(a.user_id, "") for a in s.attendees), str(words.OUTCOME_LABELS[s.outcome]),
        ]
        for s in queries.sessions(actor, wanted.year or today.year, wanted.department)
    )  # fmt: skip
    planned = [
        _("科室"), _("岗位"), _("培训对象"), _("培训内容"), _("培训人"), _("完成日期"), _("状态"), _("培训日期"),
        _("确认时间"), _("确认人"),
    ]  # fmt: skip
    recorded = [
        _("科室"), _("岗位"), _("培训日期"), _("时长（分钟）"), _("培训内容"), _("培训人"), _("参加人员"),
        _("培训结果"),
    ]  # fmt: skip
    content = sheets.workbook([(_("培训计划"), planned, plans), (_("培训记录"), recorded, held)])
    return sheets.download(content, f"{_('备岗培训')}-{today.isoformat()}.xlsx")


@bp.route("/plans/new", methods=["GET", "POST"])
@access.guard(words.PLAN)
def plan() -> Answer:
    """Plan training for a post (AB-7)."""
    actor = require_actor()
    typed = request.args.get("post", "")
    chosen = db.session.query(Post).filter_by(code=typed).one_or_none() if typed else None
    form = PlanForm(
        queries.post_choices(actor),
        post=chosen.id if chosen else None,
        planned_by=clock.today() + timedelta(days=30),
    )
    if form.sent():
        post = locked(Post, id=form.post.data)
        trainee = form.trainee.data or queries.b_of(post.id)
        try:
            if trainee is None:
                raise Invalid("trainee", _("这个岗位没有 B 岗，请选择培训对象。"), "AB-1")
            made = service.plan(
                actor, post, trainee, form.topic.data, form.trainer.data, form.planned_by.data or clock.today(),
                clock.now(),
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("培训计划已制定。"))
            return go("backup_training.show", plan_id=made.id)
    return render_template("backup_training/plan.html", form=form), 422 if form.errors else 200


def _plan(plan_id: int) -> TrainingPlan:
    found = queries.plan_of(require_actor(), plan_id)
    return locked(TrainingPlan, id=plan_id) if request.method == "POST" else found


@bp.get("/plans/<int:plan_id>")
@access.guard(words.READ)
def show(plan_id: int) -> str:
    """A plan, its sessions, and what can be done."""
    return _page(_plan(plan_id), CancelForm())


def _page(plan: TrainingPlan, form: CancelForm) -> str:
    actor = require_actor()
    state = queries.state_of(plan, clock.today())
    open_ = plan.confirmed_at is None and plan.cancelled_at is None
    return render_template(
        "backup_training/show.html",
        plan=plan,
        state=state,
        form=form,
        may_record=open_ and queries.may_record(actor, plan.post),
        may_confirm=open_ and bool(plan.sessions) and queries.may_confirm(actor, plan),
        may_cancel=open_ and queries.may_plan(actor, plan.post),
        words=words,
        names=people.user_names(),
        departments=people.department_names(),
        lines=timeline.lines(journal.of_object("training_plan", plan.id)),
    )


@bp.post("/plans/<int:plan_id>/confirm")
@access.guard(words.PLAN)
def confirm(plan_id: int) -> Answer:
    """The head confirms that a plan is done (AB-7)."""
    plan = _plan(plan_id)
    service.confirm(require_actor(), plan, clock.now())
    flash(_("已确认培训完成。"))
    return go("backup_training.show", plan_id=plan_id)


@bp.post("/plans/<int:plan_id>/cancel")
@access.guard(words.PLAN)
def cancel(plan_id: int) -> Answer:
    """Cancel a plan with a reason."""
    plan, form = _plan(plan_id), CancelForm()
    if not form.sent():
        return _page(plan, form), 422
    service.cancel(require_actor(), plan, form.reason.data, clock.now())
    flash(_("培训计划已取消。"))
    return go("backup_training.show", plan_id=plan_id)


@bp.route("/sessions/new", methods=["GET", "POST"])
@access.guard(words.RECORD)
def record() -> Answer:
    """Record a session, of a plan (``?plan=``) or without one (AB-7)."""
    actor, plan = require_actor(), None
    typed = request.args.get("plan", "")
    if typed:
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise NotFound()
        plan = queries.plan_of(actor, int(typed))
        if plan.confirmed_at is not None or plan.cancelled_at is not None:
            raise Conflict(_("这个培训计划已经结束。"))
        if not queries.may_record(actor, plan.post):
            raise NotAllowed(_("培训由本岗位或本科室人员登记。"))
    choices = queries.post_choices(actor, record=True)
    form = SessionForm(
        choices if plan is None else [c for c in choices if c[0] == plan.post_id],
        held_on=clock.today(),
        minutes=60,
        outcome=str(Outcome.ABLE),
        post=plan.post_id if plan else None,
        trainer=plan.trainer if plan else "",
        content=plan.topic if plan else "",
        attendees=[plan.trainee_id] if plan else [],
    )
    if form.sent():
        post = locked(Post, id=form.post.data)
        try:
            service.record(
                actor, post, form.held_on.data or clock.today(), form.minutes.data or 0, form.content.data,
                form.trainer.data, [u for u in form.attendees.data or () if u], Outcome(form.outcome.data), clock.now(),
                plan,
            )  # fmt: skip
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("培训已登记。") if plan is None else _("培训已登记，等待科室负责人确认。"))
            return go("backup_training.overview") if plan is None else go("backup_training.show", plan_id=plan.id)
    return render_template("backup_training/record.html", form=form, plan=plan), 422 if form.errors else 200
