"""The sheet of posts: export, upload, preview of what it adds and changes, confirmation (P-1)."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from flask import Response, after_this_request, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import layout, pending, post_checking, queries, service
from portal.intake.forms import UploadForm
from portal.intake.layout import POSTS
from portal.intake.lines import Fault
from portal.intake.post_checking import PostPlan
from portal.intake.views import SHOWN, bp
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError
from portal.post_duty.vocabulary import MANAGE

__all__ = ["bp"]

_COLUMNS = layout.SHEETS[POSTS]


def _examine(content: bytes) -> PostPlan:
    """What a file holds. Raises SheetError for what is no workbook."""
    transaction.rollback()  # nobody waits for the database while the file is taken apart
    reading = sheets.read_sheets(content, {POSTS: [(c.key, c.heading) for c in _COLUMNS]})[POSTS]
    known = replace(queries.known(), charged=frozenset())  # a department may go from one leader to another here
    return post_checking.check(reading, known, queries.current_posts(), clock.today())


@bp.get("/posts/export.xlsx")
@access.guard(MANAGE)
def export_posts() -> Response:
    """All open posts as the sheet that can be changed and taken in again."""
    rows = [[p.cells[c.key] for c in _COLUMNS] for p in queries.current_posts().values() if not p.closed]
    content = sheets.workbook([(POSTS, [c.heading for c in _COLUMNS], rows)])
    return sheets.download(content, f"{_('岗位')}-{clock.today().isoformat()}.xlsx")


def _start(form: UploadForm, plan: PostPlan | None = None) -> tuple[str, int]:
    page = render_template("intake/posts.html", form=form, plan=plan, shown=SHOWN)
    return page, 422 if form.errors or plan is not None else 200


@bp.get("/posts")
@access.guard(MANAGE)
def start_posts() -> tuple[str, int]:
    """The export and the upload of posts."""
    return _start(UploadForm(formdata=None))


@bp.post("/posts")
@access.guard(MANAGE)
def upload_posts() -> BaseResponse | tuple[str, int]:
    """Examine a sheet of posts: keep it for confirmation when it is good, else list all that is wrong by row."""
    actor, form = require_actor(), UploadForm()
    if not form.sent():
        return _start(form)
    try:
        plan = _examine(form.content)
    except SheetError as error:
        form.refuse(Invalid("file", error))
        return _start(form)
    if plan.faults:
        return _start(form, plan)
    return go("intake.preview_posts", token=pending.keep(actor.id or 0, form.content, clock.now()))


@bp.get("/posts/<token>")
@access.guard(MANAGE)
def preview_posts(token: str) -> tuple[str, int]:
    """What a good sheet will add and change, cell by cell."""
    return _preview(token, _examine(pending.read(require_actor().id or 0, token, clock.now())))


def _preview(token: str, plan: PostPlan) -> tuple[str, int]:
    labels = {c.key: c.heading for c in _COLUMNS}
    page = render_template("intake/preview_posts.html", token=token, plan=plan, labels=labels, shown=SHOWN, POSTS=POSTS)
    return page, 422 if plan.faults else 200


@bp.post("/posts/<token>/confirm")
@access.guard(MANAGE)
def confirm_posts(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the sheet again as things stand now, and carry all of it out in this one transaction."""
    actor, now = require_actor(), clock.now()
    content = pending.read(actor.id or 0, token, now)
    plan = _examine(content)
    if plan.faults:
        return _preview(token, plan)
    try:
        service.bring_in_posts(actor, plan, hashlib.sha256(content).hexdigest(), now)
    except (Invalid, Refused) as error:
        plan.faults.append(Fault("", 0, "", str(error.message)))
        return _preview(token, plan)

    @after_this_request
    def forget(answer: Response) -> Response:
        if answer.status_code < 400:  # committed: only now is the file needed no more
            pending.drop(actor.id or 0, token, now)
        return answer

    flash(_("已新增 %(a)s 个、修改 %(b)s 个岗位。", a=len(plan.rows[POSTS]), b=len(plan.updates)))
    return go("post_duty.index")
