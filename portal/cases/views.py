"""Pages of the case room: the list, the queue, a case and its verbs, the archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import handling, listing, marks, narrowing, page, papers, queries, second_person, service
from portal.cases import vocabulary as words
from portal.cases.forms import ActForm, FilterForm
from portal.cases.models import Case, CaseProposal, Consultation
from portal.cases.paper_models import CasePaper, PaperKind
from portal.cases.service import Client
from portal.kernel import access, acts, clock, documents, files, htmx, sheets
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import locked
from portal.kernel.paging import paginate
from portal.kernel.templates import standing

bp = Blueprint("cases", __name__, url_prefix="/cases")
bp.add_app_template_global(marks.case_light)
bp.add_app_template_global(marks.urgency, "case_urgency")
bp.add_app_template_global(marks.state_words, "case_state")

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Cases with filters, search and pages."""
    wanted = listing.wanted()
    actor = require_actor()
    found = paginate(listing.query(actor, wanted), scalars=False)

    def narrowed() -> dict[str, Any]:
        return {"wanted": wanted, "form": FilterForm(request.args)}

    mine = "mine" if actor.can(words.HANDLE) else ""
    return htmx.page_or_fragment(
        "cases/index.html",
        "cases/_list.html",
        page=found,
        rows=queries.rows_of(found.items),
        filters=partial(standing, "people", "cases/_filters.html", narrowed, mine, typed=bool(request.args)),
        words=words,
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered cases as XLSX (at most EXPORTED rows)."""
    found = queries.rows(listing.query(require_actor(), listing.wanted()).limit(EXPORTED))
    headings = [
        _("编号"), _("事项"), _("申请人"), _("科室"), _("状态"), _("收件时间"), _("承诺期限"), _("办结时间"), _("超期"),
    ]  # fmt: skip
    lines = (
        [
            r.number,
            r.matter,
            r.client,
            r.department,
            str(words.STATE_LABELS[r.state]),
            r.received_at,
            r.due_at,
            r.closed_at,
            _("是") if r.closed_late or (r.closed_at is None and str(r.light) in ("overdue", "red")) else "",
        ]
        for r in found
    )
    return sheets.listed(_("办件"), headings, lines)


@bp.get("/queue")
@access.guard(words.HANDLE)
def queue() -> Answer:
    """The open cases of the posts that the actor answers for now."""
    actor = require_actor()
    tab = request.args.get("tab", "")
    acting = tuple(p.post_id for p in actor.posts if p.for_user_id is not None)
    own = narrowing.handled_posts(actor)
    post_ids = acting if tab == "acting" else own
    return htmx.page_or_fragment(
        "cases/queue.html",
        "cases/_queue.html",
        rows=queries.queue(post_ids, tab, limit=200),
        tab=tab,
        counts=queries.counts(Case.post_id.in_(own or (0,)), clock.now()),
        acting_count=queries.counts(Case.post_id.in_(acting), clock.now()).open if acting else 0,
        words=words,
    )


@bp.get("/archive")
@access.guard(words.READ)
def archive() -> Answer:
    """Closed cases whose archive file has not been filed (J-4)."""
    found = paginate(queries.unfiled(require_actor()), scalars=False)
    return render_template("cases/archive.html", page=found, rows=queries.rows_of(found.items), words=words)


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A case: what it is, where it stands, what can be done, what happened."""
    actor = require_actor()
    case = queries.by_number(actor, number)
    if service.settled(case, clock.now()):
        case = queries.by_number(actor, number)
    return page.render(actor, case, ActForm(formdata=None)), 200


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.READ)
def file(number: str, file_id: int) -> Response:
    """One file of a case, as a download."""
    case = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, ("case", case.id)))


@bp.get("/<number>/archive")
@access.guard(words.READ)
def archive_file(number: str) -> Answer:
    """The archive file of a case: index, documents, completeness (J-4)."""
    actor = require_actor()
    case = queries.by_number(actor, number)
    return render_template("cases/archive_file.html", **page.archive_context(actor, case))


@bp.get("/<number>/papers/<any(promise,deemed_agreed):kind>")
@access.guard(words.READ)
def paper(number: str, kind: str) -> Answer:
    """A numbered paper of a case for printing: 承诺件通知书, notice of deemed agreement (T-7, T-9)."""
    found = _paper(number, kind)
    return render_template("cases/paper.html", paper=found, p=papers.content(found))


@bp.get("/<number>/papers/<any(promise,deemed_agreed):kind>.docx")
@access.guard(words.READ)
def paper_docx(number: str, kind: str) -> Response:
    """A numbered paper of a case as a DOCX file."""
    found = _paper(number, kind)
    return documents.download(papers.docx(found), f"{words.PAPER_LABELS[found.kind]}-{found.number}.docx")


def _paper(number: str, kind: str) -> CasePaper:
    case = queries.by_number(require_actor(), number)
    found = papers.of_kind(case.id, PaperKind(kind))
    if found is None:
        raise NotFound()
    return found


Run = Callable[[Actor, Case, ActForm, datetime], Any]


def _act(number: str, verb: str, done: str, run: Run) -> Answer:
    """One verb on a case: seen, locked, done, back to its page; a refusal is shown at its field."""
    actor, form = require_actor(), ActForm()
    queries.by_number(actor, number)
    case = locked(Case, number=number)
    targets: list[Any] = []
    if acts.carried_out(form, lambda: targets.append(run(actor, case, form, clock.now())), done, page.FIELDS):
        target = targets[0]
        return htmx.go("cases.show", number=target.number if isinstance(target, Case) else number)
    return page.render(actor, queries.by_number(actor, number), form, verb), 422


def _verb(rule: str, verb: str, permission: str, done: Callable[[], str], run: Run) -> None:
    """Register ``POST /cases/<number>/<rule>``."""

    def view(number: str) -> Answer:
        return _act(number, verb, done(), run)

    view.__name__, view.__doc__ = verb, f"POST: {verb.replace('_', ' ')}."
    bp.add_url_rule(f"/<number>/{rule}", verb, access.guard(permission)(view), methods=["POST"])


_verb(
    "accept",
    "accept",
    words.HANDLE,
    lambda: _("已受理，时限开始计算。"),
    lambda a, c, f, now: service.accept(a, c, now),
)
_verb("start", "start", words.HANDLE, lambda: _("已开始办理。"), lambda a, c, f, now: service.start(a, c, now))
_verb(
    "materials",
    "receive_materials",
    words.HANDLE,
    lambda: _("已登记收到的材料。"),
    lambda a, c, f, now: service.receive_materials(a, c, f.positions.data or (), now),
)
_verb(
    "notes",
    "note_step",
    words.HANDLE,
    lambda: _("已记录。"),
    lambda a, c, f, now: handling.note_step(a, c, f.text.data, now, f.files.data or ()),
)
_verb(
    "statement",
    "make_statement",
    words.HANDLE,
    lambda: _("超期说明已记录。"),
    lambda a, c, f, now: service.make_statement(a, c, page.needed(f.statement), now),
)
_verb(
    "complete",
    "complete",
    words.HANDLE,
    lambda: _("已办结。"),
    lambda a, c, f, now: handling.complete(a, c, page.needed(f.text), f.title.data, f.statement.data, now),
)
_verb(
    "proposals",
    "propose",
    words.HANDLE,
    lambda: _("已提出，待第二人确认。"),
    lambda a, c, f, now: second_person.propose(
        a, c, page.proposal_kind(f.kind), page.needed(f.text), f.in_writing.data, f.statement.data, now
    ),
)
_verb(
    "return-materials",
    "return_materials",
    words.HANDLE,
    lambda: _("已登记退还。"),
    lambda a, c, f, now: service.return_materials(a, c, f.positions.data or (), page.needed(f.title), now),
)
_verb(
    "correct",
    "correct",
    words.HANDLE,
    lambda: _("已开立关联办件。"),
    lambda a, c, f, now: handling.correct(a, c, now),
)
_verb(
    "client",
    "change_client",
    words.HANDLE,
    lambda: _("申请人信息已更正。"),
    lambda a, c, f, now: handling.change_client(
        a, c, Client(f.client_unit.data, f.client_name.data, f.client_phone.data), now
    ),
)
_verb(
    "move",
    "move",
    words.HANDLE,
    lambda: _("已调整经办岗位。"),
    lambda a, c, f, now: handling.move(a, c, f.post.data, f.text.data, now),
)
_verb(
    "consultations",
    "consult",
    words.HANDLE,
    lambda: _("已记录咨询。"),
    lambda a, c, f, now: second_person.consult(a, c, page.needed(f.title), page.needed(f.text), now),
)
_verb(
    "told",
    "tell",
    words.HANDLE,
    lambda: _("告知已登记。"),
    lambda a, c, f, now: handling.tell(a, c, f.how.data or "", f.on.data, now),
)
_verb(
    "archive",
    "file_archive",
    words.HANDLE,
    lambda: _("已归档。"),
    lambda a, c, f, now: handling.file_archive(a, c, f.pages.data, f.text.data, now),
)


@bp.post("/<number>/consultations/<int:consultation_id>")
@access.guard(words.HANDLE)
def answer_consultation(number: str, consultation_id: int) -> Answer:
    """Record the answer to a consultation and that the client was told (N-5)."""

    def run(actor: Actor, case: Case, form: ActForm, now: datetime) -> None:
        found = locked(Consultation, id=consultation_id, case_id=case.id)
        second_person.answer_consultation(actor, found, page.needed(form.text), now)

    return _act(number, "answer_consultation", _("答复已记录。"), run)


@bp.post("/<number>/proposals/<int:proposal_id>/<any(confirm,refuse):decision>")
@access.login
def decide(number: str, proposal_id: int, decision: str) -> Answer:
    """The second person confirms or refuses a withdrawal or lapse (N-7)."""

    def run(actor: Actor, case: Case, form: ActForm, now: datetime) -> None:
        locked(CaseProposal, id=proposal_id, case_id=case.id)
        second_person.decide(actor, proposal_id, decision == "confirm", form.text.data, now)

    return _act(number, "decide", _("已确认。") if decision == "confirm" else _("已退回，办件继续。"), run)
