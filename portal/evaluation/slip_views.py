"""Slips on paper: one for a case that has ended, sheets of them in advance (S-1). No page of a code is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.cases import queries as cases
from portal.evaluation import codes, queries, rules, service
from portal.evaluation import vocabulary as words
from portal.evaluation.forms import SheetForm
from portal.evaluation.public_pages import bp
from portal.kernel import access, clock
from portal.kernel.actor import require_actor
from portal.kernel.errors import Invalid, NotAllowed
from portal.message_card.qr import qr_svg
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.months import month_after

__all__ = ["bp"]

Answer = str | BaseResponse | tuple[str, int]


def _uncopied(page: str) -> Response:
    """An answer of which no copy is kept for repeated submissions: it goes out as a stream, and bears codes."""
    return Response(iter([page]), mimetype="text/html")


def _paper(department_id: int, month: date, made: list[str], **more: Any) -> str:
    address = url_for("evaluation.evaluate", _external=True)
    return render_template(
        "evaluation/slips.html",
        slips=[(codes.shown(code), qr_svg.__wrapped__(f"{address}#{code}", _("评议二维码"))) for code in made],
        address=address,
        department=service.department_name(department_id),
        unit=people.unit_name(),
        month=month,
        until=rules.last_day(month, policy.value("evaluation.valid_days")),
        **more,
    )


@bp.post("/evaluation/slip")
@access.guard(words.HAND_OUT)
def hand_out() -> Answer:
    """A slip for the client of a case that has ended; the case does not learn of it."""
    case = cases.by_number(require_actor(), request.form.get("number", "")[:20])
    if not queries.may_hand_out(require_actor(), case):
        raise NotAllowed(_("办件结束后才能出具评议单。"), "S-1")
    place = (case.department_id, rules.month_of(clock.today()))
    return _uncopied(_paper(*place, [service.hand_out(place)], number=case.number))


@bp.route("/evaluation/slips", methods=["GET", "POST"])
@access.guard(words.HAND_OUT)
def sheets() -> Answer:
    """Sheets of slips to cut out, printed in advance for this month or the next."""
    actor, now = require_actor(), clock.now()
    departments = queries.departments_printed(actor)
    if not departments:
        raise NotFound()
    month = rules.month_of(clock.today())
    months = [month, month_after(month, 1)]
    form = SheetForm(departments, months)
    if form.sent():
        place = (int(form.department.data or 0), date.fromisoformat(f"{form.month.data}-01"))
        try:
            made = service.print_sheets(actor, place, int(form.sheets.data or 0), now)
        except Invalid as error:
            form.refuse(error)
        else:
            return _uncopied(_paper(*place, made, number=""))
    page = render_template("evaluation/sheets.html", form=form, a_sheet=service.A_SHEET)
    return page, 422 if form.errors else 200
