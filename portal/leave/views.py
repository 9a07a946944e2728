"""Pages of leave: asking, one's own, deciding, handing over, coming back. Lists and papers are beside it (O-3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.ab_post import queries as ab
from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.calendar import queries as calendar
from portal.kernel import access, clock, files, journal, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.files import Attachment
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.leave import balances, decisions, page, queries, rules, service, steps
from portal.leave import vocabulary as words
from portal.leave.forms import CertificateForm, DecideForm, LeaveForm, TimeForm, leave_form
from portal.leave.models import LeaveRequest, LeaveState
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post

bp = Blueprint("leave", __name__, url_prefix="/leave")

Answer = str | BaseResponse | tuple[str, int]


@bp.get("/")
@access.guard(words.ASK)
def index() -> Answer:
    """One's own leave: what waits for the person, the balance of the year, all requests."""
    actor, now = require_actor(), clock.now()
    year = clock.today().year
    return render_template(
        "leave/index.html",
        page=paginate(queries.own(actor.id or 0), per_page=20),
        balance=balances.of([actor.id or 0], year, now)[actor.id or 0],
        days=balances.days,
        owed=queries.certificates_owed(actor.id or 0),
        sudden=queries.without_request(actor.id or 0, now),
        handovers=steps.to_confirm(actor.id or 0, now),
        waiting=len(steps.to_decide(actor, now)) + len(steps.to_file(actor)),
        names=people.user_names(),
        pages=page,
        words=words,
    )


# --- asking ---------------------------------------------------------------------------------------------------


def _own_posts(actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """The posts that the actor holds as A, for the handover notes."""
    held = ab.picture().held_as_a(actor.id or 0, now, now + timedelta(days=60))
    return [(post.id, post.name) for post in held]


def _matters(posts: list[tuple[int, str]]) -> dict[int, list[seams.Thing]]:
    return {post_id: seams.open_matters(post_id) for post_id, _name in posts}


def _usual(now: datetime) -> dict[str, Any]:
    """What the form proposes: the next working day."""
    day = calendar.work_calendar().next_workday(clock.local(now).date())
    return {"from_on": day, "to_on": day, "from_half": str(Half.AM), "to_half": str(Half.PM)}


def _linked(actor: Actor) -> tuple[LeaveRequest | None, Absence | None, dict[str, Any]]:
    """What a new request hangs on (an extension, or an absence to make up for), and what it proposes."""
    now, number, sudden = clock.now(), request.args.get("extends", ""), request.args.get("absence", "")
    if number:
        former, _sight = queries.by_number(actor, number)
        if former.applicant_id != actor.id or former.state is not LeaveState.APPROVED:
            raise NotFound()
        pm = former.to_half is Half.PM
        day = calendar.work_calendar().next_workday(former.to_on) if pm else former.to_on
        shown = {"kind": str(former.kind), "from_on": day, "to_on": day, "to_half": str(Half.PM)}
        return former, None, {**shown, "from_half": str(Half.AM if pm else Half.PM)}
    if sudden:
        found = next((a for a in queries.without_request(actor.id or 0, now) if str(a.id) == sudden), None)
        if found is None:
            raise NotFound()
        span = rules.span_of(found.from_at, found.to_at, calendar.work_calendar().hours)
        return None, found, {
            "kind": str(found.kind), "from_on": span.from_on, "from_half": str(span.from_half),
            "to_on": span.to_on, "to_half": str(span.to_half),
        }  # fmt: skip
    return None, None, _usual(now)


@bp.route("/new", methods=["GET", "POST"])
@access.guard(words.ASK)
def new() -> Answer:
    """Ask for leave, extend one, or make up for a sudden absence (O-3)."""
    actor, now = require_actor(), clock.now()
    extends, absence, shown = _linked(actor)
    posts = _own_posts(actor, now)
    form = leave_form(posts, **shown)
    if form.sent():
        try:
            made = service.draft(actor, form.asked(extends, absence), now, form.files.data or ())
            if request.form.get("act") != "draft":
                service.send(actor, made, now)
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            _say(made)
            return go("leave.show", number=made.number)
    return _form_page(form, posts, extends=extends, absence=absence)


def _say(made: LeaveRequest) -> None:
    if made.state is LeaveState.DRAFT:
        flash(_("草稿已保存，提交后才开始审批。"))
    elif made.kind is AbsenceKind.SICK and made.certificate_at is None:
        flash(_("请假已提交。病假须有盖章证明，请在 %(on)s 前补交。", on=made.certificate_due_on))
    else:
        flash(_("请假已提交。"))


def _form_page(form: LeaveForm, posts: list[tuple[int, str]], **more: Any) -> Answer:
    former = more.get("extends")
    before = service.total_halves(former) if former is not None else 0
    shown = render_template(
        "leave/form.html",
        form=form,
        matters=_matters(posts),
        before=before,
        preview=_preview(form, before, more.get("request_")),
        days=balances.days,
        **{"request_": None, "extends": None, "absence": None, "attached": [], "pages": page, **more},
    )
    return shown, 422 if form.errors else 200


def _preview(form: TimeForm, before: int, change: LeaveRequest | None = None) -> dict[str, Any]:
    """What the length line shows for what is in the form; empty while the times are not complete."""
    known = [form.kind.data in {str(k) for k in AbsenceKind}, form.from_on.data, form.to_on.data]
    halves = {str(h) for h in Half}
    if not all(known) or form.from_half.data not in halves or form.to_half.data not in halves:
        return {}
    span = form.span()
    if not span.in_order or span.to_on - span.from_on > timedelta(days=400):
        return {}
    return page.preview(require_actor(), form.kind.data, span, before, clock.now(), change.id if change else None)


@bp.get("/length")
@access.guard(words.ASK)
def work_out_length() -> Answer:
    """The length, the chain and the balance of the times being typed (a fragment for the form)."""
    form = TimeForm(request.args)
    form.validate()
    typed = request.args.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
    return render_template("leave/_length.html", preview=_preview(form, before), days=balances.days)


@bp.route("/<number>/edit", methods=["GET", "POST"])
@access.guard(words.ASK)
def change(number: str) -> Answer:
    """Change a request while nobody has decided (O-3)."""
    actor, now = require_actor(), clock.now()
    made, _sight = queries.by_number(actor, number, lock=True)
    service.require_applicant(actor, made)
    if not service.may_change(made):
        raise Conflict(_("已经有人审批，不能再修改；可以撤回后重新申请。"), "O-3")
    posts = _own_posts(actor, now)
    notes = {f"note_{row.post_id}": row.note for row in made.posts}
    form = leave_form(
        posts, kind=str(made.kind), from_on=made.from_on, from_half=str(made.from_half), to_on=made.to_on,
        to_half=str(made.to_half), reason=made.reason, destination=made.destination, contact=made.contact, **notes,
    )  # fmt: skip
    if form.sent():
        try:
            service.change(actor, made, form.asked(), now, form.files.data or ())
            if made.state is not LeaveState.WAITING and request.form.get("act") != "draft":
                service.send(actor, made, now)
        except Invalid as error:
            db.session.rollback()
            made, _sight = queries.by_number(actor, number)
            form.refuse(error)
        else:
            _say(made)
            return go("leave.show", number=number)
    return _form_page(
        form, posts, request_=made, extends=made.extends, absence=made.absence if made.made_up else None,
        attached=_attached(made),
    )  # fmt: skip


# --- one request ----------------------------------------------------------------------------------------------


def _attached(made: LeaveRequest) -> list[Attachment]:
    return [*files.of(service.CERTIFICATES, made.id), *files.of(service.FILES, made.id)]


def _page(made: LeaveRequest, seen: queries.Sight, **more: Any) -> str:
    actor, now = require_actor(), clock.now()
    full = seen is queries.Sight.FULL
    absence = made.absence
    until = (absence.ended_at or absence.to_at) if absence is not None else None
    done = journal.on_behalf_of(made.applicant_id, absence.from_at, until) if absence and until and full else []
    extensions = db.session.query(LeaveRequest).filter_by(extends_id=made.id).order_by(LeaveRequest.id).all()
    shown: dict[str, Any] = {
        "attached": _attached(made) if full else [],
        "history": timeline.lines(reversed(journal.of_object("leave", made.id)), with_personal=full) if full else [],
        "done": timeline.lines(done, with_personal=False),
        "started": absence is not None and absence.from_at <= now,
        "form": DecideForm(formdata=None),
        "certificate": CertificateForm(formdata=None),
        "extensions": extensions,
        "pages": page,
        "owes": made.kind is AbsenceKind.SICK and made.certificate_at is None,
        **page.context(actor, made, seen, now),
        **more,
    }
    return render_template("leave/show.html", **shown)


@bp.get("/<number>")
@access.guard(words.ASK)
def show(number: str) -> Answer:
    """One request: its way, handovers, papers, what was done meanwhile (O-3, AB-4)."""
    return _page(*queries.by_number(require_actor(), number))


def _locked(number: str) -> tuple[Actor, LeaveRequest, queries.Sight]:
    actor = require_actor()
    return actor, *queries.by_number(actor, number, lock=True)


@bp.post("/<number>/send")
@access.guard(words.ASK)
def send(number: str) -> Answer:
    """Send a draft or a returned request (O-3)."""
    actor, made, _seen = _locked(number)
    try:
        service.send(actor, made, clock.now())
    except Invalid as error:
        db.session.rollback()
        form = DecideForm(formdata=None)
        form.form_errors.append(str(error.message))
        return _page(*queries.by_number(actor, number), form=form), 422
    _say(made)
    return go("leave.show", number=number)


@bp.post("/<number>/withdraw")
@access.guard(words.ASK)
def withdraw(number: str) -> Answer:
    """Take a request back (O-3)."""
    actor, made, _seen = _locked(number)
    service.withdraw(actor, made, clock.now())
    flash(_("请假已撤回。"))
    return go("leave.show", number=number)


@bp.post("/<number>/confirm-handover")
@access.guard(words.ASK)
def confirm_handover(number: str) -> Answer:
    """Confirm taking a post over before the approval (AB-2)."""
    actor, made, _seen = _locked(number)
    post = locked(Post, code=request.form.get("post", ""))
    service.confirm_handover(actor, made, post, clock.now())
    flash(_("已确认接手“%(post)s”。", post=post.name))
    return go("leave.show", number=number)


@bp.post("/<number>/decide")
@access.guard(words.DECIDE)
def decide(number: str) -> Answer:
    """Approve, return for correction or refuse (O-3)."""
    actor, made, seen = _locked(number)
    form = DecideForm()
    if form.sent() and (verdict := form.chosen()) is not None:
        try:
            decisions.decide(actor, made, form.step_id(), verdict, form.opinion.data or "", clock.now())
        except Invalid as error:
            db.session.rollback()
            made, seen = queries.by_number(actor, number)
            form.refuse(error)
        else:
            flash(_("%(number)s：%(verdict)s", number=number, verdict=words.VERDICT_LABELS[verdict]))
            return go("leave.to_decide")
    elif not form.errors:
        form.form_errors.append(_("请选择同意、退回或者不同意。"))
    return _page(made, seen, form=form), 422


@bp.post("/<number>/file")
@access.guard(words.FILE)
def file(number: str) -> Answer:
    """File a request for the record (O-3)."""
    actor, made, seen = _locked(number)
    form = DecideForm()
    if form.sent():
        try:
            decisions.file(actor, made, form.step_id(), form.opinion.data or "", clock.now())
        except Invalid as error:
            db.session.rollback()
            made, seen = queries.by_number(actor, number)
            form.refuse(error)
        else:
            flash(_("%(number)s 已备案。", number=number))
            return go("leave.to_decide")
    return _page(made, seen, form=form), 422


@bp.post("/<number>/end")
@access.guard(words.ASK)
def end(number: str) -> Answer:
    """Cancel approved leave, or come back early (AB-4)."""
    actor, made, _seen = _locked(number)
    now = clock.now()
    decisions.end(actor, made, now)
    flash(_("已登记返岗，岗位回到 A 岗。") if made.from_at <= now else _("请假已取消。"))
    return go("leave.show", number=number)


@bp.post("/<number>/certificate")
@access.guard(words.ASK)
def hand_in_certificate(number: str) -> Answer:
    """Hand in the stamped certificate of a sick leave (O-3)."""
    actor, made, _seen = _locked(number)
    form = CertificateForm()
    if form.sent():
        try:
            decisions.hand_in_certificate(actor, made, form.files.data or (), clock.now())
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(_("病假证明已补交。"))
            return go("leave.show", number=number)
    return _page(*queries.by_number(actor, number), certificate=form), 422


@bp.get("/<number>/files/<int:file_id>")
@access.guard(words.ASK)
def attachment(number: str, file_id: int) -> Response:
    """A file of a request, for whoever sees all of it."""
    made, seen = queries.by_number(require_actor(), number)
    if seen is not queries.Sight.FULL:
        raise NotFound()
    return files.send(files.one_of(file_id, (service.FILES, made.id), (service.CERTIFICATES, made.id)))
