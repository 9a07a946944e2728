"""Counting a limit out, day by day or in office time, with the days that are passed over and why."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.pure.spans import Stops, close_of_business, days_from, running_spans
from portal.pure.workdays import WorkCalendar


class SkipReason(StrEnum):
    """Why a day between receipt and due date is not counted."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    STOPPED = "stopped"
    AFTER_HOURS = "after_hours"


class Skipped(NamedTuple):
    """A day that was not counted, and why."""

    date: date
    reason_code: SkipReason


class Count:
    """One count through the calendar: the days taken and the days passed over."""

    def __init__(self, calendar: WorkCalendar, stops: Stops) -> None:
        self.calendar = calendar
        self.stops = stops
        self.counted: list[date] = []
        self.skipped: list[Skipped] = []

    def workdays(self, after: date, amount: int) -> bool:
        """Take working days that are not stopped; False at a pause still open."""
        return self._take(after, amount, self._day_off)

    def days(self, after: date, amount: int) -> bool:
        """Take calendar days that are not stopped; False at a pause still open."""
        return self._take(after, amount, None)

    def _take(self, after: date, amount: int, passes_over: Callable[[date], SkipReason | None] | None) -> bool:
        if amount == 0:
            return True
        days = days_from(after)
        next(days)
        paused = bool(self.stops.spans)
        for day in days:
            if paused and self.stops.never_runs_from(day):
                return False
            reason = passes_over(day) if passes_over else None
            if reason is None and paused and self.stops.holds(day):
                reason = SkipReason.STOPPED
            if reason is not None:
                self.skipped.append(Skipped(day, reason))
                continue
            self.counted.append(day)
            amount -= 1
            if amount == 0:
                break
        return True

    def hours(self, since: datetime, need: timedelta) -> datetime | None:
        """Take office time from an instant on; None at a pause still open."""
        for day in days_from(since.date()):
            spans = running_spans(day, since, self.calendar, self.stops)
            for begin, end in spans:
                if need <= end - begin:
                    self.counted.append(day)
                    return begin + need
                need -= end - begin
            if spans:
                self.counted.append(day)
            elif self.stops.never_runs_from(day):
                return None
            else:
                reason = self._day_off(day) or self._out_of_hours(day, since)
                self.skipped.append(Skipped(day, reason))
        raise AssertionError("days do not end without an error")

    def move_off_days_off(self) -> None:
        """Let a last day that is a day off move to the next working day (T-3)."""
        self._move_last(self.calendar.on_or_next_workday(self.counted[-1]))

    def settle(self) -> datetime | None:
        """The close of business of the last day, moved out of any pause that lies over it."""
        at = close_of_business(self.counted[-1], self.calendar)
        while (resumes := self.stops.resumption(at)) != at:
            if resumes is None:
                self.skipped.append(Skipped(self.counted.pop(), SkipReason.STOPPED))
                return None
            day = self.calendar.on_or_next_workday(resumes.date())
            at = close_of_business(day, self.calendar)
            if at < resumes:
                day = self.calendar.next_workday(day)
                at = close_of_business(day, self.calendar)
            self._move_last(day)
        return at

    def last_seen(self, default: date) -> date:
        """The last day counted or skipped."""
        return max([*self.counted[-1:], *(skip.date for skip in self.skipped[-1:])], default=default)

    def _move_last(self, to: date) -> None:
        for day in days_from(self.counted.pop()):
            if day == to:
                self.counted.append(day)
                return
            self.skipped.append(Skipped(day, self._day_off(day) or SkipReason.STOPPED))

    def _day_off(self, day: date) -> SkipReason | None:
        if self.calendar.is_workday(day):
            return None
        return SkipReason.HOLIDAY if day in self.calendar.days else SkipReason.WEEKEND

    def _out_of_hours(self, day: date, since: datetime) -> SkipReason:
        late = since >= close_of_business(day, self.calendar)
        return SkipReason.AFTER_HOURS if late else SkipReason.STOPPED
