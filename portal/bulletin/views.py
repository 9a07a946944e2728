"""Pages of the bulletin: the list, an edition to read and print, the office's draft (W-0)."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.bulletin import queries, sections, service
from portal.bulletin import vocabulary as words
from portal.bulletin.forms import CorrectForm, TextForm
from portal.kernel import access, acts, clock, documents, editions
from portal.kernel.actor import require_actor
from portal.kernel.htmx import go
from portal.people import queries as people
from portal.pure.months import month_after, month_text

bp = Blueprint("bulletin", __name__, url_prefix="/bulletins")

Answer = str | BaseResponse | tuple[str, int]


def _common(month: date | None = None) -> dict[str, Any]:
    return {
        "month": month,
        "month_text": month_text,
        "names": people.user_names(),
        "title": queries.title,
        "may_manage": require_actor().can(words.MANAGE),
    }


@bp.get("")
@access.guard(words.READ)
def index() -> Answer:
    """The published bulletins; for the office the months to write about."""
    return render_template(
        "bulletin/index.html", found=queries.published(), months=queries.months(clock.now()), **_common()
    )


@bp.get("/open")
@access.guard(words.MANAGE)
def choose() -> Answer:
    """From the month chooser to the month: its draft, or what was published."""
    month = queries.parse(request.args.get("month", ""))
    done = queries.draft(month) is None and queries.editions(month)
    return go("bulletin.show" if done else "bulletin.edit", month=month_text(month))


@bp.get("/<month>")
@access.guard(words.READ)
def show(month: str) -> Answer:
    """A published edition, the newest unless another is asked for."""
    return _show(month, CorrectForm(formdata=None))


def _show(month: str, form: CorrectForm) -> str:
    first = queries.parse(month)
    published = queries.editions(first)
    found = editions.chosen(published, request.args.get("edition", ""))
    return render_template(
        "bulletin/show.html",
        bulletin=found,
        sections=found.sections(),
        editions=published,
        drafted=queries.draft(first) is not None,
        form=form,
        **_common(first),
    )


@bp.get("/<month>/paper")
@access.guard(words.READ)
def print_paper(month: str) -> Answer:
    """An edition for print."""
    first = queries.parse(month)
    found = queries.edition(first, request.args.get("edition", ""))
    where: dict[str, Any] = {"month": month, "edition": found.edition}
    back, docx = url_for("bulletin.show", **where), url_for("bulletin.docx", **where)
    return editions.page(found, queries.title(first), people.unit_name(), clock.now(), back, docx)


@bp.get("/<month>/paper.docx")
@access.guard(words.READ)
def docx(month: str) -> Response:
    """An edition as DOCX."""
    found = queries.edition(queries.parse(month), request.args.get("edition", ""))
    name = f"{queries.title(found.month)}-{found.edition}.docx"
    made = editions.document(found, queries.title(found.month), people.unit_name(), clock.now())
    return documents.download(made, name)


@bp.route("/<month>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def edit(month: str) -> Answer:
    """The office's draft: the figures as they stand now, the introduction, the notes; save it or publish it."""
    actor, now, first, form = require_actor(), clock.now(), queries.parse(month), TextForm()
    draft = queries.draft(first)
    if draft is None and queries.editions(first):
        return go("bulletin.show", month=month)
    publishes = request.form.get("act") == "publish"
    verb, done = (service.publish, _("效能通报已发布。")) if publishes else (service.write, _("已保存。"))
    if request.method == "POST":
        if acts.carried_out(form, lambda: verb(actor, first, form.introduction.data or "", form.written(), now), done):
            return go("bulletin.show" if publishes else "bulletin.edit", month=month)
        draft = queries.draft(first)
    else:
        form.fill(draft)
    page = render_template(
        "bulletin/edit.html",
        draft=draft,
        sections=sections.of(actor, first, now),
        form=form,
        over=clock.local(now).date() >= month_after(first, 1),
        **_common(first),
    )
    return page, 422 if form.errors else 200


@bp.post("/<month>/correct")
@access.guard(words.MANAGE)
def correct(month: str) -> Answer:
    """Begin an edition that corrects the last one."""
    actor, form, first = require_actor(), CorrectForm(), queries.parse(month)
    queries.edition(first)
    if acts.carried_out(
        form, lambda: service.correct(actor, first, form.reason.data or "", clock.now()), _("更正版已起草。")
    ):
        return go("bulletin.edit", month=month)
    return _show(month, form), 422
