"""Whether a supervision card is one of ours: asked with its number and check code (O-5)."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock
from portal.kernel.forms import normal
from portal.kernel.web import csrf, same_site
from portal.one_time_notice.queries import canonical
from portal.people import queries as people
from portal.public import guessing
from portal.public.forms import CardForm
from portal.public.web import bp, page
from portal.pure.numbering import verify_check_code
from portal.supervision_card import paper, queries, seams, service

seams.check_page("public.card")


@bp.get("/card")
@access.public
def card() -> BaseResponse:
    """The form; a card's QR code brings its number, never the check code (O-6)."""
    form = CardForm(formdata=None)
    form.number.data = normal(request.args.get("number", ""))[:40]
    return page("public/card.html", form=form, paper=paper)


@bp.post("/card")
@csrf.exempt  # no session is needed for asking: nothing is done in anybody's name
@access.public
def check_card() -> BaseResponse:
    """What the card says and whether it is valid; a wrong code and a missing card are answered alike, and guessing
    is stopped as for slips (O-6)."""
    same_site()
    now, form, found, answer_code, until = clock.now(), CardForm(), None, 200, None
    if form.sent():
        number = canonical(form.number.data)[:40]
        turn = guessing.Turn(number, request.remote_addr or "", now)
        until = turn.blocked_until
        if until is not None:
            answer_code = 429
        else:
            there = queries.genuine(number)
            good = verify_check_code(service.code_text(number), form.code.data, service.secret())
            found = there if good else None
            if found is None:
                turn.wrong()
                form.form_errors.append(_("没有查到：卡号和查验码对不上，或者不是本单位出具的监督卡。"))
        form.code.data = ""  # what shows that one holds the card is never sent back
    else:
        answer_code = 422
    answer = make_response(
        render_template(
            "public/card.html",
            form=form,
            found=found,
            paper=paper,
            blocked_until=until,
            department=people.department_names().get(found.department_id, "") if found else "",
        ),
        answer_code,
    )
    if until is not None:
        answer.headers["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return answer
