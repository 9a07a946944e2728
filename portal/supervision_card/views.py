"""Pages of supervision cards: register, issue, show, print, withdraw (O-5)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.cases import service as case_service
from portal.cases.models import Case
from portal.kernel import access, clock, documents, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people
from portal.service_commitment.words import limit_text
from portal.supervision_card import paper, queries, service
from portal.supervision_card import vocabulary as words
from portal.supervision_card.forms import FilterForm, IssueForm, VisitForm, WithdrawForm
from portal.supervision_card.models import SupervisionCard

bp = Blueprint("supervision_card", __name__, url_prefix="/supervision-cards")

Answer = str | BaseResponse | tuple[str, int]
#: Rows of an export, and cards of one print, at most.
MOST_EXPORTED, MOST_PRINTED = 20_000, 80
#: Cards on one A4 sheet.
ON_A4 = 4


def _wanted(form: FilterForm) -> queries.Wanted:
    """The filters that are good; the others are shown with their error and do not restrict."""
    return queries.Wanted(**{f.name: f.data for f in form if f.data and not f.errors})


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The register with filters, search and pages."""
    actor, form = require_actor(), FilterForm(request.args)
    form.validate()
    return page_or_fragment(
        "supervision_card/index.html",
        "supervision_card/_list.html",
        form=form,
        page=paginate(queries.listing(actor, _wanted(form))),
        departments=people.department_names(),
        names=people.user_names(),
        paper=paper,
        may_issue=actor.can(words.ISSUE) and bool(actor.posts),
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered register as XLSX (at most MOST_EXPORTED rows)."""
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("出具时间"), _("所办事项"), _("办件编号"), _("时限"), _("期限"), _("科室"), _("联系"), _("电话"),
        _("投诉监督"), _("出具人"), _("收回时间"), _("收回原因"),
    ]  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    lines = (
        [
            card.number,
            card.issued_at,
            card.matter,
            card.case.number if card.case else "",
            limit_text(card.time_limit),
            card.due_at,
            departments.get(card.department_id, ""),
            card.contact,
            card.phone,
            card.complaint,
            names.get(card.issued_by_id, ""),
            card.withdrawn_at,
            card.withdrawn_reason,
        ]
        for card in queries.exported(require_actor(), _wanted(form), MOST_EXPORTED)
    )
    return sheets.listed(_("办事监督卡"), headings, lines)


@bp.get("/sheets")
@access.guard(words.READ)
def print_sheets() -> str:
    """The filtered valid cards on A4, four to a sheet, to be cut."""
    form = FilterForm(request.args)
    form.validate()
    wanted = queries.listing(require_actor(), _wanted(form)).where(SupervisionCard.withdrawn_at.is_(None))
    cards = list(db.session.scalars(wanted.limit(MOST_PRINTED)))
    return render_template(
        "supervision_card/sheets.html",
        sheets=[cards[n : n + ON_A4] for n in range(0, len(cards), ON_A4)],
        paper=paper,
        unit=people.unit_name(),
        most=MOST_PRINTED,
    )


# --- issuing ------------------------------------------------------------------------------------------------------


def _case(actor: Actor, number: str) -> Case:
    found = cases.by_number(actor, number)
    return locked(Case, id=found.id) if request.method == "POST" else found


@bp.route("/cases/<number>/new", methods=["GET", "POST"])
@access.guard(words.ISSUE)
def issue(number: str) -> Answer:
    """Issue the card of an accepted case."""
    actor, now = require_actor(), clock.now()
    case = _case(actor, number)
    if not case_service.may_handle(actor, case):
        raise NotAllowed(_("监督卡由负责该岗位的人出具。"), "O-5")
    version = case.promise_version
    usual = service.usual(case.post, version.place if version else "", version.phone if version else "")
    form = IssueForm(obj=usual)
    if form.sent():
        card = service.issue_for_case(actor, case, form.content(), now)
        flash(_("已出具监督卡 %(number)s，请打印交给申请人。", number=card.number))
        return go("supervision_card.show", number=card.number)
    return render_template("supervision_card/issue.html", form=form, case=case), 422 if form.errors else 200


@bp.route("/visits/new", methods=["GET", "POST"])
@access.guard(words.ISSUE)
def issue_visit() -> Answer:
    """Issue a card for a visit that opened no case."""
    actor, now = require_actor(), clock.now()
    if not actor.posts:
        raise NotAllowed(_("您现在不负责任何岗位，不能出具监督卡。"), "O-5")
    first = service.post_of(actor.posts[0].post_id)
    form = VisitForm([(p.post_id, p.post_name) for p in actor.posts], obj=service.usual(first) if first else None)
    if form.sent():
        try:
            post = service.post_of(form.post.data)
            card = service.issue_for_visit(
                actor, post, form.matter.data or "", form.time_limit.data or "", form.content(), now
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已出具监督卡 %(number)s，请打印交给来访者。", number=card.number))
            return go("supervision_card.show", number=card.number)
    return render_template("supervision_card/issue_visit.html", form=form), 422 if form.errors else 200


# --- one card -----------------------------------------------------------------------------------------------------


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> str:
    """One card: what it says, and what became of it."""
    actor = require_actor()
    card = queries.by_number(actor, number)
    return render_template(
        "supervision_card/show.html",
        card=card,
        paper=paper,
        may_withdraw=service.may_withdraw(actor, card),
        names=people.user_names(),
        lines=timeline.lines(journal.of_object("supervision_card", card.id)),
    )


@bp.get("/<number>/sheet")
@access.guard(words.READ)
def sheet(number: str) -> str:
    """The card to print on A6."""
    card = queries.by_number(require_actor(), number)
    return render_template("supervision_card/sheet.html", card=card, paper=paper, unit=people.unit_name())


@bp.get("/<number>/card.docx")
@access.guard(words.READ)
def docx(number: str) -> Response:
    """The card in Word."""
    card = queries.by_number(require_actor(), number)
    return documents.download(paper.docx(card), f"{_('办事监督卡')}-{card.number}.docx")


@bp.route("/<number>/withdraw", methods=["GET", "POST"])
@access.guard(words.READ)
def withdraw(number: str) -> Answer:
    """Take a wrong card back."""
    actor = require_actor()
    card = queries.by_number(actor, number)
    if request.method == "POST":
        card = locked(SupervisionCard, id=card.id)
    if not service.may_withdraw(actor, card):
        raise NotFound()
    form = WithdrawForm()
    if form.sent():
        service.withdraw(actor, card, form.reason.data or "", clock.now())
        flash(_("监督卡 %(number)s 已收回。", number=number))
        return go("supervision_card.show", number=number)
    return render_template("supervision_card/withdraw.html", form=form, card=card), 422 if form.errors else 200
