"""The clocks of a case as it stands: derived from its facts and kept, so that boards can read an index (T-4, T-6)."""

from __future__ import annotations

from datetime import datetime

from portal.calendar import queries as calendar
from portal.cases import queries, rules
from portal.cases.models import Case
from portal.kernel import clock
from portal.policy import queries as policy
from portal.policy.pause_reasons import Reason
from portal.pure.deadlines import tacit_acceptance_at, usage
from portal.pure.limits import Limit
from portal.service_commitment.queries import Promise

#: The pause that ends with the client's supplement alone; it has no cap (T-4, N-7).
WAITING = str(Reason.SUPPLEMENT)


def tacit_at_of(received_at: datetime, version: Promise | None, department_id: int) -> datetime | None:
    """When the matter counts as accepted if nobody gives notice (T-7a)."""
    next_day = version is not None and version.next_day_after_hours
    limit = policy.value("timed_completion.tacit_acceptance")
    return tacit_acceptance_at(received_at, calendar.of_department(department_id), next_day, limit).at


def clock_facts(case: Case) -> rules.ClockFacts:
    """What the clocks of a case are derived from."""
    return rules.ClockFacts(
        clock_from=case.clock_from,
        promised_limit=case.promised_limit,
        statutory_limit=case.statutory_limit,
        next_day_after_hours=case.next_day_after_hours,
        restarted_at=max((p.to_at for p in case.pauses if p.reason == WAITING and p.to_at), default=None)
        if case.restarts
        else None,
        pauses=[rules.Stop(p.from_at, p.to_at, p.stops_promised, p.stops_statutory, p.until_at) for p in case.pauses],
        extension=case.extended_days,
        statutory_extension=case.statutory_extended_days,
    )


def derive(case: Case) -> None:
    """Derive both clocks of a case anew from its facts (T-4), and when silence counts as consent (T-7)."""
    waited = case.provisional and case.consent_at is None
    found = rules.clocks(clock_facts(case), calendar.of_department(case.department_id), queries.thresholds())
    case.due_at, case.soon_at, case.red_at = found.due_at, found.soon_at, found.red_at
    case.statutory_due_at, case.provisional = found.statutory_due_at, found.provisional
    case.stopped, case.stopped_until = found.stopped, found.stopped_until
    case.warn_at = next_threshold(case)
    firm = case.consent_from is not None and found.due_at is not None and not found.due_provisional
    if firm and waited and case.consent_from is not None:
        # It never fires on a provisional date: one that has passed meanwhile counts from when it became firm.
        case.consent_from = max(case.consent_from, clock.now())
    case.consent_at = max(found.due_at, case.consent_from) if firm and found.due_at and case.consent_from else None


def is_stopped(case: Case, now: datetime) -> bool:
    """Whether the promised clock of an open case stands still now; exact also where the sweep is late (T-4)."""
    return case.closed_at is None and rules.is_stopped(now, case.stopped, case.stopped_until)


def next_threshold(case: Case) -> datetime | None:
    """The next passed-or-coming threshold that was not recorded yet (T-6)."""
    marks = (case.soon_at, case.due_at, case.red_at)
    return min((m for m in marks if m is not None and (case.warned_at is None or m > case.warned_at)), default=None)


def share_used(case: Case, until: datetime) -> int | None:
    """How much of the promised limit is gone by an instant, per mille in the limit's own measure (T-4, W-0).

    A thousand is the whole limit, which is also what a matter on the spot takes; None before acceptance.
    """
    facts = clock_facts(case)
    if facts.clock_from is None or not facts.promised_limit:
        return None
    work, limit = calendar.of_department(case.department_id), Limit.parse(facts.promised_limit)
    start, pauses = rules.promised_run(facts, work)
    found = usage(start, until, limit, work, pauses, facts.next_day_after_hours, facts.extension)
    return round(1000 * max(0, found.used) / found.limit) if found.limit > 0 else 1000 * (1 + max(0, found.used))
