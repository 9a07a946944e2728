"""Pages of a plan's sheet: template, upload, preview with every error by row, confirmation (E-1)."""

from __future__ import annotations

from flask import Response, after_this_request, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError
from portal.kernel.waiting import Shelf
from portal.work_plan import drafting, queries, rights, sheet
from portal.work_plan import vocabulary as words
from portal.work_plan.forms import UploadForm
from portal.work_plan.models import PlanState, WorkPlan
from portal.work_plan.sheet import Checked
from portal.work_plan.views import Answer, bp, shown

__all__ = ["bp"]

SHELF = Shelf("work_plan")
#: How many faults a page lists; the rest is counted.
SHOWN = 200


def _draft(number: str) -> WorkPlan:
    """A plan that the actor is drafting. Raises NotFound, NotAllowed, Conflict."""
    actor = require_actor()
    plan = queries.by_number(actor, number)
    if not rights.writes_for(actor, plan.department_id):
        raise NotAllowed(_("由本科室负责人起草工作计划。"), "E-1")
    if plan.state is not PlanState.DRAFT:
        raise Conflict(_("计划已经提交，不能再直接修改。"), "E-1")
    return plan


@bp.get("/<number>/import/template.xlsx")
@access.guard(words.WRITE)
def template(number: str) -> Response:
    """The empty sheet."""
    plan = _draft(number)
    return sheets.download(sheet.template(plan), f"{plan.number}-{_('计划事项')}.xlsx")


@bp.route("/<number>/import", methods=["GET", "POST"])
@access.guard(words.WRITE)
def upload(number: str) -> Answer:
    """Take a filled sheet; nothing is written before the confirmation."""
    actor, now, plan, form = require_actor(), clock.now(), _draft(number), UploadForm()
    if form.sent():
        try:
            sheet.check(plan, form.content)
        except SheetError as error:
            form.refuse(Invalid("file", error))
        else:
            token = SHELF.keep(actor.id or 0, form.content, now)
            SHELF.tell(actor.id or 0, token, now, {"name": form.name})
            return go("work_plan.preview", number=number, token=token)
    return render_template("work_plan/upload.html", form=form, plan=plan), 422 if form.errors else 200


def _opened(plan: WorkPlan, token: str) -> Checked:
    return sheet.check(plan, SHELF.read(require_actor().id or 0, token, clock.now()))


@bp.get("/<number>/import/<token>")
@access.guard(words.WRITE)
def preview(number: str, token: str) -> Answer:
    """What a sheet would bring, or everything that is wrong with it."""
    plan = _draft(number)
    return render_template(
        "work_plan/preview.html", plan=plan, token=token, checked=_opened(plan, token), most=SHOWN, **shown()
    )


@bp.post("/<number>/import/<token>/confirm")
@access.guard(words.WRITE)
def confirm_import(number: str, token: str) -> BaseResponse:
    """Write all items of the sheet, examined again as things stand now."""
    actor, now = require_actor(), clock.now()
    _draft(number)
    plan = locked(WorkPlan, number=number)
    checked = _opened(plan, token)
    if checked.problems:
        return go("work_plan.preview", number=number, token=token)
    told = SHELF.told(actor.id or 0, token, now)
    made = drafting.bring_in(actor, plan, checked.texts, told["name"], now)

    @after_this_request
    def forget(answer: Response) -> Response:
        if answer.status_code < 400:  # committed: only now is the file needed no more
            SHELF.drop(actor.id or 0, token, now)
        return answer

    flash(_("已导入 %(n)s 项。", n=made))
    return go("work_plan.show", number=number)


@bp.post("/<number>/import/<token>/cancel")
@access.guard(words.WRITE)
def cancel_import(number: str, token: str) -> BaseResponse:
    """Delete the file; nothing was written."""
    _draft(number)
    SHELF.drop(require_actor().id or 0, token, clock.now())
    flash(_("已取消，没有写入任何内容。"))
    return go("work_plan.show", number=number)
