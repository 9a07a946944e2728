"""The verbs of the calendar: the office sets or clears a day, and enters a whole year's notice (T-3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from portal.calendar import official, queries, rules
from portal.calendar import vocabulary as words
from portal.calendar.models import CalendarDay, CalendarYear
from portal.kernel import epochs, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import local_date

Callback = Callable[[Actor, datetime], object]

_callbacks: list[Callback] = []


def on_change(callback: Callback) -> Callback:
    """Register what must follow every change of the calendar, in its transaction: ``callback(actor, now)``.

    Rooms above recompute their open due dates here (T-3). Registering the same function again changes nothing.
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


def set_day(actor: Actor, day: date, workday: bool, reason: str, now: datetime) -> CalendarDay:
    """Set one day to worked or off, over the official arrangement, and say why.

    Raises Invalid when the day already is so.
    """
    row = _own_day(day)
    was = queries.work_calendar().is_workday(day)
    if was == workday and (row is None or row.reason == reason):
        raise Invalid("workday", _("%(day)s 现在已经是%(what)s。", day=local_date(day), what=words.DAY_LABELS[workday]))
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


def enter_year(actor: Actor, year: int, notice: str, text: str, now: datetime) -> CalendarYear:
    """Take a year's notice, ``2027-01-01 休 元旦`` a line; the year is known from then on (T-3).

    Entering it again replaces what an earlier notice said; days of the office's own stay. Raises Conflict for a year
    whose official calendar the portal brings along, Invalid (field ``days``) naming every line that is wrong.
    """
    if year in official.CHECKED_YEARS:
        raise Conflict(_("%(year)s 年的官方安排已随平台提供，不需要录入；个别日子可以单独设定。", year=year))
    days, bad = rules.read_notice(text, year)
    if bad:
        raise Invalid("days", _say(bad), "T-3")
    missing = rules.missing_holidays(year, days)
    if missing:
        listed = _("、").join(local_date(day) for day in missing)
        raise Invalid("days", _("放假安排不完整，缺少法定节假日：%(days)s。", days=listed), "T-3")
    row = db.session.scalar(select(CalendarYear).where(CalendarYear.year == year).with_for_update())
    if row is None:
        row = CalendarYear(year=year)
        db.session.add(row)
    row.notice, row.entered_by_id, row.entered_at = notice, actor.id, now
    db.session.execute(
        delete(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)), ~CalendarDay.own)
    )
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


def notice_text(days: Iterable[CalendarDay]) -> str:
    """The days of an entered notice as they are typed, for correcting them."""
    return "\n".join(
        f"{d.day} {rules.SHIFTED_WORKDAY if d.workday else rules.DAY_OFF} {d.reason}".strip() for d in days
    )


def _say(bad: Sequence[rules.BadLine]) -> str:
    shown = [
        _("第 %(n)s 行“%(text)s”：%(why)s。", n=b.number, text=b.text, why=words.FAULT_LABELS[b.fault]) for b in bad
    ]
    if len(shown) > 10:
        shown = [*shown[:10], _("另有 %(n)s 行有误。", n=len(shown) - 10)]
    return " ".join(shown)
