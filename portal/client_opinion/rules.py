"""States, moves and clocks of clients' opinions (S-4). Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.client_opinion.models import OpinionKind, OpinionState, Verdict
from portal.pure.deadlines import Light, deadline
from portal.pure.limits import Limit
from portal.pure.states import IllegalMove, Moves
from portal.pure.workdays import WorkCalendar

S = OpinionState

OPEN = tuple(s for s in S if s is not S.CLOSED)
#: After the answer somebody may say that it is not so, also when it is closed: a corrected fact stays correct.
_DOUBTED = (S.ANSWERED, S.RECTIFYING, S.RECTIFIED, S.CALLING_BACK, S.CLOSED)

MOVES: Moves[OpinionState] = Moves(
    {
        (S.REGISTERED, "assign"): S.REGISTERED,
        **{(s, "contact"): s for s in OPEN},
        (S.REGISTERED, "draft"): S.DRAFTED,
        (S.DRAFTED, "send_back"): S.REGISTERED,
        (S.DRAFTED, "approve"): S.APPROVED,
        (S.APPROVED, "answer"): S.ANSWERED,
        (S.ANSWERED, "conclude"): S.CLOSED,
        (S.ANSWERED, "confirm"): S.RECTIFYING,
        (S.RECTIFYING, "receive"): S.RECTIFYING,
        (S.RECTIFYING, "rectify"): S.RECTIFIED,
        (S.RECTIFIED, "fail"): S.RECTIFYING,
        (S.RECTIFIED, "accept"): S.CALLING_BACK,
        (S.CALLING_BACK, "try_call"): S.CALLING_BACK,
        (S.CALLING_BACK, "call_back"): S.CLOSED,
        **{(s, "propose_untrue"): s for s in _DOUBTED},
        **{(s, "refuse_untrue"): s for s in _DOUBTED},
        **{(s, "find_untrue"): S.CALLING_BACK for s in _DOUBTED if s is not S.CLOSED},
        (S.CLOSED, "find_untrue"): S.CLOSED,
    }
)
#: What has to wait while a second person has not decided whether it is untrue.
_BARRED_BY_DOUBT = ("conclude", "confirm", "accept", "call_back")
#: Opinions and suggestions may need no more than an answer.
_ANSWER_IS_ENOUGH = (OpinionKind.OPINION, OpinionKind.SUGGESTION)


def after(
    state: OpinionState,
    verb: str,
    kind: OpinionKind,
    *,
    contacted: bool = True,
    doubted: bool = False,
    verdict: Verdict | None = None,
) -> OpinionState:
    """The state that a verb leads to. Raises IllegalMove.

    Only a bad review is contacted first and called back at the end; nothing is decided of what is in doubt; a doubt is
    raised once at a time, never about what was found untrue, and about a closed one only when it was confirmed.
    """
    to = MOVES.after(state, verb)
    bad = kind is OpinionKind.BAD_REVIEW
    refused = (
        (verb == "contact" and (not bad or contacted))
        or (verb == "draft" and bad and not contacted)
        or (verb == "conclude" and kind not in _ANSWER_IS_ENOUGH)
        or (verb in _BARRED_BY_DOUBT and doubted)
        or (verb == "propose_untrue" and (doubted or verdict is Verdict.UNTRUE))
        or (verb == "propose_untrue" and state is S.CLOSED and verdict is not Verdict.CONFIRMED)
        or (verb in ("find_untrue", "refuse_untrue") and not doubted)
    )
    if refused:
        raise IllegalMove(state, verb)
    return S.CLOSED if to is S.CALLING_BACK and not bad else to


def may(verb: str, state: OpinionState, kind: OpinionKind, **facts: bool | Verdict | None) -> bool:
    """Whether a verb may be done now, as ``after`` says."""
    try:
        after(state, verb, kind, **facts)  # type: ignore[arg-type]
    except IllegalMove:
        return False
    return True


def judges_fairly(
    actor_id: int | None, departments: Collection[int], department_id: int | None, barred: Collection[int | None]
) -> bool:
    """Whether somebody may judge what is said of a department: nobody of it, nor anyone who had a part in it."""
    return actor_id is not None and department_id not in departments and actor_id not in barred


def due(start: datetime, within: Limit, calendar: WorkCalendar) -> datetime:
    """When a limit ends that begins at an instant (T-3)."""
    at = deadline(start, within, calendar).at
    if at is None:
        raise ValueError("a limit without pauses always ends")
    return at


def rectify_due(
    noticed_at: datetime, received_at: datetime | None, deemed: Limit, within: Limit, calendar: WorkCalendar
) -> datetime:
    """Until when a rectification is due: from the receipt of the notice, or from when it counts as received."""
    latest = due(noticed_at, deemed, calendar)
    return due(min(received_at, latest) if received_at is not None else latest, within, calendar)


def light(now: datetime, due_at: datetime | None, soon_at: datetime | None = None) -> Light:
    """The light of a step that waits until an instant; a step without one is never late."""
    if due_at is None:
        return Light.NORMAL
    if now > due_at:
        return Light.OVERDUE
    return Light.DUE_SOON if soon_at is not None and now >= soon_at else Light.NORMAL
