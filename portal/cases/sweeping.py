"""What the passing of time has done to cases, recorded: once per threshold, whenever the sweep comes (T-6, T-7a)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.cases import clocks, pauses, seams, service, tacit
from portal.cases import vocabulary as words
from portal.cases.models import Case, CasePause
from portal.kernel import journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.pure.deadlines import Light

BATCH = 200


def sweep(now: datetime) -> int:
    """Record tacit acceptances and passed thresholds; returns how many. Running twice changes nothing."""
    done = 0
    for case in db.session.scalars(
        select(Case).where(Case.tacit_at < now).order_by(Case.tacit_at).limit(BATCH).with_for_update(skip_locked=True)
    ):
        service.settle(case, now)
        done += 1
    return done + _resume(now) + _agree(now) + tacit.held(now) + _warn(now)


def _agree(now: datetime) -> int:
    """Record deemed agreements, each at its own instant (T-7)."""
    found = tacit.waiting(now)
    for case in found:
        service.settle(case, now)
    return len(found)


def _resume(now: datetime) -> int:
    """Record the pauses whose cap has come (T-4): their clocks have been running since then."""
    capped = select(CasePause.case_id).where(CasePause.to_at.is_(None), CasePause.until_at <= now).limit(BATCH)
    open_cases = select(Case).where(Case.id.in_(capped), Case.closed_at.is_(None)).order_by(Case.id)
    return sum(
        pauses.end_at_cap(case, now) for case in db.session.scalars(open_cases.with_for_update(skip_locked=True))
    )


def _warn(now: datetime) -> int:
    """Record every threshold that open cases have passed; an entry per case and threshold, in their order."""
    done = 0
    for case in db.session.scalars(
        select(Case)
        .where(Case.closed_at.is_(None), Case.warn_at < now)
        .order_by(Case.warn_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ):
        lights = {case.soon_at: Light.DUE_SOON, case.due_at: Light.OVERDUE, case.red_at: Light.RED}
        while case.warn_at is not None and case.warn_at < now:
            threshold = case.warn_at
            case.warned_at = threshold
            case.warn_at = clocks.next_threshold(case)
            journal.record(words.WARNED, case, SYSTEM, now, light=str(lights[threshold]), threshold=threshold)
            seams.warned(case, str(lights[threshold]), threshold, now)
            done += 1
    return done
