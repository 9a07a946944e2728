"""Pages of the one-time notice: issue, show, list, check; supplement, reminder and receipt of a case."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as case_queries
from portal.cases import rules as case_rules
from portal.cases import service as cases
from portal.cases.models import Case, CaseMaterial
from portal.kernel import access, clock, documents, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.i18n import local_date
from portal.kernel.paging import paginate
from portal.one_time_notice import paper, queries, service
from portal.one_time_notice import vocabulary as words
from portal.one_time_notice.forms import CheckForm, FilterForm, RemindForm, SupplementForm, notice_form
from portal.one_time_notice.models import Form
from portal.people import queries as people

bp = Blueprint("one_time_notice", __name__)

Answer = str | BaseResponse | tuple[str, int]
#: Rows of an export at most; beyond it the list is to be narrowed by its filters.
MOST_EXPORTED = 20_000


def _case(number: str) -> Case:
    """The case of the page, locked when something is sent. Raises NotFound for one that the actor may not see."""
    actor = require_actor()
    if request.method != "POST":
        return case_queries.by_number(actor, number)
    case = locked(Case, number=number)
    if not case_queries.may_read(actor, case):
        raise NotFound()
    return case


def _waiting(number: str) -> Case:
    """A case that waits for its client and that the actor handles. Raises NotAllowed, Conflict."""
    case = _case(number)
    cases.require_handler(require_actor(), case)
    if case.state not in case_rules.WAITING_FOR_CLIENT:
        raise Conflict(_("这件办件不在等待补正。"))
    return case


@bp.route("/cases/<number>/notice", methods=["GET", "POST"])
@access.guard(words.ISSUE)
def issue(number: str) -> Answer:
    """Issue a notice: the checklist with what is missing or wrong, and when to come next (N-1)."""
    actor, case, now = require_actor(), _case(number), clock.now()
    cases.require_handler(actor, case)
    if not case_rules.MOVES.allowed(case.state, "want_supplement"):
        raise Conflict(_("办件已经结案，不能再告知。"), "T-11")
    form = notice_form(case, service.default_until(now))
    order = service.standing_order(case)
    late: list[CaseMaterial] = []
    if "more" not in request.form and form.sent():
        late = service.repeated(case, form.lines())
        if late and not form.seen.data:
            form.seen.errors = [_("以下内容本应在首次告知时提出，请核对；确需告知的，勾选后再发出。")]
        else:
            try:
                notice = service.issue(
                    actor,
                    case,
                    now,
                    form=Form(form.form.data),
                    lines=form.lines(),
                    next_visit=form.next_visit.data,
                    until=form.until.data or clock.today(),
                    ordered_by=request.args.get("ordered_by", ""),
                    basis=form.basis.data if "basis" in form else "",
                    limit_text=form.limit_text.data if "limit_text" in form else "",
                    procedure=form.procedure.data if "procedure" in form else "",
                    received=form.received(),
                )
            except Invalid as error:
                form.refuse(error)
            else:
                flash(_("已告知，编号 %(number)s。", number=notice.number))
                return go("one_time_notice.show", number=notice.number)
    page = render_template(
        "one_time_notice/issue.html",
        case=case,
        form=form,
        told=service.shown(case),
        order=order,
        late=late,
        earlier=queries.of_case(case.id),
        words=words,
    )
    return page, 200 if request.method == "GET" or "more" in request.form else 422


@bp.get("/notices")
@access.guard(words.READ)
def index() -> Answer:
    """Notices with filters, search by number and pages."""
    form = FilterForm(request.args)
    good = form.validate()
    found = paginate(queries.listing(require_actor(), _wanted(form)))
    return page_or_fragment(
        "one_time_notice/index.html",
        "one_time_notice/_list.html",
        form=form,
        good=good,
        page=found,
        words=words,
        departments=people.department_names(),
        names=people.user_names(),
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


def _wanted(form: FilterForm) -> queries.Wanted:
    """The filters that are good; the others are shown with their error and do not restrict."""
    found = form.good()
    return queries.Wanted(department_id=found.pop("department", None), **found)


@bp.get("/notices/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered notices as XLSX, without client data (at most MOST_EXPORTED rows)."""
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("告知编号"), _("告知时间"), _("科室"), _("办件"), _("事项"), _("方式"), _("第几次"),
        _("缺少或不符合要求的材料"), _("补正期限"), _("补正时间"), _("含首次漏告内容"), _("否定报备编号"), _("告知人"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    lines = (
        [
            n.number,
            n.issued_at,
            departments.get(n.case.department_id, ""),
            n.case.number,
            n.case.matter,
            str(words.FORM_LABELS[n.form]),
            n.ordinal,
            "；".join(f"{line.name}（{words.PROBLEM_LABELS[line.problem]}）" for line in n.lines),
            n.supplement_due_on,
            n.answered_at,
            _("是") if n.repeats else "",
            n.ordered_by,
            names.get(n.issued_by_id, ""),
        ]
        for n in queries.exported(require_actor(), _wanted(form), MOST_EXPORTED)
    )
    return sheets.listed(_("一次性告知"), headings, lines)


@bp.get("/notices/check")
@access.login
def check() -> Answer:
    """Whether a number and a check code belong together (N-3); says nothing about the client."""
    form = CheckForm(request.args if request.args else None)
    found, asked = None, bool(request.args) and form.validate()
    if asked:
        found = queries.check(form.number.data, form.code.data, service.secret())
    page = render_template(
        "one_time_notice/check.html", form=form, asked=asked, found=found, departments=people.department_names()
    )
    return page, 422 if form.errors else 200


@bp.get("/notices/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """One notice: what was told, and what became of it."""
    actor = require_actor()
    notice = queries.by_number(actor, number)
    case = notice.case
    return render_template(
        "one_time_notice/show.html",
        notice=notice,
        case=case,
        rows=queries.material_rows(notice),
        words=words,
        paper=paper,
        issuer=people.user_names().get(notice.issued_by_id, ""),
        last=queries.latest(case.id) is notice,
        may_handle=cases.may_handle(actor, case),
        waiting=case.state in case_rules.WAITING_FOR_CLIENT,
        step=queries.step(case, clock.now()),
    )


@bp.get("/notices/<number>/paper")
@access.guard(words.READ)
def print_paper(number: str) -> Answer:
    """The 一次性告知书 for printing."""
    notice = queries.by_number(require_actor(), number)
    return render_template("one_time_notice/paper.html", p=paper.content(notice), notice=notice, paper=paper)


@bp.get("/notices/<number>/paper.docx")
@access.guard(words.READ)
def docx(number: str) -> Response:
    """The 一次性告知书 as a DOCX file."""
    notice = queries.by_number(require_actor(), number)
    return documents.download(paper.docx(notice), f"{_('一次性告知书')}-{notice.number}.docx")


@bp.route("/cases/<number>/supplement", methods=["GET", "POST"])
@access.guard(words.ISSUE)
def supplement(number: str) -> Answer:
    """Tick what came in now: the case goes on, or a further notice is due (N-4, N-6)."""
    actor, case = require_actor(), _waiting(number)
    form = SupplementForm()
    lacking = [m for m in case.materials if m.received_at is None]
    if form.sent():
        try:
            complete = service.supplement(actor, case, form.materials.data or (), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            if complete:
                flash(_("材料已补齐，办件继续办理，承诺期限 %(due)s。", due=paper.moment(case.due_at)))
                return go("cases.show", number=number)
            flash(_("材料仍不齐全，请再作一次完整告知。"), "warning")
            return go("one_time_notice.issue", number=number)
    page = render_template(
        "one_time_notice/supplement.html",
        case=case,
        form=form,
        lacking=lacking,
        notice=queries.latest(case.id),
        words=words,
    )
    return page, 422 if form.errors else 200


@bp.route("/cases/<number>/remind", methods=["GET", "POST"])
@access.guard(words.ISSUE)
def remind(number: str) -> Answer:
    """Record that the client was reminded of what is missing (N-7)."""
    actor, case = require_actor(), _waiting(number)
    form = RemindForm()
    if form.sent():
        cases.remind(actor, case, form.how.data, clock.now())
        flash(_("提醒已记录。"))
        return go("cases.show", number=number)
    page = render_template(
        "one_time_notice/remind.html", case=case, form=form, notice=queries.latest(case.id), words=words
    )
    return page, 422 if form.errors else 200


@bp.get("/cases/<number>/receipt")
@access.guard(words.READ)
def receipt(number: str) -> Answer:
    """The 收件回执: papers received and papers given back, for printing (N-6)."""
    case = case_queries.by_number(require_actor(), number)
    return render_template(
        "one_time_notice/receipt.html",
        case=case,
        received=[m for m in case.materials if m.received_at],
        returned=[m for m in case.materials if m.returned_at],
        code=service.receipt_code(case),
        contact=paper.contact(case),
        today=local_date(clock.today(), "formal"),
        receiver=people.user_names().get(case.received_by_id or 0, ""),
        paper=paper,
    )
