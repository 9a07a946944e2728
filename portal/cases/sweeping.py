"""What the passing of time has done to cases, recorded: once per threshold, whenever the sweep comes (T-6, T-7a)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.cases import clocks, service
from portal.cases import vocabulary as words
from portal.cases.models import Case
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.pure.deadlines import Light
from portal.service_commitment import queries as catalogue

BATCH = 200


def sweep(now: datetime) -> int:
    """Record tacit acceptances and passed thresholds; returns how many. Running twice changes nothing."""
    done = 0
    for case in db.session.scalars(
        select(Case).where(Case.tacit_at < now).order_by(Case.tacit_at).limit(BATCH).with_for_update(skip_locked=True)
    ):
        service.settle(case, now)
        done += 1
    return done + _warn(now)


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
            done += 1
    return done


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the clocks of every open case anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    open_cases = select(Case).where(Case.closed_at.is_(None)).order_by(Case.id)
    for case in db.session.scalars(open_cases.options(selectinload(Case.pauses)).with_for_update()):
        old = case.due_at
        if case.tacit_at is not None:
            case.tacit_at = clocks.tacit_at_of(case.received_at, catalogue.promise(case.receipt_version_id))
        before = (case.due_at, case.soon_at, case.red_at, case.statutory_due_at, case.provisional)
        clocks.derive(case)
        if db.session.is_modified(case):
            changed += before != (case.due_at, case.soon_at, case.red_at, case.statutory_due_at, case.provisional)
            journal.record(
                words.RECOMPUTED, case, actor, now, old_due=old, due=case.due_at, provisional=case.provisional
            )
    return changed
