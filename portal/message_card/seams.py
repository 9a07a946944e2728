"""How a message goes on in a room above: registered by that room, absent without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.kernel.actor import Actor
from portal.message_card.models import Message

Taker = Callable[[Actor, Message, datetime], str]
Link = Callable[[str], str]

_takers: list[tuple[Taker, Link]] = []


def taker(take: Taker, link: Link) -> None:
    """Register who takes messages over into the first-ask log, and the address of an entry by its number."""
    _takers[:] = [(take, link)]


def take(actor: Actor, message: Message, now: datetime) -> str:
    """Take a message over; the number of the entry, empty where no room takes any. Raises Invalid, NotAllowed."""
    return _takers[0][0](actor, message, now) if _takers else ""


def can_take() -> bool:
    """Whether a room takes messages over."""
    return bool(_takers)


def address(number: str) -> str:
    """The address of what a message became; empty where no room tells."""
    return _takers[0][1](number) if _takers and number else ""
