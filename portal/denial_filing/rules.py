"""Decisions, deadlines and bars of a denial filing (D-3, D-4, D-5). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.denial_filing.models import FilingState
from portal.pure.deadlines import Light, deadline, local
from portal.pure.limits import Limit
from portal.pure.spans import office_time
from portal.pure.states import Moves
from portal.pure.workdays import WorkCalendar

S = FilingState

WAITING = (S.WAITING_LEADER, S.WAITING_PRINCIPAL)
DECIDED = (S.AGREED, S.CORRECTED, S.SUPPLEMENT)


class Verdict(StrEnum):
    """D-3: what a leader can say to a filing."""

    AGREE = "agree"
    CORRECT = "correct"
    SUPPLEMENT = "supplement"
    ESCALATE = "escalate"


#: D-3. What was decided or recalled moves no more (D-4); ``take_up`` is the principal's, in a barred leader's place.
MOVES: Moves[FilingState] = Moves(
    {
        (S.WAITING_LEADER, Verdict.AGREE): S.AGREED,
        (S.WAITING_LEADER, Verdict.CORRECT): S.CORRECTED,
        (S.WAITING_LEADER, Verdict.SUPPLEMENT): S.SUPPLEMENT,
        (S.WAITING_LEADER, Verdict.ESCALATE): S.WAITING_PRINCIPAL,
        (S.WAITING_LEADER, "take_up"): S.WAITING_PRINCIPAL,
        (S.WAITING_PRINCIPAL, Verdict.AGREE): S.AGREED,
        (S.WAITING_PRINCIPAL, Verdict.CORRECT): S.CORRECTED,
        (S.WAITING_PRINCIPAL, Verdict.SUPPLEMENT): S.SUPPLEMENT,
        **{(s, "amend"): s for s in WAITING},
        **{(s, "recall"): S.RECALLED for s in WAITING},
    }
)


def verdicts(state: FilingState, grave: bool) -> tuple[Verdict, ...]:
    """What may be said to a filing in a state: to a grave one the leader in charge can only say *escalate* (D-3)."""
    if grave and state is S.WAITING_LEADER:
        return (Verdict.ESCALATE,)
    return tuple(v for v in Verdict if MOVES.allowed(state, v))


def needs_opinion(verdict: Verdict) -> bool:
    """Whether a decision cannot do without words: an instruction, or the leader's opinion for the principal."""
    return verdict is not Verdict.AGREE


def needs_meeting(verdict: Verdict, grave: bool) -> bool:
    """Whether the leaders' meeting must be named: every decision about a grave filing (D-3)."""
    return grave and verdict is not Verdict.ESCALATE


def decide_by(since: datetime, within: Limit, case_due_at: datetime | None, calendar: WorkCalendar) -> datetime:
    """Until when a decision is due: the policy's limit, and the case's own limit when that is still ahead (D-5)."""
    due = deadline(since, within, calendar).at
    assert due is not None  # without pauses every limit ends
    if case_due_at is not None and since < case_due_at < due:
        return case_due_at
    return due


def deliver_by(filed_at: datetime, within: Limit, calendar: WorkCalendar) -> date:
    """Until when the client is to be told in writing, counted from the filing (D-5)."""
    due = deadline(filed_at, within, calendar).at
    assert due is not None
    return local(due).date()


def light(now: datetime, since: datetime, by: datetime, calendar: WorkCalendar) -> Light:
    """How urgent a decision is: due soon when a third of its office time or less is left (as T-6 for short limits)."""
    if now > by:
        return Light.OVERDUE
    whole = office_time(local(since), local(by), calendar)
    left = office_time(local(now), local(by), calendar)
    return Light.DUE_SOON if left * 3 <= whole else Light.NORMAL


@dataclass(frozen=True)
class Answerer:
    """Who answers for a post now; ``acting``: in the holder's place."""

    user_id: int | None
    acting: bool = False
    for_user_id: int | None = None


class Way(StrEnum):
    """Through which post a filing is decided now."""

    OWN = "own"
    PRINCIPAL = "principal"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Decider:
    """Who may decide a filing now (None: nobody), and through which post."""

    user_id: int | None
    way: Way
    for_user_id: int | None = None


@dataclass(frozen=True)
class Stage:
    """What the question "who decides" is answered from."""

    state: FilingState
    grave: bool
    filed_by_id: int
    handlers: Collection[int]
    escalated_by_id: int | None
    #: Who answers for the post that the filing waits for, for the principal's, and for the leader's in charge.
    own: Answerer
    principal: Answerer
    leader: Answerer


def decider(stage: Stage) -> Decider:
    """Who decides (D-3, D-4, AB-3).

    The one who answers for the filing's post; when nobody answers or that person is barred, the one who answers for the
    principal's post; when that one is barred too, nobody.
    """
    if stage.state is S.WAITING_LEADER and _free(stage, stage.own):
        return Decider(stage.own.user_id, Way.OWN, stage.own.for_user_id)
    answerer = stage.own if stage.state is S.WAITING_PRINCIPAL else stage.principal
    if _free(stage, answerer) and not _in_charge(stage, answerer):
        way = Way.OWN if stage.state is S.WAITING_PRINCIPAL else Way.PRINCIPAL
        return Decider(answerer.user_id, way, answerer.for_user_id)
    return Decider(None, Way.NOBODY)


def _free(stage: Stage, answerer: Answerer) -> bool:
    """Nobody decides their own filing, or a matter that they handled, also not for another (D-4)."""
    return (
        answerer.user_id is not None
        and answerer.user_id != stage.filed_by_id
        and answerer.user_id not in stage.handlers
    )


def _in_charge(stage: Stage, answerer: Answerer) -> bool:
    """Whether someone acting for the principal is the one whose decision was to be taken away (D-3)."""
    if not answerer.acting:
        return False
    if answerer.user_id == stage.escalated_by_id:
        return True
    return stage.grave and answerer.user_id == stage.leader.user_id
