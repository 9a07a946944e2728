"""The regulation text of the nine efficiency systems, clause by clause (POL-3).

Every form names the clause it rests on by its ID, ``clause("first_ask.3")``. IDs are written into the journal, so a
clause keeps its number for good: new ones are added at the end of their system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from portal.policy.words import Words, load

# The order of the wall strip; each slug is also the name of the system's room and of its file under texts/.
SLUGS = (
    "post_duty",
    "service_commitment",
    "timed_completion",
    "first_ask",
    "one_time_notice",
    "denial_filing",
    "ab_post",
    "accountability",
    "appraisal",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a system. ``rules`` are the rule IDs it rests on, ``values`` the policy keys of its figures."""

    system: str
    number: int
    marks: Words
    titles: Words
    texts: Words
    rules: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name used in code and in the journal, such as ``first_ask.3``."""
        return f"{self.system}.{self.number}"

    def mark(self, locale: str) -> str:
        """The number as people cite it, such as ``首问·3``."""
        return f"{self.marks.read(locale)}·{self.number}"

    def title(self, locale: str) -> str:
        """The heading of the clause, in ``zh`` or ``en``."""
        return self.titles.read(locale)

    def text(self, locale: str) -> str:
        """The wording of the clause, in ``zh`` or ``en``. The Chinese is the one that is valid."""
        return self.texts.read(locale)


@dataclass(frozen=True, slots=True)
class System:
    """One of the nine systems with its clauses in order."""

    slug: str
    titles: Words
    shorts: Words
    purposes: Words
    clauses: tuple[Clause, ...]

    def title(self, locale: str) -> str:
        """The full name, such as ``首问负责制``."""
        return self.titles.read(locale)

    def short(self, locale: str) -> str:
        """The name on the wall strip, such as ``首问负责``."""
        return self.shorts.read(locale)

    def purpose(self, locale: str) -> str:
        """What the system is for, in a sentence or two."""
        return self.purposes.read(locale)


@cache
def systems() -> tuple[System, ...]:
    """The nine systems in the order of the wall strip."""
    return tuple(_system(slug, load(slug)) for slug in SLUGS)


def system(slug: str) -> System:
    """The system of that slug. Raises KeyError."""
    return _systems_by_slug()[slug]


def clause(clause_id: str) -> Clause:
    """The clause with that ID, ``first_ask.3``. Raises KeyError."""
    return _clauses_by_id()[clause_id]


@cache
def _systems_by_slug() -> Mapping[str, System]:
    return MappingProxyType({found.slug: found for found in systems()})


@cache
def _clauses_by_id() -> Mapping[str, Clause]:
    return MappingProxyType({found.id: found for each in systems() for found in each.clauses})


def _system(slug: str, table: Mapping[str, Any]) -> System:
    # The mark is short for citing; in English the short name serves.
    marks = Words(table["mark_zh"], table["short_en"])
    return System(
        slug=slug,
        titles=Words.of(table, "title"),
        shorts=Words.of(table, "short"),
        purposes=Words.of(table, "purpose"),
        clauses=tuple(_clause(slug, marks, row) for row in table["clauses"]),
    )


def _clause(slug: str, marks: Words, row: Mapping[str, Any]) -> Clause:
    return Clause(
        system=slug,
        number=row["number"],
        marks=marks,
        titles=Words.of(row, "title"),
        texts=Words.of(row, "text"),
        rules=tuple(row["rules"]),
        values=tuple(row.get("values", ())),
    )
