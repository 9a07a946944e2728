"""What waits is sent: claimed and committed, sent outside every transaction, marked in a transaction of its own (T-6).

All that is due for one channel goes out as one message. Nothing here runs while a request is answered.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select, update

from portal.calendar import queries as calendar
from portal.config import Config
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy
from portal.pure.deadlines import deadline
from portal.reminder import queries, rules, sending, sentences
from portal.reminder.models import Channel, Delivery, Outgoing, Service
from portal.reminder.sending import Outcome, Text

log = logging.getLogger("portal")
#: Messages put into one.
TOGETHER = 20
#: A round of sending ends after so many seconds; the rest goes with the next sweep.
ROUND = 30.0


@dataclass(frozen=True)
class Batch:
    """What was claimed for one channel."""

    ids: tuple[int, ...]
    channel_id: int
    service: Service
    target: str
    text: Text


def deliver(now: datetime) -> int:
    """Send what is due; returns how many messages went out. Never inside a transaction."""
    with transaction.act():
        doubt(now)
    ends, sent = time.monotonic() + ROUND, 0
    while time.monotonic() < ends:
        with transaction.act():
            batch = claim(clock.now())
        if batch is None:
            break
        if batch.ids and batch.target:
            outcome = sending.send(batch.target, batch.text)
            with transaction.act():
                settle(batch, outcome, clock.now())
            sent += len(batch.ids) if outcome is Outcome.SENT else 0
    return sent


def doubt(now: datetime) -> int:
    """Claims that a process left behind when it ended: nobody knows whether they arrived."""
    left = Outgoing.state == Delivery.SENDING, Outgoing.claimed_at < now - rules.STALE
    ended = {"state": Delivery.UNKNOWN, "ended_at": now, "error": "interrupted"}
    return db.session.execute(update(Outgoing).where(*left).values(ended)).rowcount  # type: ignore[attr-defined]


def claim(now: datetime) -> Batch | None:
    """Claim what is due for the channel that has waited longest; None when nothing is due.

    A batch without rows means that only the times were set right: ask again.
    """
    due = Outgoing.state == Delivery.WAITING, Outgoing.due_at <= now
    first = db.session.scalar(
        select(Outgoing).where(*due).order_by(Outgoing.due_at, Outgoing.id).limit(1).with_for_update(skip_locked=True)
    )
    if first is None:
        return None
    rows = list(
        db.session.scalars(
            select(Outgoing)
            .where(*due, Outgoing.channel_id == first.channel_id)
            .order_by(Outgoing.id)
            .limit(TOGETHER)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
    channel = first.channel
    config: Config = current_app.extensions["portal.config"]
    nothing = Batch((), channel.id, channel.service, "", Text("", ""))
    if channel.closed_at is not None or channel.service not in queries.offered():
        error = "closed" if channel.closed_at is not None else "not_set_up"
        for row in rows:
            row.state, row.ended_at, row.error = Delivery.FAILED, now, error
        return nothing
    hours = queries.hours_of(channel)
    trial = any(row.key.startswith("try:") for row in rows)
    if not trial and not rules.may_go(now, hours, calendar.work_calendar()):
        later = rules.goes_at(now, hours, calendar.work_calendar(), queries.digest_at())
        for row in rows:
            row.due_at = later
        return nothing
    for row in rows:
        row.state, row.claimed_at = Delivery.SENDING, now
    target = rules.target(channel.service, channel.address, config.mail_url)
    return Batch(tuple(r.id for r in rows), channel.id, channel.service, target, _text(channel, rows, config.site_url))


def _text(channel: Channel, rows: list[Outgoing], site_url: str) -> Text:
    """The messages of a batch in the person's language, one under the other."""
    owner = db.session.get(User, channel.user_id) if channel.user_id is not None else None
    language = owner.language if owner is not None else "zh"

    def link(row: Outgoing) -> str:
        return site_url.rstrip("/") + row.path if site_url and row.path else ""

    with force_locale(language):
        if len(rows) == 1:
            row = rows[0]
            title, parts = sentences.said(row.title), [sentences.said(row.body), link(row)]
        else:
            title = gettext("%(n)s 条提醒", n=len(rows))
            parts = [
                "\n".join(filter(None, (f"{n}. {sentences.said(r.title)}", link(r)))) for n, r in enumerate(rows, 1)
            ]
        head = gettext("【%(unit)s】%(title)s", unit=people.unit_name(), title=title)
    return Text(head, "\n".join(filter(None, parts)))


def settle(batch: Batch, outcome: Outcome, now: datetime) -> None:
    """Write down what became of a batch: sent, unknown, to be tried again, or given up."""
    claimed = select(Outgoing).where(Outgoing.id.in_(batch.ids)).with_for_update()
    for row in db.session.scalars(claimed.execution_options(populate_existing=True)):
        if row.state is not Delivery.SENDING:
            continue  # taken for lost meanwhile: it stays unknown
        if outcome is Outcome.SENT:
            row.state, row.ended_at, row.error = Delivery.SENT, now, ""
        elif outcome is Outcome.LATE:
            row.state, row.ended_at, row.error = Delivery.UNKNOWN, now, str(outcome)
        else:
            _again(row, outcome, now)
    if outcome is Outcome.UNREACHABLE:
        _wait_too(batch, now)


def _again(row: Outgoing, outcome: Outcome, now: datetime) -> None:
    row.tries += 1
    row.error, row.claimed_at = str(outcome), None
    last = deadline(row.made_at, policy.value("reminder.give_up_after"), calendar.work_calendar()).at
    over = now > last if last is not None else False
    if over or (outcome is Outcome.REFUSED and row.tries >= rules.REFUSALS):
        row.state, row.ended_at = Delivery.FAILED, now
    else:
        row.state, row.due_at = Delivery.WAITING, now + rules.back_off(row.tries)


def _wait_too(batch: Batch, now: datetime) -> None:
    """A service out of reach is out of reach for all: the others wait a minute instead of trying one by one."""
    same = select(Channel.id).where(Channel.service == batch.service)
    due = Outgoing.state == Delivery.WAITING, Outgoing.due_at <= now, Outgoing.channel_id.in_(same)
    db.session.execute(
        update(Outgoing).where(*due).values(due_at=now + timedelta(minutes=1), error=str(Outcome.UNREACHABLE))
    )
