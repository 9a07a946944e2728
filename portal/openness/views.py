"""Pages of openness for staff: the register, writing, approval, versions, withdrawal (O-1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, files, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.files import Attachment
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.openness import queries, service
from portal.openness import vocabulary as words
from portal.openness.forms import STATE_TABS, FilterForm, NoticeForm, OpinionForm, WithdrawForm
from portal.openness.models import NoticeVersion, OpenNotice, VersionState
from portal.people import queries as people

bp = Blueprint("openness", __name__)

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def shown() -> dict[str, Any]:
    """What the templates of this room use."""
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
    }


# --- the register ---------------------------------------------------------------------------------------------


@bp.get("/openness")
@access.guard(words.READ)
def index() -> Answer:
    """Notices with filters, search and pages."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    return htmx.page_or_fragment(
        "openness/index.html",
        "openness/_list.html",
        form=form,
        wanted=form.wanted(),
        page=paginate(queries.listing(actor, form.wanted(), queries.today())),
        tabs=STATE_TABS,
        filtered=any(v for k, v in request.args.items() if k not in ("page", "state")),
        **shown(),
    )


def _state_text(notice: OpenNotice) -> str:
    standing = queries.standing_of(notice, queries.today())
    if standing is not None:
        return str(words.STANDING_LABELS[standing])
    return str(words.STATE_LABELS[notice.open_state or VersionState.DROPPED])


@bp.get("/openness/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered notices as XLSX (at most EXPORTED rows)."""
    form = FilterForm(request.args)
    form.validate()
    departments, names = people.department_names(), people.user_names()
    headings = [
        _("编号"), _("标题"), _("类别"), _("责任科室"), _("状态"), _("公布日期"), _("截止日期"), _("版本"),
        _("起草人"), _("审核人"), _("批准人"), _("批准时间"), _("撤下时间"), _("撤下的原因"),
    ]  # fmt: skip

    def line(notice: OpenNotice) -> list[Any]:
        version = notice.current or notice.versions[-1]
        return [
            notice.number,
            notice.title,
            words.kind_label(notice.kind),
            departments.get(notice.department_id, ""),
            _state_text(notice),
            notice.publish_on,
            notice.until_on,
            version.number,
            names.get(version.author_id, ""),
            names.get(version.reviewed_by_id or 0, ""),
            names.get(version.decided_by_id or 0, ""),
            version.decided_at,
            notice.withdrawn_at,
            notice.withdraw_reason,
        ]

    found = db.session.scalars(queries.listing(require_actor(), form.wanted(), queries.today()).limit(EXPORTED))
    return sheets.listed(_("信息公开"), headings, (line(n) for n in found))


# --- writing --------------------------------------------------------------------------------------------------


@bp.route("/openness/new", methods=["GET", "POST"])
@access.guard(words.WRITE)
def write() -> Answer:
    """Begin a notice: keep it as a draft, or send it at once (O-1)."""
    actor, now = require_actor(), clock.now()
    form = NoticeForm(actor, None, None)
    if request.method == "GET":
        typed = request.args.get("due", "")
        if typed in form.dues:
            due = form.dues[typed]
            form.due.data, form.title.data, form.kind.data = typed, due.title, due.kind
            form.department.data = due.department_id
        elif actor.department_id in {c.value for c in form.department.choices}:
            form.department.data = actor.department_id
    if form.sent():
        try:
            made = service.write(actor, form.department.data, form.what(), now, form.files.data or ())
            if "send" in request.form:
                service.send(actor, made, now)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(
                _("已送审，编号 %(number)s。", number=made.number)
                if made.open_state is VersionState.WAITING
                else _("已存为草稿，编号 %(number)s。", number=made.number)
            )
            return go("openness.show", number=made.number)
    return render_template("openness/write.html", form=form, notice=None, **shown()), 422 if form.errors else 200


def _edited(number: str, what: str) -> Answer:
    actor, now = require_actor(), clock.now()
    notice = queries.by_number(actor, number)
    if request.method == "POST":
        locked(OpenNotice, number=number)
    version = notice.open if what == "change" else notice.current
    if version is None or not queries.may_write(actor, notice):
        raise NotFound()
    form = NoticeForm(actor, notice, version)
    if form.sent():
        verb = service.change if what == "change" else service.amend
        try:
            verb(actor, notice, form.what(), now, form.files.data or ())
            if "send" in request.form:
                service.send(actor, notice, now)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
            notice = queries.by_number(actor, number)
        else:
            flash(_("已送审。") if "send" in request.form else _("已保存。"))
            return go("openness.show", number=number)
    page = render_template("openness/write.html", form=form, notice=notice, amends=what == "amend", **shown())
    return page, 422 if form.errors else 200


@bp.route("/openness/<number>/edit", methods=["GET", "POST"])
@access.guard(words.WRITE)
def change(number: str) -> Answer:
    """The author changes what is not approved yet."""
    return _edited(number, "change")


@bp.route("/openness/<number>/amend", methods=["GET", "POST"])
@access.guard(words.WRITE)
def amend(number: str) -> Answer:
    """Prepare a new version of what is published (O-1)."""
    return _edited(number, "amend")


# --- a notice -------------------------------------------------------------------------------------------------


def _page(
    actor: Actor, notice: OpenNotice, opinion: OpinionForm | None = None, reason: WithdrawForm | None = None
) -> str:
    now = clock.now()
    reads = queries.reads_drafts(actor, notice)
    pending = notice.open if reads else None
    decides = None
    if pending is not None and pending.open_level is not None:
        done = (pending.author_id, pending.reviewed_by_id)
        decides = queries.decider(pending.open_level, notice.department_id, done, now)
    mine = pending is not None and pending.author_id == actor.id
    return render_template(
        "openness/show.html",
        notice=notice,
        current=notice.current,
        pending=pending,
        earlier=[v for v in reversed(notice.versions) if v.state is VersionState.PUBLISHED and v is not notice.current],
        standing=queries.standing_of(notice, queries.today()),
        decides=decides[0] if decides else None,
        opinion=opinion or OpinionForm(formdata=None),
        reason=reason or WithdrawForm(formdata=None),
        can={
            "edit": mine and pending is not None and pending.state is not VersionState.WAITING,
            "drop": mine,
            "decide": decides is not None and decides[0] == actor.id and actor.can(words.APPROVE),
            "amend": notice.current_version_id is not None
            and notice.open_state is None
            and queries.may_write(actor, notice),
            "withdraw": queries.may_withdraw(actor, notice),
            "pin": actor.can(words.MANAGE) and notice.current_version_id is not None and notice.withdrawn_at is None,
        },
        history=timeline.lines(reversed(journal.of_object("openness", notice.id))) if reads else [],
        **shown(),
    )


@bp.get("/openness/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A notice: what the public sees, what is being prepared, what was decided."""
    actor = require_actor()
    return _page(actor, queries.by_number(actor, number))


@bp.get("/openness/<number>/versions/<int:version>")
@access.guard(words.READ)
def show_version(number: str, version: int) -> Answer:
    """An older version, readable to staff for good."""
    notice = queries.by_number(require_actor(), number)
    found = next((v for v in notice.versions if v.number == version and v.state is VersionState.PUBLISHED), None)
    if found is None:
        raise NotFound()
    return render_template("openness/version.html", notice=notice, version=found, **shown())


def file_of(version: NoticeVersion, file_id: int) -> Attachment:
    """A file of a version. Raises NotFound."""
    found = next((a for a in version.files if a.id == file_id), None)
    if found is None:
        raise NotFound()
    return found


@bp.get("/openness/<number>/versions/<int:version>/files/<int:file_id>")
@access.guard(words.READ)
def attachment(number: str, version: int, file_id: int) -> Response:
    """A file of a version, for who may read that version."""
    actor = require_actor()
    notice = queries.by_number(actor, number)
    found = next((v for v in notice.versions if v.number == version), None)
    if found is None or (found.state is not VersionState.PUBLISHED and not queries.reads_drafts(actor, notice)):
        raise NotFound()
    return files.send(file_of(found, file_id))


Verb = Callable[[Actor, OpenNotice, datetime], Any]


def _do(number: str, verb: Verb, done: str, form: OpinionForm | WithdrawForm | None = None) -> Answer:
    """One verb on a notice: lock, do, and back to its page; a refusal is shown at its field."""
    actor = require_actor()
    queries.by_number(actor, number)
    if form is None or form.sent():
        locked(OpenNotice, number=number)
        try:
            verb(actor, queries.by_number(actor, number), clock.now())
        except Invalid as error:
            if form is None:
                raise
            form.refuse(error)
        else:
            flash(done)
            return go("openness.show", number=number)
    db.session.rollback()
    notice = queries.by_number(actor, number)
    if isinstance(form, WithdrawForm):
        return _page(actor, notice, reason=form), 422
    return _page(actor, notice, opinion=form), 422


@bp.post("/openness/<number>/send")
@access.guard(words.WRITE)
def send(number: str) -> Answer:
    """Send what is being prepared for approval."""
    return _do(number, service.send, _("已送审。"))


@bp.post("/openness/<number>/drop")
@access.guard(words.WRITE)
def recall(number: str) -> Answer:
    """The author gives up what is being prepared."""
    return _do(number, service.recall, _("已放弃这个版本。"))


@bp.post("/openness/<number>/approve")
@access.guard(words.APPROVE)
def approve(number: str) -> Answer:
    """Review, or approve and publish (O-1)."""
    form = OpinionForm()
    return _do(
        number,
        lambda a, n, now: service.approve(a, n, form.number(), form.opinion.data or "", now),
        _("已同意。"),
        form,
    )


@bp.post("/openness/<number>/return")
@access.guard(words.APPROVE)
def send_back(number: str) -> Answer:
    """Return to the author with a reason."""
    form = OpinionForm()
    return _do(
        number,
        lambda a, n, now: service.send_back(a, n, form.number(), form.opinion.data or "", now),
        _("已退回起草人。"),
        form,
    )


@bp.post("/openness/<number>/withdraw")
@access.guard(words.READ)
def withdraw(number: str) -> Answer:
    """Take a published notice down (O-1)."""
    form, actor = WithdrawForm(), require_actor()
    if not (actor.can(words.APPROVE) or actor.can(words.MANAGE)):
        raise NotAllowed(_("公开信息由科室负责人、分管领导或者办公室撤下。"))
    return _do(number, lambda a, n, now: service.withdraw(a, n, form.reason.data or "", now), _("已撤下。"), form)


@bp.post("/openness/<number>/pin")
@access.guard(words.MANAGE)
def pin(number: str) -> Answer:
    """Put on top of the public list, or no longer."""
    pinned = request.form.get("pinned") == "1"
    return _do(
        number,
        lambda a, n, now: service.pin(a, n, pinned, now),
        _("已置顶。") if pinned else _("已取消置顶。"),
    )
