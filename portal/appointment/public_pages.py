"""Appointments for everybody, without a login (C-6): ask, look, agree, cancel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from portal.appointment import queries, service
from portal.appointment import vocabulary as words
from portal.appointment.forms import AskForm, LookForm, RejectForm
from portal.appointment.models import Appointment, Channel
from portal.appointment.rules import allowed
from portal.appointment.views import bp
from portal.calendar import queries as calendar
from portal.kernel import access, clock, idempotency
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid

#: The client's browser remembers the number that was asked for or looked up until it is closed.
SLIP = "appointment"
#: Its check code, told once to who has just asked.
CODE = "appointment_code"

Answer = str | BaseResponse | tuple[str, int]


@bp.get("/public/appointments")
@access.public
def public_choose() -> str:
    """Which department to see, or number and code of an appointment made before."""
    return render_template(
        "appointment/public_choose.html",
        places=queries.bookable(),
        form=LookForm(formdata=None),
        hours=_("、").join(f"{a:%H:%M}–{b:%H:%M}" for a, b in calendar.work_calendar().hours.periods),
    )


@bp.route("/public/appointments/with/<code>", methods=["GET", "POST"])
@access.public
def public_ask(code: str) -> Answer:
    """Ask for an appointment (C-6)."""
    place, now = queries.place_of(code), clock.now()
    form, status = AskForm(place.id, queries.free(place.id, now)), 200
    if request.method == "POST":
        status = 422
        if form.sent():
            if form.website.data:
                form.form_errors.append(_("没有提交成功，请刷新页面后重新填写。"))
            else:
                try:
                    made = service.ask(
                        form.what(),
                        Channel.PUBLIC,
                        now,
                        address=request.remote_addr or "",
                        form_key=idempotency.sent_key(),
                    )
                except Invalid as error:
                    db.session.rollback()
                    form.refuse(error)
                except service.TooMany:
                    status = 429
                    form.form_errors.append(_("预约太多，请过一会儿再试，或者直接拨打电话。"))
                else:
                    session[SLIP], session[CODE] = made.number, service.code_of(made.number)
                    return redirect(url_for("appointment.public_mine"), 303)
    return render_template("appointment/public_ask.html", place=place, form=form), status


@bp.route("/public/appointments/look", methods=["GET", "POST"])
@access.public
def public_look() -> Answer:
    """Look an appointment up by its number and check code; wrong guesses are counted and stopped."""
    form, status = LookForm(), 200
    if request.method == "POST" and not form.sent():
        status = 422
    elif request.method == "POST":
        try:
            found = service.find(form.number.data, form.check.data, request.remote_addr or "", clock.now())
        except service.TooMany:
            status = 429
            form.form_errors.append(_("查询次数太多，请一小时后再试，或者拨打电话。"))
        else:
            if found is not None:
                session[SLIP] = found.number
                session.pop(CODE, None)
                return redirect(url_for("appointment.public_mine"), 303)
            form.form_errors.append(_("没有找到：编号和查询码不相符。"))
    return render_template("appointment/public_look.html", form=form), status


def _mine() -> Appointment | None:
    number = session.get(SLIP)
    if not isinstance(number, str):
        return None
    return db.session.scalar(select(Appointment).where(Appointment.number == number))


def _mine_page(appointment: Appointment, form: RejectForm) -> str:
    code = session.get(CODE)
    return render_template(
        "appointment/public_mine.html",
        appointment=appointment,
        form=form,
        code=code if isinstance(code, str) and code == service.code_of(appointment.number) else "",
        place=next((p for p in queries.places() if p.id == appointment.department_id), None),
        who=queries.who_comes(appointment),
        can={
            "accept": allowed(appointment.state, "accept"),
            "cancel": allowed(appointment.state, "cancel")
            and (appointment.from_at is None or appointment.from_at > clock.now()),
        },
        words=words,
    )


@bp.get("/public/appointments/mine")
@access.public
def public_mine() -> Answer:
    """Where the appointment stands, to who has just asked or looked it up; nothing personal is shown."""
    appointment = _mine()
    if appointment is None:
        return redirect(url_for("appointment.public_look"))
    return _mine_page(appointment, RejectForm(formdata=None))


def _mine_do(verb: Callable[[Appointment, datetime], None], done: str, form: RejectForm | None = None) -> Answer:
    found = _mine()
    if found is None:
        return redirect(url_for("appointment.public_look"), 303)
    if form is None or form.sent():
        verb(locked(Appointment, id=found.id), clock.now())
        flash(done)
        return redirect(url_for("appointment.public_mine"), 303)
    return _mine_page(found, form), 422


@bp.post("/public/appointments/mine/accept")
@access.public
def public_accept() -> Answer:
    """The client agrees to the proposed time."""
    return _mine_do(service.accept, _("已约定。"))


@bp.post("/public/appointments/mine/reject")
@access.public
def public_reject() -> Answer:
    """The proposed time does not suit the client."""
    form = RejectForm()
    return _mine_do(
        lambda appointment, now: service.reject(appointment, form.wish.data or "", now),
        _("已转告科室，等待答复。"),
        form,
    )


@bp.post("/public/appointments/mine/cancel")
@access.public
def public_cancel() -> Answer:
    """The client cancels."""
    return _mine_do(service.cancel, _("已取消预约。"))
