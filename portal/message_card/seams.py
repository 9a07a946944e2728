"""How a message goes on in a room above: registered by that room, absent without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.kernel.actor import Actor
from portal.message_card.models import Message


@dataclass(frozen=True)
class Taken:
    """What a message became: its number there, and the address of its page."""

    number: str
    url: str


Taker = Callable[[Actor, Message, datetime], Taken]
Link = Callable[[str], str]

_takers: list[tuple[Taker, Link]] = []


def taker(take: Taker, link: Link) -> None:
    """Register who takes messages over into the first-ask log, and the address of an entry by its number."""
    _takers[:] = [(take, link)]


def take(actor: Actor, message: Message, now: datetime) -> Taken | None:
    """Take a message over; None where no room does. Raises Invalid, NotAllowed."""
    return _takers[0][0](actor, message, now) if _takers else None


def can_take() -> bool:
    """Whether a room takes messages over."""
    return bool(_takers)


def address(number: str) -> str:
    """The address of what a message became; empty where no room tells."""
    return _takers[0][1](number) if _takers and number else ""
