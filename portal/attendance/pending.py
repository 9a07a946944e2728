"""Exports between upload and confirmation, each with its own name and the columns chosen so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.kernel.waiting import Shelf

_shelf = Shelf("attendance")
drop, sweep = _shelf.drop, _shelf.sweep


@dataclass(frozen=True)
class Waiting:
    """A file that waits: its own name, its content, and the columns chosen so far."""

    name: str
    content: bytes
    columns: list[str] | None


def keep(user_id: int, name: str, content: bytes, now: datetime) -> str:
    """Keep a file for its person; returns the token that names it in addresses."""
    token = _shelf.keep(user_id, content, now)
    _shelf.tell(user_id, token, now, {"name": name, "columns": None})
    return token


def read(user_id: int, token: str, now: datetime) -> Waiting:
    """A person's own file. Raises NotFound when there is none, or no longer."""
    said = _shelf.told(user_id, token, now)
    return Waiting(said["name"], _shelf.read(user_id, token, now), said["columns"])


def choose(user_id: int, token: str, columns: list[str], now: datetime) -> None:
    """Keep what the columns of a waiting file mean."""
    _shelf.tell(user_id, token, now, {**_shelf.told(user_id, token, now), "columns": columns})
