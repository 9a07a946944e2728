"""Pages of clients' opinions (S-4)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.client_opinion import paper, queries, rights, seams, service
from portal.client_opinion import vocabulary as words
from portal.client_opinion.forms import SPOKEN, ActForm, FilterForm, RegisterForm
from portal.client_opinion.models import Opinion
from portal.kernel import access, acts, clock, documents, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("client_opinion", __name__, url_prefix="/client-opinions")

Answer = str | BaseResponse | tuple[str, int]
#: Rows of an export at most; beyond it the list is to be narrowed by its filters.
MOST_EXPORTED = 20_000


def _shown() -> dict[str, Any]:
    return {"words": words, "names": people.user_names(), "departments": people.department_names()}


# --- lists -----------------------------------------------------------------------------------------------------


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """Opinions with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    form.validate()
    return page_or_fragment(
        "client_opinion/index.html",
        "client_opinion/_list.html",
        form=form,
        page=paginate(queries.listing(actor, form.wanted(), now)),
        queries=queries,
        at=now,
        may_register=actor.can(words.MANAGE),
        filtered=any(v for k, v in request.args.items() if k != "page"),
        **_shown(),
    )


@bp.get("/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered opinions as XLSX, without the clients' names and phones (at most MOST_EXPORTED rows)."""
    actor, now, form = require_actor(), clock.now(), FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("类别"), _("来源"), _("科室"), _("登记时间"), _("反映的内容"), _("环节"), _("本环节期限"),
        _("逾期"), _("联系时间"), _("答复时间"), _("认定"), _("整改通知编号"), _("整改期限"), _("整改报告时间"),
        _("办结时间"),
    ]  # fmt: skip
    departments = people.department_names()
    rows = db.session.scalars(queries.listing(actor, form.wanted(), now).limit(MOST_EXPORTED))
    lines = (
        [
            o.number, str(words.KIND_LABELS[o.kind]), str(words.SOURCE_LABELS[o.source]),
            departments.get(o.department_id or 0, ""), o.opened_at, o.text or o.reasons,
            str(words.STATE_LABELS[o.state]), queries.due_of(o), _("是") if queries.is_late(o, now) else "",
            o.contacted_at, o.answered_at, str(words.VERDICT_LABELS[o.verdict]) if o.verdict else "",
            o.notice_number or "", o.last.due_at if o.last else None, o.last.rectified_at if o.last else None,
            o.closed_at,
        ]
        for o in rows
    )  # fmt: skip
    return sheets.listed(_("服务对象意见"), headings, lines)


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def register() -> Answer:
    """The office writes down what came by letter or was said in a meeting."""
    actor, form = require_actor(), RegisterForm()
    if form.sent():
        try:
            made = service.register(
                actor,
                form.kind.data,
                form.source.data,
                form.text.data,
                clock.now(),
                department_id=form.department_id.data,
                case_id=_case_id(actor, form.case_number.data),
                contact_name=form.contact_name.data or "",
                contact_phone=form.contact_phone.data or "",
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已登记，编号 %(number)s。", number=made.number))
            return go("client_opinion.show", number=made.number)
    return render_template("client_opinion/register.html", form=form), 422 if form.errors else 200


def _case_id(actor: Actor, number: str | None) -> int | None:
    if not number:
        return None
    try:
        return cases.by_number(actor, number.upper()).id
    except NotFound:
        raise Invalid("case_number", _("没有这个编号的办件。")) from None


# --- one opinion -----------------------------------------------------------------------------------------------


def _page(actor: Actor, found: Opinion, form: ActForm, verb: str = "") -> str:
    now = clock.now()
    return render_template(
        "client_opinion/show.html",
        o=found,
        form=form,
        verb=verb,
        light=queries.light(found, now),
        due=queries.due_of(found),
        can=rights.acts(actor, found),
        contact=rights.sees_contact(actor, found),
        case_readable=found.case is not None and cases.may_read(actor, found.case),
        grade=seams.grade_word(found.grade),
        spoken=[(how, words.HOW_LABELS[how]) for how in SPOKEN],
        history=timeline.lines(reversed(journal.of_object("client_opinion", found.id))),
        **_shown(),
    )


@bp.get("/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """An opinion: what was said, where it stands, what was done, and the acts of the reader."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number), ActForm(formdata=None))


_do = acts.Verbs(Opinion, queries.by_number, lambda _opinion: ActForm(), _page, "client_opinion.show")


def _how(form: ActForm) -> Any:
    how = form.spoken()
    if how is None:
        raise Invalid("how", _("请选择联系方式。"))
    return how


@bp.post("/<number>/assign")
@access.guard(words.MANAGE)
def assign(number: str) -> Answer:
    """Say which department is to deal with it."""
    return _do(
        number, "assign", lambda a, o, f, now: service.assign(a, o, f.department_id.data, now), _("已交科室办理。")
    )


@bp.post("/<number>/contact")
@access.guard(words.READ)
def contact(number: str) -> Answer:
    """Record the contact with a bad review's client."""
    return _do(
        number,
        "contact",
        lambda a, o, f, now: service.contact(a, o, _how(f), f.text.data or "", now),
        _("已登记联系情况。"),
    )


@bp.post("/<number>/draft")
@access.guard(words.HANDLE)
def draft(number: str) -> Answer:
    """Draft the answer."""
    return _do(number, "draft", lambda a, o, f, now: service.draft(a, o, f.text.data or "", now), _("已报领导批准。"))


@bp.post("/<number>/approve")
@access.guard(words.APPROVE)
def approve(number: str) -> Answer:
    """Approve the answer."""
    return _do(number, "approve", lambda a, o, f, now: service.approve(a, o, f.text.data or "", now), _("已批准答复。"))


@bp.post("/<number>/send-back")
@access.guard(words.APPROVE)
def send_back(number: str) -> Answer:
    """Send the draft back."""
    return _do(
        number, "approve", lambda a, o, f, now: service.send_back(a, o, f.text.data or "", now), _("已退回重拟。")
    )


@bp.post("/<number>/answer")
@access.guard(words.READ)
def answer(number: str) -> Answer:
    """Record that the client was told."""
    return _do(
        number,
        "answer",
        lambda a, o, f, now: service.answer(a, o, _how(f), f.text.data or "", now),
        _("已登记答复情况。"),
    )


@bp.post("/<number>/confirm")
@access.guard(words.JUDGE)
def confirm(number: str) -> Answer:
    """Confirm it and issue the notice of rectification."""
    return _do(
        number,
        "confirm",
        lambda a, o, f, now: service.confirm(a, o, f.finding.data or "", f.demand.data or "", now),
        _("已认定属实，整改通知已发出。"),
    )


@bp.post("/<number>/conclude")
@access.guard(words.JUDGE)
def conclude(number: str) -> Answer:
    """End an opinion or suggestion with its answer."""
    return _do(number, "conclude", lambda a, o, f, now: service.conclude(a, o, f.text.data or "", now), _("已办结。"))


@bp.post("/<number>/propose-untrue")
@access.guard(words.JUDGE)
def propose_untrue(number: str) -> Answer:
    """Say, as the first person, that it is not so."""
    return _do(
        number,
        "propose_untrue",
        lambda a, o, f, now: service.propose_untrue(a, o, f.text.data or "", now),
        _("已提出不属实，等待另一人复核。"),
    )


@bp.post("/<number>/find-untrue")
@access.guard(words.JUDGE)
def find_untrue(number: str) -> Answer:
    """Agree, as the second person, that it is not so."""
    return _do(
        number,
        "second",
        lambda a, o, f, now: service.find_untrue(a, o, f.text.data or "", now),
        _("已认定不属实，不计入评分。"),
    )


@bp.post("/<number>/refuse-untrue")
@access.guard(words.JUDGE)
def refuse_untrue(number: str) -> Answer:
    """Do not agree, as the second person."""
    return _do(
        number,
        "second",
        lambda a, o, f, now: service.refuse_untrue(a, o, f.text.data or "", now),
        _("已复核，不同意认定不属实。"),
    )


@bp.post("/<number>/receive")
@access.guard(words.HANDLE)
def receive(number: str) -> Answer:
    """Sign for the notice of rectification."""
    return _do(number, "receive", lambda a, o, _f, now: service.receive(a, o, now), _("已签收整改通知。"))


@bp.post("/<number>/rectify")
@access.guard(words.HANDLE)
def rectify(number: str) -> Answer:
    """Report the rectification in writing."""
    return _do(
        number, "rectify", lambda a, o, f, now: service.rectify(a, o, f.text.data or "", now), _("整改报告已提交复查。")
    )


@bp.post("/<number>/accept")
@access.guard(words.JUDGE)
def accept(number: str) -> Answer:
    """The re-check finds it put right."""
    return _do(
        number, "recheck", lambda a, o, f, now: service.accept(a, o, f.text.data or "", now), _("已登记复查通过。")
    )


@bp.post("/<number>/fail")
@access.guard(words.JUDGE)
def fail(number: str) -> Answer:
    """The re-check finds it not put right."""
    return _do(
        number, "recheck", lambda a, o, f, now: service.fail(a, o, f.text.data or "", now), _("已要求再次整改。")
    )


@bp.post("/<number>/try-call")
@access.guard(words.JUDGE)
def try_call(number: str) -> Answer:
    """The client was called back and not reached."""
    return _do(number, "call_back", lambda a, o, _f, now: service.try_call(a, o, now), _("已登记一次未接通。"))


@bp.post("/<number>/call-back")
@access.guard(words.JUDGE)
def call_back(number: str) -> Answer:
    """Record the call-back of a bad review."""
    return _do(
        number,
        "call_back",
        lambda a, o, f, now: service.call_back(a, o, _how(f), f.pleased(), f.text.data or "", now),
        _("已登记回访，办结。"),
    )


# --- the notice of rectification -------------------------------------------------------------------------------


def _noticed(number: str) -> Opinion:
    found = queries.by_number(require_actor(), number)
    if found.notice_number is None:
        raise NotFound()
    return found


@bp.get("/<number>/notice")
@access.guard(words.READ)
def notice(number: str) -> Answer:
    """The notice of rectification for print."""
    found = _noticed(number)
    return render_template(
        "client_opinion/notice.html", o=found, rows=paper.rows(found), unit=people.unit_name(), back=url_for(
            "client_opinion.show", number=number
        ),
    )  # fmt: skip


@bp.get("/<number>/notice.docx")
@access.guard(words.READ)
def notice_docx(number: str) -> Response:
    """The notice of rectification as DOCX."""
    found = _noticed(number)
    return documents.download(paper.docx(found), f"{found.notice_number}.docx")
