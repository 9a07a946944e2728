"""Pages of the task room: the list, handing out, a task and its verbs (P-4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, acts, clock, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.post_task import queries, rights, rules, service
from portal.post_task import seams as task_seams
from portal.post_task import vocabulary as words
from portal.post_task.forms import LIGHT_LABELS, ActForm, FilterForm, TaskForm
from portal.post_task.models import Task, TaskState

bp = Blueprint("post_task", __name__, url_prefix="/tasks")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


# --- the list -------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Tasks with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        "post_task/index.html",
        "post_task/_list.html",
        form=form,
        wanted=wanted,
        page=paginate(queries.listing(actor, wanted, now)),
        counts=queries.counts(actor, now),
        labels=LIGHT_LABELS,
        filtered=bool(request.args),
        **_shown(),
    )


def _shown() -> dict[str, Any]:
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered tasks as XLSX (at most EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("事项"), _("来源"), _("上级机关"), _("来文文号"), _("科室"), _("办理岗位"), _("交办人"),
        _("交办时间"), _("完成期限"), _("状态"), _("签收时间"), _("报告办结时间"), _("办理结果"), _("超期"),
        _("超期原因说明"), _("结束时间"), _("延期次数"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            t.number,
            t.title,
            str(words.SOURCE_LABELS[t.source]),
            t.authority,
            t.document_number,
            departments.get(t.department_id, ""),
            t.post.name,
            names.get(t.assigned_by_id, ""),
            t.assigned_at,
            t.due_at,
            str(words.STATE_LABELS[t.state]),
            t.acknowledged_at,
            t.reported_at,
            t.result,
            _("是") if queries.late(t, now) else "",
            t.overdue_statement,
            t.closed_at,
            sum(e.granted for e in t.extensions),
        ]
        for t in db.session.scalars(queries.listing(actor, form.wanted(), now).limit(EXPORTED))
    )
    return sheets.listed(_("交办事项"), headings, rows)


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.ASSIGN)
def assign() -> Answer:
    """Hand a matter to a post (P-4)."""
    actor = require_actor()
    choices = rights.assignable(actor)
    form = TaskForm(choices)
    if request.method == "GET":
        code = request.args.get("post", "")
        form.post_id.data = next((p.id for p in choices if p.code == code), None)
    if form.sent():
        try:
            made = service.assign(
                actor, db.session.get(Post, form.post_id.data or 0), form.what(), clock.now(), form.files.data or ()
            )
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("已交办，编号 %(number)s。", number=made.number))
            return go("post_task.show", number=made.number)
    return render_template("post_task/assign.html", form=form, none=not choices), 422 if form.errors else 200


# --- a task ---------------------------------------------------------------------------------------------------


def _page(actor: Actor, task: Task, form: ActForm, verb: str = "") -> str:
    now = clock.now()
    handles, supervises = rights.handles(actor, task), rights.supervises(actor, task)
    allowed = rules.MOVES.allowed
    waiting = queries.waiting_extension(task)
    late = queries.late(task, now)
    return render_template(
        "post_task/show.html",
        task=task,
        form=form,
        verb=verb,
        light=queries.light(task, now),
        late=late,
        waiting=waiting,
        handles=handles,
        supervises=supervises,
        can={
            "acknowledge": handles and allowed(task.state, "acknowledge"),
            "progress": handles and allowed(task.state, "progress"),
            "report": handles and allowed(task.state, "report"),
            "ask_extension": handles
            and allowed(task.state, "ask_extension")
            and waiting is None
            and not rules.is_late(now, task.due_at)
            and service.extensions_left(task) > 0,
            "confirm": supervises and allowed(task.state, "confirm"),
            "decide_extension": supervises and waiting is not None and task.closed_at is None,
            "withdraw": supervises and allowed(task.state, "withdraw"),
        },
        holders=seams.holders(task.post_id, now),
        beside=task_seams.panels(task, actor),
        attachments=files.of(service.FILES, task.id),
        history=timeline.lines(reversed(journal.of_object("post_task", task.id))),
        final=task.state in (TaskState.CONFIRMED, TaskState.WITHDRAWN),
        **_shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A task: what is wanted, until when, where it stands, what was done."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ActForm(formdata=None))


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """One file of a task, as a download, for who may read the task."""
    task = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (service.FILES, task.id)))


_do = acts.Verbs(Task, queries.by_number, lambda _task: ActForm(), _page, "post_task.show")


@bp.post("/<number>/acknowledge")
@access.guard(words.HANDLE)
def acknowledge(number: str) -> Answer:
    """Take note of a task."""
    return _do(number, "acknowledge", lambda a, t, _f, now: service.acknowledge(a, t, now), _("已签收。"))


@bp.post("/<number>/progress")
@access.guard(words.HANDLE)
def progress(number: str) -> Answer:
    """Report progress."""
    return _do(
        number,
        "progress",
        lambda a, t, f, now: service.progress(a, t, f.text.data or "", now, f.files.data or ()),
        _("进展已记录。"),
    )


@bp.post("/<number>/report")
@access.guard(words.HANDLE)
def report(number: str) -> Answer:
    """Report the task done."""
    return _do(
        number,
        "report",
        lambda a, t, f, now: service.report(a, t, f.text.data or "", f.statement.data or "", now, f.files.data or ()),
        _("已报告办结，等待交办人确认。"),
    )


@bp.post("/<number>/ask-extension")
@access.guard(words.HANDLE)
def ask_extension(number: str) -> Answer:
    """Ask for more time before expiry (T-5)."""
    return _do(
        number,
        "ask_extension",
        lambda a, t, f, now: service.ask_extension(a, t, f.due_on.data, f.text.data or "", now),
        _("延期申请已送交办人，答复之前期限不变。"),
    )


@bp.post("/<number>/confirm")
@access.guard(words.ASSIGN)
def confirm(number: str) -> Answer:
    """The assigner confirms that it is done."""
    return _do(number, "confirm", lambda a, t, f, now: service.confirm(a, t, f.text.data or "", now), _("已确认办结。"))


@bp.post("/<number>/send-back")
@access.guard(words.ASSIGN)
def send_back(number: str) -> Answer:
    """The assigner sends it back with a reason."""
    return _do(
        number, "send_back", lambda a, t, f, now: service.send_back(a, t, f.text.data or "", now), _("已退回重办。")
    )


@bp.post("/<number>/extension/<decision>")
@access.guard(words.ASSIGN)
def decide_extension(number: str, decision: str) -> Answer:
    """The assigner grants or refuses more time (T-5)."""
    if decision not in ("grant", "refuse"):
        raise NotFound()
    grant = decision == "grant"
    return _do(
        number,
        "decide_extension",
        lambda a, t, f, now: service.decide_extension(a, t, grant, f.due_on.data, f.text.data or "", now),
        _("已同意延期。") if grant else _("已答复不同意延期。"),
    )


@bp.post("/<number>/withdraw")
@access.guard(words.ASSIGN)
def withdraw(number: str) -> Answer:
    """The assigner takes the task back."""
    return _do(
        number, "withdraw", lambda a, t, f, now: service.withdraw(a, t, f.text.data or "", now), _("已撤回交办。")
    )
