"""Pages of urging and supervision (T-12)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.kernel import access, acts, clock, documents, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.post_task import queries as tasks
from portal.post_task.models import Task
from portal.urging import paper, queries, rights, service
from portal.urging import vocabulary as words
from portal.urging.forms import (
    TAB_LABELS,
    URGE_TAB_LABELS,
    ActForm,
    FilterForm,
    IssueForm,
    UrgeFilterForm,
    UrgeForm,
)
from portal.urging.models import Supervision, SupervisionState, Urge
from portal.urging.service import Demand

bp = Blueprint("urging", __name__, url_prefix="/supervisions")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def _shown() -> dict[str, Any]:
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


# --- lists -----------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Supervisions with filters, search and pages; the overdue ones first."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        "urging/index.html",
        "urging/_list.html",
        form=form,
        wanted=wanted,
        page=paginate(queries.listing(actor, wanted, now)),
        labels=TAB_LABELS,
        filtered=bool(request.args),
        **_shown(),
    )


@bp.get("/urges")
@access.guard(words.READ)
def urges() -> Answer:
    """Urges with filters and pages; the overdue ones first."""
    actor, now = require_actor(), clock.now()
    form = UrgeFilterForm(request.args)
    form.validate()
    wanted = form.wanted()
    return htmx.page_or_fragment(
        "urging/urges.html",
        "urging/_urges.html",
        form=form,
        wanted=wanted,
        page=paginate(queries.urges(actor, wanted, now)),
        labels=URGE_TAB_LABELS,
        filtered=bool(request.args),
        **_shown(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered supervisions as XLSX (at most EXPORTED rows)."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("督办事项"), _("督办要求"), _("关联"), _("科室"), _("被督办岗位"), _("发出人"), _("发出时间"),
        _("答复期限"), _("状态"), _("答复次数"), _("最近答复"), _("逾期未答复次数"), _("结束时间"), _("结论"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = (
        [
            s.number,
            s.title,
            s.demand,
            s.case.number if s.case else s.task.number if s.task else "",
            departments.get(s.department_id, ""),
            s.post.name,
            names.get(s.issued_by_id, ""),
            s.issued_at,
            s.reply_by,
            str(words.STATE_LABELS[s.state]),
            len(s.replies),
            s.last.text if s.last else "",
            s.unanswered,
            s.closed_at,
            s.conclusion,
        ]
        for s in db.session.scalars(queries.listing(actor, form.wanted(), now).limit(EXPORTED))
    )
    return sheets.listed(_("督办"), headings, rows)


# --- urging ----------------------------------------------------------------------------------------------------


def _subject(actor: Actor, kind: str, number: str) -> Case | Task:
    """The case or task that an address names, if the actor may read it. Raises NotFound."""
    return cases.by_number(actor, number) if kind == "case" else tasks.by_number(actor, number)


def _title(subject: Case | Task) -> str:
    return subject.matter if isinstance(subject, Case) else subject.title


def _public_title(subject: Case | Task) -> str:
    """What a supervision is called at first: the item's public name, never the matter as a client brought it."""
    if isinstance(subject, Case):
        return subject.item.name if subject.item is not None else ""
    return subject.title


def _url(subject: Case | Task) -> str:
    return url_for("cases.show" if isinstance(subject, Case) else "post_task.show", number=subject.number)


@bp.route("/urge/<any(case, task):kind>/<number>", methods=["GET", "POST"])
@access.guard(words.URGE)
def urge(kind: str, number: str) -> Answer:
    """Urge a case or a task."""
    actor = require_actor()
    subject = _subject(actor, kind, number)
    if not rights.may_urge(actor, db.session.get_one(Post, subject.post_id)):
        raise NotFound()
    form = UrgeForm()
    if form.sent():
        try:
            held: Case | Task = locked(Case, id=subject.id) if kind == "case" else locked(Task, id=subject.id)
            service.urge(actor, held, form.text.data, form.date(), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已催办。"))
            return go("cases.show" if kind == "case" else "post_task.show", number=number)
    holders = seams.holders(subject.post_id, clock.now())
    page = render_template(
        "urging/urge.html", form=form, subject=subject, title=_title(subject), back=_url(subject), holders=holders
    )
    return page, 422 if form.errors else 200


def _urge_page(actor: Actor, found: Urge, form: ActForm) -> str:
    now = clock.now()
    subject = found.case or found.task
    return render_template(
        "urging/show_urge.html",
        urge=found,
        form=form,
        subject=subject,
        back=_url(subject) if subject is not None else url_for("urging.urges"),
        title=_title(subject) if subject is not None else "",
        light=queries.urge_light(found, now),
        may_answer=found.ended_at is None and rights.answers(actor, found) and actor.id != found.urged_by_id,
        **_shown(),
    )


@bp.get("/urges/<int:urge_id>")
@access.guard(words.READ)
def show_urge(urge_id: int) -> Answer:
    """An urge and its answer."""
    actor = require_actor()
    return _urge_page(actor, queries.urge(actor, urge_id), ActForm(formdata=None))


@bp.post("/urges/<int:urge_id>/answer")
@access.guard(words.READ)
def answer(urge_id: int) -> Answer:
    """Answer an urge."""
    actor, form = require_actor(), ActForm()
    queries.urge(actor, urge_id)
    found = locked(Urge, id=urge_id)
    if form.sent():
        try:
            service.answer(actor, found, form.text.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已答复。"))
            return go("urging.show_urge", urge_id=urge_id)
    db.session.rollback()
    return _urge_page(actor, queries.urge(actor, urge_id), form), 422


# --- supervision -----------------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"], defaults={"kind": "", "number": ""})
@bp.route("/new/<any(case, task):kind>/<number>", methods=["GET", "POST"])
@access.guard(words.SUPERVISE)
def issue(kind: str, number: str) -> Answer:
    """Issue a supervision: of a case, of a task, or of another matter to a post."""
    actor, now = require_actor(), clock.now()
    subject = _subject(actor, kind, number) if kind else None
    if subject is not None and not rights.may_supervise(actor, db.session.get_one(Post, subject.post_id)):
        raise NotFound()
    posts = rights.supervised_posts(actor) if subject is None else []
    form = IssueForm(posts)
    if subject is not None and request.method == "GET":
        form.title.data = _public_title(subject)
    if form.sent():
        held: Case | Task | None = None
        if subject is not None:
            held = locked(Case, id=subject.id) if kind == "case" else locked(Task, id=subject.id)
        try:
            what = Demand(
                form.title.data,
                form.demand.data,
                form.date(),
                case=held if isinstance(held, Case) else None,
                task=held if isinstance(held, Task) else None,
            )
            made = service.issue(actor, db.session.get(Post, form.post_id.data or 0), what, now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("督办单已发出，编号 %(number)s。", number=made.number))
            return go("urging.show", number=made.number)
    page = render_template(
        "urging/issue.html",
        form=form,
        subject=subject,
        title=_title(subject) if subject is not None else "",
        back=_url(subject) if subject is not None else url_for("urging.index"),
        none=subject is None and not posts,
    )
    return page, 422 if form.errors else 200


def _page(actor: Actor, found: Supervision, form: ActForm, verb: str = "") -> str:
    now = clock.now()
    decides, answers = rights.decides(actor, found), rights.answers(actor, found)
    open_now = found.closed_at is None
    return render_template(
        "urging/show.html",
        s=found,
        form=form,
        verb=verb,
        light=queries.light(found, now),
        can={
            "reply": answers and found.state is SupervisionState.ISSUED,
            "decide": decides and found.state is SupervisionState.REPLIED,
            "withdraw": decides and open_now,
        },
        holders=seams.holders(found.post_id, now),
        history=timeline.lines(reversed(journal.of_object("supervision", found.id))),
        **_shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A supervision: what is wanted, until when, what was replied and decided."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ActForm(formdata=None))


@bp.get("/<number>/paper")
@access.guard(words.READ)
def sheet(number: str) -> Answer:
    """The 督办单 for print."""
    found = queries.by_number(require_actor(), number)
    return render_template("urging/paper.html", s=found, rows=paper.rows(found), unit=people.unit_name())


@bp.get("/<number>/paper.docx")
@access.guard(words.READ)
def sheet_docx(number: str) -> Response:
    """The 督办单 as DOCX."""
    found = queries.by_number(require_actor(), number)
    return documents.download(paper.docx(found), f"{found.number}.docx")


_do = acts.Verbs(Supervision, queries.by_number, lambda _supervision: ActForm(), _page, "urging.show")


@bp.post("/<number>/reply")
@access.guard(words.READ)
def reply(number: str) -> Answer:
    """Reply to a supervision."""
    return _do(
        number, "reply", lambda a, s, f, now: service.reply(a, s, f.text.data or "", now), _("已答复，等待审核。")
    )


@bp.post("/<number>/accept")
@access.guard(words.SUPERVISE)
def accept(number: str) -> Answer:
    """Accept the reply: the supervision ends."""
    return _do(
        number, "decide", lambda a, s, f, now: service.accept(a, s, f.text.data or "", now), _("已认可，督办办结。")
    )


@bp.post("/<number>/ask-again")
@access.guard(words.SUPERVISE)
def ask_again(number: str) -> Answer:
    """Ask again, with a new date."""
    return _do(
        number,
        "decide",
        lambda a, s, f, now: service.ask_again(a, s, f.text.data or "", f.date(), now),
        _("已要求再次答复。"),
    )


@bp.post("/<number>/withdraw")
@access.guard(words.SUPERVISE)
def withdraw(number: str) -> Answer:
    """End it without an accepted reply."""
    return _do(
        number, "withdraw", lambda a, s, f, now: service.withdraw(a, s, f.text.data or "", now), _("督办已撤销。")
    )
