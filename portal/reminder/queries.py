"""Reads of the inbox and of what goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Any, cast

from flask import current_app
from sqlalchemy import Select, Table, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from portal.config import Config
from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.reminder import rules
from portal.reminder import vocabulary as words
from portal.reminder.models import Channel, Delivery, Kind, Message, Outgoing, Service, When

#: The head of a page says "99+" beyond this.
COUNTED = 100


@cache
def _unread() -> Select[Any]:
    table = cast(Table, Message.__table__)
    rows: Select[Any] = select(literal_column("1")).where(
        table.c.user_id == bindparam("user"), table.c.read_at.is_(None)
    )
    return select(func.count()).select_from(rows.limit(COUNTED).subquery())


def unread(user_id: int | None) -> int:
    """How many messages a person has not read, COUNTED at most: one indexed statement, asked for with every page."""
    if user_id is None:
        return 0
    return db.session.scalar(_unread(), {"user": user_id}) or 0


def inbox(user_id: int, kind: Kind | None = None, only_unread: bool = False) -> Select[Any]:
    """A person's messages, the newest first."""
    query = select(Message).where(Message.user_id == user_id)
    if kind is not None:
        query = query.where(Message.kind == kind)
    if only_unread:
        query = query.where(Message.read_at.is_(None))
    return query.order_by(Message.id.desc())


def message(actor: Actor, message_id: int) -> Message:
    """One of the actor's own messages. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(select(Message).where(Message.id == message_id, Message.user_id == actor.id))
    if found is None:
        raise NotFound()
    return found


# --- channels --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """An open channel as telling needs it."""

    id: int
    user_id: int | None
    kinds: frozenset[Kind]
    hours: rules.Hours


def lines() -> dict[int | None, list[Line]]:
    """The open channels in memory, by person (None: the unit's)."""
    return epochs.cached("channels", "lines", _lines)


def _lines() -> dict[int | None, list[Line]]:
    found: dict[int | None, list[Line]] = {}
    for channel in db.session.scalars(select(Channel).where(Channel.closed_at.is_(None))):
        line = Line(channel.id, channel.user_id, channel.chosen, hours_of(channel))
        found.setdefault(channel.user_id, []).append(line)
    return found


def hours_of(channel: Channel) -> rules.Hours:
    """When a channel may be used."""
    if channel.hours is not When.HOURS:
        return rules.Hours(channel.hours, digest=channel.digest)
    times = rules.clock_time(channel.from_time), rules.clock_time(channel.to_time)
    return rules.Hours(channel.hours, *times, digest=channel.digest)


def digest_at() -> time:
    """When collected messages go out."""
    return rules.clock_time(policy.value("reminder.digest_at"))


def offered() -> tuple[Service, ...]:
    """The services that this site allows: mail needs a server, other hosts must be named in the settings."""
    config: Config = current_app.extensions["portal.config"]
    without = {Service.MAIL} if not config.mail_url else set()
    if not config.message_hosts:
        without.add(Service.WEBHOOK)
    return tuple(s for s in Service if s not in without)


def channels(user_id: int | None) -> list[Channel]:
    """The open channels of a person, or (None) of the unit."""
    mine = Channel.user_id == user_id if user_id is not None else Channel.user_id.is_(None)
    return list(db.session.scalars(select(Channel).where(mine, Channel.closed_at.is_(None)).order_by(Channel.id)))


def channel(actor: Actor, channel_id: int) -> Channel:
    """A channel that the actor may set. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.get(Channel, channel_id)
    if found is None or found.closed_at is not None or not may_set(actor, found.user_id):
        raise NotFound()
    return found


def may_set(actor: Actor, user_id: int | None) -> bool:
    """Whether the actor sets a channel: one's own, or with the permission the unit's."""
    return actor.can(words.ROBOTS) if user_id is None else user_id == actor.id


# --- what went wrong -------------------------------------------------------------------------------------------

BAD = (Delivery.FAILED, Delivery.UNKNOWN)


def bad(channel_ids: Iterable[int], limit: int = 50) -> list[Outgoing]:
    """What did not go out, or perhaps did not, by some channels, the newest first."""
    ids = list(channel_ids)
    if not ids:
        return []
    rows = select(Outgoing).where(Outgoing.state.in_(BAD), Outgoing.channel_id.in_(ids))
    return list(
        db.session.scalars(rows.options(joinedload(Outgoing.channel)).order_by(Outgoing.id.desc()).limit(limit))
    )


def delayed(channel_ids: Iterable[int]) -> dict[int, Outgoing]:
    """For some channels, a message that is waiting for another try."""
    ids = list(channel_ids)
    if not ids:
        return {}
    rows = select(Outgoing).where(
        Outgoing.state == Delivery.WAITING, or_(Outgoing.tries > 0, Outgoing.error != ""), Outgoing.channel_id.in_(ids)
    )
    return {row.channel_id: row for row in db.session.scalars(rows.order_by(Outgoing.id.desc()).limit(200))}


@dataclass(frozen=True)
class Trouble:
    """How many messages of a channel did not go out."""

    channel: Channel
    count: int


def troubles() -> list[Trouble]:
    """The channels of all people and of the unit that have undelivered messages, the worst first (for the office)."""
    rows = select(Outgoing.channel_id, func.count()).where(Outgoing.state.in_(BAD)).group_by(Outgoing.channel_id)
    counts: dict[int, int] = dict(db.session.execute(rows).all())
    found = db.session.scalars(
        select(Channel).where(Channel.id.in_(counts)).options(joinedload(Channel.user)).order_by(Channel.id)
    )
    return sorted((Trouble(c, counts[c.id]) for c in found), key=lambda t: -t.count)


def outgoing(actor: Actor, outgoing_id: int) -> Outgoing:
    """A message of a channel that the actor sets. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.get(Outgoing, outgoing_id)
    if found is None or found.channel.closed_at is not None or not may_set(actor, found.channel.user_id):
        raise NotFound()
    return found


def deliveries(message_ids: Iterable[int]) -> dict[int, list[Outgoing]]:
    """How messages of the inbox went out, by message."""
    found: dict[int, list[Outgoing]] = {}
    rows = select(Outgoing).where(Outgoing.message_id.in_(list(message_ids))).options(joinedload(Outgoing.channel))
    for row in db.session.scalars(rows.order_by(Outgoing.id)):
        found.setdefault(row.message_id or 0, []).append(row)
    return found
