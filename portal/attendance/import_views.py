"""Pages of imports and punch-clock codes: upload, columns, preview, confirmation, undoing (O-3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Response, after_this_request, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import queries as ab
from portal.attendance import grid, layout, matching, pending, queries, service
from portal.attendance import vocabulary as words
from portal.attendance.forms import CodeForm, ReasonForm, UploadForm
from portal.attendance.layout import Column, Table
from portal.attendance.matching import Checked
from portal.attendance.models import PunchCode, PunchImport
from portal.attendance.views import Answer, bp
from portal.kernel import access, clock, transaction
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.kernel.sheets import SheetError
from portal.people import queries as people
from portal.policy import queries as policy

__all__ = ["bp"]

#: How many faults a page lists; the rest is counted.
SHOWN = 200


@bp.route("/imports", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def upload() -> Answer:
    """The imports so far; take a file and find out what its columns mean."""
    actor, now, form = require_actor(), clock.now(), UploadForm()
    if form.sent():
        transaction.rollback()  # nobody waits for the database while the file is taken apart
        try:
            found = layout.table(grid.read(form.content))
        except SheetError as error:
            form.refuse(Invalid("file", error))
        else:
            known = queries.layout(found.signature)
            token = pending.keep(actor.id or 0, form.name, form.content, now)
            if known is not None and len(known) == len(found.labels):
                pending.choose(actor.id or 0, token, [str(c) for c in known], now)
                return go("attendance.preview", token=token)
            return go("attendance.columns", token=token)
    page = render_template(
        "attendance/imports.html",
        form=form,
        page=paginate(queries.imports()),
        names=people.user_names(),
        until=queries.data_until(),
        most=grid.MOST_ROWS,
        megabytes=grid.MOST_BYTES // 1024 // 1024,
    )
    return page, 422 if form.errors else 200


@dataclass(frozen=True)
class _Opened:
    """A waiting file taken apart."""

    waiting: pending.Waiting
    table: Table
    columns: list[Column]


def _open(token: str) -> _Opened:
    """The actor's own waiting file. Raises NotFound."""
    waiting = pending.read(require_actor().id or 0, token, clock.now())
    transaction.rollback()
    try:
        table = layout.table(grid.read(waiting.content))
    except SheetError:
        raise NotFound() from None
    chosen = [Column(c) for c in waiting.columns] if waiting.columns else layout.guess(table)
    return _Opened(waiting, table, chosen)


@bp.route("/imports/waiting/<token>/columns", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def columns(token: str) -> Answer:
    """Say what the columns mean; remembered for the next file with the same headings."""
    opened = _open(token)
    chosen, wrong = opened.columns, None
    if request.method == "POST":
        typed = [request.form.get(f"column_{x}", "") for x in range(len(opened.table.labels))]
        chosen = [Column(t) if t in tuple(Column) else Column.IGNORE for t in typed]
        wrong = layout.wrong(chosen)
        if wrong is None:
            pending.choose(require_actor().id or 0, token, [str(c) for c in chosen], clock.now())
            service.remember_layout(opened.table.signature, chosen, clock.now())
            return go("attendance.preview", token=token)
    page = render_template(
        "attendance/columns.html",
        token=token,
        file=opened.waiting.name,
        table=opened.table,
        chosen=chosen,
        wrong=wrong,
        labels=layout.COLUMN_LABELS,
        rows=opened.table.body[:6],
    )
    return page, 422 if wrong else 200


def _checked(opened: _Opened) -> Checked:
    begins = policy.value("attendance.day_begins_minutes")
    records = layout.records(opened.table, opened.columns, begins)
    return matching.check(records, matching.known(), clock.now())


@bp.get("/imports/waiting/<token>")
@access.guard(words.MANAGE)
def preview(token: str) -> Answer:
    """What a file would bring: counts, errors by row, people still unknown."""
    opened = _open(token)
    if layout.wrong(opened.columns) is not None:
        return go("attendance.columns", token=token)
    return render_template(
        "attendance/preview.html",
        token=token,
        file=opened.waiting.name,
        sha256=hashlib.sha256(opened.waiting.content).hexdigest(),
        checked=_checked(opened),
        table=opened.table,
        shown=SHOWN,
        choices=ab.staff_choices(clock.now()),
        names=people.user_names(),
    )


@bp.post("/imports/waiting/<token>/people")
@access.guard(words.MANAGE)
def map_people(token: str) -> BaseResponse:
    """Say who the unknown people of a file are; remembered."""
    actor, now = require_actor(), clock.now()
    checked = _checked(_open(token))
    able = {user_id for user_id, _label in ab.staff_choices(now)}
    mapped = 0
    for stranger in list(checked.strangers.values())[:SHOWN]:
        typed = request.form.get(f"person_{stranger.code}", "")
        user_id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
        if user_id in able:
            since = checked.span[0] if checked.span else now
            service.set_code(actor, stranger.code, user_id, clock.local(since).date(), now)
            mapped += 1
    if mapped:
        flash(_("已记住 %(n)s 个打卡编号对应的人员。", n=mapped))
    else:
        flash(_("没有选择人员。"), "warning")
    return go("attendance.preview", token=token)


@bp.post("/imports/waiting/<token>/confirm")
@access.guard(words.MANAGE)
def confirm(token: str) -> BaseResponse:
    """Import all good rows, examined again as things stand now."""
    actor, now = require_actor(), clock.now()
    opened = _open(token)
    if layout.wrong(opened.columns) is not None:
        return go("attendance.columns", token=token)
    sha256 = hashlib.sha256(opened.waiting.content).hexdigest()
    made = service.bring_in(actor, _checked(opened), opened.waiting.name, sha256, now)
    service.remember_layout(opened.table.signature, opened.columns, now)

    @after_this_request
    def forget(answer: Response) -> Response:
        if answer.status_code < 400:  # committed: only now is the file needed no more
            pending.drop(actor.id or 0, token, now)
        return answer

    flash(_("已导入：新增 %(n)s 次打卡，重复 %(m)s 次已忽略。", n=made.added, m=made.repeated))
    return go("attendance.show_import", number=made.number)


@bp.post("/imports/waiting/<token>/cancel")
@access.guard(words.MANAGE)
def cancel(token: str) -> BaseResponse:
    """Delete the file; nothing was written."""
    pending.drop(require_actor().id or 0, token, clock.now())
    flash(_("已取消，没有写入任何内容。"))
    return go("attendance.upload")


@bp.get("/imports/<number>")
@access.guard(words.MANAGE)
def show_import(number: str) -> str:
    """One import: file, counts, who and when, whose punches."""
    found = queries.import_by_number(number)
    return render_template(
        "attendance/import.html", found=found, rows=queries.people_of(found.id), names=people.user_names()
    )


@bp.route("/imports/<number>/undo", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def undo_import(number: str) -> Answer:
    """Take an import back (J-3)."""
    found = locked(PunchImport, number=number)
    form = ReasonForm()
    if form.sent():
        try:
            service.undo_import(require_actor(), found, form.reason.data or "", clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已撤销导入 %(number)s。", number=number))
            return go("attendance.show_import", number=number)
    return render_template("attendance/undo.html", form=form, found=found), 422 if form.errors else 200


# --- codes ----------------------------------------------------------------------------------------------------


@bp.get("/codes")
@access.guard(words.MANAGE)
def codes() -> str:
    """Who is who on the punch clock, and who takes no part."""
    able = {user_id for user_id, _label in ab.staff_choices(clock.now())}
    return render_template(
        "attendance/codes.html",
        codes=queries.codes(),
        without=[name for user_id, name in queries.without_code() if user_id in able],
        names=people.user_names(),
        today=clock.today(),
    )


@bp.route("/codes/new", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def add_code() -> Answer:
    """Enter a punch-clock code for somebody."""
    form = CodeForm(ab.staff_choices(clock.now()), from_on=clock.today())
    return _code_page(form, None)


@bp.route("/codes/<int:code_id>/edit", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def change_code(code_id: int) -> Answer:
    """Change whom a code means, and since or until when they take part."""
    found = locked(PunchCode, id=code_id)
    choices = ab.staff_choices(clock.now())
    if found.user_id not in {user_id for user_id, _label in choices}:
        choices = [(found.user_id, people.user_names().get(found.user_id, "")), *choices]
    return _code_page(CodeForm(choices, obj=found), found)


def _code_page(form: CodeForm, found: PunchCode | None) -> Answer:
    if found is not None:
        del form.code
    if form.sent() and form.from_on.data is not None:
        code = found.code if found is not None else form.code.data or ""
        try:
            if found is None and code.strip().lower() in {c.code for c in queries.codes()}:
                raise Invalid("code", _("这个打卡编号已经有对应的人员。"))
            service.set_code(
                require_actor(), code, form.user_id.data, form.from_on.data, clock.now(), form.until_on.data
            )
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("attendance.codes")
    return render_template("attendance/code.html", form=form, found=found), 422 if form.errors else 200
