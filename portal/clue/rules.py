"""Which state follows which, and whom a clue concerns (A-1, A-2). Pure."""

from __future__ import annotations

from portal.clue.models import ClueState
from portal.pure.states import Moves

S = ClueState

MOVES: Moves[ClueState] = Moves(
    {
        (S.OPEN, "dismiss"): S.DISMISSED,
        (S.OPEN, "take_up"): S.IN_PROCEEDING,
        (S.DISMISSED, "reopen"): S.OPEN,
        **{(state, "withdraw"): S.WITHDRAWN for state in (S.OPEN, S.IN_PROCEEDING, S.DISMISSED)},
    }
)


def restored(proceeding_number: str) -> ClueState:
    """The state of a withdrawn clue whose departure has happened again: back where it was."""
    return S.IN_PROCEEDING if proceeding_number else S.OPEN
