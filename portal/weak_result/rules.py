"""Which published results are weak, the moves of an order, and its light. Pure (E-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from portal.pure.deadlines import Light
from portal.pure.states import Moves
from portal.weak_result.models import OrderState

S = OrderState

MOVES: Moves[OrderState] = Moves(
    {
        (S.ORDERED, "answer"): S.ANSWERED,
        (S.ANSWERED, "answer"): S.ANSWERED,
        (S.ANSWERED, "improved"): S.IMPROVED,
        (S.ANSWERED, "failed"): S.FAILED,
        (S.ORDERED, "failed"): S.FAILED,
        (S.ORDERED, "withdraw"): S.WITHDRAWN,
        (S.ANSWERED, "withdraw"): S.WITHDRAWN,
    }
)


def weak(placed: Sequence[tuple[int, Decimal, int | None]], below: int, last: int) -> list[int]:
    """The subjects that are weak, the weakest first, from (subject, total, place): below a mark, or at the last places.

    Equal places go together; the first place is never among the last; who is excluded is not weak. 0: switched off.
    """
    places = sorted((place for _id, _total, place in placed if place is not None), reverse=True)
    limit = places[min(last, len(places)) - 1] if last and places else None
    found = [
        (total, subject)
        for subject, total, place in placed
        if place is not None and (total < below or (limit is not None and place >= limit and place > 1))
    ]
    return [subject for _total, subject in sorted(found)]


def light(state: OrderState, now: datetime, due_at: datetime, answered_at: datetime | None, soon: timedelta) -> Light:
    """The light of an order; what was answered keeps the light of that instant."""
    if state is S.WITHDRAWN:
        return Light.NORMAL
    at = answered_at or now
    if at > due_at:
        return Light.OVERDUE
    return Light.DUE_SOON if answered_at is None and at >= due_at - soon else Light.NORMAL
