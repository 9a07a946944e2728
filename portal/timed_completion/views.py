"""Pages of a case's special procedures, extensions and closing notice, and of their papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.cases import queries as case_queries
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import access, clock, documents
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.policy import queries as policy
from portal.policy.pause_reasons import REFUSED, TABLE, Reason
from portal.pure.deadlines import deadline
from portal.timed_completion import extending, paper, queries, service
from portal.timed_completion import vocabulary as words
from portal.timed_completion.forms import (
    AskForm,
    CheckForm,
    ClosingForm,
    DecideForm,
    EndForm,
    StartForm,
    ToldForm,
)
from portal.timed_completion.models import CaseExtension, ExtensionState, Letter, SpecialProcedure

bp = Blueprint("timed_completion", __name__)

Answer = str | BaseResponse | tuple[str, int]


def _case(number: str) -> Case:
    """The case of the page, locked when something is sent. Raises NotFound for one that the actor may not see."""
    if request.method == "POST":
        case = locked(Case, number=number)
        if not case_queries.may_read(require_actor(), case):
            raise NotFound()
        return case
    return case_queries.by_number(require_actor(), number)


def _letter(number: str, kind: type[Any]) -> Any:
    """A paper of one kind that the actor may see; its case is locked when something is sent."""
    found = queries.by_number(require_actor(), number)
    if not isinstance(found, kind):
        raise NotFound()
    if request.method == "POST":
        # Every verb on a paper locks its case first; what another has just done is read after that.
        locked(Case, id=found.case_id)
        db.session.refresh(found)
    return found


# --- special procedures ----------------------------------------------------------------------------------------


@bp.route("/cases/<number>/special-procedure", methods=["GET", "POST"])
@access.guard(words.HANDLE)
def start(number: str) -> Answer:
    """Begin a special procedure (T-4)."""
    actor, case, now = require_actor(), _case(number), clock.now()
    cases.require_handler(actor, case)
    if case.closed_at is not None:
        raise Conflict(_("办件已经结案。"), "T-11")
    form = StartForm()
    if request.method == "GET":
        with force_locale("zh"):  # what is stored and printed is Chinese, whoever begins it
            form.basis.data = str(TABLE[Reason.HEARING].basis)
    if form.sent():
        try:
            made = service.start(actor, case, form.what(), now)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("已停表，特别程序通知书 %(number)s 已生成，请送达申请人。", number=made.number))
            return go("timed_completion.show", number=made.number)
    page = render_template("timed_completion/start.html", case=case, form=form, caps=_caps(now), refused=REFUSED)
    return page, 422 if form.errors else 200


def _caps(now: datetime) -> list[tuple[Any, Any, datetime | None]]:
    """The special procedures with their longest time and where it would end from today."""
    found = []
    for each in TABLE.values():
        if each.special:
            limit = policy.value(each.cap_key)
            found.append((each.label, limit, deadline(now, limit, calendar.work_calendar()).at))
    return found


@bp.route("/special-procedures/<number>/end", methods=["GET", "POST"])
@access.guard(words.HANDLE)
def end(number: str) -> Answer:
    """Write down the result of a special procedure; clocks that still stand run again (T-4)."""
    actor, found, now = require_actor(), _letter(number, SpecialProcedure), clock.now()
    cases.require_handler(actor, found.case)
    if found.result_at is not None or found.case.closed_at is not None:
        raise Conflict(_("这次特别程序的结果已经登记，或者办件已经结案。"), "T-4")
    form = EndForm()
    if form.sent():
        try:
            service.end(actor, found, found.case, form.result.data, now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("结果已登记。"))
            return go("cases.show", number=found.case.number)
    page = render_template(
        "timed_completion/end.html",
        procedure=found,
        case=found.case,
        form=form,
        label=TABLE[Reason(found.reason)].label,
    )
    return page, 422 if form.errors else 200


# --- extensions ------------------------------------------------------------------------------------------------


@bp.route("/cases/<number>/extension", methods=["GET", "POST"])
@access.guard(words.HANDLE)
def ask(number: str) -> Answer:
    """Ask for more time before the limit ends (T-5)."""
    actor, case, now = require_actor(), _case(number), clock.now()
    cases.require_handler(actor, case)
    if request.method == "GET" and (why := extending.standing_in_the_way(case, now)):
        raise Conflict(why, "T-5")
    form = AskForm()
    if form.sent():
        try:
            made = extending.ask(actor, case, form.days.data, form.reason.data, now)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("已提出延期申请 %(number)s，批准前时限照常计算。", number=made.number))
            return go("timed_completion.show", number=made.number)
    page = render_template(
        "timed_completion/ask.html",
        case=case,
        form=form,
        most=queries.most_days(case),
        licence=queries.is_licence(case),
    )
    return page, 422 if form.errors else 200


@bp.post("/case-extensions/<number>/decision")
@access.guard(words.DECIDE)
def decide(number: str) -> Answer:
    """Grant or refuse a request for more time (T-5)."""
    actor, found, form = require_actor(), _letter(number, CaseExtension), DecideForm()
    if form.sent():
        granted = form.verdict.data == "grant"
        try:
            extending.decide(actor, found, found.case, granted, form.answer.data, clock.now())
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
            if error.field not in form:
                form.form_errors.append(error.message)
        else:
            flash(_("已批准延期。") if granted else _("已登记不批准延期。"))
            return go("timed_completion.show", number=number)
    return _shown(queries.by_number(actor, number), form), 422


# --- the closing notice ----------------------------------------------------------------------------------------


@bp.route("/cases/<number>/closing-notice", methods=["GET", "POST"])
@access.guard(words.HANDLE)
def issue_closing_notice(number: str) -> Answer:
    """Make the closing notice of a completed case (T-11)."""
    actor, case, now = require_actor(), _case(number), clock.now()
    cases.require_handler(actor, case)
    if not queries.completed(case) or queries.closing_notice(case.id) is not None:
        raise Conflict(_("只有已办结、尚未出具过办结通知书的办件才能出具。"), "T-11")
    form = ClosingForm()
    if form.sent():
        try:
            made = service.issue_closing_notice(actor, case, form.collect.data, now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("办结通知书 %(number)s 已生成。", number=made.number))
            return go("timed_completion.show", number=made.number)
    page = render_template("timed_completion/closing.html", case=case, form=form)
    return page, 422 if form.errors else 200


# --- papers ----------------------------------------------------------------------------------------------------


@bp.get("/clock-papers/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A special procedure, an extension or a closing notice with its paper and what can be done."""
    return _shown(queries.by_number(require_actor(), number), DecideForm(formdata=None)), 200


def _shown(letter: Letter, form: DecideForm, told: ToldForm | None = None) -> str:
    actor, now = require_actor(), clock.now()
    case, extension = letter.case, letter if isinstance(letter, CaseExtension) else None
    paper_exists = extension is None or extension.state is ExtensionState.GRANTED
    return render_template(
        "timed_completion/show.html",
        letter=letter,
        kind=queries.kind_of(letter),
        case=case,
        said=paper.content(letter) if paper_exists else None,
        state=queries.standing(extension, now) if extension else None,
        may_decide=extension is not None and queries.may_decide(actor, extension, now),
        ahead=extending.foreseen(case, extension.days)
        if extension and queries.standing(extension, now) is ExtensionState.WAITING
        else None,
        decider=people.user_names().get(queries.decider(extension, now) or 0, "") if extension else "",
        may_handle=cases.may_handle(actor, case),
        form=form,
        told=told or ToldForm(formdata=None),
        names=people.user_names(),
        words=words,
    )


@bp.post("/clock-papers/<number>/delivery")
@access.guard(words.HANDLE)
def deliver(number: str) -> Answer:
    """Write down when and how a paper reached the client (T-4, T-5)."""
    actor, form = require_actor(), ToldForm()
    found = _letter(number, object)
    if form.sent():
        try:
            service.told(actor, found, form.on.data, form.how.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("送达情况已登记。"))
            return go("timed_completion.show", number=number)
    return _shown(found, DecideForm(formdata=None), form), 422


def _paper(number: str) -> Letter:
    """A paper that was sent out. Raises NotFound for a request that was not granted."""
    found = queries.by_number(require_actor(), number)
    if isinstance(found, CaseExtension) and found.state is not ExtensionState.GRANTED:
        raise NotFound()
    return found


@bp.get("/clock-papers/<number>/print")
@access.guard(words.READ)
def print_paper(number: str) -> Answer:
    """The paper for print."""
    found = _paper(number)
    return render_template("timed_completion/paper.html", p=paper.content(found), number=number)


@bp.get("/clock-papers/<number>.docx")
@access.guard(words.READ)
def docx(number: str) -> Response:
    """The paper as DOCX."""
    found = _paper(number)
    name = f"{words.PAPER_LABELS[queries.kind_of(found)]}-{found.number}.docx"
    return documents.download(paper.docx(found), name)


@bp.get("/clock-papers/check")
@access.guard(words.READ)
def check() -> Answer:
    """Whether a number and a check code belong together; says nothing about the client."""
    form = CheckForm(request.args)
    asked = bool(request.args.get("number") or request.args.get("code"))
    found = None
    if asked and form.validate():
        found = queries.check(form.number.data, form.code.data, service.secret())
    page = render_template(
        "timed_completion/check.html",
        form=form,
        asked=asked and not form.errors,
        found=found,
        words=words,
        departments=people.department_names(),
    )
    return page, 422 if form.errors and asked else 200
