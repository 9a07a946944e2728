"""What last month would have been by a draft: totals and places beside those of the table in force (E-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.people import queries as people
from portal.pure.scoring import Result, Subject, Table, rank
from portal.score_table import queries, seams
from portal.score_table.models import Version


@dataclass(frozen=True)
class Change:
    """What one rule adds or takes by either table; None where it has no line."""

    text: str
    old: Decimal | None
    new: Decimal | None


@dataclass(frozen=True)
class Outcome:
    """One department or person by both tables; None where only one of them scores."""

    name: str
    old: Decimal | None
    new: Decimal
    old_place: int | None
    new_place: int
    changes: tuple[Change, ...]
    barred: bool

    @property
    def difference(self) -> Decimal | None:
        """By how much the total moves."""
        return None if self.old is None else self.new - self.old


@dataclass(frozen=True)
class Simulation:
    """A month by a draft, beside the version that held."""

    month: date
    held: Version | None
    outcomes: tuple[Outcome, ...]


def simulate(version: Version, month: date) -> Simulation | None:
    """A month by this version; None while nobody can tell. Nothing is written."""
    wanted = version.table
    new = seams.simulate(wanted, month)
    if new is None:
        return None
    held = queries.in_force(str(version.subject), month)
    old = seams.simulate(held.table, month) if held is not None else None
    old = old or {}
    names = people.department_names() if version.subject is Subject.DEPARTMENT else people.user_names()
    places = {key: place for place, key in rank({k: r.total for k, r in new.items()})}
    before = {key: place for place, key in rank({k: r.total for k, r in old.items()})}
    found = [
        Outcome(
            names.get(key, ""),
            old[key].total if key in old else None,
            result.total,
            before.get(key),
            places[key],
            _changes(held.table if held else None, wanted, old.get(key), result),
            bool(result.disqualified_by),
        )
        for key, result in new.items()
    ]
    return Simulation(month, held, tuple(sorted(found, key=lambda each: (each.new_place, each.name))))


def _sums(result: Result | None) -> Mapping[str, Decimal]:
    return {each.rule: each.points for c in result.categories for each in c.rules} if result else {}


def _changes(old: Table | None, new: Table, before: Result | None, after: Result) -> tuple[Change, ...]:
    first, second = _sums(before), _sums(after)
    texts = {code: rule.text for code, (_c, rule) in (old.places if old else {}).items()}
    texts |= {code: rule.text for code, (_c, rule) in new.places.items()}
    return tuple(
        Change(text, first.get(code), second.get(code))
        for code, text in texts.items()
        if first.get(code, Decimal(0)) != second.get(code, Decimal(0))
    )
