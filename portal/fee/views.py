"""Recording fees and consequences on a case, and the two registers (C-8, C-9)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.fee import queries, service
from portal.fee import vocabulary as words
from portal.fee.forms import ConsequenceForm, DecideForm, FeeForm, GiveForm, NarrowForm
from portal.fee.models import CaseFee, Consequence
from portal.kernel import access, clock, paging, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.service_commitment.models import BreachKind
from portal.service_commitment.vocabulary import BREACH_LABELS
from portal.service_commitment.words import fee_text, money_code, money_figure, money_text

bp = Blueprint("fee", __name__, url_prefix="/fees")

#: Rows of a register in a sheet.
EXPORTED = 5000
Answer = str | BaseResponse | tuple[str, int]


def _case(number: str) -> Case:
    """The case of the page, locked when something is sent. Raises NotFound for one that the actor may not see."""
    actor = require_actor()
    if request.method != "POST":
        return cases.by_number(actor, number)
    case = locked(Case, number=number)
    if not cases.may_read(actor, case):
        raise NotFound()
    return case


def _id(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


@bp.route("/cases/<number>", methods=["GET", "POST"])
@access.guard(words.RECORD)
def charge(number: str) -> Answer:
    """Record what the client of a case paid, or correct a record (C-9)."""
    actor, case = require_actor(), _case(number)
    if not queries.may_record(actor, case):
        raise NotAllowed(_("您目前不负责这件办件的岗位。"))
    version = case.promise_version or case.receipt_version
    form = FeeForm()
    if form.sent():
        try:
            service.charge(
                actor,
                case,
                money_code(form.amount.data) or 0,
                form.charged_on.data or clock.today(),
                clock.now(),
                quantity=form.quantity.data or 1,
                reason=form.reason.data or "",
                receipt=form.receipt.data or "",
                corrects=_id(form.corrects.data or ""),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("收费已登记。"))
            return go("cases.show", number=number)
    elif request.method == "GET":
        _prefill(form, case)
    return render_template(
        "fee/charge.html",
        form=form,
        case=case,
        version=version,
        fee=fee_text(version.fee_fen, version.fee_unit, version.fee) if version else "",
        correcting=bool(form.corrects.data),
    ), 422 if form.errors else 200


def _prefill(form: FeeForm, case: Case) -> None:
    version, earlier = case.promise_version or case.receipt_version, _id(request.args.get("corrects", ""))
    found = db.session.get(CaseFee, earlier) if earlier is not None else None
    if found is not None and found.case_id == case.id:
        form.corrects.data, form.amount.data = str(found.id), money_figure(found.charged_fen)
        form.quantity.data, form.charged_on.data = found.quantity, found.charged_on
        form.receipt.data, form.reason.data = found.receipt, found.reason
        return
    form.quantity.data, form.charged_on.data = 1, clock.today()
    form.amount.data = money_figure((version.fee_fen or 0) if version else 0)


@bp.route("/cases/<number>/consequence", methods=["GET", "POST"])
@access.guard(words.RECORD)
def propose(number: str) -> Answer:
    """Propose what the client gets for a broken promise, of what the case's version publishes (C-8)."""
    actor, case = require_actor(), _case(number)
    if not queries.may_propose(actor, case):
        raise NotAllowed(_("只有经办岗位和本科室负责人可以提出。"))
    version = case.promise_version or case.receipt_version
    if version is None or not version.breach:
        raise Conflict(_("这件办件适用的版本没有公布违诺后果。"), "C-8")
    form = ConsequenceForm(queries.published_kinds(version))
    if form.sent():
        try:
            made = service.propose(
                actor,
                case,
                BreachKind(form.kind.data),
                form.breach.data or "",
                form.what.data or "",
                money_code(form.amount.data) if form.amount.data else None,
                clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已提出 %(number)s，待审批。", number=made.number))
            return go("fee.show", number=made.number)
    return render_template("fee/propose.html", form=form, case=case, version=version), 422 if form.errors else 200


def _consequence(number: str) -> Consequence:
    found = queries.consequence(require_actor(), number)
    if found is None:
        raise NotFound()
    return found


@bp.get("/consequences/<number>")
@access.login
def show(number: str) -> Answer:
    """A consequence, and what can be done with it."""
    return _page(_consequence(number))


def _page(found: Consequence, decide: DecideForm | None = None, give: GiveForm | None = None) -> str:
    actor, open_ = require_actor(), found.state
    return render_template(
        "fee/consequence.html",
        c=found,
        labels=words.STATE_LABELS,
        marks=words.STATE_MARKS,
        kinds=BREACH_LABELS,
        names=people.user_names(),
        money=money_text,
        decides=open_ == "proposed"
        and queries.is_superior(actor, found.department_id)
        and found.proposed_by_id != actor.id,
        gives=open_ == "approved" and queries.may_propose(actor, found.case),
        withdraws=open_ == "proposed" and found.proposed_by_id == actor.id,
        opens=cases.may_read(actor, found.case),
        decide=decide or DecideForm(formdata=None),
        give=give or GiveForm(formdata=None, data={"given_on": clock.today()}),
    )


@bp.post("/consequences/<number>/approve")
@access.guard(words.APPROVE)
def approve(number: str) -> Answer:
    """Agree to a consequence."""
    return _decided(number, service.approve, _("已同意，请落实后登记。"))


@bp.post("/consequences/<number>/refuse")
@access.guard(words.APPROVE)
def refuse(number: str) -> Answer:
    """Refuse a consequence with a reason."""
    return _decided(number, service.refuse, _("已退回。"))


def _decided(number: str, verb: Callable[..., None], done: str) -> Answer:
    found, form = _consequence(number), DecideForm()
    if form.sent():
        try:
            verb(require_actor(), found, form.opinion.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(done)
            return go("fee.show", number=number)
    return _page(found, decide=form), 422


@bp.post("/consequences/<number>/give")
@access.guard(words.RECORD)
def give(number: str) -> Answer:
    """Record that the client got it."""
    found, form = _consequence(number), GiveForm()
    if form.sent():
        try:
            service.give(require_actor(), found, form.given_on.data or clock.today(), form.how.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记落实。"))
            return go("fee.show", number=number)
    return _page(found, give=form), 422


@bp.post("/consequences/<number>/withdraw")
@access.guard(words.RECORD)
def withdraw(number: str) -> BaseResponse:
    """Take an undecided proposal back."""
    service.withdraw(require_actor(), _consequence(number), clock.now())
    flash(_("已撤回。"))
    return go("fee.show", number=number)


def _fee_choices() -> list[tuple[str, str]]:
    return [
        ("differs", _("与公布不一致")),
        ("more", _("多收")),
        ("less", _("少收或免收")),
        ("corrected", _("已被更正的记录")),
    ]


@bp.get("")
@access.guard(words.READ)
def fees() -> str:
    """The register of fees as charged (C-9)."""
    form = NarrowForm(_fee_choices(), request.args)
    query = queries.fees(require_actor(), form.wanted())
    return render_template(
        "fee/fees.html",
        form=form,
        page=paging.paginate(query),
        sums=queries.sums(query),
        money=money_text,
        names=people.user_names(),
        departments=people.department_names(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export_fees() -> Response:
    """The register of fees as XLSX (at most EXPORTED rows)."""
    form = NarrowForm(_fee_choices(), request.args)
    names, departments = people.user_names(), people.department_names()
    headings = [
        _("办件"), _("事项"), _("科室"), _("收费日期"), _("公布单价（元）"), _("单位"), _("数量"), _("应收（元）"),
        _("实收（元）"), _("相差（元）"), _("理由"), _("票据号"), _("登记人"), _("登记时间"),
    ]  # fmt: skip
    rows = (
        [
            f.case.number,
            f.case.matter,
            departments.get(f.department_id, ""),
            f.charged_on,
            f.published_fen / 100,
            f.unit,
            f.quantity,
            f.expected_fen / 100,
            f.charged_fen / 100,
            f.difference_fen / 100,
            f.reason,
            f.receipt,
            names.get(f.recorded_by_id or 0, ""),
            f.recorded_at,
        ]
        for f in db.session.scalars(queries.fees(require_actor(), form.wanted()).limit(EXPORTED))
    )
    return sheets.listed(_("收费登记"), headings, rows)


def _state_choices() -> list[tuple[str, str]]:
    return [(str(state), str(label)) for state, label in words.STATE_LABELS.items()]


@bp.get("/consequences")
@access.guard(words.READ)
def consequences() -> str:
    """The register of consequences of broken promises (C-8)."""
    form = NarrowForm(_state_choices(), request.args)
    return render_template(
        "fee/consequences.html",
        form=form,
        page=paging.paginate(queries.consequences(require_actor(), form.wanted())),
        labels=words.STATE_LABELS,
        marks=words.STATE_MARKS,
        kinds=BREACH_LABELS,
        money=money_text,
        names=people.user_names(),
        departments=people.department_names(),
    )


@bp.get("/consequences/export.xlsx")
@access.guard(words.READ)
def export_consequences() -> Response:
    """The register of consequences as XLSX (at most EXPORTED rows)."""
    form = NarrowForm(_state_choices(), request.args)
    names, departments = people.user_names(), people.department_names()
    headings = [
        _("编号"), _("办件"), _("事项"), _("科室"), _("类别"), _("怎样没有兑现承诺"), _("对服务对象怎么做"),
        _("补偿金额（元）"), _("状态"), _("提出人"), _("提出时间"), _("审批人"), _("审批时间"), _("审批意见"),
        _("落实日期"), _("落实情况"), _("登记人"),
    ]  # fmt: skip
    rows = (
        [
            c.number,
            c.case.number,
            c.case.matter,
            departments.get(c.department_id, ""),
            str(BREACH_LABELS[c.kind]),
            c.breach,
            c.what,
            c.amount_fen / 100 if c.amount_fen is not None else None,
            str(words.STATE_LABELS[c.state]),
            names.get(c.proposed_by_id, ""),
            c.proposed_at,
            names.get(c.decided_by_id or 0, ""),
            c.decided_at,
            c.opinion,
            c.given_on,
            c.given_how,
            names.get(c.given_by_id or 0, ""),
        ]
        for c in db.session.scalars(queries.consequences(require_actor(), form.wanted()).limit(EXPORTED))
    )
    return sheets.listed(_("违诺后果登记"), headings, rows)
