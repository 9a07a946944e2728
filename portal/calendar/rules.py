"""What may be entered into the calendar (T-3). Pure: a year's notice as stretches of days, checked line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.pure.text import clean, nfkc
from portal.pure.workdays import WorkCalendar

MAX_REASON = 60
#: Lines of a notice and days of one stretch at most; what is longer was mistyped.
MAX_LINES, MAX_STRETCH = 60, 40
#: The name of a shifted workday for which none was given.
SHIFTED_NAME = "调休上班"
#: The holidays that every notice of the last years has named, in the order of the year.
USUAL_HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
#: Statutory days off that stand on the same date in every year; a notice without them is not whole.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
#: What is unusual in a notice, beyond which a person is asked to look twice.
LONG_STRETCH, FAR_FROM_HOLIDAY = timedelta(days=10), timedelta(days=15)

_DATE = re.compile(r"(?:([0-9]{4})[-/.年])?([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[(][^()]{0,6}[)])?")
_BETWEEN = re.compile(r"[\s,、;，；和及]+")


class Fault(StrEnum):
    """What is wrong with a line of a notice."""

    NO_DATE = "no_date"
    NO_SUCH_DAY = "no_such_day"
    OTHER_YEAR = "other_year"
    ENDS_BEFORE = "ends_before"
    TOO_MANY_DAYS = "too_many_days"
    TWICE = "twice"
    WORKED_ANYWAY = "worked_anyway"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"
    KIND = "kind"


class Doubt(StrEnum):
    """What is unusual in a notice: told before it is entered, never refused."""

    NO_HOLIDAY = "no_holiday"
    NO_SHIFTED = "no_shifted"
    LONG = "long"
    FAR = "far"
    BALANCE = "balance"


@dataclass(frozen=True)
class NoticeDay:
    """One day of a notice: a day off, or a shifted workday."""

    day: date
    workday: bool
    reason: str


@dataclass(frozen=True)
class Stretch:
    """Days in a row of a notice, as a line gives them: ``line`` is where it stands, counted as its reader does."""

    line: int
    name: str
    first: date
    last: date
    workday: bool = False


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken, and which part of it (``name``, ``first``, ``last``)."""

    line: int
    fault: Fault
    part: str = "first"
    text: str = ""


@dataclass(frozen=True)
class Unusual:
    """A doubt with what it is about."""

    doubt: Doubt
    what: str = ""
    number: int = 0
    usual: int = 0


def read_date(text: str, year: int) -> date | Fault:
    """A day as people write it: ``2027-02-14``, ``2027/2/14``, ``2027年2月14日``, or ``2月14日`` of `year`."""
    match = _DATE.fullmatch(clean(nfkc(text)))
    if match is None:
        return Fault.NO_DATE
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        return Fault.NO_SUCH_DAY


def read_dates(text: str, year: int) -> tuple[list[date], list[BadLine]]:
    """Days written one after another, divided by blanks, commas or line ends; those that are none by their place."""
    days: list[date] = []
    bad: list[BadLine] = []
    for number, part in enumerate((p for p in _BETWEEN.split(clean(nfkc(text))) if p), 1):
        found = read_date(part, year)
        if isinstance(found, Fault):
            bad.append(BadLine(number, found, text=part[:40]))
        else:
            days.append(found)
    return days, bad


def expand(stretches: Iterable[Stretch], year: int) -> tuple[list[NoticeDay], list[BadLine]]:
    """The days of a notice in order, and the lines that cannot be taken.

    A stretch lies inside the year and has a name; shifted workdays lie on weekends; no day stands twice.
    """
    days: dict[date, NoticeDay] = {}
    bad: list[BadLine] = []
    for each in stretches:
        fault = _fault(each, year, days)
        if fault is not None:
            bad.append(fault)
            continue
        day = each.first
        while day <= each.last:
            days[day] = NoticeDay(day, each.workday, each.name or SHIFTED_NAME)
            day += timedelta(days=1)
    return [days[day] for day in sorted(days)], bad


def _fault(each: Stretch, year: int, known: dict[date, NoticeDay]) -> BadLine | None:
    def at(fault: Fault, part: str, text: str = "") -> BadLine:
        return BadLine(each.line, fault, part, text)

    if not each.workday and not each.name:
        return at(Fault.NO_NAME, "name")
    if len(each.name) > MAX_REASON:
        return at(Fault.TOO_LONG, "name")
    if each.first.year != year:
        return at(Fault.OTHER_YEAR, "first", each.first.isoformat())
    if each.last.year != year:
        return at(Fault.OTHER_YEAR, "last", each.last.isoformat())
    if each.last < each.first:
        return at(Fault.ENDS_BEFORE, "last", each.last.isoformat())
    if (each.last - each.first).days >= MAX_STRETCH:
        return at(Fault.TOO_MANY_DAYS, "last", each.last.isoformat())
    inside = [each.first + timedelta(n) for n in range((each.last - each.first).days + 1)]
    twice = next((day for day in inside if day in known), None)
    if twice is not None:
        return at(Fault.TWICE, "first", twice.isoformat())
    weekday = next((day for day in inside if day.weekday() < 5), None)
    if each.workday and weekday is not None:
        return at(Fault.WORKED_ANYWAY, "first", weekday.isoformat())
    return None


def stretches(days: Sequence[NoticeDay]) -> list[Stretch]:
    """The days of a notice drawn together again: days off in a row under one name, every shifted workday alone."""
    found: list[Stretch] = []
    for each in sorted(days, key=lambda d: d.day):
        last = found[-1] if found else None
        joins = last and not last.workday and not each.workday and last.name == each.reason
        if last and joins and last.last + timedelta(days=1) == each.day:
            found[-1] = Stretch(last.line, last.name, last.first, each.day)
        else:
            found.append(Stretch(len(found) + 1, each.reason, each.day, each.day, each.workday))
    return found


def missing_holidays(year: int, days: Iterable[NoticeDay]) -> list[date]:
    """The fixed statutory holidays that a notice leaves out."""
    off = {each.day for each in days if not each.workday}
    return [day for month, number in FIXED_HOLIDAYS if (day := date(year, month, number)) not in off]


def doubts(year: int, days: Sequence[NoticeDay], calendar: WorkCalendar) -> list[Unusual]:
    """What is unusual in a notice: a usual holiday that it does not name, none or far shifted workdays, a long
    stretch, and another number of working days lost than in the newest year that `calendar` knows before it."""
    found = []
    names = {each.reason for each in days if not each.workday}
    for usual in USUAL_HOLIDAYS:
        # Two holidays may fall together (中秋节、国庆节), and people write 清明 for 清明节.
        if not any(usual.removesuffix("节") in name for name in names):
            found.append(Unusual(Doubt.NO_HOLIDAY, usual))
    shifted = [each.day for each in days if each.workday]
    off = [each.day for each in days if not each.workday]
    if not shifted:
        found.append(Unusual(Doubt.NO_SHIFTED))
    for stretch in stretches(days):
        length = stretch.last - stretch.first + timedelta(days=1)
        if not stretch.workday and length > LONG_STRETCH:
            found.append(Unusual(Doubt.LONG, stretch.name, length.days))
    for day in shifted:
        if not any(abs(day - other) <= FAR_FROM_HOLIDAY for other in off):
            found.append(Unusual(Doubt.FAR, day.isoformat()))
    before = max((known for known in calendar.known_years if known < year), default=None)
    if before is not None and (lost := _lost(year, {d.day: d.workday for d in days})) != (
        usual_loss := _lost(before, calendar.days)
    ):
        found.append(Unusual(Doubt.BALANCE, str(before), lost, usual_loss))
    return found


def _lost(year: int, days: Mapping[date, bool]) -> int:
    """How many working days fewer a year has than weekdays."""
    return sum(
        (not works and day.weekday() < 5) - (works and day.weekday() >= 5)
        for day, works in days.items()
        if day.year == year
    )
