"""The rooms that state their own departures: complaints, opinions, callbacks, inspections (A-5, D-6, S-4, O-2)."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from portal.clue.models import ClueKind as K
from portal.clue.sources.base import RoomSource

_STATED: dict[str, tuple[K, ...]] = {
    "complaint": (K.CONFIRMED_COMPLAINT, K.LATE_COMPLAINT_ANSWER, K.UNFILED_DENIAL),
    "client_opinion": (K.BAD_REVIEW, K.LATE_CONTACT, K.LATE_ANSWER, K.LATE_RECTIFICATION),
    "callback": (K.UNFILED_DENIAL,),
    "supervision": (K.LATE_RECTIFICATION, K.UNFILED_DENIAL),
}


def _made(room: str, kinds: tuple[K, ...]) -> RoomSource | None:
    name = f"portal.{room}.breaches"
    if not find_spec(f"portal.{room}") or not find_spec(name):
        return None
    found: Any = import_module(name)
    return RoomSource(room, kinds, found.breaches, found.undone)


SOURCES = tuple(made for room, kinds in _STATED.items() if (made := _made(room, kinds)) is not None)
