"""Where clues come from: every kind of A-1 with the entries that show it."""

from __future__ import annotations

from portal.clue.sources import cases, matters, people, rooms
from portal.clue.sources.base import AnySource

#: In the order in which they are read.
ALL: tuple[AnySource, ...] = (*cases.SOURCES, *matters.SOURCES, *people.SOURCES, *rooms.SOURCES)
