"""The department's pages of message cards: cards, door sheet, messages (AB-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from portal.calendar import queries as calendar
from portal.kernel import access, clock, journal, sheets, timeline
from portal.kernel.actor import require_actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.htmx import go, page_or_fragment
from portal.kernel.paging import paginate
from portal.message_card import queries, rules, seams, service
from portal.message_card import vocabulary as words
from portal.message_card.forms import AnswerForm, BackForm, FilterForm, OutForm
from portal.message_card.models import How, Message, Outing
from portal.message_card.qr import qr_svg
from portal.people import queries as people

bp = Blueprint("message_card", __name__)

Answer = str | BaseResponse | tuple[str, int]
#: Rows of an export at most; beyond it the list is to be narrowed by its filters.
MOST_EXPORTED = 20_000


def public_address(code: str) -> str:
    """The short address that a QR code holds: what a phone on this network opens."""
    return url_for("message_card.leave", code=code, _external=True)


def qr_of(place: queries.Place) -> object:
    """The QR code of a department's card."""
    return qr_svg(public_address(place.code), _("%(name)s留言二维码", name=place.name))


def light(message: Message, now: datetime) -> str:
    """The light of a message for lists."""
    if message.answered_at is not None:
        return "closed"
    back = message.outing.back_at if message.outing and message.outing.ended_at is None else None
    return str(rules.light(now, message.due_at, back))


def _wanted(form: FilterForm) -> queries.Wanted:
    """The filters that are good; the others are shown with their error and do not restrict."""
    return queries.Wanted(**{f.name: f.data for f in form if f.data and not f.errors})


@bp.get("/messages")
@access.guard(words.READ)
def index() -> Answer:
    """Messages with filters, search and pages."""
    actor, now = require_actor(), clock.now()
    form = FilterForm(request.args)
    good = form.validate()
    return page_or_fragment(
        "message_card/index.html",
        "message_card/_list.html",
        form=form,
        good=good,
        page=paginate(queries.listing(actor, _wanted(form))),
        words=words,
        light=lambda m: light(m, now),
        departments=people.department_names(),
        names=people.user_names(),
        filtered=any(v for k, v in request.args.items() if k != "page"),
    )


@bp.get("/messages/export.xlsx")
@access.guard(words.READ)
def export() -> Response:
    """The filtered messages as XLSX, without the visitors' names and phones (at most MOST_EXPORTED rows)."""
    form = FilterForm(request.args)
    form.validate()
    headings = [
        _("编号"), _("科室"), _("留言时间"), _("事项"), _("答复期限"), _("答复时间"), _("逾期"),
        _("答复方式"), _("答复内容"), _("答复人"), _("首问登记"),
    ]  # fmt: skip
    departments, names, now = people.department_names(), people.user_names(), clock.now()
    lines = (
        [
            m.number,
            departments.get(m.department_id, ""),
            m.left_at,
            m.matter,
            m.due_at,
            m.answered_at,
            _("是") if (m.answered_at or now) > m.due_at else "",
            str(words.HOW_LABELS[m.how]) if m.how else "",
            m.answer,
            names.get(m.answered_by_id or 0, ""),
            m.taken_as,
        ]
        for m in queries.exported(require_actor(), _wanted(form), MOST_EXPORTED)
    )
    return sheets.listed(_("来访留言"), headings, lines)


def _message(number: str) -> Message:
    found = queries.by_number(require_actor(), number)
    return locked(Message, id=found.id) if request.method == "POST" else found


@bp.route("/messages/<number>", methods=["GET", "POST"])
@access.guard(words.READ)
def show(number: str) -> Answer:
    """A message; answering it: how, and what was said (AB-6)."""
    actor, now, message = require_actor(), clock.now(), _message(number)
    form = AnswerForm(how=str(How.PHONE))
    if form.sent():
        service.answer(actor, message, How(form.how.data), form.text.data, now)
        flash(_("已登记答复。"))
        return go("message_card.show", number=number)
    page = render_template(
        "message_card/show.html",
        message=message,
        form=form,
        may_answer=queries.may_answer(actor, message),
        may_take=queries.may_answer(actor, message) and seams.can_take(),
        taken_url=seams.address(message.taken_as),
        light=light(message, now),
        words=words,
        names=people.user_names(),
        lines=timeline.lines(journal.of_object("card_message", message.id)),
    )
    return page, 422 if form.errors else 200


@bp.post("/messages/<number>/take-over")
@access.guard(words.ANSWER)
def take_over(number: str) -> Answer:
    """Take a message over into the first-ask log (F-1)."""
    actor, message = require_actor(), _message(number)
    try:
        taken = service.take_over(actor, message, clock.now())
    except Invalid as error:
        flash(str(error.message), "warning")
        return go("message_card.show", number=number)
    flash(_("已转为首问登记 %(entry)s。", entry=taken))
    return go("message_card.show", number=number)


# --- cards -----------------------------------------------------------------------------------------------------


@bp.get("/message-cards")
@access.guard(words.READ)
def cards() -> str:
    """Every department's card: who is out, until when, what waits."""
    actor, now = require_actor(), clock.now()
    waiting = {u.department_id: u for u in queries.unanswered(now)}
    seen = queries.departments_seen(actor)
    return render_template(
        "message_card/cards.html",
        rows=[
            (place, queries.card_of(place.id, now), waiting.get(place.id), queries.may_mark(actor, place.id))
            for place in queries.places()
        ],
        counted=lambda d: seen is None or d in seen,
        words=words,
    )


@bp.get("/message-cards/<code>")
@access.guard(words.READ)
def card(code: str) -> str:
    """One department's card with its QR code, and the times in which it was out."""
    actor, now, place = require_actor(), clock.now(), queries.place_of(code)
    return render_template(
        "message_card/card.html",
        place=place,
        card=queries.card_of(place.id, now),
        qr=qr_of(place),
        address=public_address(code),
        outings=queries.outings_of(place.id),
        may_mark=queries.may_mark(actor, place.id),
        may_return=queries.may_mark(actor, place.id) or place.id in queries.departments_answered(actor),
        names=people.user_names(),
        words=words,
    )


@bp.get("/message-cards/<code>/sheet")
@access.guard(words.READ)
def sheet(code: str) -> str:
    """The sheet for the door, to print on A4 (AB-6)."""
    place = queries.place_of(code)
    return render_template(
        "message_card/sheet.html",
        place=place,
        card=queries.card_of(place.id, clock.now()),
        qr=qr_of(place),
        address=public_address(code),
        unit=people.unit_name(),
    )


def _usual(now: datetime) -> tuple[datetime, datetime]:
    """What the form proposes: from now until the end of this working day, or of the next one after hours."""
    working, start = calendar.work_calendar(), clock.local(now).replace(second=0, microsecond=0)
    day, closes = start.date(), working.hours.closes
    if start.time() >= closes or not working.is_workday(day):
        day = working.next_workday(day)
        start = datetime.combine(day, working.hours.opens, clock.ZONE)
    return start, datetime.combine(day, closes, clock.ZONE)


@bp.route("/message-cards/<code>/out", methods=["GET", "POST"])
@access.guard(words.MARK)
def mark_out(code: str) -> Answer:
    """Mark a department out: from, back at, why (AB-6)."""
    actor, now, place = require_actor(), clock.now(), queries.place_of(code)
    if not queries.may_mark(actor, place.id):
        raise NotAllowed(_("留言卡由科室负责人、分管领导或办公室设置。"))
    start, end = _usual(now)
    form = OutForm(from_at=start, back_at=max(end, start + timedelta(minutes=30)))
    if form.sent():
        try:
            service.mark_out(actor, place.id, *form.times, form.reason.data, now)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("留言卡已设置，请把门口留言卡打印张贴。"))
            return go("message_card.card", code=code)
    return render_template("message_card/out.html", form=form, place=place), 422 if form.errors else 200


def _outing(outing_id: int) -> tuple[Outing, queries.Place]:
    outing = locked(Outing, id=outing_id) if request.method == "POST" else db.session.get(Outing, outing_id)
    place = next((p for p in queries.places() if outing is not None and p.id == outing.department_id), None)
    if outing is None or place is None:
        raise NotFound()
    return outing, place


@bp.route("/message-cards/outings/<int:outing_id>/reschedule", methods=["GET", "POST"])
@access.guard(words.MARK)
def reschedule(outing_id: int) -> Answer:
    """Change when a department is back (AB-6)."""
    outing, place = _outing(outing_id)
    form = BackForm(back_at=outing.back_at)
    if not queries.may_mark(require_actor(), outing.department_id):
        raise NotAllowed(_("留言卡由科室负责人、分管领导或办公室设置。"))
    if form.sent() and form.back_at.data:
        try:
            service.reschedule(require_actor(), outing, form.back_at.data, clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("返回时间已更改。"))
            return go("message_card.card", code=place.code)
    page = render_template("message_card/reschedule.html", form=form, place=place, outing=outing)
    return page, 422 if form.errors else 200


@bp.post("/message-cards/outings/<int:outing_id>/return")
@access.guard(words.READ)
def come_back(outing_id: int) -> Answer:
    """The department is back (AB-6)."""
    outing, place = _outing(outing_id)
    service.come_back(require_actor(), outing, clock.now())
    flash(_("已登记返回，留言答复时限从现在起算。"))
    return go("message_card.card", code=place.code)
