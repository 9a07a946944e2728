"""Pages of the first-ask room."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.first_ask import queries, service
from portal.first_ask import vocabulary as words
from portal.first_ask.forms import FilterForm, FirstAskForm, ReasonForm
from portal.first_ask.models import Channel, Disposition, FirstAsk
from portal.kernel import access, acts, clock, htmx, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import normal, options, read_day
from portal.kernel.journal import of_object
from portal.kernel.paging import paginate
from portal.kernel.templates import standing
from portal.kernel.transaction import Act, reads_first
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.service_commitment import queries as catalogue

bp = Blueprint("first_ask", __name__, url_prefix="/first-ask")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def quick_context(actor: Actor, form: FirstAskForm | None = None, filed: FirstAsk | None = None) -> dict[str, Any]:
    """What the quick form needs, wherever it is shown."""
    typed, form = form is not None, form or FirstAskForm(formdata=None)
    return {
        "form": form,
        # What nobody has typed into is the same for everybody: it knows departments and words only.
        "rest": standing("people", "first_ask/_rest.html", lambda: {"form": form}, typed=typed),
        "filed": filed,
        "chips": catalogue.common(),
        "undo_minutes": policy.value("first_ask.undo_minutes"),
        "words": words,
    }


@bp.get("/new")
@access.guard(words.FILE)
def new() -> Answer:
    """The quick form on a page of its own."""
    return render_template("first_ask/new.html", **quick_context(require_actor()))


@bp.post("")
@access.guard(words.FILE)
@reads_first
def file() -> Answer | Act:
    """File an entry; htmx gets the empty form with the line that offers undo, others go back to their desk."""
    form = FirstAskForm()
    return Act(partial(_file, form)) if form.sent() else _refused(form)


def _file(form: FirstAskForm) -> Answer:
    actor = require_actor()
    try:
        entry = service.file(actor, form.asked(), clock.now())
    except Invalid as error:
        form.refuse(error)
        return _refused(form)
    return _filed(actor, entry)


def _refused(form: FirstAskForm) -> Answer:
    page = "first_ask/_quick.html" if htmx.wants_fragment() else "first_ask/new.html"
    return render_template(page, **quick_context(require_actor(), form)), 422


def _filed(actor: Actor, entry: FirstAsk) -> BaseResponse:
    onward = _onward(actor, entry)
    if onward:
        if htmx.is_htmx():
            answer = make_response("", 200)
            answer.headers["HX-Redirect"] = onward
            return answer
        return redirect(onward, 303)
    if htmx.wants_fragment():
        page = render_template(
            "first_ask/filed.html",
            **quick_context(actor, filed=entry),
            entries=queries.today(actor.id or 0),
            today_count=queries.count_today(actor.id),
        )
        return make_response(page)
    return htmx.go("desk.home", filed=entry.number)


def _onward(actor: Actor, entry: FirstAsk) -> str:
    """Where a notice or a refusal goes on at once, when the case is the actor's own to handle."""
    case = entry.case
    if case is None or actor.answers_for(case.post_id) is None:
        return ""
    if entry.disposition is Disposition.NOTICE:
        return url_for("one_time_notice.issue", number=case.number)
    if entry.disposition is Disposition.REFUSAL:
        return url_for("denial_filing.file", number=case.number)
    return ""


def _wanted() -> queries.Filter:
    args = request.args

    def day(name: str) -> date | None:
        typed = normal(args.get(name, ""))
        found = read_day(typed)
        if typed and found is None:
            flash(_("日期“%(typed)s”无法识别，请用 2026-03-09 的写法。", typed=typed[:20]), "error")
        return found

    def word(name: str, kind: Any) -> Any:
        return kind(args[name]) if args.get(name) in set(kind) else None

    department = args.get("department", "")
    return queries.Filter(
        q=normal(args.get("q", ""))[:60],
        first=day("first"),
        last=day("last"),
        department_id=int(department)
        if department.isascii() and department.isdigit() and len(department) < 9
        else None,
        disposition=word("disposition", Disposition),
        channel=word("channel", Channel),
        mine=args.get("mine") == "1",
        urgent=args.get("urgent") == "1",
        reversed=args.get("reversed") == "1",
    )


@bp.get("")
@access.guard(words.READ)
def log() -> Answer:
    """The log with filters, search and pages."""
    wanted = _wanted()
    page = paginate(queries.log(require_actor(), wanted), scalars=False)

    def narrowed() -> dict[str, Any]:
        return {"wanted": wanted, "form": FilterForm(request.args)}

    return htmx.page_or_fragment(
        "first_ask/log.html",
        "first_ask/_log.html",
        page=page,
        filters=partial(standing, "people", "first_ask/_filters.html", narrowed, typed=bool(request.args)),
        words=words,
        rows=queries.rows_of(page.items),
        openable=queries.openable(require_actor(), page.items),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered log as XLSX (at most EXPORTED rows, the newest)."""
    query = queries.log(require_actor(), _wanted()).limit(EXPORTED)
    headings = [
        _("编号"), _("来访时间"), _("方式"), _("事项"), _("来访单位"), _("来访人"), _("电话"), _("留下的材料"),
        _("处理结果"), _("去向"), _("答复或备注"), _("办件编号"), _("科室"), _("首问责任人"), _("登记时间"), _("结果"),
    ]  # fmt: skip
    rows = (
        [
            r.number,
            r.asked_at,
            str(words.CHANNEL_LABELS[r.channel]),
            r.matter,
            r.client_unit,
            r.client_name,
            r.client_phone,
            r.materials_left,
            str(words.DISPOSITION_LABELS[r.disposition]),
            r.whither,
            r.outcome,
            r.case_number,
            r.department,
            r.asker,
            r.filed_at,
            str(words.OUTCOME_LABELS[r.result]),
        ]
        for r in queries.rows_of(db.session.execute(query).all())
    )
    return sheets.listed(_("首问登记"), headings, rows)


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """One entry with what became of it."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ReasonForm(formdata=None))


def _page(actor: Actor, entry: FirstAsk, form: ReasonForm, verb: str = "") -> str:
    last = entry.handovers[-1] if entry.handovers else None
    department = service.responsible_department(entry)
    form.post.choices = options(
        ("", _("按事项的负责岗位")),
        *((p.id, p.name) for p in posts.open_posts(department) if str(p.kind) in ("staff", "head")),
    )
    mine = {actor.department_id, *actor.departments_headed()}
    open_still = not (entry.reversed_at or entry.case_id or entry.answered_at or entry.reverses_id)
    waiting = last is not None and not (last.accepted_at or last.ruled_at) and entry.reversed_at is None
    can = {
        "respond": waiting and last is not None and last.disputed_at is None and service.may_respond(actor, last),
        "rule": waiting and last is not None and last.disputed_at is not None and actor.can(words.RULE),
        "finish": open_still and last is not None and not waiting and department in mine and actor.can(words.FILE),
        "reverse": entry.asker_id == actor.id and entry.reversed_at is None and entry.reverses_id is None,
        "acknowledge": entry.urgent
        and entry.acknowledged_at is None
        and entry.reversed_at is None
        and actor.can(words.ACKNOWLEDGE),
    }
    return render_template(
        "first_ask/show.html",
        entry=entry,
        form=form,
        verb=verb,
        can=can,
        words=words,
        last=last,
        outcome=queries.outcome_of(entry),
        opens_case=entry.case is not None and cases.may_read(actor, entry.case),
        undo_until=queries.undo_until(entry, policy.value("first_ask.undo_minutes")),
        lines=timeline.lines(of_object("first_ask", entry.id)),
    )


def _form(entry: FirstAsk) -> ReasonForm:
    form, department = ReasonForm(), service.responsible_department(entry)
    form.post.choices = options(("", ""), *((p.id, p.name) for p in posts.open_posts(department)))
    return form


_act = acts.Verbs(
    FirstAsk,
    queries.by_number,
    _form,
    _page,
    "first_ask.show",
    fields={"to_department": "department", "reason": "text", "ruling": "text", "answer": "text"},
)


@bp.post("/<number>/undo")
@access.guard(words.FILE)
def undo(number: str) -> Answer:
    """Undo from the quick form, or with a reason from the entry's page (J-3)."""
    actor = require_actor()
    if htmx.wants_fragment():
        queries.by_number(actor, number)
        service.reverse(actor, locked(FirstAsk, number=number), "", clock.now())
        return render_template(
            "first_ask/undone.html",
            **quick_context(actor),
            number=number,
            entries=queries.today(actor.id or 0),
            today_count=queries.count_today(actor.id),
        )
    return _act(
        number,
        "undo",
        lambda a, e, f, now: service.reverse(a, e, f.text.data, now),
        _("已撤销，撤销记录与原登记相互关联。"),
    )


@bp.post("/<number>/accept")
@access.guard(words.FILE)
def accept(number: str) -> Answer:
    """The receiving department takes the matter over."""
    return _act(number, "accept", lambda a, e, f, now: service.accept(a, e, now), _("已接收，由本科室负责。"))


@bp.post("/<number>/dispute")
@access.guard(words.FILE)
def dispute(number: str) -> Answer:
    """The receiving department disputes; the office rules."""
    return _act(
        number, "dispute", lambda a, e, f, now: service.dispute(a, e, f.text.data, now), _("异议已提交办公室裁定。")
    )


@bp.post("/<number>/rule")
@access.guard(words.RULE)
def rule(number: str) -> Answer:
    """The office rules on a dispute."""
    return _act(
        number,
        "rule",
        lambda a, e, f, now: service.rule(a, e, f.department.data or 0, f.text.data, now),
        _("裁定已生效。"),
    )


@bp.post("/<number>/answer")
@access.guard(words.FILE)
def answer(number: str) -> Answer:
    """The department that took over has answered the client."""
    return _act(
        number,
        "answer",
        lambda a, e, f, now: service.answer(a, e, f.text.data, now),
        _("答复已登记，首问责任人可以看到。"),
    )


@bp.post("/<number>/open-case")
@access.guard(words.FILE)
def open_case(number: str) -> Answer:
    """The department that took over opens a case."""
    return _act(
        number,
        "open_case",
        lambda a, e, f, now: service.open_case(a, e, f.post.data, now),
        _("已收件，办件进入岗位待办。"),
    )


@bp.post("/<number>/pass-on")
@access.guard(words.FILE)
def pass_on(number: str) -> Answer:
    """Pass on once more."""
    return _act(
        number,
        "pass_on",
        lambda a, e, f, now: service.pass_on(a, e, f.department.data or 0, now),
        _("已再次转办，记录会显示二次转办。"),
    )


@bp.post("/<number>/acknowledge")
@access.guard(words.ACKNOWLEDGE)
def acknowledge(number: str) -> Answer:
    """The principal acknowledges an urgent matter."""
    return _act(
        number, "acknowledge", lambda a, e, f, now: service.acknowledge(a, e, f.text.data, now), _("已阅知并记录。")
    )
