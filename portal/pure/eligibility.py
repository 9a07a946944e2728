"""Who may be chosen: length of service, leave, confirmed complaints, decisions that bar an award (E-5, A-4). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from portal.pure.months import month_after


class Hindrance(StrEnum):
    """What stands against somebody."""

    NO_SERVICE = "no_service"
    SHORT_SERVICE = "short_service"
    PRIVATE_LEAVE = "private_leave"
    SICK_LEAVE = "sick_leave"
    COMPLAINTS = "complaints"
    AWARD_LOST = "award_lost"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True)
class Reason:
    """One reason why somebody is not eligible: how much there is, what is the limit, what it rests on.

    ``amount`` and ``limit`` are whole months of service, days of leave, or a number of complaints or decisions;
    ``sources`` are the numbers of complaints and decisions.
    """

    hindrance: Hindrance
    amount: Decimal
    limit: Decimal
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """The figures of the policy for one period; no months at all: service is not asked for."""

    months: int
    private_days: int
    sick_days: int
    complaints: int


@dataclass(frozen=True)
class Facts:
    """What is known of somebody at the end of a period; leave in working half days since the year began."""

    since: date | None
    private_halves: int = 0
    sick_halves: int = 0
    complaints: tuple[str, ...] = ()
    barred_by: tuple[str, ...] = ()
    disqualified_by: tuple[str, ...] = ()


def served_since(periods: Sequence[tuple[date, date | None]], on: date) -> date | None:
    """Since when somebody has held a post without a break, seen from a day; None for who holds none then.

    Both dates of a period belong to it (None: still held); one that begins on the day after another goes on with it.
    """
    since, until = None, date.min
    for begin, end in sorted((b, e or date.max) for b, e in periods if b <= on):
        if since is None or begin > until + timedelta(days=1):
            since = begin
        until = max(until, min(end, on))
    return since if until == on else None


def whole_months(since: date, on: date) -> int:
    """Whole months of service at the end of a day; both the first and the last day are served."""
    end = on + timedelta(days=1)
    months = (end.year - since.year) * 12 + end.month - since.month
    last = month_after(end, 1) - timedelta(days=1)
    return max(0, months - (end.day < min(since.day, last.day)))


def reasons(facts: Facts, limits: Limits, on: date) -> list[Reason]:
    """Why somebody is not eligible at the end of a period (its last day); empty for who is (E-5, A-4)."""
    found = []
    if limits.months == 0:
        pass
    elif facts.since is None:
        found.append(Reason(Hindrance.NO_SERVICE, Decimal(0), Decimal(limits.months)))
    elif (served := whole_months(facts.since, on)) < limits.months:
        found.append(Reason(Hindrance.SHORT_SERVICE, Decimal(served), Decimal(limits.months)))
    for hindrance, halves, days in (
        (Hindrance.PRIVATE_LEAVE, facts.private_halves, limits.private_days),
        (Hindrance.SICK_LEAVE, facts.sick_halves, limits.sick_days),
    ):
        if halves > 2 * days:
            found.append(Reason(hindrance, Decimal(halves) / 2, Decimal(days)))
    if len(facts.complaints) >= limits.complaints:
        amount = Decimal(len(facts.complaints))
        found.append(Reason(Hindrance.COMPLAINTS, amount, Decimal(limits.complaints), facts.complaints))
    for hindrance, sources in (
        (Hindrance.AWARD_LOST, facts.barred_by),
        (Hindrance.DISQUALIFIED, facts.disqualified_by),
    ):
        if sources:
            found.append(Reason(hindrance, Decimal(len(sources)), Decimal(1), sources))
    return found
