"""What holds for message cards (AB-6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.pure.deadlines import Light, deadline
from portal.pure.limits import Limit
from portal.pure.workdays import WorkCalendar


class Presence(StrEnum):
    """Whether somebody of a department is here."""

    HERE = "here"
    OUT = "out"
    EMPTY = "empty"


@dataclass(frozen=True)
class Out:
    """One time in which a department is marked out, with its real end."""

    id: int
    from_at: datetime
    back_at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Card:
    """The card of a department at an instant: whether it hangs, and until when (None: not known)."""

    presence: Presence
    back_at: datetime | None = None
    outing_id: int | None = None

    @property
    def hangs(self) -> bool:
        """Whether visitors find the department empty."""
        return self.presence is not Presence.HERE


def card(at: datetime, outings: Iterable[Out], answered: Sequence[bool], next_answer: datetime | None) -> Card:
    """The card at an instant: marked out, else empty when no post of the department has anybody who answers.

    ``answered`` has one entry per open post; a department without posts is never empty by itself. Of several marked
    times that touch one another the last return counts.
    """
    marked = sorted((o for o in outings if o.from_at <= at < o.back_at), key=lambda o: o.back_at)
    if marked:
        last = marked[-1]
        return Card(Presence.OUT, last.back_at, last.id)
    if answered and not any(answered):
        return Card(Presence.EMPTY, next_answer)
    return Card(Presence.HERE)


def due_at(left_at: datetime, back_at: datetime | None, within: Limit, calendar: WorkCalendar) -> datetime:
    """When a message is to be answered: the limit counts from the return, at the earliest from the leaving of word."""
    start = max(left_at, back_at) if back_at is not None else left_at
    due = deadline(start, within, calendar).at
    if due is None:
        raise ValueError("a limit without pauses always ends")
    return due


def light(now: datetime, due: datetime, back_at: datetime | None = None) -> Light:
    """The light of an open message: red when overdue, due soon once the department is back."""
    if now > due:
        return Light.RED
    return Light.DUE_SOON if back_at is None or now >= back_at else Light.NORMAL
