"""The sheet of posts: export, upload, preview of what it adds and changes, confirmation (P-1)."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import layout, pending, post_checking, queries, service
from portal.intake.layout import POSTS
from portal.intake.post_checking import PostPlan
from portal.intake.views import bp
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.htmx import go
from portal.kernel.importing import SHOWN, Steps, UploadForm
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


def _start(form: UploadForm, plan: PostPlan | None) -> tuple[str, int]:
    page = render_template("intake/posts.html", form=form, plan=plan, shown=SHOWN)
    return page, 422 if form.errors or plan is not None else 200


def _preview(token: str, _digest: str, plan: PostPlan) -> tuple[str, int]:
    labels = {c.key: c.heading for c in _COLUMNS}
    page = render_template("intake/preview_posts.html", token=token, plan=plan, labels=labels, shown=SHOWN, POSTS=POSTS)
    return page, 422 if plan.faults else 200


_steps = Steps(pending.SHELF, _examine, _start, _preview, "intake.preview_posts", service.bring_in_posts)


@bp.get("/posts")
@access.guard(MANAGE)
def start_posts() -> tuple[str, int]:
    """The export and the upload of posts."""
    return _start(UploadForm(formdata=None), None)


@bp.post("/posts")
@access.guard(MANAGE)
def upload_posts() -> BaseResponse | tuple[str, int]:
    """Examine a sheet of posts: keep it for confirmation when it is good, else list all that is wrong by row."""
    return _steps.upload()


@bp.get("/posts/<token>")
@access.guard(MANAGE)
def preview_posts(token: str) -> tuple[str, int]:
    """What a good sheet will add and change, cell by cell."""
    return _steps.show(token)


@bp.post("/posts/<token>/confirm")
@access.guard(MANAGE)
def confirm_posts(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the sheet again as things stand now, and carry all of it out in this one transaction."""

    def done(plan: PostPlan) -> BaseResponse:
        flash(_("已新增 %(a)s 个、修改 %(b)s 个岗位。", a=len(plan.rows[POSTS]), b=len(plan.updates)))
        return go("post_duty.index")

    return _steps.confirm(token, done)
