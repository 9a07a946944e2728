"""Pages of the inbox and of the channels (T-6)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from portal.kernel import access, clock, htmx, transaction
from portal.kernel.actor import require_actor
from portal.kernel.db import locked
from portal.kernel.errors import Invalid
from portal.kernel.htmx import go
from portal.kernel.paging import paginate
from portal.reminder import queries, rules, sentences, service
from portal.reminder import vocabulary as words
from portal.reminder.forms import ChannelForm, FilterForm
from portal.reminder.models import Channel, Kind, Outgoing

bp = Blueprint("reminder", __name__, url_prefix="/inbox")

Answer = str | BaseResponse | tuple[str, int]


# --- the inbox -------------------------------------------------------------------------------------------------


@bp.get("")
@access.login
def index() -> Answer:
    """One's own messages, the newest first, with filters and pages."""
    actor = require_actor()
    form = FilterForm(request.args)
    form.validate()
    kind, only_unread = form.wanted()
    page = paginate(queries.inbox(actor.id or 0, kind, only_unread))
    return htmx.page_or_fragment(
        "reminder/index.html",
        "reminder/_inbox.html",
        form=form,
        kind=kind,
        only_unread=only_unread,
        page=page,
        out=queries.deliveries(m.id for m in page.items),
        newest=page.items[0].id if page.items and page.number == 1 else 0,
        said=sentences.said,
        words=words,
        filtered=bool(kind or only_unread),
    )


@bp.get("/<int:message_id>")
@access.login
def show(message_id: int) -> Answer:
    """Go to what a message is about; it is read then."""
    actor = require_actor()
    found = queries.message(actor, message_id)
    path = htmx.local_path(found.path, url_for("reminder.index"))
    if found.read_at is None:
        try:
            with transaction.act():
                service.read(actor, message_id, clock.now())
        except OperationalError:
            pass  # reading goes on while writing is impossible
    return redirect(path, 303)


@bp.post("/<int:message_id>/read")
@access.login
def read(message_id: int) -> Answer:
    """Mark a message as read, or (``again``) as unread."""
    actor = require_actor()
    queries.message(actor, message_id)
    if request.form.get("again"):
        service.unread(actor, message_id)
    else:
        service.read(actor, message_id, clock.now())
    return _back()


@bp.post("/read-all")
@access.login
def read_all() -> Answer:
    """Mark all messages (of one kind) as read that the page has shown or could show."""
    actor = require_actor()
    typed = request.form.get("kind", "")
    kind = Kind(typed) if typed in set(Kind) else None
    newest = request.form.get("newest", "")
    up_to = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 10 else 2**31 - 1
    n = service.read_all(actor, kind, up_to, clock.now())
    flash(_("已将 %(n)s 条标为已读。", n=n))
    return _back()


def _back() -> BaseResponse:
    """Back to the list with its filters."""
    form = FilterForm(request.args)
    form.validate()
    kind, only_unread = form.wanted()
    return go("reminder.index", kind=kind or None, state="unread" if only_unread else None)


# --- channels --------------------------------------------------------------------------------------------------


@bp.get("/settings")
@access.login
def settings() -> Answer:
    """One's own channels: which kinds of message go where, and what did not go out."""
    actor = require_actor()
    return _settings(queries.channels(actor.id), unit=False)


@bp.get("/robots")
@access.guard(words.ROBOTS)
def robots() -> Answer:
    """The unit's robots, and all channels that fail (for the office)."""
    return _settings(queries.channels(None), unit=True)


def _settings(channels: list[Channel], unit: bool) -> str:
    ids = [c.id for c in channels]
    return render_template(
        "reminder/settings.html",
        channels=channels,
        unit=unit,
        bad=queries.bad(ids),
        delayed=queries.delayed(ids),
        troubles=queries.troubles() if unit else (),
        masked=rules.masked,
        said=sentences.said,
        offered=queries.offered(),
        most=service.MOST,
        words=words,
    )


@bp.route("/settings/add", methods=["GET", "POST"])
@access.login
def add_channel() -> Answer:
    """Add a channel of one's own."""
    return _add(unit=False)


@bp.route("/robots/add", methods=["GET", "POST"])
@access.guard(words.ROBOTS)
def add_robot() -> Answer:
    """Add a robot of the unit."""
    return _add(unit=True)


def _add(unit: bool) -> Answer:
    form = ChannelForm()
    if form.sent():
        try:
            service.add_channel(require_actor(), form.wanted(), clock.now(), unit)
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已增加。可以试发一条，看看能否收到。"))
            return go("reminder.robots" if unit else "reminder.settings")
    page = render_template("reminder/channel.html", form=form, channel=None, unit=unit)
    return page, 422 if form.errors else 200


@bp.route("/channels/<int:channel_id>", methods=["GET", "POST"])
@access.login
def change_channel(channel_id: int) -> Answer:
    """Change a channel of one's own or, for the office, of the unit."""
    actor = require_actor()
    channel = queries.channel(actor, channel_id)
    unit = channel.user_id is None
    form = ChannelForm.of(channel)
    if form.sent():
        try:
            service.change_channel(actor, locked(Channel, id=channel_id), form.wanted(), clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            flash(_("已保存。"))
            return go("reminder.robots" if unit else "reminder.settings")
    shown = rules.masked(channel.service, channel.address)
    page = render_template("reminder/channel.html", form=form, channel=channel, unit=unit, shown=shown)
    return page, 422 if form.errors else 200


@bp.post("/channels/<int:channel_id>/close")
@access.login
def close_channel(channel_id: int) -> Answer:
    """Use a channel no more."""
    actor = require_actor()
    unit = queries.channel(actor, channel_id).user_id is None
    service.close_channel(actor, locked(Channel, id=channel_id), clock.now())
    flash(_("已停用。"))
    return go("reminder.robots" if unit else "reminder.settings")


@bp.post("/channels/<int:channel_id>/try")
@access.login
def try_channel(channel_id: int) -> Answer:
    """Have a test message sent."""
    channel = queries.channel(require_actor(), channel_id)
    service.try_channel(channel, clock.now())
    flash(_("试发的消息将在一分钟内发出，请留意是否收到。"))
    return go("reminder.robots" if channel.user_id is None else "reminder.settings")


@bp.post("/outgoing/<int:outgoing_id>/<any(resend, drop):act>")
@access.login
def settle(outgoing_id: int, act: str) -> Answer:
    """Have an undelivered message sent again (``resend``), or let it be (``drop``)."""
    actor = require_actor()
    unit = queries.outgoing(actor, outgoing_id).channel.user_id is None
    found = locked(Outgoing, id=outgoing_id)
    if act == "resend":
        service.resend(actor, found, clock.now())
        flash(_("将再次发送。"))
    else:
        service.drop(actor, found, clock.now())
        flash(_("不再发送。"))
    return go("reminder.robots" if unit else "reminder.settings")
