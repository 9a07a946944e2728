"""What rooms on higher floors put on a case's page: actions, panels, and documents of the archive file (J-4).

The case room knows none of them; they register here when the house is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.cases.models import Case
from portal.kernel.actor import Actor


@dataclass(frozen=True)
class Action:
    """Something that the handler can do on another room's page."""

    title: str
    url: str
    icon: str
    order: int
    kind: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of the case page: a fragment of the other room with what it needs."""

    template: str
    order: int
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """A document of the archive file: absent ones that should be there make the file incomplete."""

    title: str
    number: str
    at: datetime | None
    url: str
    present: bool = True


Source = Callable[[Case, Actor], list[Any]]
_actions: dict[str, Source] = {}
_panels: dict[str, Source] = {}
_papers: dict[str, Source] = {}


def register(
    room: str, *, actions: Source | None = None, panels: Source | None = None, papers: Source | None = None
) -> None:
    """A room tells what it adds to every case's page."""
    for source, registry in ((actions, _actions), (panels, _panels), (papers, _papers)):
        if source is not None:
            registry[room] = source


def actions(case: Case, actor: Actor) -> list[Action]:
    """The actions of all rooms for a case."""
    return sorted((a for source in _actions.values() for a in source(case, actor)), key=lambda a: a.order)


def panels(case: Case, actor: Actor) -> list[Panel]:
    """The panels of all rooms for a case."""
    return sorted((p for source in _panels.values() for p in source(case, actor)), key=lambda p: p.order)


def papers(case: Case, actor: Actor) -> list[Paper]:
    """The documents of all rooms for a case, oldest first."""
    found = [p for source in _papers.values() for p in source(case, actor)]
    return sorted(found, key=lambda p: (p.at is None, p.at and p.at.timestamp()))
