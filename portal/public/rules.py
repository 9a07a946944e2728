"""What the public pages decide, without database or clock (O-6, C-1, C-4)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.pure.limits import Limit, LimitError, Unit
from portal.pure.text import nfkc

#: How many digits of a phone a visitor gives.
DIGITS = 4
#: Calendar days of one working day and of one month, for pictures alone.
_PER_WORKDAY, _PER_MONTH = 7 / 5, 365 / 12


# --- guessing (O-6) --------------------------------------------------------------------------------------------


def last_digits(phone: str) -> str:
    """The last four digits of a phone as it was written down; empty when it has fewer."""
    digits = "".join(c for c in nfkc(phone) if c in "0123456789")
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""


# --- the picture of a promise (C-1) ----------------------------------------------------------------------------


def days_of(limit: str, minutes_per_day: int) -> float | None:
    """A limit in calendar days, to be compared as lengths; None for none or an unreadable one."""
    if not limit:
        return None
    try:
        found = Limit.parse(limit)
    except LimitError:
        return None
    match found.unit:
        case Unit.ON_SPOT:
            return 0.0
        case Unit.WORKING_HOURS:
            return found.amount * 60 / minutes_per_day * _PER_WORKDAY
        case Unit.WORKING_DAYS:
            return found.amount * _PER_WORKDAY
        case Unit.DAYS:
            return float(found.amount)
        case _:
            return found.amount * _PER_MONTH


def shares(*lengths: float | None) -> list[float | None]:
    """Lengths as percent of the longest, one decimal; what is there is seen, however short."""
    longest = max((x for x in lengths if x is not None), default=0.0)
    return [None if x is None else 2.0 if not longest else round(max(2.0, 100 * x / longest), 1) for x in lengths]


# --- figures (C-4, W-0) ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """How a promise was kept in a time: on-time rate = closed on time ÷ (closed + open overdue) (W-0)."""

    closed: int = 0
    on_time: int = 0
    open_overdue: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.closed + other.closed, self.on_time + other.on_time, self.open_overdue + other.open_overdue)

    def __sub__(self, other: Kept) -> Kept:
        return Kept(self.closed - other.closed, self.on_time - other.on_time, self.open_overdue - other.open_overdue)

    @property
    def late(self) -> int:
        """Closed, but not on time."""
        return self.closed - self.on_time

    @property
    def counted(self) -> int:
        """What the rate is counted over."""
        return self.closed + self.open_overdue

    @property
    def rate(self) -> float | None:
        """Percent; None when nothing was closed or is overdue."""
        return 100 * self.on_time / self.counted if self.counted else None

    def shown(self, least: int) -> bool:
        """Whether strangers see the figures: never those of fewer cases than ``least`` (S-2, C-4)."""
        return self.counted >= least


def percent(rate: float | None) -> str:
    """A rate with one decimal, never rounded up to 100; empty for none."""
    if rate is None:
        return ""
    return "100" if rate >= 100 else f"{min(rate, 99.9):.1f}"
