"""Time limits in the five units of T-2, and the comparison that C-2 asks for."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from portal.pure.text import clean, nfkc

MAX_AMOUNT = 999

# Office minutes of one working day with the usual hours 09:00–12:00 and 13:30–17:30.
USUAL_MINUTES_PER_DAY = 420

_MAX_TEXT = 32
_PATTERN = re.compile(r"([0-9]+)[ \t]*([a-z]+)")


class Unit(StrEnum):
    """The units of a limit (T-2). The value is the suffix used in texts such as ``5wd``."""

    ON_SPOT = "0d"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"
    DAYS = "d"
    MONTHS = "m"


class LimitError(ValueError):
    """A text or a pair of values that is no limit.

    ``code`` is one of ``empty``, ``format``, ``unit``, ``amount_out_of_range``.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Limit:
    """An amount of one unit: 1 to 999, and 0 for on the spot alone (T-2). Raises `LimitError` for anything else."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        try:
            # A plain "wd" from a form or a table becomes the member, so that equal limits are equal.
            object.__setattr__(self, "unit", Unit(self.unit))
        except ValueError:
            raise LimitError("unit", repr(self.unit)) from None
        if isinstance(self.amount, bool) or not isinstance(self.amount, int):
            raise LimitError("format", repr(self.amount))
        lowest, highest = (0, 0) if self.unit is Unit.ON_SPOT else (1, MAX_AMOUNT)
        if not lowest <= self.amount <= highest:
            raise LimitError("amount_out_of_range", str(self.amount)[:_MAX_TEXT])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``0d``, ``4wh``, ``5wd``, ``15d`` or ``3m``.

        Full-width characters, upper case and surrounding blanks are accepted. Raises `LimitError`.
        """
        if len(text) > 4 * _MAX_TEXT:
            raise LimitError("format")
        plain = nfkc(clean(text)).strip().lower()
        if not plain:
            raise LimitError("empty")
        match = _PATTERN.fullmatch(plain)
        if match is None or len(plain) > _MAX_TEXT:
            raise LimitError("format")
        amount, suffix = int(match[1]), match[2]
        if suffix == "d" and amount == 0:
            return cls(0, Unit.ON_SPOT)
        if suffix not in _SUFFIXES:
            raise LimitError("unit", suffix)
        return cls(amount, Unit(suffix))

    def __str__(self) -> str:
        return self.unit.value if self.unit is Unit.ON_SPOT else f"{self.amount}{self.unit.value}"


_SUFFIXES = frozenset(unit.value for unit in Unit if unit is not Unit.ON_SPOT)

ON_THE_SPOT = Limit(0, Unit.ON_SPOT)

# C-2 lets the promise equal the statutory limit only where that unit cannot be shortened any further.
_SMALLEST = frozenset(
    {ON_THE_SPOT, Limit(1, Unit.WORKING_HOURS), Limit(1, Unit.WORKING_DAYS), Limit(1, Unit.DAYS)},
)


def shorter(promised: Limit, statutory: Limit, minutes_per_day: int = USUAL_MINUTES_PER_DAY) -> bool:
    """Whether a promised limit may stand beside a statutory one (C-2).

    True when the promise is shorter, or when both are the same smallest limit (``0d``, ``1wh``, ``1wd``, ``1d``).
    Within one unit the amounts decide. Mixed units are compared by what each is guaranteed to be on whatever day a
    matter is accepted, and refused where that leaves a doubt:

    - on the spot is shorter than any other limit, and no other limit is shorter than on the spot;
    - ``n`` working hours end before ``m`` working days when they fill fewer than ``m`` days of `minutes_per_day`
      office minutes; ``n`` working days can last ``n + 1`` days of office time, because the day of acceptance does
      not count, and must fit into the working hours so;
    - ``n`` calendar days never last longer than ``n`` working days, a month never longer than 31 days;
    - ``n`` working days take at most `most_calendar_days`, ``m`` months at least ``30 m - 2`` days. Working days are
      thus never shorter than as many calendar days;
    - less than a day of working hours ends before any limit in calendar days or months.
    """
    if promised.unit is statutory.unit:
        return promised.amount < statutory.amount or (promised == statutory and promised in _SMALLEST)
    if promised.unit is Unit.ON_SPOT:
        return True
    if statutory.unit is Unit.ON_SPOT:
        return False
    if statutory.unit is Unit.WORKING_HOURS:
        return (_most_working_days(promised) + 1) * minutes_per_day < statutory.amount * 60
    if promised.unit is Unit.WORKING_HOURS:
        minutes = promised.amount * 60
        if statutory.unit is Unit.WORKING_DAYS:
            return minutes < statutory.amount * minutes_per_day
        whole_days = -(-minutes // minutes_per_day)
        return minutes < minutes_per_day or most_calendar_days(whole_days) < _fewest_days(statutory)
    if statutory.unit is Unit.WORKING_DAYS:
        return _most_working_days(promised) < statutory.amount
    if promised.unit is Unit.WORKING_DAYS:
        return most_calendar_days(promised.amount) < _fewest_days(statutory)
    return _most_working_days(promised) < _fewest_days(statutory)


def most_calendar_days(working_days: int) -> int:
    """The most calendar days that a number of working days can take, counted from the day before the first.

    Weekends, ten days for the longest run of days off with what it borrows, and two more days for every twenty
    working days. No official calendar since 2008 exceeds it, the extended Spring Festival of 2020 included.
    """
    return working_days + 10 + 2 * ((working_days - 1) // 5) + 2 * (working_days // 20)


def _most_working_days(limit: Limit) -> int:
    """An upper bound in working days; the same number bounds the calendar days of a limit in days or months."""
    return limit.amount * 31 if limit.unit is Unit.MONTHS else limit.amount


def _fewest_days(limit: Limit) -> int:
    return limit.amount * 30 - 2 if limit.unit is Unit.MONTHS else limit.amount
