"""What a running survey needs: the poster, one-time codes, the sample, and one's own code (S-2)."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from portal.kernel import access, clock, sheets
from portal.kernel.actor import require_actor
from portal.kernel.acts import carried_out
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.message_card.qr import qr_svg
from portal.people import queries as people
from portal.survey import codes, queries, sampling
from portal.survey import vocabulary as words
from portal.survey.forms import ClientsForm, CodesForm, DrawForm
from portal.survey.models import Survey
from portal.survey.rules import Audience, shown_code
from portal.survey.views import Answer, address_of, bp, locked_survey, shown, survey_page


@bp.get("/surveys/<number>/sheet")
@access.guard(words.READ)
def sheet(number: str) -> str:
    """The poster with the QR code, to print on A4."""
    survey = queries.by_number(require_actor(), number)
    if not survey.token:
        raise NotFound()
    return render_template(
        "survey/sheet.html",
        survey=survey,
        qr=qr_svg(address_of(survey), _("问卷二维码")),
        address=address_of(survey),
        unit=people.unit_name(),
    )


@bp.post("/surveys/<number>/codes")
@access.guard(words.MANAGE)
def issue_codes(number: str) -> Answer:
    """Make one-time codes and show the slips to print, this once: the answer is kept nowhere (S-2)."""
    actor, now, form = require_actor(), clock.now(), CodesForm()
    survey = locked_survey()
    made: list[str] = []
    try:
        if form.sent():
            made = codes.issue(actor, survey, form.count.data or 0, bool(form.void.data), now)
    except Invalid as error:
        form.refuse(error)
    if not made:
        db.session.rollback()
        return survey_page(number, codes=form), 422
    page = render_template(
        "survey/slips.html",
        survey=survey,
        codes=[shown_code(c) for c in made],
        qr=qr_svg(address_of(survey), _("问卷二维码")),
        address=address_of(survey),
        unit=people.unit_name(),
    )
    return Response(iter([page]), mimetype="text/html")  # streamed: what is streamed is not kept for a repetition


# --- one's own code -------------------------------------------------------------------------------------------


@bp.get("/surveys/mine")
@access.guard(words.TAKE)
def mine() -> str:
    """The surveys of the own department that run, each with the reader's one-time code (S-2)."""
    actor, now = require_actor(), clock.now()
    found = []
    for survey in queries.for_staff(actor, now):
        own = codes.own_code(survey.token, actor.id or 0)
        works = codes.still_works(survey.id, survey.token, own)
        found.append((survey, shown_code(own) if works else ""))
    return render_template("survey/mine.html", found=found, **shown())


# --- the sample -----------------------------------------------------------------------------------------------


def _with_codes(number: str) -> Survey:
    survey = queries.by_number(require_actor(), number)
    if survey.audience is not Audience.CODES:
        raise NotFound()
    return survey


def _clients_page(number: str, clients: ClientsForm | None = None, draw: DrawForm | None = None) -> Answer:
    survey = _with_codes(number)
    least = sampling.least(survey)
    form = clients or ClientsForm(
        formdata=None, data={"clients": "\n".join(c.line for c in sampling.clients_of(survey))}
    )
    page = render_template(
        "survey/clients.html",
        survey=survey,
        form=form,
        draw=draw or DrawForm(formdata=None, data={"count": least}),
        least=least,
        sample=sampling.clients_of(survey, drawn=True) if survey.drawn is not None else [],
        open=survey.drawn is None and survey.closed_at is None and survey.replaced_at is None,
        **shown(),
    )
    return page, 422 if clients or draw else 200


@bp.route("/surveys/<number>/clients", methods=["GET", "POST"])
@access.guard(words.MANAGE)
def clients(number: str) -> Answer:
    """The list of clients, and the sample drawn from it (S-2)."""
    _with_codes(number)
    form = ClientsForm()
    if form.is_submitted():
        survey = locked_survey()
        actor, now = require_actor(), clock.now()
        if carried_out(form, lambda: sampling.enlist(actor, survey, form.clients.data or "", now), _("名单已保存。")):
            return go("survey.clients", number=number)
        return _clients_page(number, clients=form)
    return _clients_page(number)


@bp.post("/surveys/<number>/clients/draw")
@access.guard(words.MANAGE)
def draw_sample(number: str) -> Answer:
    """Draw the sample, once; nobody chooses the seed (S-2)."""
    _with_codes(number)
    survey, form = locked_survey(), DrawForm()
    actor, now = require_actor(), clock.now()
    if carried_out(form, lambda: sampling.draw(actor, survey, form.count.data or 0, now), _("样本已抽取。")):
        return go("survey.clients", number=number)
    return _clients_page(number, draw=form)


@bp.get("/surveys/<number>/clients.xlsx")
@access.guard(words.MANAGE)
def clients_xlsx(number: str) -> Response:
    """The list with who was drawn, for those who hand out the codes."""
    survey = _with_codes(number)
    rows = ([c.position, c.line, _("是") if c.drawn else ""] for c in sampling.clients_of(survey))
    content = sheets.workbook([(_("名单"), [_("序号"), _("服务对象"), _("抽中")], rows)])
    return sheets.download(content, f"{survey.number}-{_('名单')}.xlsx")
