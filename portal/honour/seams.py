"""What other rooms register here: where praise stands already, and what the table in force gives (O-9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.honour.models import Channel
from portal.kernel.actor import Actor


@dataclass(frozen=True)
class Found:
    """What a place in the portal says: for the form, to be put into one's own words."""

    text: str
    department_id: int
    on: date


@dataclass(frozen=True)
class Place:
    """A place where praise stands: what it is called, how it came, how it is read by its number (None: not there, or
    not for this reader), and its address."""

    label: Any
    channel: Channel
    find: Callable[[Actor, str], Found | None]
    address: Callable[[str], str]


#: What the table in force gives for one entry of a fact: subject ("department", "person"), fact, month.
Points = Callable[[str, str, date], Decimal | None]
_places: dict[str, Place] = {}
_points: list[Points] = []


def place(name: str, found: Place) -> None:
    """Register a place where praise stands."""
    _places[name] = found


def place_of(key: str) -> tuple[Place | None, str]:
    """The place and the number of a source such as ``card_message:LY-2026-0003``."""
    name, _colon, number = key.partition(":")
    return _places.get(name), number


def points(source: Points) -> Points:
    """Register what tells the points of the table in force (one source)."""
    _points[:] = [source]
    return source


def points_of(subject: str, fact: str, month: date) -> Decimal | None:
    """The points that the table in force gives for one such entry; None where no table says anything."""
    return _points[0](subject, fact, month) if _points else None
