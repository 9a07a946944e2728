"""Pages of the denial filing: list, filing, the verbs of handlers and leaders, papers. The register is beside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as case_queries
from portal.cases import rules as case_rules
from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import letters, page, paper, queries, rules, service
from portal.denial_filing import vocabulary as words
from portal.denial_filing.forms import DecideForm, DeliverForm, FilingForm, LetterForm, RecallForm, edition_of
from portal.denial_filing.models import Filing, FilingState
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import FILES, MEETING_FILES, Meeting
from portal.kernel import access, clock, documents, files
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("denial_filing", __name__)

Answer = str | BaseResponse | tuple[str, int]
_RECENT = 3


# --- list and filing -------------------------------------------------------------------------------------------


def _listed(name: str) -> dict[str, Any]:
    """The list beside a filing: one tab, what waits for the actor first, and under it what was decided last."""
    actor, now = require_actor(), clock.now()
    mine = queries.waiting_numbers(queries.waiting_for(actor, now))
    found = paginate(queries.tab(actor, name), per_page=20)
    recent: list[Filing] = []
    if name == "waiting" and found.number == 1:
        for decided in ("agreed", "returned"):
            recent += db.session.scalars(queries.tab(actor, decided).limit(_RECENT))
        recent.sort(key=lambda f: f.decided_at or f.filed_at, reverse=True)
    return {
        "tab": name,
        "listing": found,
        "rows": sorted(found.items, key=lambda f: f.number not in mine),
        "recent": recent[:_RECENT],
        "mine": mine,
        "pages": page,
        "names": people.user_names(),
        "departments": people.department_names(),
        "words": words,
        "decides_here": actor.can(words.DECIDE),
    }


@bp.get("/denial-filings")
@access.guard(words.READ)
def index() -> Answer:
    """The list of filings by tab; on a wide screen with the first one that waits for the reader."""
    name = request.args.get("tab", "waiting")
    listed = _listed(name if name in queries.TABS else "waiting")
    actor, now = require_actor(), clock.now()
    first = next(iter(listed["rows"]), None)
    chosen = page.context(actor, first, now) if first is not None else {}
    return render_template("denial_filing/index.html", view="list", form=DecideForm(formdata=None), **listed, **chosen)


def _page(filing: Filing, form: DecideForm) -> str:
    actor, now = require_actor(), clock.now()
    name = next((tab for tab, states in queries.TABS.items() if filing.state in states), "waiting")
    return render_template(
        "denial_filing/index.html", view="detail", form=form, **_listed(name), **page.context(actor, filing, now)
    )


@bp.get("/denial-filings/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A filing: reason, basis, alternatives, files, process; the decisions for who decides now."""
    return _page(queries.by_number(require_actor(), number), DecideForm(formdata=None))


@bp.post("/denial-filings/<number>/decide")
@access.guard(words.DECIDE)
def decide(number: str) -> Answer:
    """One of the four decisions of D-3."""
    actor, form = require_actor(), DecideForm()
    queries.by_number(actor, number)
    filing, case = service.lock(number)
    if form.sent():
        verdict = Verdict(form.verdict.data)
        meeting = Meeting(form.meeting_on.data, form.meeting_record.data, form.files.data or ())
        edition = edition_of(form.edition)
        try:
            service.decide(actor, filing, case, verdict, form.opinion.data, edition, clock.now(), meeting)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_DONE[verdict]())
            return (
                go("denial_filing.index")
                if request.form.get("next") == "list"
                else go("denial_filing.show", number=number)
            )
    db.session.rollback()
    return _page(queries.by_number(actor, number), form), 422


_DONE = {
    Verdict.AGREE: lambda: _("已同意，由经办人出具书面决定。"),
    Verdict.CORRECT: lambda: _("已退回重办，办理要求已转经办人。"),
    Verdict.SUPPLEMENT: lambda: _("已改为一次性告知，由经办人办理。"),
    Verdict.ESCALATE: lambda: _("已呈报主要负责人。"),
}


@bp.get("/denial-filings/<number>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, file_id: int) -> Response:
    """One file of a filing, as a download, for who may read the filing."""
    filing = queries.by_number(require_actor(), number)
    return files.send(files.one_of(file_id, (FILES, filing.id), (MEETING_FILES, filing.id)))


# --- the handler's verbs ---------------------------------------------------------------------------------------


def _case(number: str) -> Case:
    """The case of the page, locked when something is sent. Raises NotFound for one that the actor may not see."""
    actor = require_actor()
    if request.method != "POST":
        return case_queries.by_number(actor, number)
    case_queries.by_number(actor, number)
    return locked(Case, number=number)


@bp.route("/cases/<number>/denial-filing", methods=["GET", "POST"])
@access.guard(words.FILE)
def file(number: str) -> Answer:
    """Ask to be allowed to refuse a case (D-1, D-2)."""
    actor, case = require_actor(), _case(number)
    cases.require_handler(actor, case)
    if not case_rules.MOVES.allowed(case.state, "deny"):
        raise Conflict(_("办件已经结案，不能再报备否定。"), "T-11")
    if (standing := queries.standing(case)) is not None:
        raise Conflict(_("这件办件已有报备 %(number)s 尚未了结，不能再次报备。", number=standing.number), "D-4")
    form = FilingForm()
    if form.sent():
        try:
            filing = service.file(actor, case, form.content(), clock.now(), form.files.data or ())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已报备，编号 %(number)s。领导同意前不得答复服务对象。", number=filing.number))
            return go("denial_filing.show", number=filing.number)
    return render_template("denial_filing/file.html", form=form, case=case, filing=None), 422 if form.errors else 200


def _own(number: str) -> tuple[Filing, Case]:
    """A filing that the actor handles, locked when something is sent. Raises NotFound, NotAllowed."""
    actor = require_actor()
    filing = queries.by_number(actor, number)
    case = filing.case
    if request.method == "POST":
        filing, case = service.lock(number)
    cases.require_handler(actor, case)
    return filing, case


@bp.route("/denial-filings/<number>/amend", methods=["GET", "POST"])
@access.guard(words.FILE)
def amend(number: str) -> Answer:
    """Change an undecided filing: a new edition (D-4)."""
    actor, (filing, case) = require_actor(), _own(number)
    if filing.state not in rules.WAITING or queries.fallen(filing):
        raise Conflict(_("这份报备已经了结，不能再改动。"), "D-4")
    form = FilingForm() if request.method == "POST" else FilingForm.of(filing)
    if form.sent():
        try:
            edition = edition_of(form.edition)
            service.amend(actor, filing, case, form.content(), edition, clock.now(), form.files.data or ())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已改为第 %(n)s 稿。", n=filing.edition))
            return go("denial_filing.show", number=number)
    shown = render_template(
        "denial_filing/file.html", form=form, case=case, filing=filing, attached=paper.attachments(filing)
    )
    return shown, 422 if form.errors else 200


@bp.route("/denial-filings/<number>/recall", methods=["GET", "POST"])
@access.guard(words.FILE)
def recall(number: str) -> Answer:
    """Take an undecided filing back; the case goes on."""
    actor, (filing, case) = require_actor(), _own(number)
    form = RecallForm()
    if form.sent():
        service.recall(actor, filing, case, form.reason.data, clock.now())
        flash(_("报备已撤回，请继续办理。"))
        return go("cases.show", number=case.number)
    shown = render_template("denial_filing/recall.html", form=form, filing=filing, case=case)
    return shown, 422 if form.errors else 200


@bp.route("/denial-filings/<number>/issue", methods=["GET", "POST"])
@access.guard(words.FILE)
def issue_letter(number: str) -> Answer:
    """Issue the written decision; it closes the case (D-5)."""
    actor, (filing, case) = require_actor(), _own(number)
    if filing.state is not FilingState.AGREED:
        raise Conflict(_("报备没有经领导同意，不能出具书面决定。"), "D-1")
    form = LetterForm()
    if form.sent():
        try:
            letters.issue(actor, filing, case, form.statement.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已出具 %(number)s，办件结案。请送达服务对象。", number=filing.letter_number))
            return go("denial_filing.show", number=number)
    late = case_rules.is_late(clock.now(), case.due_at) and not case.overdue_statement and case.closed_at is None
    shown = render_template(
        "denial_filing/issue_letter.html", form=form, filing=filing, case=case, letter=paper.letter(filing), late=late
    )
    return shown, 422 if form.errors else 200


@bp.route("/denial-filings/<number>/deliver", methods=["GET", "POST"])
@access.guard(words.FILE)
def deliver(number: str) -> Answer:
    """Record the delivery of the written decision (D-5, N-6)."""
    actor, (filing, case) = require_actor(), _own(number)
    if filing.letter_number is None or filing.delivered_on is not None:
        raise Conflict(_("没有待送达的书面决定。"), "D-5")
    form = DeliverForm(data={"on": clock.today(), "to": case.client_name})
    if form.sent():
        try:
            letters.deliver(
                actor,
                filing,
                case,
                form.how.data,
                form.to.data,
                form.on.data or clock.today(),
                form.materials_returned.data,
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("送达已登记。"))
            return go("denial_filing.show", number=number)
    shown = render_template("denial_filing/deliver.html", form=form, filing=filing, case=case)
    return shown, 422 if form.errors else 200


# --- papers ----------------------------------------------------------------------------------------------------


def _issued(number: str) -> Filing:
    """A filing whose written decision exists. Raises NotFound."""
    filing = queries.by_number(require_actor(), number)
    if filing.letter_number is None:
        raise NotFound()
    return filing


@bp.get("/denial-filings/<number>/letter")
@access.guard(words.READ)
def letter(number: str) -> Answer:
    """The written decision on paper."""
    filing = _issued(number)
    said, receipt = paper.letter(filing), paper.delivery(filing)
    return render_template("denial_filing/letter.html", filing=filing, p=said, receipt=receipt, paper=paper)


@bp.get("/denial-filings/<number>/letter.docx")
@access.guard(words.READ)
def letter_docx(number: str) -> Response:
    """The written decision as DOCX."""
    filing = _issued(number)
    return documents.download(
        paper.letter_docx(filing), f"{words.LETTER_LABELS[filing.refusal]}-{filing.letter_number}.docx"
    )


@bp.get("/denial-filings/<number>/form")
@access.guard(words.READ)
def form_paper(number: str) -> Answer:
    """The 否定报备登记表 on paper (D-2)."""
    filing = queries.by_number(require_actor(), number)
    return render_template(
        "denial_filing/form_paper.html", filing=filing, rows=paper.form_rows(filing), unit=people.unit_name()
    )


@bp.get("/denial-filings/<number>/form.docx")
@access.guard(words.READ)
def form_docx(number: str) -> Response:
    """The 否定报备登记表 as DOCX."""
    filing = queries.by_number(require_actor(), number)
    return documents.download(paper.form_docx(filing), f"{_('否定报备登记表')}-{filing.number}.docx")
