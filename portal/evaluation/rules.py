"""What evaluation decides, without database or clock: months, figures, and what is withheld (S-1, S-3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import floor
from typing import Generic, TypeVar

from portal.pure.months import month_after

#: How many grades there are, and how many of them count as satisfied.
GRADES, GOOD = 5, 3


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def last_day(month: date, valid_days: int) -> date:
    """The last day on which a month's slips are good: so many days after the end of the month."""
    return month_after(month, 1) + timedelta(days=valid_days - 1)


def good_months(today: date, valid_days: int) -> list[date]:
    """The months whose slips are good today: this one, and the one before for some days."""
    month = month_of(today)
    before = month_after(month, -1)
    return [month, before] if today <= last_day(before, valid_days) else [month]


def reasons(text: str) -> list[str]:
    """The reasons of a grade as the policy lists them."""
    found = (part.strip() for part in re.split(r"[、；;，,]", text))
    return list(dict.fromkeys(part for part in found if part))


# --- figures (S-3) --------------------------------------------------------------------------------------------


def _share(part: int, whole: int) -> float | None:
    """Percent with one decimal, cut and not rounded; None of nothing."""
    return floor(1000 * part / whole) / 10 if whole else None


@dataclass(frozen=True)
class Cell:
    """The ballots of one group: anonymous and signed ones by grade, the best first."""

    anonymous: tuple[int, ...] = (0,) * GRADES
    signed: tuple[int, ...] = (0,) * GRADES

    def __add__(self, other: Cell) -> Cell:
        return Cell(
            tuple(a + b for a, b in zip(self.anonymous, other.anonymous, strict=True)),
            tuple(a + b for a, b in zip(self.signed, other.signed, strict=True)),
        )

    @property
    def grades(self) -> tuple[int, ...]:
        """All ballots by grade."""
        return tuple(a + b for a, b in zip(self.anonymous, self.signed, strict=True))

    @property
    def secret(self) -> int:
        """How many of them are anonymous."""
        return sum(self.anonymous)

    @property
    def ballots(self) -> int:
        """How many there are."""
        return sum(self.anonymous) + sum(self.signed)

    @property
    def satisfied(self) -> int:
        """How many of the first three grades."""
        return sum(self.grades[:GOOD])

    @property
    def percent(self) -> float | None:
        """The satisfaction; None without ballots."""
        return _share(self.satisfied, self.ballots)

    def withheld(self, least: int) -> bool:
        """Whether it is too small to be shown: signed ballots are known to some, and could be taken off the sum."""
        return 0 < self.ballots < least or 0 < self.secret < least


def four(grades: Iterable[int], places: Iterable[str]) -> dict[str, int]:
    """Ballots by the four grades of other tables; ``places`` says for each of the five where it belongs."""
    found = dict.fromkeys(("1", "2", "3", "4"), 0)
    for count, place in zip(grades, places, strict=True):
        found[place] += count
    return found


class Level(StrEnum):
    """How a coverage stands (S-3)."""

    LOW = "low"
    MIDDLE = "middle"
    ENOUGH = "enough"


def coverage(ballots: int, closed: int) -> float | None:
    """Percent of the closed cases that were evaluated, 100 at most; None when none was closed."""
    found = _share(ballots, closed)
    return None if found is None else min(100.0, found)


def level(ballots: int, closed: int, low: int, middle: int) -> Level | None:
    """How a coverage stands; None when no case was closed."""
    if not closed:
        return None
    if 100 * ballots < low * closed:
        return Level.LOW
    return Level.MIDDLE if 100 * ballots < middle * closed else Level.ENOUGH


# --- what is withheld -----------------------------------------------------------------------------------------

K = TypeVar("K")


@dataclass(frozen=True)
class Released(Generic[K]):
    """The groups that may be shown, and the total from which none of the others can be told."""

    shown: Mapping[K, Cell]
    withheld: frozenset[K]
    total: Cell
    #: Whether the total holds the withheld ones too: several, together large enough.
    whole: bool
    #: How many ballots each group has, also the withheld ones: for levels, never shown.
    known: Mapping[K, int]


def release(cells: Mapping[K, Cell], least: int) -> Released[K]:
    """What of the groups of one table may be shown.

    A withheld group never stands in a total next to which the others are shown, unless at least two are withheld and
    hold ``least`` anonymous ballots together: then taking the others off the total tells of none of them alone.
    """
    kept = frozenset(key for key, cell in cells.items() if cell.withheld(least))
    shown = {key: cell for key, cell in cells.items() if key not in kept}
    rest = sum((cells[key] for key in kept), Cell())
    whole = not kept or (len(kept) > 1 and not rest.withheld(least))
    total = sum(shown.values(), rest if whole else Cell())
    return Released(shown, kept, total, whole, {key: cell.ballots for key, cell in cells.items()})
