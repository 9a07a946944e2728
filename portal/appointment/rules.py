"""What holds for appointments (C-6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.pure.deadlines import SHANGHAI, deadline
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar

SATURDAY = 5


class State(StrEnum):
    """Where an appointment stands; the last four are final."""

    ASKED = "asked"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CAME = "came"
    MISSED = "missed"


FINAL = frozenset({State.DECLINED, State.CANCELLED, State.CAME, State.MISSED})
#: Which verbs are allowed in which states, and what comes of them.
MOVES: dict[str, tuple[frozenset[State], State]] = {
    "confirm": (frozenset({State.ASKED, State.PROPOSED}), State.CONFIRMED),
    "propose": (frozenset({State.ASKED, State.PROPOSED}), State.PROPOSED),
    "decline": (frozenset({State.ASKED, State.PROPOSED}), State.DECLINED),
    "accept": (frozenset({State.PROPOSED}), State.CONFIRMED),
    "reject": (frozenset({State.PROPOSED}), State.ASKED),
    "move": (frozenset({State.CONFIRMED}), State.CONFIRMED),
    "assign": (frozenset({State.CONFIRMED}), State.CONFIRMED),
    "cancel": (frozenset({State.ASKED, State.PROPOSED, State.CONFIRMED}), State.CANCELLED),
    "came": (frozenset({State.CONFIRMED}), State.CAME),
    "missed": (frozenset({State.CONFIRMED}), State.MISSED),
}


def allowed(state: State, verb: str) -> bool:
    """Whether a verb is possible in a state."""
    return state in MOVES[verb][0]


@dataclass(frozen=True)
class Offer:
    """One rule of a department's hours."""

    weekday: int | None
    only_on: date | None
    start: int
    end: int
    minutes: int
    capacity: int


@dataclass(frozen=True)
class Opening:
    """One slot that can be had, before anybody has taken it."""

    from_at: datetime
    to_at: datetime
    capacity: int


def holds(offer: Offer, day: date, calendar: WorkCalendar) -> bool:
    """Whether a rule holds on a day.

    A weekly one of Monday to Friday holds on working days alone, one of Saturday or Sunday on any but the days that
    were announced as off; one for a single day holds on that day whatever it is.
    """
    if offer.only_on is not None:
        return offer.only_on == day
    if offer.weekday != day.weekday():
        return False
    return calendar.is_workday(day) if day.weekday() < SATURDAY else calendar.days.get(day) is not False


def openings(offers: Iterable[Offer], first: date, last: date, calendar: WorkCalendar) -> Iterator[Opening]:
    """The slots of some days, by their beginning; of two that begin together the first rule's."""
    rules = list(offers)
    day = first
    while day <= last:
        found: dict[int, Opening] = {}
        midnight = datetime.combine(day, time(), SHANGHAI)
        for offer in rules:
            if not holds(offer, day, calendar):
                continue
            for minute in range(offer.start, offer.end - offer.minutes + 1, offer.minutes):
                begins = midnight + timedelta(minutes=minute)
                opening = Opening(begins, begins + timedelta(minutes=offer.minutes), offer.capacity)
                found.setdefault(minute, opening)
        yield from (found[minute] for minute in sorted(found))
        day += timedelta(days=1)


def outside_hours(from_at: datetime, calendar: WorkCalendar) -> bool:
    """Whether an instant lies outside the office's hours."""
    there = from_at.astimezone(SHANGHAI)
    inside = any(a <= there.time() < b for a, b in calendar.hours.periods)
    return not (inside and calendar.is_workday(there.date()))


def due_at(asked_at: datetime, wished_at: datetime | None, within: Limit, calendar: WorkCalendar) -> datetime:
    """When the department must have answered: within the limit, and before the wished time."""
    due = deadline(asked_at, within, calendar).at
    if due is None:
        raise ValueError("a limit without pauses always ends")
    return min(due, wished_at) if wished_at is not None and wished_at > asked_at else due
