"""Office time of the sample office: working days before now, and instants some office minutes later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from portal.kernel import clock
from portal.pure.spans import office_time
from portal.pure.workdays import WorkCalendar


class WorkTime:
    """The working days around the instant at which the office is built."""

    def __init__(self, calendar: WorkCalendar, end: datetime) -> None:
        self.calendar = calendar
        self.end = end
        there = clock.local(end)
        closing = there.time() >= calendar.hours.closes
        #: The first working day whose close of business lies after the end: today, unless today is over or off.
        self.next_close = calendar.next_workday(there.date()) if closing else calendar.on_or_next_workday(there.date())

    def day(self, back: int) -> date:
        """A working day, counted back from `next_close` (0); negative numbers lie ahead."""
        return self.calendar.add_workdays(self.next_close, -back)

    def at(self, back: int, there: str) -> datetime:
        """An instant on the working day `back`, by the office's wall clock (``10:20``)."""
        return on(self.day(back), there)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The office hours of a day, empty on a day off."""
        if not self.calendar.is_workday(day):
            return []
        return [(_instant(day, a), _instant(day, b)) for a, b in self.calendar.hours.periods]

    def after(self, at: datetime, minutes: float) -> datetime:
        """The instant at which some office minutes have passed since another."""
        left, day = timedelta(minutes=minutes), clock.local(at).date()
        while True:
            for start, stop in self.spans(day):
                start = max(start, at)
                if start < stop and left < stop - start:
                    return start + left
                left -= max(stop - start, timedelta())
            day += timedelta(days=1)

    def later(self, at: datetime, workdays: int, r: Random) -> datetime:
        """Some minute of the office hours of a later working day."""
        day = self.calendar.add_workdays(clock.local(at).date(), workdays)
        opens = self.spans(day)[0][0]
        return self.after(opens, r.randint(5, 380))

    def minutes(self, first: datetime, last: datetime) -> float:
        """Office minutes between two instants."""
        return office_time(clock.local(first), clock.local(last), self.calendar).total_seconds() / 60


def on(day: date, there: str) -> datetime:
    """An instant of a day by the office's wall clock (``10:20``)."""
    return _instant(day, time.fromisoformat(there))


def _instant(day: date, there: time) -> datetime:
    return datetime.combine(day, there, clock.ZONE).astimezone(clock.day_start(day).tzinfo)
