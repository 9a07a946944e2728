"""Pages of the half-yearly publication: the list, an edition to read and print, the office's draft, approval (F-7)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.half_year import queries, sections, service
from portal.half_year import vocabulary as words
from portal.half_year.forms import PublicForm, ReasonForm, TextForm
from portal.half_year.models import HalfYear, HalfYearState
from portal.kernel import access, acts, clock, documents, editions
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.htmx import go
from portal.openness.models import OpenNotice
from portal.people import queries as people

bp = Blueprint("half_year", __name__, url_prefix="/half-years")

Answer = str | BaseResponse | tuple[str, int]


def _common(half: queries.Half | None = None) -> dict[str, Any]:
    actor = require_actor()
    return {
        "half": half,
        "half_text": queries.text(half) if half else "",
        "text": queries.text,
        "title": queries.title,
        "words": words,
        "names": people.user_names(),
        "may_manage": actor.can(words.MANAGE),
        "may_approve": actor.can(words.APPROVE),
    }


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """What was published; for the office and the leaders what is on its way."""
    actor, now = require_actor(), clock.now()
    return render_template(
        "half_year/index.html",
        found=queries.published(),
        waiting=queries.on_the_way() if actor.can(words.MANAGE) or actor.can(words.APPROVE) else [],
        halves=queries.halves(clock.local(now).date()),
        **_common(),
    )


@bp.get("/open")
@access.guard(words.MANAGE)
def choose() -> Answer:
    """From the chooser to the half year: its draft, or what was published."""
    half = queries.parse(request.args.get("half", ""))
    done = queries.draft(half) is None and queries.editions(half)
    return go("half_year.show" if done else "half_year.edit", half=queries.text(half))


@bp.get("/<half>")
@access.guard(words.READ)
def show(half: str) -> Answer:
    """A published edition, the newest unless another is asked for."""
    return _show(half, ReasonForm(formdata=None), PublicForm(formdata=None))


def _show(typed: str, form: ReasonForm, public: PublicForm) -> str:
    half = queries.parse(typed)
    published = queries.editions(half)
    found = editions.chosen(published, request.args.get("edition", ""))
    return render_template(
        "half_year/show.html",
        edition=found,
        sections=found.sections(),
        editions=published,
        drafted=queries.draft(half) is not None,
        notice=db.session.get(OpenNotice, found.notice_id) if found.notice_id else None,
        form=form,
        public=public,
        **_common(half),
    )


@bp.get("/<half>/paper")
@access.guard(words.READ)
def print_paper(half: str) -> Answer:
    """An edition for print."""
    wanted = queries.parse(half)
    found = queries.edition(wanted, request.args.get("edition", ""))
    where: dict[str, Any] = {"half": half, "edition": found.edition}
    back, docx = url_for("half_year.show", **where), url_for("half_year.docx", **where)
    return editions.page(found, queries.title(wanted), people.unit_name(), clock.now(), back, docx)


@bp.get("/<half>/paper.docx")
@access.guard(words.READ)
def docx(half: str) -> Response:
    """An edition as DOCX."""
    wanted = queries.parse(half)
    found = queries.edition(wanted, request.args.get("edition", ""))
    name = f"{queries.title(wanted)}-{found.edition}.docx"
    made = editions.document(found, queries.title(wanted), people.unit_name(), clock.now())
    return documents.download(made, name)


@bp.route("/<half>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def edit(half: str) -> Answer:
    """The office's draft with the figures as they stand now; once submitted, the frozen ones."""
    actor, now, wanted, form = require_actor(), clock.now(), queries.parse(half), TextForm()
    draft = queries.draft(wanted)
    if draft is None and queries.editions(wanted):
        return go("half_year.show", half=half)
    if request.method == "POST":
        submits = request.form.get("act") == "submit"
        verb, done = (service.submit, _("已提交批准，数字已经定格。")) if submits else (service.write, _("已保存。"))
        if acts.carried_out(form, lambda: verb(actor, wanted, form.introduction.data or "", form.written(), now), done):
            return go("half_year.edit", half=half)
        draft = queries.draft(wanted)
    else:
        form.fill(draft)
    return _edit_page(wanted, draft, form, ReasonForm(formdata=None))


@bp.get("/<half>/review")
@access.guard(words.APPROVE)
def review(half: str) -> Answer:
    """What was submitted, for who approves it."""
    wanted = queries.parse(half)
    draft = queries.draft(wanted)
    if draft is None or draft.state is HalfYearState.DRAFT:
        return go("half_year.index")
    return _edit_page(wanted, draft, TextForm(formdata=None), ReasonForm(formdata=None))


def _edit_page(
    wanted: queries.Half, draft: HalfYear | None, form: editions.TextForm, reason: ReasonForm
) -> tuple[str, int]:
    fixed = draft is not None and draft.state is not HalfYearState.DRAFT
    page = render_template(
        "half_year/edit.html",
        draft=draft,
        fixed=fixed,
        sections=draft.sections() if draft is not None and fixed else sections.of(*wanted),
        form=form,
        reason=reason,
        over=queries.is_over(wanted, clock.now()),
        decides=require_actor().can(words.APPROVE)
        and draft is not None
        and draft.submitted_by_id != require_actor().id,
        **_common(wanted),
    )
    return page, 422 if form.errors or reason.errors or reason.form_errors else 200


@bp.post("/<half>/approve")
@access.guard(words.APPROVE)
def approve(half: str) -> Answer:
    """Approve what was submitted."""
    service.approve(require_actor(), queries.parse(half), clock.now())
    flash(_("已批准，由办公室公示。"))
    return go("half_year.review", half=half)


@bp.post("/<half>/send-back")
@access.guard(words.APPROVE)
def send_back(half: str) -> Answer:
    """Send a submitted edition back with a reason."""
    actor, form, wanted = require_actor(), ReasonForm(), queries.parse(half)
    if acts.carried_out(
        form, lambda: service.send_back(actor, wanted, form.reason.data or "", clock.now()), _("已退回办公室。")
    ):
        return go("half_year.index")
    text = TextForm(formdata=None)
    text.fill(queries.draft(wanted))
    return _edit_page(wanted, queries.draft(wanted), text, form)


@bp.post("/<half>/publish")
@access.guard(words.MANAGE)
def publish(half: str) -> Answer:
    """Publish what was approved to all staff."""
    service.publish(require_actor(), queries.parse(half), clock.now())
    flash(_("已公示。"))
    return go("half_year.show", half=half)


@bp.post("/<half>/correct")
@access.guard(words.MANAGE)
def correct(half: str) -> Answer:
    """Begin an edition that corrects the last one."""
    actor, form, wanted = require_actor(), ReasonForm(), queries.parse(half)
    queries.edition(wanted)
    if acts.carried_out(
        form, lambda: service.correct(actor, wanted, form.reason.data or "", clock.now()), _("更正版已起草。")
    ):
        return go("half_year.edit", half=half)
    return _show(half, form, PublicForm(formdata=None)), 422


@bp.post("/<half>/make-public")
@access.guard(words.MANAGE)
def make_public(half: str) -> Answer:
    """Begin a notice for the public with the newest edition."""
    actor, form, wanted = require_actor(), PublicForm(), queries.parse(half)
    found = locked(HalfYear, id=queries.edition(wanted).id)
    numbers: list[str] = []
    if acts.carried_out(
        form,
        lambda: numbers.append(service.make_public(actor, found, form.kind.data or "", clock.now())),
        _("对外公开信息已起草，请送审。"),
    ):
        return go("openness.show", number=numbers[0])
    return _show(half, ReasonForm(formdata=None), form), 422
