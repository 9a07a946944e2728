"""States, moves and clocks of a case (T-4, T-6, T-7a, T-8, T-11, N-7). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.cases.models import CaseState
from portal.pure.deadlines import (
    USUAL_THRESHOLDS,
    Instants,
    Light,
    Pause,
    Thresholds,
    deadline,
    light,
    warning_instants,
)
from portal.pure.limits import Limit
from portal.pure.states import Moves
from portal.pure.workdays import WorkCalendar

S = CaseState

OPEN = (S.RECEIVED, S.SUPPLEMENT_BEFORE, S.ACCEPTED, S.IN_PROGRESS, S.SUPPLEMENT_AFTER)
FINAL = (S.COMPLETED, S.DENIED, S.DEEMED_AGREED, S.WITHDRAWN, S.LAPSED, S.RETURNED)
WAITING_FOR_CLIENT = (S.SUPPLEMENT_BEFORE, S.SUPPLEMENT_AFTER)
BEFORE_ACCEPTANCE = (S.RECEIVED, S.SUPPLEMENT_BEFORE)

#: T-11. ``deny`` and ``return`` are reached only from an agreed denial filing (D-1), which the database checks too.
MOVES: Moves[CaseState] = Moves(
    {
        (S.RECEIVED, "accept"): S.ACCEPTED,
        (S.RECEIVED, "want_supplement"): S.SUPPLEMENT_BEFORE,
        (S.SUPPLEMENT_BEFORE, "want_supplement"): S.SUPPLEMENT_BEFORE,
        (S.SUPPLEMENT_BEFORE, "supplement"): S.ACCEPTED,
        (S.ACCEPTED, "start"): S.IN_PROGRESS,
        (S.ACCEPTED, "want_supplement"): S.SUPPLEMENT_AFTER,
        (S.IN_PROGRESS, "want_supplement"): S.SUPPLEMENT_AFTER,
        (S.SUPPLEMENT_AFTER, "want_supplement"): S.SUPPLEMENT_AFTER,
        (S.SUPPLEMENT_AFTER, "supplement"): S.IN_PROGRESS,
        (S.ACCEPTED, "complete"): S.COMPLETED,
        (S.IN_PROGRESS, "complete"): S.COMPLETED,
        (S.SUPPLEMENT_BEFORE, "lapse"): S.LAPSED,
        (S.SUPPLEMENT_AFTER, "lapse"): S.LAPSED,
        **{(s, "withdraw"): S.WITHDRAWN for s in OPEN},
        **{(s, "deny"): S.DENIED for s in OPEN},
        **{(s, "return"): S.RETURNED for s in OPEN},
    }
)


@dataclass(frozen=True)
class ClockFacts:
    """What the clocks of a case are derived from."""

    clock_from: datetime | None
    promised_limit: str
    statutory_limit: str
    next_day_after_hours: bool = False
    #: When a type that restarts (T-4) last began to count its promised limit anew; None for all others.
    restarted_at: datetime | None = None
    #: (from, to, stops the promised clock, stops the statutory clock)
    pauses: Sequence[tuple[datetime, datetime | None, bool, bool]] = ()


@dataclass(frozen=True)
class Clocks:
    """Both clocks of a case as instants (T-4, T-6); all None before acceptance."""

    due_at: datetime | None = None
    soon_at: datetime | None = None
    red_at: datetime | None = None
    statutory_due_at: datetime | None = None
    provisional: bool = False
    stopped: bool = False


def promised_run(facts: ClockFacts) -> tuple[datetime, list[Pause]]:
    """From when the promised limit is counted, and the pauses in that run.

    A type that restarts after a supplement (T-4) counts anew from then on; the others resume. ``clock_from`` must be
    set.
    """
    if facts.clock_from is None:
        raise ValueError("the clock has not started")
    promised = [Pause(a, b) for a, b, stops, _law in facts.pauses if stops]
    start = facts.restarted_at
    if start is None:
        return facts.clock_from, promised
    return start, [p for p in promised if p.to_at is None or p.to_at > start]


def clocks(facts: ClockFacts, calendar: WorkCalendar, thresholds: Thresholds = USUAL_THRESHOLDS) -> Clocks:
    """Derive both clocks: the promised one as `promised_run` says, the statutory one from the beginning on."""
    if facts.clock_from is None or not facts.promised_limit:
        return Clocks()
    start, promised = promised_run(facts)
    lawful = [Pause(a, b) for a, b, _stops, law in facts.pauses if law]
    limit = Limit.parse(facts.promised_limit)
    due = deadline(start, limit, calendar, promised, facts.next_day_after_hours)
    law = None
    if facts.statutory_limit:
        law = deadline(
            facts.clock_from, Limit.parse(facts.statutory_limit), calendar, lawful, facts.next_day_after_hours
        )
    marks = warning_instants(start, due, law, limit, calendar, promised, thresholds)
    return Clocks(
        due_at=due.at,
        soon_at=marks.soon_at,
        red_at=marks.red_at,
        statutory_due_at=law.at if law else None,
        provisional=due.provisional or (law is not None and law.provisional) or marks.provisional,
        stopped=any(p.to_at is None for p in promised),
    )


def light_of(
    now: datetime, due_at: datetime | None, soon_at: datetime | None, red_at: datetime | None, stopped: bool = False
) -> Light:
    """The warning state at an instant (T-6), from the kept instants."""
    return light(now, Instants(soon_at, due_at, red_at, False), stopped)


def is_late(now: datetime, due_at: datetime | None) -> bool:
    """Whether the promised limit has passed; at the very instant of the limit it has not."""
    return due_at is not None and now > due_at
