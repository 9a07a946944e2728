"""The catalogue as a workbook: export, template, upload, preview of what it changes, confirmation (C-1, C-3)."""

from __future__ import annotations

import hashlib

from flask import Response, after_this_request, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import item_checking, items, layout, pending, queries
from portal.intake.forms import UploadForm
from portal.intake.item_checking import ItemPlan
from portal.intake.layout import ITEMS, MATERIALS
from portal.intake.lines import Fault
from portal.intake.post_views import bp
from portal.intake.views import SHOWN
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid, Refused
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError
from portal.service_commitment.vocabulary import PUBLISH

__all__ = ["bp"]

_SHEETS = (ITEMS, MATERIALS)


def _examine(content: bytes) -> ItemPlan:
    """What a file holds. Raises SheetError for what is no workbook."""
    transaction.rollback()  # nobody waits for the database while the file is taken apart
    wanted = {title: [(c.key, c.heading) for c in layout.SHEETS[title]] for title in _SHEETS}
    readings = sheets.read_sheets(content, wanted, layout.LATER)
    return item_checking.check(readings, queries.known(), items.current(), clock.today(), items.rule, items.second)


@bp.get("/items/export.xlsx")
@access.guard(PUBLISH)
def export_items() -> Response:
    """All items that are offered as the workbook that can be changed and taken in again."""
    headings = [[c.heading for c in layout.SHEETS[title]] for title in _SHEETS]
    content = sheets.workbook(list(zip(_SHEETS, headings, items.rows(), strict=True)))
    return sheets.download(content, f"{_('服务事项')}-{clock.today().isoformat()}.xlsx")


@bp.get("/items/template.xlsx")
@access.guard(PUBLISH)
def item_template() -> Response:
    """The workbook to fill in: explanations and both sheets with an example row."""
    return sheets.download(layout.item_template(), _("事项导入模板.xlsx"))


def _start(form: UploadForm, plan: ItemPlan | None = None) -> tuple[str, int]:
    page = render_template("intake/items.html", form=form, plan=plan, shown=SHOWN)
    return page, 422 if form.errors or plan is not None else 200


@bp.get("/items")
@access.guard(PUBLISH)
def start_items() -> tuple[str, int]:
    """The export, the template and the upload of items."""
    return _start(UploadForm(formdata=None))


@bp.post("/items")
@access.guard(PUBLISH)
def upload_items() -> BaseResponse | tuple[str, int]:
    """Examine a workbook of items: keep it for confirmation when it is good, else list all that is wrong by row."""
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
    return go("intake.preview_items", token=pending.keep(actor.id or 0, form.content, clock.now()))


@bp.get("/items/<token>")
@access.guard(PUBLISH)
def preview_items(token: str) -> tuple[str, int]:
    """What a good workbook will add and change, field by field."""
    return _preview(token, _examine(pending.read(require_actor().id or 0, token, clock.now())))


def _preview(token: str, plan: ItemPlan) -> tuple[str, int]:
    page = render_template("intake/preview_items.html", token=token, plan=plan, shown=SHOWN)
    return page, 422 if plan.faults else 200


@bp.post("/items/<token>/confirm")
@access.guard(PUBLISH)
def confirm_items(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the workbook again as things stand now, and carry all of it out in this one transaction."""
    actor, now = require_actor(), clock.now()
    content = pending.read(actor.id or 0, token, now)
    plan = _examine(content)
    if plan.faults:
        return _preview(token, plan)
    try:
        items.bring_in(actor, plan, hashlib.sha256(content).hexdigest(), now)
    except (Invalid, Refused) as error:
        plan.faults.append(Fault("", 0, "", str(error.message)))
        return _preview(token, plan)

    @after_this_request
    def forget(answer: Response) -> Response:
        if answer.status_code < 400:  # committed: only now is the file needed no more
            pending.drop(actor.id or 0, token, now)
        return answer

    flash(_("已新增 %(a)s 个、修改 %(b)s 个事项。", a=len(plan.added), b=len(plan.changed)))
    reviewed = any(c.reviewed for c in (*plan.added, *plan.changed))
    return go("service_commitment.drafts" if reviewed else "service_commitment.index")
