"""What holds for notices and the yearly list (O-1). Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """In whose name something is published."""

    DEPARTMENT = "department"
    UNIT = "unit"


class Level(StrEnum):
    """Who takes a step of the approval."""

    HEAD = "head"
    LEADER = "leader"


class Chain(StrEnum):
    """Which steps the office has set (POL-1)."""

    #: The head for the department's; head, then leader for the unit's.
    REVIEWED = "reviewed"
    #: One step: the head for the department's, the leader for the unit's.
    SINGLE = "single"
    #: Head, then leader for everything.
    ALL = "all"


class Standing(StrEnum):
    """What the public is shown of an approved notice on a day."""

    AHEAD = "ahead"
    SHOWN = "shown"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Period(StrEnum):
    """How often an entry of the yearly list falls due."""

    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"


_MONTHS = {Period.YEARLY: 12, Period.HALF_YEARLY: 6, Period.QUARTERLY: 3, Period.MONTHLY: 1}


def chain(scope: Scope, set_to: Chain) -> tuple[Level, ...]:
    """The steps that a version takes before it is published."""
    if set_to is Chain.ALL:
        return Level.HEAD, Level.LEADER
    if scope is Scope.DEPARTMENT:
        return (Level.HEAD,)
    return (Level.HEAD, Level.LEADER) if set_to is Chain.REVIEWED else (Level.LEADER,)


def standing(day: date, publish_on: date, until_on: date | None, withdrawn: bool) -> Standing:
    """What the public is shown on a day; the last day of the publication still counts."""
    if withdrawn:
        return Standing.WITHDRAWN
    if day < publish_on:
        return Standing.AHEAD
    return Standing.ENDED if until_on is not None and day > until_on else Standing.SHOWN


def due_dates(first: date, period: Period) -> tuple[date, ...]:
    """The days of the year of ``first`` on which an entry falls due: the same day number, or the last of the month."""
    found = []
    for month in range(first.month, 13, _MONTHS[period]):
        found.append(date(first.year, month, min(first.day, monthrange(first.year, month)[1])))
    return tuple(found)


def same_day(day: date, year: int) -> date:
    """The same day in another year; the last of February for the 29th."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))
