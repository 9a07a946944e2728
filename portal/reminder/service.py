"""The verbs of messages: tell, read; of channels: add, change, close, try; of what went wrong: send again (T-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Table, delete, exists, select, update

from portal.calendar import queries as calendar
from portal.config import Config
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import connection, db, insert_new
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.reminder import queries, rules, sentences
from portal.reminder import vocabulary as words
from portal.reminder.models import Channel, Delivery, Kind, Message, Outgoing, Service, When

#: A person may have so many channels.
MOST = 8
_FORGET = 500
_MESSAGES, _OUTGOING = cast(Table, Message.__table__), cast(Table, Outgoing.__table__)


def path_of(endpoint: str, **values: Any) -> str:
    """The address of a page within the portal, also where no request is answered."""
    return current_app.url_map.bind("portal").build(endpoint, values)


def tell(
    now: datetime,
    users: Iterable[int | None],
    kind: Kind,
    key: str,
    title: Any,
    body: Any = "",
    endpoint: str = "",
    *,
    values: Mapping[str, Any] | None = None,
    about_at: datetime | None = None,
    case_id: int | None = None,
    group: Any = "",
) -> int:
    """Put one message into the inbox of each person, once per person and key; returns how many are new.

    ``title`` and ``body`` are (lazy) texts that say nothing of a client; ``endpoint`` with ``values`` is the page that
    they are about, which has its own guard. ``about_at``: the instant that the message is about (now unless given).
    ``group``: what the robots of the unit's groups may say, once per key; empty: nothing. People without a place (None)
    are passed over. Belongs to the caller's transaction.
    """
    wanted = sorted({u for u in users if u is not None})
    path = path_of(endpoint, **(values or {})) if endpoint else ""
    common = {"kind": kind, "title": sentences.kept(title), "body": sentences.kept(body), "path": path[:300]}
    made: dict[int, int] = {}
    if wanted:
        row = {**common, "key": key, "case_id": case_id, "about_at": about_at or now, "at": now}
        statement = insert_new(_MESSAGES).returning(_MESSAGES.c.id, _MESSAGES.c.user_id)
        found = connection().execute(statement.values([{**row, "user_id": user} for user in wanted]))
        made = {user: message for message, user in found}
    lines = queries.lines()
    out = [(line, message) for user, message in made.items() for line in lines.get(user, ()) if kind in line.kinds]
    rows = [_row(line, message, key, common, now) for line, message in out]
    if group:
        shared = {**common, "title": sentences.kept(group), "body": ""}
        rows += [_row(line, None, key, shared, now) for line in lines.get(None, ()) if kind in line.kinds]
    if rows:
        connection().execute(insert_new(_OUTGOING).values(rows))
    return len(made)


def _row(
    line: queries.Line, message_id: int | None, key: str, common: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    due = rules.goes_at(now, line.hours, calendar.work_calendar(), queries.digest_at())
    return {
        **common, "channel_id": line.id, "message_id": message_id, "key": key, "made_at": now, "due_at": due,
        "state": Delivery.WAITING, "tries": 0, "error": "",
    }  # fmt: skip


# --- the inbox -------------------------------------------------------------------------------------------------


def read(actor: Actor, message_id: int, now: datetime) -> None:
    """Mark one of the actor's messages as read; twice changes nothing."""
    own = _MESSAGES.c.id == message_id, _MESSAGES.c.user_id == actor.id
    db.session.execute(update(Message).where(*own, Message.read_at.is_(None)).values(read_at=now))


def unread(actor: Actor, message_id: int) -> None:
    """Mark one of the actor's messages as not read."""
    db.session.execute(
        update(Message).where(Message.id == message_id, Message.user_id == actor.id).values(read_at=None)
    )


def read_all(actor: Actor, kind: Kind | None, up_to: int, now: datetime) -> int:
    """Mark the actor's messages (of one kind) as read that were there when the page was made; returns how many."""
    change = update(Message).where(Message.user_id == actor.id, Message.read_at.is_(None), Message.id <= up_to)
    if kind is not None:
        change = change.where(Message.kind == kind)
    return db.session.execute(change.values(read_at=now)).rowcount  # type: ignore[attr-defined]


# --- channels --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a channel is to be. An empty address leaves the one that is kept."""

    service: Service
    name: str
    address: str
    kinds: tuple[Kind, ...]
    hours: When = When.OFFICE
    from_time: str = ""
    to_time: str = ""
    digest: bool = False


def add_channel(actor: Actor, wanted: Wanted, now: datetime, unit: bool = False) -> Channel:
    """Add a channel of one's own, or a robot of the unit. Raises Invalid, NotAllowed, Conflict when there are many."""
    if unit and not actor.can(words.ROBOTS):
        raise NotAllowed(_("本单位的群机器人由办公室设置。"))
    if unit and wanted.service is Service.MAIL:
        raise Invalid("service", _("本单位渠道请选择群机器人；电子邮件由各人自己设置。"))
    owner = None if unit else actor.id
    if len(queries.channels(owner)) >= MOST:
        raise Conflict(_("最多设置 %(n)s 个渠道，请先停用不用的。", n=MOST))
    if wanted.service not in queries.offered():
        raise Invalid("service", _("本单位没有启用这种渠道。"))
    if not wanted.address:
        raise Invalid("address", _("请填写地址。"))
    made = Channel(user_id=owner, service=wanted.service, made_by_id=actor.id or 0, made_at=now)
    _put(made, wanted)
    db.session.add(made)
    journal.record(words.CHANNEL_ADDED, made, actor, now, **_facts(made))
    return made


def _put(channel: Channel, wanted: Wanted) -> None:
    """Write what is wanted into a channel; nothing of it when something is refused. Raises Invalid."""
    config: Config = current_app.extensions["portal.config"]
    address, times = "", {"from_time": "", "to_time": ""}
    if wanted.address:
        try:
            address = rules.address_of(channel.service, wanted.address, config.hosts)
        except rules.BadAddress:
            raise Invalid("address", _("这不是所选服务的地址；只能发往所选服务本身。")) from None
    if wanted.hours is When.HOURS:
        for field in times:
            try:
                times[field] = rules.clock_time(getattr(wanted, field)).strftime("%H:%M")
            except ValueError:
                raise Invalid(field, _("请填写时间，如 08:30。")) from None
        if times["from_time"] == times["to_time"]:
            raise Invalid("to_time", _("起止时间不能相同。"))
    channel.address = address or channel.address
    channel.name = wanted.name or str(words.SERVICE_LABELS[channel.service])[:60]
    channel.kinds = " ".join(sorted(wanted.kinds))
    channel.hours, channel.digest = wanted.hours, wanted.digest
    channel.from_time, channel.to_time = times["from_time"], times["to_time"]


def _facts(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "service": str(channel.service),
        "address": rules.masked(channel.service, channel.address),
        "kinds": channel.kinds.split(),
        "hours": str(channel.hours),
        "digest": channel.digest,
        "unit": channel.user_id is None,
    }


def change_channel(actor: Actor, channel: Channel, wanted: Wanted, now: datetime) -> None:
    """Change a channel; what waits for it goes by the new hours. Raises Invalid."""
    _put(channel, wanted)
    due = rules.goes_at(now, queries.hours_of(channel), calendar.work_calendar(), queries.digest_at())
    waiting = Outgoing.channel_id == channel.id, Outgoing.state == Delivery.WAITING, Outgoing.tries == 0
    db.session.execute(update(Outgoing).where(*waiting).values(due_at=due))
    journal.record(words.CHANNEL_CHANGED, channel, actor, now, **_facts(channel))


def close_channel(actor: Actor, channel: Channel, now: datetime) -> None:
    """Use a channel no more; what waits for it is not sent, its address is forgotten."""
    channel.closed_at, channel.address = now, ""
    waiting = Outgoing.channel_id == channel.id, Outgoing.state == Delivery.WAITING
    db.session.execute(update(Outgoing).where(*waiting).values(state=Delivery.DROPPED, ended_at=now, error="closed"))
    journal.record(words.CHANNEL_CLOSED, channel, actor, now, service=str(channel.service), name=channel.name)


def try_channel(channel: Channel, now: datetime) -> None:
    """Have a test message sent with the next sweep, whatever the hours; one a minute."""
    row = {
        "channel_id": channel.id, "message_id": None, "key": f"try:{now:%Y%m%d%H%M}", "kind": Kind.OTHER,
        "title": sentences.kept(_l("这是一条试发的提醒，收到即表示渠道可用。")), "body": "", "path": "",
        "made_at": now, "due_at": now, "state": Delivery.WAITING, "tries": 0, "error": "",
    }  # fmt: skip
    connection().execute(insert_new(_OUTGOING).values(row))


def resend(actor: Actor, outgoing: Outgoing, now: datetime) -> None:
    """A person has a message sent again that failed, or of which nobody knows whether it arrived.

    Raises Conflict for any other.
    """
    if outgoing.state not in queries.BAD:
        raise Conflict(_("这条消息不需要再次发送。"))
    was = outgoing.state
    outgoing.state, outgoing.due_at, outgoing.tries, outgoing.error = Delivery.WAITING, now, 0, ""
    outgoing.ended_at = outgoing.claimed_at = None
    outgoing.made_at = now  # the office's limit for trying counts from here
    journal.record(words.RESENT, outgoing.channel, actor, now, name=outgoing.channel.name, was=str(was))


def drop(actor: Actor, outgoing: Outgoing, now: datetime) -> None:
    """A person lets an undelivered message be. Raises Conflict for any other."""
    if outgoing.state not in queries.BAD:
        raise Conflict(_("这条消息不需要处理。"))
    outgoing.state = Delivery.DROPPED


# --- the passing of time ---------------------------------------------------------------------------------------


def sweep(now: datetime) -> int:
    """Forget messages that were read and are older than the office keeps them; returns how many."""
    before = now - timedelta(days=policy.value("reminder.keep_days"))
    old = select(Message.id).where(Message.at < before, Message.read_at.is_not(None)).limit(_FORGET)
    ids = list(db.session.scalars(old))
    if not ids:
        return 0
    db.session.execute(delete(Outgoing).where(Outgoing.message_id.in_(ids)))
    left = ~exists().where(Outgoing.message_id == Message.id)
    return db.session.execute(delete(Message).where(Message.id.in_(ids), left)).rowcount  # type: ignore[attr-defined]
