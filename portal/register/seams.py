"""What rooms above tell the registers: facts for a meeting's agenda (O-4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.kernel.actor import Actor


@dataclass(frozen=True)
class AgendaItem:
    """One matter for a meeting: its heading and what last month's facts say of it."""

    heading: str
    lines: tuple[str, ...] = ()


Source = Callable[[Actor, date, datetime], list[AgendaItem]]
_sources: dict[int, Source] = {}


def agenda(order: int, source: Source) -> None:
    """A room gives agenda items from the facts of a month: ``source(actor, month, now)``; a lower order comes first."""
    _sources[order] = source


def agenda_of(actor: Actor, month: date, now: datetime) -> list[AgendaItem]:
    """The items of all rooms for a month."""
    return [item for _order, source in sorted(_sources.items()) for item in source(actor, month, now)]
