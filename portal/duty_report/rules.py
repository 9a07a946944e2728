"""The circle of assessors, and what a result is (P-5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Whom the policy puts into a circle."""

    DEPARTMENT = "department"
    LEADING = "leading"
    UNIT = "unit"


class Belongs(StrEnum):
    """Why somebody belongs to a circle by policy, the highest first."""

    LEADER = "leader"
    HEAD = "head"
    COLLEAGUE = "colleague"


def circle(
    scope: Scope,
    person: int,
    colleagues: Iterable[int],
    heads: Iterable[int],
    leaders: Iterable[int],
    everybody: Iterable[int],
) -> dict[int, Belongs]:
    """Who assesses a person: never the person; everybody once, by the highest standing."""
    found: dict[int, Belongs] = {}
    others = {Scope.DEPARTMENT: colleagues, Scope.UNIT: everybody, Scope.LEADING: ()}[scope]
    for group, why in ((others, Belongs.COLLEAGUE), (heads, Belongs.HEAD), (leaders, Belongs.LEADER)):
        found.update(dict.fromkeys(group, why))
    found.pop(person, None)
    return found


@dataclass(frozen=True)
class Result:
    """What a closed round says of one person: grades counted, how many could have assessed, whether a report came."""

    counts: Mapping[str, int]
    circle: int
    submitted: bool

    @property
    def given(self) -> int:
        """How many have assessed."""
        return sum(self.counts.values())

    def share(self, grade: str) -> float:
        """Share of a grade among those given, in percent; 0 when nobody has assessed."""
        return 100 * self.counts.get(grade, 0) / self.given if self.given else 0.0
