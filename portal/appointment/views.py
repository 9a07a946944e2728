"""Pages of appointments for staff: list, entering, answering, following to the end, hours (C-6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.appointment import queries, rules, service, slots
from portal.appointment import vocabulary as words
from portal.appointment.forms import STATE_TABS, AnswerForm, EnterForm, FilterForm, HoursForm
from portal.appointment.models import Appointment, Channel, Hours
from portal.appointment.rules import State
from portal.calendar import queries as calendar
from portal.kernel import access, acts, clock, htmx, journal, sheets, timeline
from portal.kernel.actor import Actor, require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.people import queries as people

bp = Blueprint("appointment", __name__)

Answer = str | BaseResponse | tuple[str, int]
EXPORTED = 20_000


def light(appointment: Appointment, now: datetime) -> str:
    """The light of an appointment for lists: of its answer while that is owed, of its time once it is agreed."""
    if appointment.closed_at is not None:
        return "closed"
    if appointment.state is State.ASKED:
        return "overdue" if now > appointment.due_at else "due_soon"
    over = appointment.state is State.CONFIRMED and appointment.to_at is not None and appointment.to_at < now
    return "overdue" if over else "normal"


def shown() -> dict[str, Any]:
    """What the templates of this room use."""
    work = calendar.work_calendar()
    return {
        "queries": queries,
        "words": words,
        "names": people.user_names(),
        "departments": people.department_names(),
        "light": lambda a: light(a, clock.now()),
        "outside": lambda at: at is not None and rules.outside_hours(at, work),
    }


# --- the list -------------------------------------------------------------------------------------------------


@bp.get("/appointments")
@access.guard(words.READ)
def index() -> Answer:
    """Appointments with filters, search and pages."""
    form = FilterForm(request.args)
    form.validate()
    return htmx.page_or_fragment(
        "appointment/index.html",
        "appointment/_list.html",
        form=form,
        wanted=form.wanted(),
        page=paginate(queries.listing(require_actor(), form.wanted(), clock.now())),
        tabs=STATE_TABS,
        filtered=any(v for k, v in request.args.items() if k not in ("page", "state")),
        **shown(),
    )


@bp.get("/appointments/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered appointments as XLSX, without the clients' names and phones (at most EXPORTED rows)."""
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("科室"), _("申请时间"), _("方式"), _("事项"), _("预约原因"), _("状态"), _("约定时间"),
        _("接待岗位"), _("答复期限"), _("首次答复"), _("逾期"), _("改约次数"), _("登记编号"), _("结束时间"),
    ]  # fmt: skip
    departments, now = people.department_names(), clock.now()
    lines = (
        [
            a.number,
            departments.get(a.department_id, ""),
            a.asked_at,
            str(words.CHANNEL_LABELS[a.channel]),
            a.matter,
            str(words.REASON_LABELS[a.reason]),
            str(words.STATE_LABELS[a.state]),
            a.from_at,
            a.post.name if a.post else "",
            a.due_at,
            a.answered_at,
            _("是") if light(a, now) == "overdue" else "",
            a.moved,
            a.became,
            a.closed_at,
        ]
        for a in db.session.scalars(queries.listing(require_actor(), form.wanted(), now).limit(EXPORTED))
    )
    return sheets.listed(_("预约"), headings, lines)


@bp.get("/appointments/new")
@access.guard(words.HANDLE)
def choose() -> str:
    """Which department somebody who calls or comes wants to see."""
    offering = {p.id for p in queries.bookable()}
    return render_template("appointment/choose.html", places=queries.places(), offering=offering)


@bp.route("/appointments/new/<code>", methods=["GET", "POST"])
@access.guard(words.HANDLE)
def enter(code: str) -> Answer:
    """Enter an appointment for somebody who calls or is at the counter (C-6)."""
    place = next((p for p in queries.places() if p.code == code), None)
    if place is None:
        raise NotFound()
    now = clock.now()
    form = EnterForm(place.id, queries.free(place.id, now))
    if form.sent():
        try:
            made = service.ask(form.what(), Channel(form.channel.data), now, require_actor())
        except Invalid as error:
            db.session.rollback()
            form.refuse(error)
        else:
            flash(
                _(
                    "已登记预约，请告诉服务对象编号 %(number)s 和查询码 %(code)s。",
                    number=made.number,
                    code=service.code_of(made.number),
                )
            )
            return go("appointment.show", number=made.number)
    return render_template("appointment/enter.html", form=form, place=place), 422 if form.errors else 200


# --- an appointment -------------------------------------------------------------------------------------------


def _page(actor: Actor, appointment: Appointment, form: AnswerForm, verb: str = "") -> str:
    now = clock.now()
    handles = queries.may_handle(actor, appointment)
    begun = appointment.from_at is not None and clock.local(appointment.from_at).date() <= clock.local(now).date()
    can = {v: handles and rules.allowed(appointment.state, v) for v in rules.MOVES}
    can["came"] = can["came"] and begun
    can["missed"] = can["missed"] and appointment.to_at is not None and appointment.to_at <= now
    return render_template(
        "appointment/show.html",
        appointment=appointment,
        form=form,
        verb=verb,
        can=can,
        free=queries.free(appointment.department_id, now, but=appointment.slot_id)[:12]
        if can["confirm"] or can["move"]
        else [],
        who=queries.who_comes(appointment),
        code=service.code_of(appointment.number) if handles or appointment.asked_by_id == actor.id else "",
        history=timeline.lines(reversed(journal.of_object("appointment", appointment.id))),
        **shown(),
    )


@bp.get("/appointments/<number>")
@access.guard(words.READ)
def show(number: str) -> Answer:
    """An appointment: what is asked for, what was answered, who will be there."""
    actor = require_actor()
    appointment = queries.by_number(actor, number)
    return _page(actor, appointment, AnswerForm(appointment, formdata=None))


_do = acts.Verbs(Appointment, queries.by_number, AnswerForm, _page, "appointment.show")


def _time(form: AnswerForm) -> tuple[datetime | None, int | None, int | None, str]:
    return form.from_at, form.minutes.data, form.post_id.data, form.answer.data or ""


@bp.post("/appointments/<number>/confirm")
@access.guard(words.HANDLE)
def confirm(number: str) -> Answer:
    """Agree to the wished time, or to one agreed with the client."""
    return _do(number, "confirm", lambda a, p, f, now: service.confirm(a, p, *_time(f), now), _("已确认。"))


@bp.post("/appointments/<number>/propose")
@access.guard(words.HANDLE)
def propose(number: str) -> Answer:
    """Propose another time."""
    return _do(
        number, "confirm", lambda a, p, f, now: service.propose(a, p, *_time(f), now), _("已另提时间，等服务对象同意。")
    )


@bp.post("/appointments/<number>/decline")
@access.guard(words.HANDLE)
def decline(number: str) -> Answer:
    """No time can be arranged; never a refusal of the matter (D-1)."""
    return _do(
        number,
        "decline",
        lambda a, p, f, now: service.decline(a, p, f.answer.data or "", now),
        _("已答复。事项本身请照常受理。"),
    )


@bp.post("/appointments/<number>/accept")
@access.guard(words.HANDLE)
def accept(number: str) -> Answer:
    """The client agreed to the proposed time by phone."""
    return _do(number, "accept", lambda a, p, _f, now: service.accept(p, now, a), _("已记录同意。"))


@bp.post("/appointments/<number>/reject")
@access.guard(words.HANDLE)
def reject(number: str) -> Answer:
    """The proposed time does not suit the client."""
    return _do(
        number, "reject", lambda a, p, f, now: service.reject(p, f.wish.data or "", now, a), _("已记录，请再答复。")
    )


@bp.post("/appointments/<number>/move")
@access.guard(words.HANDLE)
def move(number: str) -> Answer:
    """Move an agreed time."""
    return _do(number, "move", lambda a, p, f, now: service.move(a, p, *_time(f), now), _("已改约。"))


@bp.post("/appointments/<number>/assign")
@access.guard(words.HANDLE)
def assign(number: str) -> Answer:
    """Let another post be there."""
    return _do(number, "assign", lambda a, p, f, now: service.assign(a, p, f.post_id.data, now), _("已更换接待岗位。"))


@bp.post("/appointments/<number>/cancel")
@access.guard(words.HANDLE)
def cancel(number: str) -> Answer:
    """The client cancelled by phone."""
    return _do(number, "cancel", lambda a, p, _f, now: service.cancel(p, now, a), _("已取消。"))


@bp.post("/appointments/<number>/came")
@access.guard(words.HANDLE)
def came(number: str) -> Answer:
    """The client came, and what it was entered as."""
    return _do(number, "came", lambda a, p, f, now: service.came(a, p, f.became.data or "", now), _("已记录到访。"))


@bp.post("/appointments/<number>/missed")
@access.guard(words.HANDLE)
def missed(number: str) -> Answer:
    """Nobody came."""
    return _do(number, "missed", lambda a, p, f, now: service.missed(a, p, f.note.data or "", now), _("已记录未到。"))


# --- hours ----------------------------------------------------------------------------------------------------


@bp.get("/appointments/hours")
@access.guard(words.READ)
def hours() -> str:
    """Which slots the departments offer."""
    return render_template(
        "appointment/hours.html",
        rows=[(place, queries.hours_of(place.id)) for place in queries.places()],
        **shown(),
    )


@bp.route("/appointments/hours/new", methods=["GET", "POST"])
@access.guard(words.SET)
def offer() -> Answer:
    """Offer slots of a department."""
    form = HoursForm(minutes=30, capacity=1)
    if form.sent():
        try:
            slots.offer(require_actor(), **form.values(), now=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已设置可约时段。"))
            return go("appointment.hours")
    return render_template("appointment/offer.html", form=form), 422 if form.errors else 200


@bp.post("/appointments/hours/<int:hours_id>/end")
@access.guard(words.SET)
def end_hours(hours_id: int) -> Answer:
    """Offer these slots no more."""
    slots.end_hours(require_actor(), locked(Hours, id=hours_id), clock.now())
    flash(_("已停止；已经约定的不变。"))
    return go("appointment.hours")
