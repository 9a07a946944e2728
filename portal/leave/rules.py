"""Lengths in working half days, the chain of approval, and what a person may still take. Pure (O-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.ab_post.halves import Half, half_of
from portal.kernel import clock
from portal.pure.workdays import OfficeHours, WorkCalendar

#: Half days in a working day.
PER_DAY = 2


class Standing(StrEnum):
    """What the applicant is in the office, the highest that applies."""

    STAFF = "staff"
    HEAD = "head"
    LEADER = "leader"
    PRINCIPAL = "principal"
    OFFICE = "office"
    SUPERVISION = "supervision"


class Level(StrEnum):
    """Who takes a step: a post's level, or whoever files."""

    HEAD = "head"
    LEADER = "leader"
    PRINCIPAL = "principal"
    FILE = "file"


class Filer(StrEnum):
    """Who may file a request: a person does not file their own."""

    ANY = "any"
    OFFICE = "office"
    SUPERVISION = "supervision"


class Verdict(StrEnum):
    """What became of a step."""

    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    FILED = "filed"


# --- length ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """A time in whole half days: from a half of one day to a half of another, both included."""

    from_on: date
    from_half: Half
    to_on: date
    to_half: Half

    @property
    def in_order(self) -> bool:
        """Whether it begins before it ends."""
        return (self.from_on, self.from_half is Half.PM) <= (self.to_on, self.to_half is Half.PM)

    def within(self, year: int) -> Span | None:
        """The part of it that lies in a year."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        if self.to_on < first or self.from_on > last:
            return None
        return Span(
            max(self.from_on, first),
            self.from_half if self.from_on >= first else Half.AM,
            min(self.to_on, last),
            self.to_half if self.to_on <= last else Half.PM,
        )


def length(span: Span, calendar: WorkCalendar) -> int:
    """Working half days of a time in order; shifted workdays count, days off do not (T-3)."""
    first, last = span.from_on.toordinal(), span.to_on.toordinal()
    days = calendar.workdays_between(date.fromordinal(max(1, first - 1)), date.fromordinal(last))
    found = PER_DAY * days
    if span.from_half is Half.PM and calendar.is_workday(span.from_on):
        found -= 1
    if span.to_half is Half.AM and calendar.is_workday(span.to_on):
        found -= 1
    return found


def span_of(from_at: datetime, to_at: datetime, hours: OfficeHours) -> Span:
    """The half days that a time touches."""
    last = to_at - timedelta(minutes=1)
    return Span(clock.local(from_at).date(), half_of(from_at, hours), clock.local(last).date(), half_of(last, hours))


# --- the chain (O-3) ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """The office's limits, in half days (policy).

    ``short``: up to how much the nearest superior alone approves, by kind; ``sick_leader_from``: from how much sick
    leave needs the leader as well.
    """

    short: Mapping[str, int]
    sick_leader_from: int


@dataclass(frozen=True)
class Planned:
    """One step of a chain; ``filer`` says who may take it where it is the filing."""

    level: Level
    filer: Filer = Filer.ANY


#: The nearest superior of each role; nobody stands above the principal.
_ABOVE = {
    Standing.STAFF: Level.HEAD,
    Standing.OFFICE: Level.HEAD,
    Standing.SUPERVISION: Level.HEAD,
    Standing.HEAD: Level.LEADER,
    Standing.LEADER: Level.PRINCIPAL,
}
#: Who files: the one of office and supervision that the applicant does not belong to; the principal's own the office.
_FILERS = {
    Standing.OFFICE: Filer.SUPERVISION,
    Standing.SUPERVISION: Filer.OFFICE,
    Standing.PRINCIPAL: Filer.OFFICE,
}
SICK = "sick"


def chain(kind: str, halves: int, standing: Standing, limits: Limits) -> tuple[Planned, ...]:
    """The steps of a request by kind, length in half days and role of the applicant (O-3), the filing last.

    Short leave: the nearest superior. Longer leave: the leader in charge signs, the principal approves. Sick leave:
    the nearest superior, from some days on the leader too. The principal's own is only filed.
    """
    filing = Planned(Level.FILE, _FILERS.get(standing, Filer.ANY))
    if standing is Standing.PRINCIPAL:
        return (filing,)
    nearest = _ABOVE[standing]
    if kind == SICK:
        levels = [nearest]
        if halves >= limits.sick_leader_from and nearest is Level.HEAD:
            levels.append(Level.LEADER)
    elif halves <= limits.short[kind]:
        levels = [nearest]
    else:
        levels = [Level.PRINCIPAL] if nearest is Level.PRINCIPAL else [Level.LEADER, Level.PRINCIPAL]
    return (*(Planned(level) for level in levels), filing)


# --- annual leave ---------------------------------------------------------------------------------------------


def years_of_work(since: date, on: date) -> int:
    """Whole years from a beginning to a day; never negative."""
    return max(0, on.year - since.year - ((on.month, on.day) < (since.month, since.day)))


def entitled(years: int, tiers: Sequence[tuple[int, int]]) -> int:
    """Half days of annual leave after some years of work; ``tiers`` are (years, days) in any order."""
    return PER_DAY * max((days for least, days in tiers if years >= least), default=0)


@dataclass(frozen=True)
class Balance:
    """Annual leave of a person in a year, in half days; ``entitled`` None: the office has not entered it yet."""

    year: int
    entitled: int | None
    carried: int = 0
    used: int = 0
    planned: int = 0

    @property
    def left(self) -> int | None:
        """What may still be asked for."""
        return None if self.entitled is None else self.entitled + self.carried - self.used - self.planned
