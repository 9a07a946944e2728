"""Pages of intake: template, upload, preview, confirmation, first passwords."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.intake import checking, layout, pending, queries, service
from portal.intake import vocabulary as words
from portal.intake.lines import Plan
from portal.kernel import access, clock, sheets, transaction
from portal.kernel.actor import require_actor
from portal.kernel.htmx import go
from portal.kernel.importing import SHOWN, Steps, UploadForm
from portal.people import passwords
from portal.people import queries as people
from portal.people.vocabulary import MANAGE_PEOPLE
from portal.policy import queries as policy

bp = Blueprint("intake", __name__, url_prefix="/intake")

#: First passwords made at once: each costs a deliberate fraction of a second of computing.
MOST_PASSWORDS = 300


def _examine(content: bytes) -> Plan:
    """What a file holds. Raises SheetError for what is no workbook."""
    wanted = {title: [(c.key, c.heading) for c in columns] for title, columns in layout.SHEETS.items()}
    transaction.rollback()  # nobody waits for the database while the file is taken apart
    readings = sheets.read_sheets(content, wanted, layout.LATER)
    return checking.check(readings, queries.known(), require_actor().can(MANAGE_PEOPLE), clock.today())


def _page(form: UploadForm, plan: Plan | None = None) -> tuple[str, int]:
    actor = require_actor()
    bad = bool(form.errors) or plan is not None
    waiting = len(people.waiting_for_password(actor, actor.can(MANAGE_PEOPLE)))
    page = render_template("intake/start.html", form=form, plan=plan, shown=SHOWN, waiting=waiting, most=MOST_PASSWORDS)
    return page, 422 if bad else 200


def _preview(token: str, digest: str, plan: Plan) -> tuple[str, int]:
    page = render_template("intake/preview.html", token=token, plan=plan, shown=SHOWN, sha256=digest)
    return page, 422 if plan.faults else 200


_steps = Steps(pending.SHELF, _examine, _page, _preview, "intake.preview", service.bring_in)


@bp.get("")
@access.guard(words.IMPORT)
def start() -> tuple[str, int]:
    """The template, the upload, and people who still need a first password."""
    return _page(UploadForm(formdata=None))


@bp.get("/template")
@access.guard(words.IMPORT)
def template() -> Response:
    """The workbook to fill in."""
    return sheets.download(layout.template(), _("导入模板.xlsx"))


@bp.post("")
@access.guard(words.IMPORT)
def upload() -> BaseResponse | tuple[str, int]:
    """Examine a file: keep it for confirmation when it is good, else list all that is wrong."""
    return _steps.upload()


@bp.get("/<token>")
@access.guard(words.IMPORT)
def preview(token: str) -> tuple[str, int]:
    """What a good file will make."""
    return _steps.show(token)


@bp.post("/<token>/confirm")
@access.guard(words.IMPORT)
def confirm(token: str) -> BaseResponse | tuple[str, int]:
    """Examine the file again as things stand now, and make all of it in this one transaction."""

    def done(plan: Plan) -> BaseResponse:
        flash(_("已导入 %(n)s 行。", n=sum(plan.counts().values())))
        return go("intake.start")

    return _steps.confirm(token, done)


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
