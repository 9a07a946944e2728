"""The facts of a month that the portal counts by itself, each with the page that shows it (E-3).

A matter counts for the month in which it happened, not for the one in which it came to light: what is found after its
month was published is told by a correction of that month, never by a later month's score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from portal.score_evidence.facts import cases, clues, matters, people
from portal.score_evidence.facts.base import Found, Term

Reader = Callable[[Term, str], Iterable[Found]]

#: What reads each fact of `score_table.vocabulary.FACTS`, by name; given the month and who is scored.
READERS: Mapping[str, Reader] = MappingProxyType({**cases.READERS, **people.READERS, **matters.READERS})


def read(source: str, term: Term, subject: str) -> Iterable[Found]:
    """What one source of a rule (``clue:<kind>``, ``fact:<name>``) says of a month; nothing for ``hand``."""
    sort, _colon, name = source.partition(":")
    if sort == "clue":
        return clues.of_kind(name, term, subject)
    return READERS[name](term, subject) if sort == "fact" and name in READERS else ()


__all__ = ["READERS", "Found", "Term", "read"]
