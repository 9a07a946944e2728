"""What visitors see on their phone: the card, the form, the thanks. Never a message, never anybody's data (AB-6)."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.kernel import access, clock, idempotency
from portal.message_card import queries, service
from portal.message_card.forms import LeaveForm
from portal.message_card.views import bp
from portal.policy import queries as policy

#: The visitor's browser remembers the number of the slip until it is closed, nothing else does.
SLIP = "card_slip"


@bp.route("/m/<code>", methods=["GET", "POST"])
@access.public
def leave(code: str) -> str | BaseResponse | tuple[str, int]:
    """A department's card for visitors: when it is back, and the form to leave word (AB-6)."""
    place, now = queries.place_of(code), clock.now()
    card = queries.card_of(place.id, now)
    open_ = card.hangs or bool(policy.value("message_card.when_present"))
    form, status = LeaveForm(), 200
    if request.method == "POST":
        status = 422
        if open_ and form.sent():
            if form.website.data:
                form.form_errors.append(_("没有提交成功，请刷新页面后重新填写。"))
            else:
                try:
                    made = service.leave(
                        place,
                        now,
                        matter=form.matter.data,
                        phone=form.phone.data,
                        name=form.name.data or "",
                        preferred=form.preferred.data or "",
                        address=request.remote_addr or "",
                        form_key=idempotency.sent_key(),
                    )
                except service.TooMany:
                    status = 429
                    form.form_errors.append(_("留言太多，请过一会儿再试，或直接拨打电话。"))
                else:
                    session[SLIP] = [place.code, made.number]
                    return redirect(url_for("message_card.thanks", code=code), 303)
    page = render_template(
        "message_card/leave.html",
        place=place,
        card=card,
        form=form,
        open=open_,
        hours=_("、").join(f"{a:%H:%M}–{b:%H:%M}" for a, b in calendar.work_calendar().hours.periods),
    )
    return page, status


@bp.get("/m/<code>/thanks")
@access.public
def thanks(code: str) -> str | BaseResponse:
    """Thanks with the number of the slip, to whom has just left word."""
    place = queries.place_of(code)
    slip = session.get(SLIP)
    if not isinstance(slip, list) or len(slip) != 2 or slip[0] != place.code:
        return redirect(url_for("message_card.leave", code=code))
    card = queries.card_of(place.id, clock.now())
    return render_template("message_card/thanks.html", place=place, number=str(slip[1]), card=card)
