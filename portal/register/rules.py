"""Rhythms: for which week, month or half year an entry counts, until when it is owed (O-4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from portal.pure.months import month_after
from portal.register.models import Rhythm

#: Fields that a kind may have of its own.
MOST_FIELDS = 8


def period_of(rhythm: Rhythm, day: date) -> date:
    """The first day of the period of a day; the day itself without a rhythm."""
    match rhythm:
        case Rhythm.WEEK:
            return day - timedelta(days=day.weekday())
        case Rhythm.MONTH:
            return day.replace(day=1)
        case Rhythm.HALF_YEAR:
            return date(day.year, 1 if day.month <= 6 else 7, 1)
        case _:
            return day


def after(rhythm: Rhythm, first: date) -> date:
    """The first day of the next period."""
    match rhythm:
        case Rhythm.WEEK:
            return first + timedelta(days=7)
        case Rhythm.MONTH:
            return month_after(first, 1)
        case Rhythm.HALF_YEAR:
            return month_after(first, 6)
        case _:
            return first + timedelta(days=1)


def due_on(rhythm: Rhythm, first: date, due_day: int | None = None) -> date:
    """The last day on which an entry of a period is in time; a day that the month lacks is its last one."""
    last = after(rhythm, first) - timedelta(days=1)
    return last if due_day is None or rhythm is not Rhythm.MONTH else min(last, first + timedelta(days=due_day - 1))


def periods(
    rhythm: Rhythm, since: date, until: date, is_workday: Callable[[date], bool], due_day: int | None = None
) -> Iterator[date]:
    """The periods that are owed: begun on or after ``since`` (or running then), due on or before ``until``.

    A period without any working day owes nothing, nor does the one in which the register began after its due day.
    """
    if rhythm is Rhythm.NONE:
        return
    first = period_of(rhythm, since)
    while (due := due_on(rhythm, first, due_day)) <= until:
        begin, end = max(first, since), after(rhythm, first)
        if due >= since and any(is_workday(begin + timedelta(days=n)) for n in range((end - begin).days)):
            yield first
        first = end


def half_of(day: date) -> tuple[int, int]:
    """Year and half of a day."""
    return day.year, 1 if day.month <= 6 else 2


def half_before(day: date) -> tuple[int, int]:
    """The half year that ended last."""
    return (day.year - 1, 2) if day.month <= 6 else (day.year, 1)


def half_days(year: int, half: int) -> tuple[date, date]:
    """The first day of a half year and of the next one."""
    first = date(year, 1 if half == 1 else 7, 1)
    return first, month_after(first, 6)
