"""Deadlines, used time and warnings of a clock: T-2 to T-6, T-7a and the calendar-day deadlines of D-5.

Instants go in with any time zone and come out in Asia/Shanghai. Nothing here reads a clock: the same values in give
the same values out, so that results may be stored and computed again.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.pure.counting import Count, Skipped, SkipReason
from portal.pure.limits import Limit, Unit
from portal.pure.spans import (
    SHANGHAI,
    Pause,
    Stops,
    close_of_business,
    length,
    local,
    office_spans,
    office_time,
    running_spans,
)
from portal.pure.workdays import OutOfCalendar, WorkCalendar

__all__ = [
    "SHANGHAI",
    "TACIT_ACCEPTANCE",
    "USUAL_THRESHOLDS",
    "Due",
    "Instants",
    "Light",
    "Measure",
    "OutOfCalendar",
    "Pause",
    "SkipReason",
    "Skipped",
    "Thresholds",
    "Usage",
    "close_of_business",
    "deadline",
    "legal_days_after",
    "light",
    "local",
    "months_after",
    "tacit_acceptance_at",
    "usage",
    "warning_instants",
]

TACIT_ACCEPTANCE = Limit(5, Unit.WORKING_DAYS)
TWO_WORKING_DAYS = Limit(2, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Thresholds:
    """When a limit becomes due soon, and red where there is no statutory limit (T-6); an office may set others."""

    #: Working days before the due date from which a limit is due soon.
    soon_workdays: int = 2
    #: Limits of fewer running working days are due soon in their last third.
    short_below_workdays: int = 6
    #: How long overdue until red.
    red_after: Limit = TWO_WORKING_DAYS


USUAL_THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Due:
    """Where a limit ends.

    `at` is None while an open pause keeps the limit from ending; `stopped` says so. `received_on` is the day that
    counts as the day of receipt. `counted` and `skipped` hold together every day after it up to the last one, on the
    spot and in working hours from the day of receipt itself; the last day counted is the day on which the limit ends.
    `provisional`: a day that was looked at lies in a year whose official calendar is not entered (T-3).
    """

    at: datetime | None
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    received_on: date

    @property
    def stopped(self) -> bool:
        """Whether there is no due date because the clock stands still."""
        return self.at is None


class Measure(StrEnum):
    """What the figures of a `Usage` count."""

    OFFICE_MINUTES = "min"
    WORKING_DAYS = "wd"
    DAYS = "d"


@dataclass(frozen=True)
class Usage:
    """How much of a limit is gone: used + left = limit, used + stopped = elapsed. `left` is negative when over.

    Working hours are measured in whole office minutes, working days and on the spot (limit 0) in working days,
    calendar days and months in calendar days. These are the bare counts; whether a limit is overdue is told by the
    due instant alone, since a last day that is a day off moves on.
    """

    limit: int
    used: int
    left: int
    stopped: int
    elapsed: int
    unit: Measure


def deadline(
    start: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    received_after_hours_next_day: bool = False,
    extension: int = 0,
) -> Due:
    """When a limit that starts with the receipt or acceptance at `start` ends (T-2 to T-5).

    The day of receipt does not count; the limit ends at close of business of its last day. Calendar days and months
    that end on a day off move to the next working day. On the spot ends with the same day, or with the next working
    day when received after closing or on a day off. Working hours run from the instant on, in exact office time.
    With `received_after_hours_next_day`, what comes after closing or on a day off counts as received the next
    working day. `extension` adds working days to a limit of any unit (T-5). A calendar with a department's `service`
    takes what its open window received for received that day; `service_days` says why and what it leaves alone.

    A clock cannot expire while it stands still: a last day whose close lies in a pause moves to the first close of
    business after the clock resumes. A pause therefore never makes the due date earlier.

    Raises `OutOfCalendar` past year 9999 and `ValueError` for naive datetimes and a negative extension.
    """
    if extension < 0:
        raise ValueError("an extension cannot be negative")
    since = local(start)
    received = _received_on(since, limit, calendar, received_after_hours_next_day)
    count = Count(calendar, Stops(pauses))
    at: datetime | None = None
    if limit.unit is Unit.WORKING_HOURS:
        need = timedelta(minutes=limit.amount * 60 + extension * calendar.hours.minutes_per_day)
        at = count.hours(since, need)
    elif _ends_within_days(count, received, limit, extension):
        at = count.settle()
        served = _served_until(since, calendar) if limit.unit is Unit.ON_SPOT else None
        if served is not None and not (extension or pauses):
            at = served
    looks_at_receipt = received_after_hours_next_day or limit.unit in (Unit.ON_SPOT, Unit.WORKING_HOURS)
    looked_from = since.date() if looks_at_receipt else received + timedelta(days=1)
    return Due(
        at=at,
        provisional=not calendar.knows(looked_from, max(looked_from, count.last_seen(received))),
        counted=tuple(count.counted),
        skipped=tuple(count.skipped),
        received_on=received,
    )


def _ends_within_days(count: Count, received: date, limit: Limit, extension: int) -> bool:
    """Count out a limit in days; False when a pause still open keeps it from ending."""
    match limit.unit:
        case Unit.ON_SPOT:
            count.counted.append(received)
            return count.workdays(received, extension)
        case Unit.WORKING_DAYS:
            return count.workdays(received, limit.amount + extension)
        case _:
            if not count.days(received, _calendar_days(received, limit)):
                return False
            count.move_off_days_off()
            return count.workdays(count.counted[-1], extension)


def _received_on(since: datetime, limit: Limit, calendar: WorkCalendar, next_day: bool) -> date:
    """The day that counts as the day of receipt."""
    day = since.date()
    if limit.unit is Unit.WORKING_HOURS or not (next_day or limit.unit is Unit.ON_SPOT):
        return day
    if _served_until(since, calendar) is not None:
        return day
    if since > close_of_business(day, calendar):
        return calendar.next_workday(day)
    return calendar.on_or_next_workday(day)


def _served_until(since: datetime, calendar: WorkCalendar) -> datetime | None:
    """When the department's window closes that received at `since` while the office was closed."""
    closes = calendar.service and calendar.service.received_until(since, calendar)
    return datetime.combine(since.date(), closes, SHANGHAI) if closes else None


def _calendar_days(received: date, limit: Limit) -> int:
    """Calendar days of a limit in days or months that begins after `received`."""
    if limit.unit is Unit.MONTHS:
        return (months_after(received, limit.amount) - received).days
    return limit.amount


def months_after(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month (T-3). Raises `OutOfCalendar`."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise OutOfCalendar("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def usage(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    received_after_hours_next_day: bool = False,
    extension: int = 0,
) -> Usage:
    """How much of a limit is gone at `now` (T-4); see `Usage` for the units.

    Takes the same arguments as `deadline`. A day counts as used from its first minute on, the day of receipt never.
    An instant before `start` finds nothing used. Pauses after `now` do not matter yet.
    Raises `OutOfCalendar` and `ValueError` as `deadline` does.
    """
    if extension < 0:
        raise ValueError("an extension cannot be negative")
    since, until = local(start), local(now)
    stops = Stops(pauses)
    if limit.unit is Unit.WORKING_HOURS:
        whole = limit.amount * 60 + extension * calendar.hours.minutes_per_day
        elapsed_time = office_time(since, until, calendar)
        stopped_time = sum(
            (office_time(max(begin, since), min(end, until), calendar) for begin, end in stops.spans), timedelta()
        )
        minute = timedelta(minutes=1)
        elapsed, used = elapsed_time // minute, (elapsed_time - stopped_time) // minute
        # Both are cut to whole minutes; what is stopped follows from them, so that the figures add up.
        return Usage(whole, used, whole - used, elapsed - used, elapsed, Measure.OFFICE_MINUTES)
    received = _received_on(since, limit, calendar, received_after_hours_next_day)
    today = max(until.date(), received)
    if limit.unit in (Unit.WORKING_DAYS, Unit.ON_SPOT):
        whole = limit.amount + extension
        elapsed = calendar.workdays_between(received, today)
        stopped = stops.workdays(received, today, calendar)
        measure = Measure.WORKING_DAYS
    else:
        whole = _calendar_days(received, limit)
        if extension:
            # The extension is in working days; how many calendar days that makes depends on where the limit ends.
            end = deadline(start, limit, calendar, (), received_after_hours_next_day, extension).counted[-1]
            whole = (end - received).days
        elapsed = (today - received).days
        stopped = stops.days(received, today)
        measure = Measure.DAYS
    used = elapsed - stopped
    return Usage(whole, used, whole - used, stopped, elapsed, measure)


def tacit_acceptance_at(
    received_at: datetime,
    calendar: WorkCalendar,
    received_after_hours_next_day: bool = False,
    limit: Limit = TACIT_ACCEPTANCE,
) -> Due:
    """When materials count as accepted if no notice is given: close of the 5th working day after receipt (T-7a).

    An office may bind itself to a shorter `limit`. A `Due`, because the instant may be provisional.
    """
    return deadline(received_at, limit, calendar, received_after_hours_next_day=received_after_hours_next_day)


def legal_days_after(start: datetime, n: int, calendar: WorkCalendar) -> Due:
    """The end of `n` calendar days after `start`, such as the days for telling the client (D-5)."""
    return deadline(start, Limit(n, Unit.DAYS), calendar)


@dataclass(frozen=True)
class Instants:
    """When the light of a limit changes (T-6), to be stored. None where that change cannot come.

    `provisional`: one of them rests on a year whose official calendar is not entered.
    """

    soon_at: datetime | None
    overdue_at: datetime | None
    red_at: datetime | None
    provisional: bool


class Light(StrEnum):
    """The warning states of T-6, derived and never typed."""

    NORMAL = "normal"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    RED = "red"


def warning_instants(
    start: datetime,
    due: Due,
    statutory_due: Due | None,
    limit: Limit,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    thresholds: Thresholds = USUAL_THRESHOLDS,
) -> Instants:
    """The instants at which a limit becomes due soon, overdue and red (T-6).

    The figures below are those of the usual `thresholds`; an office may set others.

    `start`, `limit` and `pauses` are those that `due` was computed with. *Due soon* is the earliest instant at which
    no more than two working days of running office time are left; for limits under six working days, a third of
    their running office time. *Overdue* is the due instant. *Red* is the statutory due instant; where there is no
    statutory limit, the same time of day on the second running working day after the due date.

    A limit without a due date, because its clock stands still, is neither due soon nor overdue. Its statutory clock
    may run on all the same (T-4), so that `red_at` can be set, and can lie before `overdue_at`.
    """
    stops = Stops(pauses)
    red_at = None if statutory_due is None else statutory_due.at
    provisional = due.provisional or (statutory_due is not None and statutory_due.provisional)
    if due.at is None:
        return Instants(None, None, red_at, provisional)
    if statutory_due is None:
        red_at = _overdue_for(due.at, thresholds.red_after, calendar, stops, pauses)
        provisional = provisional or (red_at is not None and not calendar.knows(due.at.date(), red_at.date()))
    return Instants(
        _soon_at(local(start), due.at, due, limit, calendar, stops, thresholds), due.at, red_at, provisional
    )


def _overdue_for(
    at: datetime, limit: Limit, calendar: WorkCalendar, stops: Stops, pauses: Sequence[Pause]
) -> datetime | None:
    if limit.unit is Unit.WORKING_DAYS:
        return _working_days_overdue(at, limit.amount, calendar, stops)
    return deadline(at, limit, calendar, pauses).at


def _soon_at(
    since: datetime,
    at: datetime,
    due: Due,
    limit: Limit,
    calendar: WorkCalendar,
    stops: Stops,
    thresholds: Thresholds,
) -> datetime:
    if limit.unit in (Unit.WORKING_HOURS, Unit.ON_SPOT):
        spans = [span for day in due.counted for span in running_spans(day, since, calendar, stops)]
        spans = [(begin, min(end, at)) for begin, end in spans if begin < at]
    else:
        # A day that counts, counts in full, also the one on which the clock stopped.
        spans = [span for day in due.counted for span in office_spans(day, calendar)]
    day = timedelta(minutes=calendar.hours.minutes_per_day)
    running = length(spans)
    if running >= thresholds.short_below_workdays * day:
        ahead = thresholds.soon_workdays * day
    else:
        ahead = timedelta(seconds=int(running.total_seconds()) // 3)
    soon_at = at
    for begin, end in reversed(spans):
        # With nothing left to go back, the end of the span before and not the beginning of the one after.
        if ahead < end - begin:
            return end - ahead
        soon_at = begin
        ahead -= end - begin
    return soon_at


def _working_days_overdue(at: datetime, amount: int, calendar: WorkCalendar, stops: Stops) -> datetime | None:
    """The same time of day on a later running working day; None when a pause still open keeps it from coming."""
    day = at.date()
    while amount:
        day = calendar.next_workday(day)
        if stops.never_runs_from(day):
            return None
        amount -= not stops.holds(day)
    return datetime.combine(day, at.time(), SHANGHAI)


def light(now: datetime, instants: Instants, stopped: bool = False) -> Light:
    """The light at `now`. At the very instant of due nothing is overdue yet; due soon begins with its instant.

    A stopped clock does not become due soon. What ran out before it stopped stays overdue or red, for which the
    instants are to be those of the stopped clock.
    """
    if instants.red_at is not None and now > instants.red_at:
        return Light.RED
    if instants.overdue_at is not None and now > instants.overdue_at:
        return Light.OVERDUE
    if not stopped and instants.soon_at is not None and now >= instants.soon_at:
        return Light.DUE_SOON
    return Light.NORMAL
