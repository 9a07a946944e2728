"""What a change of the calendar would do to open matters, told before it is made (T-3).

The calendar knows no matter. Rooms above register here how their open matters would stand under the calendar that is
supposed at the moment (`queries.supposing`); they compute and never write. What they do when the change has been made
they register with `service.on_change`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.kernel import epochs, journal


@dataclass(frozen=True)
class Moved:
    """One more date of a matter: what it is (a word of the room), before and after."""

    what: Any
    old: datetime | None
    new: datetime | None


@dataclass(frozen=True)
class Change:
    """An open matter whose dates a changed calendar would move. ``old`` and ``new`` are its due instants."""

    number: str
    title: str
    department_id: int | None
    old: datetime | None
    new: datetime | None
    was_provisional: bool = False
    provisional: bool = False
    others: tuple[Moved, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the provisional mark goes."""
        return self.was_provisional and not self.provisional

    @property
    def shift(self) -> int:
        """1 when it would be due later, -1 when earlier, 0 when at the same instant or without a due date."""
        if self.old is None or self.new is None or self.old == self.new:
            return 0
        return 1 if self.new > self.old else -1


#: Gives the changes under the supposed calendar; ``lock`` keeps the rows for the act that follows.
Source = Callable[[bool], Iterable[Change]]


@dataclass(frozen=True)
class Kind:
    """A kind of open matter: its word, the endpoint of its page (by ``number``), and where its changes come from."""

    name: str
    label: Any
    endpoint: str
    source: Source


@dataclass(frozen=True)
class Row:
    """A change with its kind, as lists show it."""

    kind: Kind
    change: Change

    @property
    def url(self) -> str:
        """The page of the matter."""
        return url_for(self.kind.endpoint, number=self.change.number)


_kinds: dict[str, Kind] = {}
_departments: list[Callable[[], Mapping[int, str]]] = []


def register(name: str, label: Any, endpoint: str, source: Source) -> None:
    """A room tells how its open matters stand under another calendar; again for the same name replaces it."""
    _kinds[name] = Kind(name, label, endpoint, source)


def kinds() -> list[Kind]:
    """The registered kinds in the order of their registration."""
    return list(_kinds.values())


def departments_source(source: Callable[[], Mapping[int, str]]) -> None:
    """Register what gives the names of departments by id (one source)."""
    _departments[:] = [source]


def departments() -> Mapping[int, str]:
    """The names of departments by id."""
    return _departments[0]() if _departments else {}


def rows(lock: bool = False) -> list[Row]:
    """What would change under the supposed calendar, the earliest due first."""
    found = [Row(kind, change) for kind in _kinds.values() for change in kind.source(lock)]
    found.sort(key=lambda r: (r.change.old is None, r.change.old and r.change.old.timestamp(), r.change.number))
    return found


def fingerprint(found: Iterable[Row]) -> str:
    """Names what a person saw: the calendar that stood, and every change with its old and new dates."""
    whole = hashlib.sha256(epochs.present().get("calendar", "").encode())
    for row in found:
        each = row.change
        facts = {
            "kind": row.kind.name,
            "number": each.number,
            "dates": [each.old, each.new, *((moved.old, moved.new) for moved in each.others)],
            "provisional": [each.was_provisional, each.provisional],
        }
        whole.update(journal.canonical(facts).encode())
    return whole.hexdigest()
