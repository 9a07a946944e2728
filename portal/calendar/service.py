"""The verbs of the calendar: the office sets or clears a day, and enters a whole year's notice (T-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from portal.calendar import official, queries, rules
from portal.calendar import vocabulary as words
from portal.calendar.models import CalendarDay, CalendarYear
from portal.calendar.rules import NoticeDay
from portal.kernel import epochs, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import local_date
from portal.policy import service as policy

#: The policy value that a day's close of business comes from.
HOURS = "calendar.office_hours"

Callback = Callable[[Actor, datetime], object]

_callbacks: list[Callback] = []


def on_change(callback: Callback) -> Callback:
    """Register what must follow every change of the calendar, in its transaction: ``callback(actor, now)``.

    Rooms above recompute their open due dates here (T-3); what they would change is asked by `foresight` before.
    Registering the same function again changes nothing.
    """
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def _changed(actor: Actor, now: datetime) -> None:
    db.session.flush()
    for callback in _callbacks:
        callback(actor, now)


def _what(workday: bool) -> str:
    return "work" if workday else "off"


def check_day(day: date, workday: bool, reason: str) -> None:
    """Raises Invalid (field ``workday``) when a day already is so."""
    row = queries.own_day(day)
    if queries.work_calendar().is_workday(day) == workday and (row is None or row.reason == reason):
        raise Invalid("workday", _("%(day)s 现在已经是%(what)s。", day=local_date(day), what=words.DAY_LABELS[workday]))


def set_day(actor: Actor, day: date, workday: bool, reason: str, now: datetime) -> CalendarDay:
    """Set one day to worked or off, over the official arrangement, and say why.

    Raises Invalid when the day already is so.
    """
    row = _own_day(day)
    was = queries.work_calendar().is_workday(day)
    check_day(day, workday, reason)
    if row is None:
        row = CalendarDay(day=day, workday=workday, reason=reason, own=True)
        db.session.add(row)
    else:
        row.workday, row.reason = workday, reason
    journal.record(words.DAY_SET, row, actor, now, day=day, what=_what(workday), old=_what(was), reason=reason)
    _changed(actor, now)
    return row


def _own_day(day: date) -> CalendarDay | None:
    return db.session.scalar(select(CalendarDay).where(CalendarDay.day == day, CalendarDay.own).with_for_update())


def clear_day(actor: Actor, day: date, reason: str, now: datetime) -> None:
    """Bring the official arrangement of a day back. Raises Conflict when the office has set nothing for it."""
    row = _own_day(day)
    if row is None:
        raise Conflict(_("%(day)s 没有本单位自定的安排。", day=local_date(day)))
    db.session.delete(row)
    journal.record(words.DAY_CLEARED, row, actor, now, day=day, what=_what(row.workday), reason=reason)
    _changed(actor, now)


def enter_year(actor: Actor, year: int, notice: str, days: Sequence[NoticeDay], now: datetime) -> CalendarYear:
    """Take the days of a year's notice; the year is known from then on (T-3).

    Entering it again replaces what an earlier notice said; days of the office's own stay. Raises Conflict for a year
    whose official calendar the portal brings along, Invalid for a notice without the fixed statutory holidays.
    """
    check_year(year, days)
    row = db.session.scalar(select(CalendarYear).where(CalendarYear.year == year).with_for_update())
    if row is None:
        row = CalendarYear(year=year)
        db.session.add(row)
    row.notice, row.entered_by_id, row.entered_at = notice, actor.id, now
    _drop_notice_days(year)
    db.session.add_all(CalendarDay(day=d.day, workday=d.workday, reason=d.reason, own=False) for d in days)
    journal.record(
        words.YEAR_ENTERED,
        row,
        actor,
        now,
        year=year,
        notice=notice,
        off=[f"{d.day} {d.reason}" for d in days if not d.workday],
        work=[str(d.day) for d in days if d.workday],
    )
    epochs.bump(db.session(), "calendar")  # the rows of the former notice were deleted in one statement
    _changed(actor, now)
    return row


def check_year(year: int, days: Sequence[NoticeDay]) -> None:
    """Raises Conflict for a year that comes with the portal, Invalid for a notice that is not whole."""
    if year in official.CHECKED_YEARS:
        raise Conflict(_("%(year)s 年的官方安排已随平台提供，不需要录入；个别日子可以单独设定。", year=year))
    missing = rules.missing_holidays(year, days)
    if missing:
        listed = _("、").join(local_date(day) for day in missing)
        raise Invalid("days", _("放假安排不完整，缺少法定节假日：%(days)s。", days=listed), "T-3")


def _drop_notice_days(year: int) -> None:
    db.session.execute(
        delete(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)), ~CalendarDay.own)
    )


def withdraw_year(actor: Actor, year: int, reason: str, now: datetime) -> None:
    """Take a year's notice back, which makes the year provisional again; days of the office's own stay (T-3).

    Raises Conflict when none was entered.
    """
    row = db.session.scalar(select(CalendarYear).where(CalendarYear.year == year).with_for_update())
    if row is None:
        raise Conflict(_("%(year)s 年的放假安排没有录入。", year=year))
    db.session.delete(row)
    _drop_notice_days(year)
    journal.record(words.YEAR_WITHDRAWN, row, actor, now, year=year, notice=row.notice, reason=reason)
    epochs.bump(db.session(), "calendar")
    _changed(actor, now)


def set_hours(actor: Actor, text: str, reason: str, now: datetime, seen: str) -> None:
    """Set the office hours, which end every limit (T-3): the policy value, and all open due dates with it.

    Raises Invalid as `policy.service.set_value` does.
    """
    policy.set_value(actor, HOURS, text, reason, now, seen)
    _changed(actor, now)
