"""When a department's own window is open beside the office: Saturdays, longer evenings, single dates (T-3).

What this decides, and why nothing more. Counting is law: a limit is counted in official working days and ends at the
office's close of business, whatever a department does, so that an open Saturday never uses up a day of a promise and
a closed Wednesday never lengthens one. A window that is open decides a single question: whether something handed in
outside the office's hours was *received that day*. If it was, the day of receipt is that day and, like every day of
receipt, does not count; the limit runs from the next official working day on. The client is never worse off than
under the office's hours, and the promise is never shorter than the law's count from the actual day of receipt.

A matter on the spot that was received at the open window is done while the window is open: it ends with the service
of that day. Closed days and shorter hours are for display and appointments; they postpone no receipt, since the
office as a whole was there to receive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.pure.workdays import OfficeHours, WorkCalendar

Periods = tuple[tuple[time, time], ...]


@dataclass(frozen=True)
class ServiceRule:
    """Open or closed on a day of the week (Monday 0) from `first` to `last`, or on the one date `first`.

    `hours` None: the office's own hours.
    """

    first: date
    last: date | None
    weekday: int | None
    open: bool
    hours: OfficeHours | None = None

    def holds(self, day: date) -> bool:
        """Whether the rule says something about that day."""
        if self.weekday is None:
            return day == self.first
        return day.weekday() == self.weekday and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Service:
    """A department's rules, the newest last: it wins, and one about a single date wins over one about a weekday."""

    rules: tuple[ServiceRule, ...]

    def rule(self, day: date) -> ServiceRule | None:
        """The rule that decides about a day."""
        held = [rule for rule in self.rules if rule.holds(day)]
        return max(held, key=lambda r: (r.weekday is None, self.rules.index(r)), default=None)

    def periods(self, day: date, calendar: WorkCalendar) -> Periods:
        """When the window is open that day; nothing when it is closed."""
        rule = self.rule(day)
        if rule is None:
            return calendar.hours.periods if calendar.is_workday(day) else ()
        return (rule.hours or calendar.hours).periods if rule.open else ()

    def open_at(self, there: datetime, calendar: WorkCalendar) -> bool:
        """Whether the window is open at an instant on the office's wall clock."""
        return any(begin <= there.time() < end for begin, end in self.periods(there.date(), calendar))

    def received_until(self, there: datetime, calendar: WorkCalendar) -> time | None:
        """When the window closes that day, if only the window could receive at that instant: the office was closed
        for the day. None when the office's own hours decide."""
        day = there.date()
        if calendar.is_workday(day) and there.time() <= calendar.hours.closes:
            return None
        periods = self.periods(day, calendar)
        return periods[-1][1] if periods and there.time() <= periods[-1][1] else None
