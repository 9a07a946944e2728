"""A workbook taken in as a draft: template, upload with every error by row, preview of what changes (E-2)."""

from __future__ import annotations

from datetime import datetime

from flask import Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import Actor, require_actor
from portal.kernel.htmx import go
from portal.kernel.importing import SHOWN, Page, Steps, UploadForm
from portal.kernel.waiting import Shelf
from portal.score_table import checks, comparing, queries, service, sheet, taking_in
from portal.score_table import vocabulary as words
from portal.score_table.models import ScoreTable, Version
from portal.score_table.taking_in import Known, Plan
from portal.score_table.views import Answer, bp, common, to

__all__ = ["bp"]

SHELF = Shelf("score_table")


def _standing(number: str) -> tuple[ScoreTable | None, Version | None]:
    """The table that is to be changed, with the version that writing goes on from; neither for a new table.

    Raises NotFound; Conflict while a version waits for approval.
    """
    if not number:
        return None, None
    owner = queries.by_number(number)
    base = queries.standing(owner)
    service.may_take_in(base)
    return owner, base


def _known(owner: ScoreTable | None, base: Version | None) -> Known:
    others = frozenset(t.name for t in queries.tables() if owner is None or t.id != owner.id)
    if owner is None or base is None:
        return Known(taken=others)
    return Known(base.table, queries.texts(owner.id), frozenset(queries.codes(owner.id)), others)


def _steps(number: str) -> Steps[Plan]:
    owner, base = _standing(number)
    known, content = _known(owner, base), base.content if base is not None else ""
    owner_id, name = (owner.id, owner.shown_name) if owner is not None else (None, "")
    about = {"number": number, "existing": name, "standing": base.version if base is not None else 0, "shown": SHOWN}

    def examine(file: bytes) -> Plan:
        transaction.rollback()  # nobody waits for the database while the file is taken apart
        wanted = {title: [(c.key, c.heading) for c in columns] for title, columns in sheet.SHEETS.items()}
        return taking_in.check(sheets.read_sheets(file, wanted), known)

    def start(form: UploadForm, plan: Plan | None) -> Page:
        page = render_template("score_table/import.html", form=form, plan=plan, **about, **common())
        return page, 422 if form.errors or plan is not None else 200

    def preview(token: str, _digest: str, plan: Plan) -> Page:
        table = plan.table
        page = render_template(
            "score_table/import_preview.html", token=token, plan=plan, table=table,
            parts=comparing.compare(known.base, table) if known.base and table else [],
            gaps=checks.problems(table) if table else [], same=table is not None and table == known.base,
            seen=service.digest(content), **about, **common(),
        )  # fmt: skip
        return page, 422 if plan.faults else 200

    def bring_in(actor: Actor, plan: Plan, sha256: str, now: datetime) -> None:
        if plan.table is None:
            raise ValueError("a plan with faults is not carried out")
        service.bring_in(actor, owner_id, plan.table, request.form.get("seen", ""), sha256, now)

    return Steps(SHELF, examine, start, preview, "score_table.preview_import", bring_in, {"number": number})


@bp.get("/import/template.xlsx")
@access.guard(words.MANAGE)
def import_template() -> Response:
    """The workbook to fill in."""
    return sheets.download(sheet.template(), _("评分表导入模板.xlsx"))


@bp.route("/import", methods=["GET", "POST"], defaults={"number": ""})
@bp.route("/<number>/import", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def upload(number: str) -> Answer:
    """Take a workbook of a new table, or of one that is to be changed; all that is wrong is listed."""
    return _steps(number).upload()


@bp.get("/import/<token>", defaults={"number": ""})
@bp.get("/<number>/import/<token>")
@access.guard(words.MANAGE)
def preview_import(number: str, token: str) -> Answer:
    """What a good file will make of the table."""
    return _steps(number).show(token)


@bp.post("/import/<token>/confirm", defaults={"number": ""})
@bp.post("/<number>/import/<token>/confirm")
@access.guard(words.MANAGE)
def confirm_import(number: str, token: str) -> Answer:
    """Examine the file again as things stand now, and write all of it in the draft in this one transaction."""

    def done(plan: Plan) -> BaseResponse:
        owner = queries.by_number(number) if number else queries.named(plan.table.name if plan.table else "")
        flash(_("已导入为草稿，请核对并填定后送审。"))
        return to(queries.standing(owner)) if owner is not None else go("score_table.index")

    return _steps(number).confirm(token, done)


@bp.post("/import/<token>/cancel", defaults={"number": ""})
@bp.post("/<number>/import/<token>/cancel")
@access.guard(words.MANAGE)
def cancel_import(number: str, token: str) -> Answer:
    """Delete the file; nothing was written."""
    SHELF.drop(require_actor().id or 0, token, clock.now())
    flash(_("已取消，没有写入任何内容。"))
    return go("score_table.history", number=number) if number else go("score_table.index")
