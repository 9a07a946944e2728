"""Office hours and the working-day calendar (T-3): weekdays, published days off and shifted workdays."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from itertools import accumulate
from types import MappingProxyType

from portal.pure.service_days import Service


class OutOfCalendar(ValueError):
    """A question beyond the dates that can be written (years 1 to 9999)."""

    code = "out_of_calendar"


@dataclass(frozen=True)
class OfficeHours:
    """The periods of one working day: non-empty, in order, without overlap, on whole minutes. Raises `ValueError`."""

    periods: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        bounds = [bound for period in self.periods for bound in period]
        if not bounds:
            raise ValueError("office hours need at least one period")
        if any(bound.second or bound.microsecond or bound.tzinfo for bound in bounds):
            raise ValueError("office hours are local times on whole minutes")
        if any(begin >= end for begin, end in self.periods):
            raise ValueError("a period must begin before it ends")
        if any(bounds[i] < bounds[i - 1] for i in range(2, len(bounds), 2)):
            raise ValueError("periods must be in order and must not overlap")

    @property
    def opens(self) -> time:
        """The beginning of the first period."""
        return self.periods[0][0]

    @property
    def closes(self) -> time:
        """The close of business, the end of the last period."""
        return self.periods[-1][1]

    @cached_property
    def minutes_per_day(self) -> int:
        """Office minutes of one working day."""
        return sum(_minute(end) - _minute(begin) for begin, end in self.periods)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


USUAL_HOURS = OfficeHours(((time(9), time(12)), (time(13, 30), time(17, 30))))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked, and which years are certain.

    `days` holds the published exceptions: True for a shifted workday, False for a day off; all other days follow the
    weekday. A year missing in `known_years` is answered by the weekday too, but `is_known` says so, and whoever
    computes with it passes that on as *provisional*. `names` may give the reason of an exception. `hours` are the
    office hours of every working day. `service` is the window of one department: it decides about receipt alone.
    """

    days: Mapping[date, bool] = field(hash=False, repr=False)
    known_years: frozenset[int]
    hours: OfficeHours = USUAL_HOURS
    names: Mapping[date, str] = field(default_factory=dict, hash=False, repr=False)
    service: Service | None = None

    def __post_init__(self) -> None:
        # Own, read-only copies: the prefix sums below must never disagree with the exceptions.
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
        object.__setattr__(self, "known_years", frozenset(self.known_years))

    @cached_property
    def _deviations(self) -> tuple[list[int], list[int]]:
        """Ordinals of the exceptions that differ from the weekday rule, and the running sum of their effect."""
        moves = sorted((d.toordinal(), 1 if works else -1) for d, works in self.days.items() if works != _weekday(d))
        return [ordinal for ordinal, _ in moves], list(accumulate((effect for _, effect in moves), initial=0))

    def is_workday(self, d: date) -> bool:
        """Whether the office works that day; for an unknown year, whether it is a weekday."""
        exception = self.days.get(d)
        return _weekday(d) if exception is None else exception

    def is_known(self, d: date) -> bool:
        """Whether the official calendar of that year is entered."""
        return d.year in self.known_years

    def knows(self, first: date, last: date) -> bool:
        """Whether every year touched by the days from `first` to `last` is entered."""
        return self.known_years.issuperset(range(first.year, last.year + 1))

    def next_workday(self, d: date) -> date:
        """The first working day after `d`. Raises `OutOfCalendar`."""
        return self.add_workdays(d, 1)

    def on_or_next_workday(self, d: date) -> date:
        """`d` itself when it is worked, else the first working day after it. Raises `OutOfCalendar`."""
        return d if self.is_workday(d) else self.add_workdays(d, 1)

    def workdays_between(self, a: date, b: date) -> int:
        """Working days in (a, b]; negative when `b` lies before `a`. Takes no longer for a century than for a week."""
        return self._count(b.toordinal()) - self._count(a.toordinal())

    def add_workdays(self, d: date, n: int) -> date:
        """The `n`-th working day after `d`, before it for a negative `n`, `d` itself for 0. Raises `OutOfCalendar`."""
        ordinal = d.toordinal()
        if n == 0:
            return d
        # No step can jump over the answer, since each day adds one working day at most; a few steps arrive.
        if n > 0:
            wanted = self._count(ordinal) + n
            while (missing := wanted - self._count(ordinal)) > 0:
                ordinal = _within(ordinal + missing)
        else:
            wanted = self._count(ordinal - 1) + n
            ordinal -= 1
            while (surplus := self._count(ordinal - 1) - wanted) > 0:
                ordinal = _within(ordinal - surplus)
        return date.fromordinal(_within(ordinal))

    def _count(self, ordinal: int) -> int:
        """Working days from the first possible day to this one, inclusive (0001-01-01 was a Monday)."""
        weeks, rest = divmod(ordinal, 7)
        ordinals, effects = self._deviations
        return weeks * 5 + min(rest, 5) + effects[bisect_left(ordinals, ordinal + 1)]


def _weekday(d: date) -> bool:
    return d.weekday() < 5


_LAST_ORDINAL = date.max.toordinal()


def _within(ordinal: int) -> int:
    if not 1 <= ordinal <= _LAST_ORDINAL:
        raise OutOfCalendar("beyond the calendar")
    return ordinal
