"""What may be entered into the calendar (T-3). Pure: a year's notice as people type it, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.pure.text import clean, nfkc

MAX_LINES = 120
MAX_REASON = 60
DAY_OFF, SHIFTED_WORKDAY = "休", "班"
#: The name of a shifted workday for which none was typed.
SHIFTED_NAME = "调休上班"

#: Statutory days off that stand on the same date in every year; a notice without them is not whole.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))

_LINE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?[\s,、;]*(休|班)[\s,、;]*(.*)")


class Fault(StrEnum):
    """What is wrong with a line of a notice."""

    SHAPE = "shape"
    NO_SUCH_DAY = "no_such_day"
    OTHER_YEAR = "other_year"
    TWICE = "twice"
    WORKED_ANYWAY = "worked_anyway"
    NO_NAME = "no_name"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class NoticeDay:
    """One day of a notice: a day off, or a shifted workday."""

    day: date
    workday: bool
    reason: str


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken, counted from 1 in the text as the form shows it again."""

    number: int
    fault: Fault
    text: str


def read_notice(text: str, year: int) -> tuple[list[NoticeDay], list[BadLine]]:
    """The days of a year's notice and the lines that cannot be taken; empty lines are passed over.

    Full-width digits, slashes, dots and 年月日 are read. A shifted workday needs no name and lies on a weekend.
    """
    days: dict[date, NoticeDay] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(clean(text).split("\n"), 1):
        plain = clean(nfkc(line))
        if plain:
            found = _read_line(plain, year, days)
            if isinstance(found, Fault):
                bad.append(BadLine(number, found, plain[:40]))
            else:
                days[found.day] = found
    return [days[day] for day in sorted(days)], bad


def _read_line(line: str, year: int, known: dict[date, NoticeDay]) -> NoticeDay | Fault:
    match = _LINE.fullmatch(line)
    if match is None:
        return Fault.SHAPE
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return Fault.NO_SUCH_DAY
    workday, reason = match[4] == SHIFTED_WORKDAY, clean(match[5])
    if day.year != year:
        return Fault.OTHER_YEAR
    if day in known:
        return Fault.TWICE
    if workday and day.weekday() < 5:
        return Fault.WORKED_ANYWAY
    if not workday and not reason:
        return Fault.NO_NAME
    if len(reason) > MAX_REASON:
        return Fault.TOO_LONG
    return NoticeDay(day, workday, reason or SHIFTED_NAME)


def missing_holidays(year: int, days: Iterable[NoticeDay]) -> list[date]:
    """The fixed statutory holidays that a notice leaves out."""
    off = {each.day for each in days if not each.workday}
    return [day for month, number in FIXED_HOLIDAYS if (day := date(year, month, number)) not in off]
