"""The week's bulletin: what is to be told of each person, day by day (O-3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.attendance import sheet as sheets_of
from portal.attendance.rules import Half, State
from portal.attendance.sheet import Sheet
from portal.kernel.forms import FIRST_YEAR, LAST_YEAR, read_day


@dataclass
class Line:
    """One person's week: how often, and each half day that is told of (day, whether afternoon, what)."""

    user_id: int
    name: str
    department_id: int | None
    late: int = 0
    early: int = 0
    missing: int = 0
    absent: int = 0
    told: list[tuple[date, bool, Half]] = field(default_factory=list)


def week_of(text: str, today: date) -> date:
    """The Monday of the week of a date in the address; of last week when absent or nonsense."""
    day = read_day(text)
    if day is None or not FIRST_YEAR < day.year < LAST_YEAR:
        day = today - timedelta(days=7)
    return day - timedelta(days=day.weekday())


def lines(found: Sheet) -> list[Line]:
    """Who is to be told of, in the sheet's order; nobody without a fault."""
    made = []
    for row in found.rows:
        line = Line(row.user_id, row.name, row.department_id)
        for day, each in row.days.items():
            terms = sheets_of.terms_on(day)
            for afternoon, half in enumerate(each.parts):
                missing = half.state in (State.MISSING_IN, State.MISSING_OUT)
                late, early = half.faults(terms)
                line.late += late
                line.early += early
                line.missing += missing
                line.absent += half.is_absent(terms)
                if late or early or missing or half.state is State.ABSENT:
                    line.told.append((day, bool(afternoon), half))
        if line.told:
            made.append(line)
    return made
