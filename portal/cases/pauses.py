"""Pauses of a case (T-4): begun for a reason of the table, ended by somebody, by their cap, or with the case.

Overlapping pauses are each their own; the clocks stand still in the union of them. The notice and the papers of special
procedures are the matter of a room above, and so is the tracker of what an upper authority has; what stops and starts
the clocks is here, once.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.calendar import queries as calendar
from portal.cases import clocks
from portal.cases import vocabulary as words
from portal.cases.models import Case, CasePause, PauseEnd
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.errors import Conflict
from portal.policy import queries as policy
from portal.policy.pause_reasons import TABLE, Reason
from portal.pure.deadlines import deadline


def cap_of(reason: str, now: datetime) -> datetime | None:
    """The instant at which a pause that begins now ends by itself; None for a reason without a cap."""
    key = TABLE[Reason(reason)].cap_key
    return deadline(now, policy.value(key), calendar.work_calendar()).at if key else None


def open_pauses(case: Case) -> list[CasePause]:
    """The pauses of a case without a recorded end, oldest first."""
    return [pause for pause in case.pauses if pause.to_at is None]


def begin(case: Case, reason: str, now: datetime) -> CasePause:
    """Stop the clocks that the table says, up to the cap of today; the caller records it.

    Raises KeyError for what is no reason (`pause_reasons.REFUSED` says why).
    """
    told = TABLE[Reason(reason)]
    pause = CasePause(
        reason=str(told.reason),
        from_at=now,
        until_at=cap_of(reason, now),
        stops_promised=told.stops_promised,
        stops_statutory=told.stops_statutory,
        due_before=standing_due(case),
        statutory_before=case.statutory_due_at,
    )
    case.pauses.append(pause)
    clocks.derive(case)
    return pause


def standing_due(case: Case) -> datetime | None:
    """The promised due date that was last told: the one of before, while a pause without a cap leaves none."""
    if case.due_at is not None:
        return case.due_at
    return next((pause.due_before for pause in open_pauses(case) if pause.due_before is not None), None)


def end(case: Case, pause: CasePause, how: PauseEnd, at: datetime) -> None:
    """End a pause at an instant, its cap at the latest; the clocks run again. The caller records it."""
    pause.to_at = at if pause.until_at is None else min(at, pause.until_at)
    pause.ended = how
    clocks.derive(case)
    pause.due_after, pause.statutory_after = case.due_at, case.statutory_due_at


def stop(actor: Actor, case: Case, reason: str, now: datetime) -> CasePause:
    """Begin a pause and record it with old → new (T-4); ``case`` is locked, open and settled.

    Raises Conflict before acceptance, when no clock runs yet, and while the same reason stops the clock already.
    """
    if case.clock_from is None:
        raise Conflict(_("办件尚未受理，时限还没有开始计算，不需要停表。"), "T-4")
    if any(pause.reason == reason for pause in open_pauses(case)):
        raise Conflict(_("这件办件正因同一事由停表。"), "T-4")
    old_due, old_statutory = standing_due(case), case.statutory_due_at
    pause = begin(case, reason, now)
    journal.record(
        words.PAUSED,
        case,
        actor,
        now,
        post_id=case.post_id,
        reason=pause.reason,
        promised=pause.stops_promised,
        statutory=pause.stops_statutory,
        until=pause.until_at,
        old_due=old_due,
        due=case.due_at,
        old_statutory_due=old_statutory,
        statutory_due=case.statutory_due_at,
    )
    return pause


def resume(actor: Actor, case: Case, pause: CasePause, now: datetime) -> None:
    """End a pause and record it with old → new (T-4); ``case`` is locked, open and settled. Raises Conflict."""
    if pause.to_at is not None:
        raise Conflict(_("这次停表已经结束。"), "T-4")
    _end_recorded(actor, case, pause, PauseEnd.RESUMED, now, now)


def end_at_cap(case: Case, now: datetime) -> int:
    """Record the pauses whose cap has come, each once; returns how many. The clocks run since the cap itself."""
    due = [pause for pause in open_pauses(case) if pause.until_at is not None and pause.until_at <= now]
    for pause in due if case.closed_at is None else ():
        _end_recorded(SYSTEM, case, pause, PauseEnd.CAP, pause.until_at or now, now)
    return len(due) if case.closed_at is None else 0


def _end_recorded(actor: Actor, case: Case, pause: CasePause, how: PauseEnd, at: datetime, now: datetime) -> None:
    old_due, old_statutory = standing_due(case), case.statutory_due_at
    end(case, pause, how, at)
    journal.record(
        words.RESUMED,
        case,
        actor,
        now,
        post_id=case.post_id,
        reason=pause.reason,
        ended=str(how),
        at=pause.to_at,
        old_due=old_due,
        due=case.due_at,
        old_statutory_due=old_statutory,
        statutory_due=case.statutory_due_at,
    )


def end_at_close(case: Case, now: datetime) -> None:
    """The case ends, and its pauses with it; its due dates stay as they were."""
    for pause in open_pauses(case):
        pause.to_at = now if pause.until_at is None else min(now, pause.until_at)
        pause.ended = PauseEnd.CLOSED
