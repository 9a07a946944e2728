"""The verbs of service days: a department's window opens or closes otherwise than the office (T-3).

Only coming days are set, so that nothing received so far is judged otherwise and no due date moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from portal.calendar import foresight
from portal.calendar import vocabulary as words
from portal.calendar.models import ServiceDay
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid

#: The furthest day that can be set ahead.
FURTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Wanted:
    """What is set: a day of the week (Monday 0) from a day on, or the one date ``from_on``."""

    department_id: int
    open: bool
    from_on: date
    weekday: int | None = None
    until_on: date | None = None
    hours: str = ""
    reason: str = ""


def add(actor: Actor, wanted: Wanted, now: datetime) -> ServiceDay:
    """Set a service day; the newest wins over an older one of the same day. Raises Invalid for days that have begun."""
    today = clock.local(now).date()
    if not today < wanted.from_on <= today + FURTHEST:
        raise Invalid("from_on", _("请填写明天起、四百天以内的日期：已经开始的日子不能改。"), "T-3")
    if wanted.until_on is not None and wanted.until_on < wanted.from_on:
        raise Invalid("until_on", _("截止日期不能早于起始日期。"))
    row = ServiceDay(
        department_id=wanted.department_id,
        weekday=wanted.weekday,
        open=wanted.open,
        hours=wanted.hours if wanted.open else "",
        from_on=wanted.from_on,
        until_on=wanted.from_on if wanted.weekday is None else wanted.until_on,
        reason=wanted.reason,
        set_by_id=actor.id,
        set_at=now,
    )
    db.session.add(row)
    journal.record(
        words.SERVICE_SET,
        row,
        actor,
        now,
        department=foresight.departments().get(row.department_id, ""),
        weekday=row.weekday,
        from_on=row.from_on,
        until_on=row.until_on,
        open=row.open,
        hours=row.hours,
        reason=row.reason,
    )
    return row


def end(actor: Actor, row: ServiceDay, now: datetime) -> None:
    """No longer: from tomorrow on, or not at all when it has not begun. Raises Conflict when it is over."""
    today = clock.local(now).date()
    if row.cancelled_at is not None or (row.until_on is not None and row.until_on <= today):
        raise Conflict(_("这条服务时间已经结束。"))
    if row.from_on > today:
        row.cancelled_at = now
    else:
        row.until_on = today
    journal.record(
        words.SERVICE_ENDED,
        row,
        actor,
        now,
        department=foresight.departments().get(row.department_id, ""),
        from_on=row.from_on,
        until_on=None if row.cancelled_at else row.until_on,
    )
