"""Instants in office time: pauses merged into stopped days and stopped spans, and the office time that runs."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.pure.workdays import OutOfCalendar, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")

Span = tuple[datetime, datetime]

_ONE_DAY = timedelta(days=1)
_FOREVER = datetime.max.replace(tzinfo=SHANGHAI)
_NO_DAY_AFTER = date.max.toordinal()

_T = TypeVar("_T", int, datetime)


def local(at: datetime) -> datetime:
    """The same instant in Asia/Shanghai. Raises `ValueError` for a naive datetime and `OutOfCalendar`."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    try:
        return at.astimezone(SHANGHAI)
    except OverflowError:
        raise OutOfCalendar("beyond the calendar") from None


def close_of_business(day: date, calendar: WorkCalendar) -> datetime:
    """The instant at which the office closes on that day, worked or not."""
    return datetime.combine(day, calendar.hours.closes, SHANGHAI)


def days_from(day: date) -> Iterator[date]:
    """`day` and every day after it. Raises `OutOfCalendar` past the last one."""
    while True:
        yield day
        try:
            day += _ONE_DAY
        except OverflowError:
            raise OutOfCalendar("beyond the calendar") from None


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stands still (T-4), half open: [from_at, ends_at). Without an end it still lasts.

    `until_at` is the instant of its cap: there it ends by itself, whether or not anybody has written an end down.
    Raises `ValueError` for naive datetimes and for an end or a cap before the beginning.
    """

    from_at: datetime
    to_at: datetime | None = None
    until_at: datetime | None = None

    def __post_init__(self) -> None:
        begin = local(self.from_at)
        if any(end is not None and local(end) < begin for end in (self.to_at, self.until_at)):
            raise ValueError("a pause cannot end before it begins")

    @property
    def ends_at(self) -> datetime | None:
        """When the clock runs again: the end, or the cap where that comes first; None while neither is known."""
        return min((end for end in (self.to_at, self.until_at) if end is not None), default=None)


class Stops:
    """The union of pauses, by days and by instants.

    Stopped days are those in (date of from, date of to]: the day on which a clock stops counts as used, the day on
    which it resumes does not. Stopped office time is the exact overlap.
    """

    def __init__(self, pauses: Iterable[Pause]) -> None:
        spans = [(local(p.from_at), _FOREVER if p.ends_at is None else local(p.ends_at)) for p in pauses]
        self.spans = _union(spans)
        # As half-open ranges of ordinals: the day after the stop up to the day after the resumption.
        self._days = _union([(begin.toordinal() + 1, end.toordinal() + 1) for begin, end in spans])
        self._begins = [begin for begin, _ in self._days]

    def holds(self, day: date) -> bool:
        """Whether that day is stopped."""
        if not self._days:
            return False
        ordinal = day.toordinal()
        index = bisect_right(self._begins, ordinal) - 1
        return index >= 0 and ordinal < self._days[index][1]

    def never_runs_from(self, day: date) -> bool:
        """Whether that day and every later one is stopped by a pause still open."""
        return bool(self._days) and self._days[-1][1] > _NO_DAY_AFTER and day.toordinal() >= self._days[-1][0]

    def resumption(self, at: datetime) -> datetime | None:
        """When the clock that stands still at that instant resumes, `at` itself if it runs, None if it stays open."""
        for begin, end in self.spans:
            if begin <= at < end:
                return None if end == _FOREVER else end
        return at

    def workdays(self, a: date, b: date, calendar: WorkCalendar) -> int:
        """Stopped working days in (a, b]."""
        return sum(calendar.workdays_between(first, last) for first, last in self._within(a, b))

    def days(self, a: date, b: date) -> int:
        """Stopped calendar days in (a, b]."""
        return sum((last - first).days for first, last in self._within(a, b))

    def _within(self, a: date, b: date) -> Iterator[tuple[date, date]]:
        lowest, highest = a.toordinal(), b.toordinal()
        for begin, end in self._days:
            first, last = max(begin - 1, lowest), min(end - 1, highest)
            if first < last:
                yield date.fromordinal(first), date.fromordinal(last)


def _union(ranges: Sequence[tuple[_T, _T]]) -> list[tuple[_T, _T]]:
    """Half-open ranges, sorted, touching ones joined."""
    joined: list[tuple[_T, _T]] = []
    for begin, end in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def office_spans(day: date, calendar: WorkCalendar) -> list[Span]:
    """The office periods of a working day as instants; none on a day off."""
    if not calendar.is_workday(day):
        return []
    return [
        (datetime.combine(day, begin, SHANGHAI), datetime.combine(day, end, SHANGHAI))
        for begin, end in calendar.hours.periods
    ]


def running_spans(day: date, since: datetime, calendar: WorkCalendar, stops: Stops) -> list[Span]:
    """The office time of that day from `since` on in which the clock runs."""
    pieces = [(max(begin, since), end) for begin, end in office_spans(day, calendar) if end > since]
    for stop_begin, stop_end in stops.spans:
        cut: list[Span] = []
        for begin, end in pieces:
            cut.append((begin, min(end, stop_begin)))
            cut.append((max(begin, stop_end), end))
        pieces = [(begin, end) for begin, end in cut if begin < end]
    return pieces


def length(spans: Iterable[Span]) -> timedelta:
    """The time that spans hold together."""
    return sum((end - begin for begin, end in spans), timedelta())


def office_time(a: datetime, b: datetime, calendar: WorkCalendar) -> timedelta:
    """Office time between two local instants, nothing when `b` is not after `a`."""
    if b <= a:
        return timedelta()
    first, last = a.date(), b.date()
    # Whole days in [first, last): the day of `a` in full, from which its beginning is taken off again.
    days = calendar.workdays_between(first, last) + calendar.is_workday(first) - calendar.is_workday(last)
    whole = days * timedelta(minutes=calendar.hours.minutes_per_day)
    return whole + _since_opening(b, calendar) - _since_opening(a, calendar)


def _since_opening(at: datetime, calendar: WorkCalendar) -> timedelta:
    return length((begin, min(end, at)) for begin, end in office_spans(at.date(), calendar) if begin < at)
