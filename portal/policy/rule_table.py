"""The table of rules that the portal keeps: every ID that tests, messages and clauses cite, with its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from portal.policy.source import Source
from portal.policy.words import Words, load

# Reading order; a chapter never spans two files.
_FILES = ("rules_basis", "rules_cases", "rules_answering", "rules_public")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``id`` is cited as it stands (``D-3``), ``chapter`` is the part before the dash."""

    id: str
    chapter: str
    titles: Words
    texts: Words
    sources: tuple[Source, ...]

    def title(self, locale: str) -> str:
        """A few words that name the rule, in ``zh`` or ``en``."""
        return self.titles.read(locale)

    def text(self, locale: str) -> str:
        """All that the rule requires, in ``zh`` or ``en``."""
        return self.texts.read(locale)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The rules that share a letter, in order."""

    id: str
    titles: Words
    rules: tuple[Rule, ...]

    def title(self, locale: str) -> str:
        """The name of the chapter, in ``zh`` or ``en``."""
        return self.titles.read(locale)


@cache
def chapters() -> tuple[Chapter, ...]:
    """All chapters in reading order."""
    return tuple(_chapter(table) for name in _FILES for table in load(name)["chapters"])


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in reading order."""
    return tuple(rule for chapter in chapters() for rule in chapter.rules)


def rule(rule_id: str) -> Rule:
    """The rule with that ID. Raises KeyError."""
    return _by_id()[rule_id]


@cache
def _by_id() -> Mapping[str, Rule]:
    return MappingProxyType({found.id: found for found in rules()})


def _chapter(table: Mapping[str, Any]) -> Chapter:
    return Chapter(table["id"], Words.of(table, "title"), tuple(_rule(table["id"], row) for row in table["rules"]))


def _rule(chapter: str, row: Mapping[str, Any]) -> Rule:
    return Rule(
        id=row["id"],
        chapter=chapter,
        titles=Words.of(row, "title"),
        texts=Words.of(row, "text"),
        sources=tuple(Source(name) for name in row["sources"]),
    )
