"""What the room of proceedings registers here: that its clue's fact was taken back, and where a proceeding is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.clue.models import Clue
from portal.kernel.actor import Actor

#: A clue in a proceeding whose fact was taken back (or holds again, then its state says so), and when.
Told = Callable[[Clue, datetime], None]
#: The address of a proceeding for this reader; None for who may not open it.
Address = Callable[[Actor, str], str | None]
#: The address of the form that begins a proceeding on a clue; None where this reader may not.
Begin = Callable[[Actor, Clue], str | None]
_changed: list[Told] = []
_addresses: list[Address] = []
_begins: list[Begin] = []


def on_change(callback: Told) -> Told:
    """``callback(clue, now)`` is called in the transaction that withdraws or restores a clue in a proceeding."""
    if callback not in _changed:
        _changed.append(callback)
    return callback


def proceeding_page(source: Address) -> None:
    """Register what gives the address of a proceeding (one source, the room of proceedings)."""
    _addresses[:] = [source]


def begin_page(source: Begin) -> None:
    """Register what gives the address of the form that begins a proceeding (one source)."""
    _begins[:] = [source]


def changed(clue: Clue, now: datetime) -> None:
    """Tell the proceeding of a clue that its fact was taken back, or holds again."""
    for callback in _changed:
        callback(clue, now)


def proceeding_address(actor: Actor, number: str) -> str | None:
    """Where a reader opens a proceeding."""
    return _addresses[0](actor, number) if _addresses and number else None


def begin_address(actor: Actor, clue: Clue) -> str | None:
    """Where a reader begins a proceeding on a clue."""
    return _begins[0](actor, clue) if _begins else None
