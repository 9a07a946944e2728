"""States, moves and clocks of a case (T-4, T-6, T-7a, T-8, T-11, N-7). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from portal.cases.models import CaseState
from portal.pure.deadlines import (
    USUAL_THRESHOLDS,
    Due,
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


class Stop(NamedTuple):
    """A pause of a case: from, to, which clocks stand still in it, and the cap at which it ends by itself (T-4)."""

    from_at: datetime
    to_at: datetime | None
    promised: bool
    statutory: bool
    until_at: datetime | None = None

    @property
    def pause(self) -> Pause:
        """The pause as the arithmetic of deadlines takes it."""
        return Pause(self.from_at, self.to_at, self.until_at)


@dataclass(frozen=True)
class ClockFacts:
    """What the clocks of a case are derived from."""

    clock_from: datetime | None
    promised_limit: str
    statutory_limit: str
    next_day_after_hours: bool = False
    #: When a type that restarts (T-4) last began to count its promised limit anew; None for all others.
    restarted_at: datetime | None = None
    pauses: Sequence[Stop] = ()
    #: Working days granted (T-5) on the promised limit, and on the statutory one: see `extends_statutory`.
    extension: int = 0
    statutory_extension: int = 0


@dataclass(frozen=True)
class Clocks:
    """Both clocks of a case as instants (T-4, T-6); all None before acceptance."""

    due_at: datetime | None = None
    soon_at: datetime | None = None
    red_at: datetime | None = None
    statutory_due_at: datetime | None = None
    provisional: bool = False
    #: Whether the promised date itself may still move with the calendar.
    due_provisional: bool = False
    #: Whether a pause without a recorded end stops the promised clock; up to `stopped_until` if that is known.
    stopped: bool = False
    stopped_until: datetime | None = None


def extends_statutory(licence: bool) -> bool:
    """Whether an extension moves the statutory clock as well as the promised one (T-5).

    Our reading: what law 42 lets the head of the authority extend is the *statutory* limit of a licence (by up to ten
    working days, fifteen where departments handle it jointly), so both clocks of a licence move by the days granted.
    In any other matter no law moves the statutory limit: an extension is then the unit's own promise given anew, the
    statutory clock stays where it is, and the new promise must not reach beyond it.
    """
    return licence


def promised_run(facts: ClockFacts, calendar: WorkCalendar) -> tuple[datetime, list[Pause]]:
    """From when the promised limit is counted, and the pauses in that run.

    A type that restarts after a supplement (T-4) counts anew from then on; the others resume. A restart never takes
    time away: where counting on would end later (a month counted anew may be a shorter one), the first run stands.
    What was extended (T-5) stays with the case and counts in whichever run it is. ``clock_from`` must be set.
    """
    if facts.clock_from is None:
        raise ValueError("the clock has not started")
    whole = facts.clock_from, [stop.pause for stop in facts.pauses if stop.promised]
    start = facts.restarted_at
    if start is None:
        return whole
    anew = start, [p for p in whole[1] if p.ends_at is None or p.ends_at > start]
    limit = Limit.parse(facts.promised_limit)
    first, second = (_due(since, limit, calendar, stops, facts).at for since, stops in (whole, anew))
    return whole if first is not None and second is not None and second < first else anew


def _due(since: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause], facts: ClockFacts) -> Due:
    return deadline(since, limit, calendar, pauses, facts.next_day_after_hours, facts.extension)


def clocks(facts: ClockFacts, calendar: WorkCalendar, thresholds: Thresholds = USUAL_THRESHOLDS) -> Clocks:
    """Derive both clocks: the promised one as `promised_run` says, the statutory one from the beginning on.

    A pause with a cap has a known end from its first minute on: the due date is the one that holds if nobody ends it
    sooner, and nothing has to happen at the cap for the clock to run again. While it lasts nothing becomes due soon.
    """
    if facts.clock_from is None or not facts.promised_limit:
        return Clocks()
    start, promised = promised_run(facts, calendar)
    limit = Limit.parse(facts.promised_limit)
    due = _due(start, limit, calendar, promised, facts)
    law = None
    if facts.statutory_limit:
        law = deadline(
            facts.clock_from,
            Limit.parse(facts.statutory_limit),
            calendar,
            [stop.pause for stop in facts.pauses if stop.statutory],
            facts.next_day_after_hours,
            facts.statutory_extension,
        )
    marks = warning_instants(start, due, law, limit, calendar, promised, thresholds)
    open_ends = [stop.until_at for stop in facts.pauses if stop.promised and stop.to_at is None]
    until = None if None in open_ends else max((end for end in open_ends if end is not None), default=None)
    soon = marks.soon_at
    if soon is not None and until is not None and due.at is not None and soon < until <= due.at:
        soon = until
    return Clocks(
        due_at=due.at,
        soon_at=soon,
        red_at=marks.red_at,
        statutory_due_at=law.at if law else None,
        provisional=due.provisional or (law is not None and law.provisional) or marks.provisional,
        due_provisional=due.provisional,
        stopped=bool(open_ends),
        stopped_until=until,
    )


def is_stopped(now: datetime, stopped: bool, until_at: datetime | None) -> bool:
    """Whether the promised clock stands still at an instant: up to the cap and no longer, recorded or not (T-4)."""
    return stopped and (until_at is None or now < until_at)


def light_of(
    now: datetime, due_at: datetime | None, soon_at: datetime | None, red_at: datetime | None, stopped: bool = False
) -> Light:
    """The warning state at an instant (T-6), from the kept instants."""
    return light(now, Instants(soon_at, due_at, red_at, False), stopped)


def is_late(now: datetime, due_at: datetime | None) -> bool:
    """Whether the promised limit has passed; at the very instant of the limit it has not."""
    return due_at is not None and now > due_at
