"""Where a case stands: asked with the number of a slip and four digits or its check code (O-6)."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.forms import normal
from portal.kernel.web import csrf, same_site
from portal.one_time_notice.queries import canonical
from portal.public import guessing, guides
from portal.public import status as cases
from portal.public.forms import StatusForm
from portal.public.web import bp, page


@bp.get("/status")
@access.public
def status() -> BaseResponse:
    """The form; a slip's QR code brings its number, never the digits (O-6)."""
    form = StatusForm(formdata=None)
    form.number.data = normal(request.args.get("number", ""))[:40]
    return page("public/status.html", form=form, complaint=guides.complaint())


@bp.post("/status")
@csrf.exempt  # no session is needed for asking: nothing is done in anybody's name
@access.public
def ask_status() -> BaseResponse:
    """Where the case stands. Wrong digits and a missing case are answered alike; too many wrong ones stop all (O-6)."""
    same_site()
    now, form, standing, answer_code, until = clock.now(), StatusForm(), None, 200, None
    if form.sent():
        number = canonical(form.number.data)[:40]
        turn = guessing.Turn(number, request.remote_addr or "", now)
        until = turn.blocked_until
        if until is not None:
            answer_code = 429
        else:
            found = cases.find(number, form.digits.data, now)
            if found is None:
                turn.wrong()
                form.form_errors.append(_("没有找到：编号不存在，或者后四位、查验码不对。请对照回执再试。"))
            else:
                standing = cases.standing(found, now)
        form.digits.data = ""  # what shows that one holds the slip is never sent back
    else:
        answer_code = 422
    answer = make_response(
        render_template(
            "public/status.html", form=form, found=standing, blocked_until=until, complaint=guides.complaint()
        ),
        answer_code,
    )
    if until is not None:
        answer.headers["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return answer
