"""Pages of intake: template, upload, preview, confirmation, first passwords."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, after_this_request, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import checking, layout, pending, queries, service
from portal.intake import vocabulary as words
from portal.intake.forms import UploadForm
from portal.intake.lines import Fault, Plan
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import Actor, require_actor
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.sheets import SheetError
from portal.people import passwords
from portal.people import queries as people
from portal.people.vocabulary import MANAGE_PEOPLE
from portal.policy import queries as policy

bp = Blueprint("intake", __name__, url_prefix="/intake")

#: How many faults a page lists; the rest is counted.
SHOWN = 200
#: First passwords made at once: each costs a deliberate fraction of a second of computing.
MOST_PASSWORDS = 300


def _examine(content: bytes, actor: Actor) -> Plan:
    """What a file holds. Raises SheetError for what is no workbook."""
    wanted = {title: [(c.key, c.heading) for c in columns] for title, columns in layout.SHEETS.items()}
    transaction.rollback()  # nobody waits for the database while the file is taken apart
    readings = sheets.read_sheets(content, wanted, layout.LATER)
    return checking.check(readings, queries.known(), actor.can(MANAGE_PEOPLE), clock.today())


def _page(actor: Actor, form: UploadForm, plan: Plan | None = None) -> tuple[str, int]:
    bad = bool(form.errors) or plan is not None
    waiting = len(people.waiting_for_password(actor, actor.can(MANAGE_PEOPLE)))
    page = render_template("intake/start.html", form=form, plan=plan, shown=SHOWN, waiting=waiting, most=MOST_PASSWORDS)
    return page, 422 if bad else 200


@bp.get("")
@access.guard(words.IMPORT)
def start() -> tuple[str, int]:
    """The template, the upload, and people who still need a first password."""
    return _page(require_actor(), UploadForm(formdata=None))


@bp.get("/template")
@access.guard(words.IMPORT)
def template() -> Response:
    """The workbook to fill in."""
    return sheets.download(layout.template(), _("导入模板.xlsx"))


@bp.post("")
@access.guard(words.IMPORT)
def upload() -> BaseResponse | tuple[str, int]:
    """Examine a file: keep it for confirmation when it is good, else list all that is wrong."""
    actor, form = require_actor(), UploadForm()
    if not form.sent():
        return _page(actor, form)
    try:
        plan = _examine(form.content, actor)
    except SheetError as error:
        form.refuse(Invalid("file", error))
        return _page(actor, form)
    if plan.faults:
        return _page(actor, form, plan)
    return go("intake.preview", token=pending.keep(actor.id or 0, form.content, clock.now()))


@bp.get("/<token>")
@access.guard(words.IMPORT)
def preview(token: str) -> tuple[str, int]:
    """What a good file will make."""
    actor = require_actor()
    content = pending.read(actor.id or 0, token, clock.now())
    return _preview(token, content, _examine(content, actor))


def _preview(token: str, content: bytes, plan: Plan) -> tuple[str, int]:
    page = render_template(
        "intake/preview.html",
        token=token,
        plan=plan,
        shown=SHOWN,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return page, 422 if plan.faults else 200


@bp.post("/<token>/confirm")
@access.guard(words.IMPORT)
def confirm(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the file again as things stand now, and make all of it in this one transaction."""
    actor, now = require_actor(), clock.now()
    content = pending.read(actor.id or 0, token, now)
    plan = _examine(content, actor)
    if plan.faults:
        return _preview(token, content, plan)
    try:
        service.bring_in(actor, plan, hashlib.sha256(content).hexdigest(), now)
    except Invalid as error:
        plan.faults.append(Fault("", 0, "", str(error.message)))
        return _preview(token, content, plan)

    @after_this_request
    def forget(answer: Response) -> Response:
        if answer.status_code < 400:  # committed: only now is the file needed no more
            pending.drop(actor.id or 0, token, now)
        return answer

    flash(_("已导入 %(n)s 行。", n=sum(plan.counts().values())))
    return go("intake.start")


@bp.post("/<token>/cancel")
@access.guard(words.IMPORT)
def cancel(token: str) -> BaseResponse:
    """Delete the file; nothing was written."""
    pending.drop(require_actor().id or 0, token, clock.now())
    flash(_("已取消，没有写入任何内容。"))
    return go("intake.start")


@bp.post("/passwords")
@access.guard(words.IMPORT)
def hand_out_passwords() -> BaseResponse:
    """Make first passwords for people who have none and answer with the one list of them.

    The list exists in this answer only, so the form has no submission key: nothing of it may be kept.
    """
    actor = require_actor()
    waiting = people.waiting_for_password(actor, actor.can(MANAGE_PEOPLE))[:MOST_PASSWORDS]
    if not waiting:
        flash(_("没有需要初始密码的人员。"), "warning")
        return go("intake.start")
    minimum, names = policy.value("people.password_min_length"), people.department_names()
    rows = [
        (u.id, u.username, u.name, names.get(u.department_id or 0, ""), passwords.generate(minimum, u.username))
        for u in waiting
    ]
    transaction.rollback()  # nobody waits for the database while the hashes are computed
    hashes = dict(zip((r[0] for r in rows), passwords.hash_all(r[4] for r in rows), strict=True))
    given = set(service.hand_out_passwords(actor, hashes, clock.now()))
    headings = (_("用户名"), _("姓名"), _("科室"), _("初始密码"), _("说明"))
    note = _("首次登录后必须修改")
    book = sheets.workbook([(_("初始密码"), headings, [(*r[1:], note) for r in rows if r[0] in given])])
    return sheets.download(book, _("初始密码.xlsx"))
