"""Complaints for everybody, without a login (A-5, C-5): complain, follow by number and code, add, rate the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as BaseResponse

from portal.complaint import queries, receiving
from portal.complaint import vocabulary as words
from portal.complaint.forms import AddForm, ComplainForm, LookForm, RateForm
from portal.complaint.models import About, Channel, Complaint, ComplaintState, Result
from portal.complaint.rules import MOVES
from portal.complaint.views import Answer, bp
from portal.kernel import access, clock, idempotency, journal
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid
from portal.kernel.forms import PortalForm, normal
from portal.people import queries as people
from portal.service_commitment import guides

#: The complainant's browser remembers the number that was complained or looked up until it is closed.
SLIP = "complaint"
#: Number and code of what was just complained, shown once.
CODE = "complaint_code"


@bp.route("/public/complaints/new", methods=["GET", "POST"])
@access.public
def public_complain() -> Answer:
    """Complain, named or anonymous, about anything or about the promise of an item (A-5, C-5)."""
    form, status = ComplainForm(), 200
    item = guides.guide(normal(form.item.data or request.args.get("item", ""))[:20])
    if request.method == "GET" and item is not None:
        form.item.data, form.about.data = item.code, str(About.PROMISE)
    if request.method == "POST":
        status = 422
        journal.withhold_source()
        if form.sent():
            if form.website.data:
                form.form_errors.append(_("没有提交成功，请刷新页面后重新填写。"))
            else:
                try:
                    made, code = receiving.receive(
                        form.what(),
                        Channel.PUBLIC,
                        clock.now(),
                        uploads=form.files.data or (),
                        address=request.remote_addr or "",
                        form_key=idempotency.sent_key(),
                    )
                except Invalid as error:
                    db.session.rollback()
                    form.refuse(error)
                except receiving.TooMany:
                    db.session.rollback()
                    status = 429
                    form.form_errors.append(_("投诉太多，请过一会儿再试，或者直接拨打投诉电话。"))
                else:
                    session[SLIP], session[CODE] = made.number, [made.number, code]
                    return redirect(url_for("complaint.public_slip"), 303)
    return render_template("complaint/public_complain.html", form=form, item=item), status


@bp.get("/public/complaints/slip")
@access.public
def public_slip() -> Answer:
    """Number and secret code to who has just complained, to be printed or noted; shown this once."""
    slip = session.pop(CODE, None)
    if not isinstance(slip, list) or len(slip) != 2:
        return redirect(url_for("complaint.public_mine"))
    return render_template(
        "complaint/slip.html",
        number=str(slip[0]),
        code=str(slip[1]),
        unit=people.unit_name(),
        look=url_for("complaint.public_look", _external=True),
        back=url_for("complaint.public_mine"),
    )


@bp.route("/public/complaints/look", methods=["GET", "POST"])
@access.public
def public_look() -> Answer:
    """Look a complaint up by its number and code; wrong guesses are counted and stopped (A-5)."""
    form, status, until = LookForm(), 200, None
    if request.method == "POST":
        journal.withhold_source()
        if not form.sent():
            status = 422
        else:
            now = clock.now()
            found, until = receiving.look(form.number.data, form.code.data, request.remote_addr or "", now)
            if found is not None:
                session[SLIP] = found.number
                return redirect(url_for("complaint.public_mine"), 303)
            if until is None:
                form.form_errors.append(_("没有找到：编号和查询码不相符。"))
            else:
                status = 429
                form.form_errors.append(_("查询次数太多，请过一会儿再试，或者拨打投诉电话。"))
        form.code.data = ""
    answer = make_response(render_template("complaint/public_look.html", form=form), status)
    if until is not None:
        answer.headers["Retry-After"] = str(max(1, int((until - clock.now()).total_seconds())))
    return answer


def _mine() -> Complaint | None:
    number = session.get(SLIP)
    if not isinstance(number, str):
        return None
    return db.session.scalar(select(Complaint).where(Complaint.number == number).options(selectinload(Complaint.notes)))


def _page(found: Complaint, add: PortalForm | None = None, rate: PortalForm | None = None) -> str:
    told: dict[str, Any] = {
        "state": words.PUBLIC_STATE_LABELS[found.state],
        "result": words.RESULT_LABELS[found.result] if found.told_at and found.result else "",
        "confirmed": found.told_at is not None and found.result in (Result.CONFIRMED, Result.PARTLY),
        "notes": [n for n in found.notes if n.told],
        "decided": found.decided_at is not None,
    }
    return render_template(
        "complaint/public_mine.html",
        c=found,
        told=told,
        light=queries.light(found, clock.now()),
        may_add=MOVES.allowed(found.state, "add"),
        may_rate=found.state is ComplaintState.ANSWERED,
        add=add or AddForm(formdata=None),
        rate=rate or RateForm(formdata=None),
        words=words,
    )


@bp.get("/public/complaints/mine")
@access.public
def public_mine() -> Answer:
    """Where the complaint stands and what was told, to who has its number and code; nothing else is shown (A-5)."""
    found = _mine()
    if found is None:
        return redirect(url_for("complaint.public_look"))
    return _page(found)


def _do(form: PortalForm, act: Callable[[Complaint, datetime], None], done: str, name: str) -> Answer:
    journal.withhold_source()
    found = _mine()
    if found is None:
        return redirect(url_for("complaint.public_look"), 303)
    if form.sent():
        try:
            act(locked(Complaint, id=found.id), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(done)
            return redirect(url_for("complaint.public_mine"), 303)
    db.session.rollback()
    again: BaseResponse | Complaint | None = _mine()
    assert isinstance(again, Complaint)
    return _page(again, **{name: form}), 422


@bp.post("/public/complaints/mine/add")
@access.public
def public_add() -> Answer:
    """The complainant adds something before the answer."""
    form = AddForm()
    return _do(
        form,
        lambda c, now: receiving.add(c, form.text.data or "", form.files.data or (), now),
        _("已补充，承办人会看到。"),
        "add",
    )


@bp.post("/public/complaints/mine/rate")
@access.public
def public_rate() -> Answer:
    """The complainant says once whether the answer satisfies."""
    form = RateForm()
    return _do(
        form, lambda c, now: receiving.rate(c, form.chosen(), form.remark.data or "", now), _("谢谢您的评价。"), "rate"
    )
