"""Who is proposed for a list of a quarter or a year: means of published months, ranked, the ineligible out (E-4, E-5).

Pure. A subject that the rules bar keeps its average and says why it has no place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.monthly_result.models import RollKind
from portal.pure.scoring import rank

#: An average is written to two places, half up.
PLACES = Decimal("0.01")
QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Period:
    """A quarter (1 to 4) or a year (quarter 0)."""

    year: int
    quarter: int

    @property
    def first(self) -> date:
        """Its first month."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        """Its last month."""
        return date(self.year, 3 * self.quarter if self.quarter else 12, 1)

    @property
    def text(self) -> str:
        """As in addresses: 2026-Q4, 2026."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)


def read_period(kind: RollKind, typed: str) -> Period | None:
    """The period of an address; None for what is none or does not fit the list."""
    year, _dash, rest = typed.partition("-Q")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 2000 <= int(year) <= 2098):
        return None
    if kind is RollKind.QUARTER_PERSONS:
        return Period(int(year), int(rest)) if rest in {str(q) for q in QUARTERS} else None
    return Period(int(year), 0) if typed == year else None


@dataclass(frozen=True)
class Candidate:
    """A subject with its average over so many published months, and what bars it."""

    subject_id: int
    name: str
    department: str
    average: Decimal
    months: int
    barred: str = ""


def mean(totals: Sequence[Decimal]) -> Decimal:
    """The mean of some months, to two places, half up."""
    return (sum(totals, Decimal(0)) / len(totals)).quantize(PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class Proposal:
    """A candidate with its place and whether it is proposed."""

    candidate: Candidate
    sort: int
    place: int | None
    proposed: bool


def propose(candidates: Sequence[Candidate], most: int) -> list[Proposal]:
    """The first ``most`` by average. Those who share the last place are proposed only if all of them fit in.

    Who is left out by a tie is for the office to decide with a reason, not for chance.
    """
    by_id = {each.subject_id: each for each in candidates}
    order = rank({each.subject_id: each.average for each in candidates if not each.barred})
    shared: Mapping[int, int] = {place: sum(1 for p, _key in order if p == place) for place, _key in order}
    made = [
        Proposal(by_id[key], 0, place, place + shared[place] - 1 <= most)
        for place, _name, key in sorted((place, by_id[key].name, key) for place, key in order)
    ]
    made += [Proposal(each, 0, None, False) for each in sorted(candidates, key=lambda c: c.name) if each.barred]
    return [Proposal(each.candidate, n, each.place, each.proposed) for n, each in enumerate(made, 1)]
