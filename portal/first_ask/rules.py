"""What an entry needs for each disposition, and what became of it (F-3, F-4). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.first_ask.models import Disposition

#: F-3: these open a *received* case.
OPENS_CASE = frozenset({Disposition.CASE, Disposition.NOTICE, Disposition.REFUSAL})


class Outcome(StrEnum):
    """What became of an entry, derived (F-3)."""

    DONE = "done"
    OUTSIDE = "outside"
    WAITING = "waiting"
    DISPUTED = "disputed"
    TAKEN_OVER = "taken_over"
    ANSWERED = "answered"
    CASE_OPEN = "case_open"
    CASE_CLOSED = "case_closed"
    REVERSED = "reversed"


@dataclass(frozen=True)
class HandFacts:
    """The last passing-on of an entry."""

    accepted: bool
    disputed: bool
    ruled: bool


def problem(disposition: Disposition, *, to_department: bool, outside: bool, materials_left: bool) -> str | None:
    """Why an entry cannot be filed like this: ``department``, ``outside``, ``submitted``; None when it can.

    Sending a client outside the unit is for enquiries; once anything was submitted, "not ours" is a denial filing.
    """
    if disposition is Disposition.PASSED and not to_department:
        return "department"
    if disposition is Disposition.OUTSIDE:
        if materials_left:
            return "submitted"
        if not outside:
            return "outside"
    return None


def outcome(
    disposition: Disposition,
    *,
    reversed_at: datetime | None,
    case_closed: bool | None,
    answered: bool,
    hand: HandFacts | None,
) -> Outcome:
    """The result of an entry as it stands (``case_closed`` None: no case)."""
    if reversed_at is not None:
        return Outcome.REVERSED
    if case_closed is not None:
        return Outcome.CASE_CLOSED if case_closed else Outcome.CASE_OPEN
    if answered:
        return Outcome.ANSWERED
    if hand is not None:
        if hand.accepted or hand.ruled:
            return Outcome.TAKEN_OVER
        return Outcome.DISPUTED if hand.disputed else Outcome.WAITING
    return Outcome.OUTSIDE if disposition is Disposition.OUTSIDE else Outcome.DONE
