"""The catalogue as a workbook: export, template, upload, preview of what it changes, confirmation (C-1, C-3)."""

from __future__ import annotations

from flask import Response, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import item_checking, items, layout, pending, queries
from portal.intake.item_checking import ItemPlan
from portal.intake.layout import ITEMS, MATERIALS
from portal.intake.post_views import bp
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.htmx import go
from portal.kernel.importing import SHOWN, Steps, UploadForm
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


def _start(form: UploadForm, plan: ItemPlan | None) -> tuple[str, int]:
    page = render_template("intake/items.html", form=form, plan=plan, shown=SHOWN)
    return page, 422 if form.errors or plan is not None else 200


def _preview(token: str, _digest: str, plan: ItemPlan) -> tuple[str, int]:
    page = render_template("intake/preview_items.html", token=token, plan=plan, shown=SHOWN)
    return page, 422 if plan.faults else 200


_steps = Steps(pending.SHELF, _examine, _start, _preview, "intake.preview_items", items.bring_in)


@bp.get("/items")
@access.guard(PUBLISH)
def start_items() -> tuple[str, int]:
    """The export, the template and the upload of items."""
    return _start(UploadForm(formdata=None), None)


@bp.post("/items")
@access.guard(PUBLISH)
def upload_items() -> BaseResponse | tuple[str, int]:
    """Examine a workbook of items: keep it for confirmation when it is good, else list all that is wrong by row."""
    return _steps.upload()


@bp.get("/items/<token>")
@access.guard(PUBLISH)
def preview_items(token: str) -> tuple[str, int]:
    """What a good workbook will add and change, field by field."""
    return _steps.show(token)


@bp.post("/items/<token>/confirm")
@access.guard(PUBLISH)
def confirm_items(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the workbook again as things stand now, and carry all of it out in this one transaction."""

    def done(plan: ItemPlan) -> BaseResponse:
        flash(_("已新增 %(a)s 个、修改 %(b)s 个事项。", a=len(plan.added), b=len(plan.changed)))
        reviewed = any(c.reviewed for c in (*plan.added, *plan.changed))
        return go("service_commitment.drafts" if reviewed else "service_commitment.index")

    return _steps.confirm(token, done)
