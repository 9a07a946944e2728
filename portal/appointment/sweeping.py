"""What the passing of time and a changed calendar do to appointments (C-6, T-3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.appointment import vocabulary as words
from portal.appointment.models import Appointment, AppointmentSubmission
from portal.appointment.rules import State
from portal.appointment.service import answer_due
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db

_SUBMISSIONS_KEPT = timedelta(days=2)
BATCH = 200


def sweep(now: datetime) -> int:
    """Record appointments that nobody answered in time, each once (A-1); forget old counts."""
    late = (
        select(Appointment)
        .where(Appointment.state == State.ASKED, Appointment.due_at < now, Appointment.warned_at.is_(None))
        .order_by(Appointment.due_at, Appointment.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = list(db.session.scalars(late))
    for each in found:
        each.warned_at = now
        journal.record(words.OVERDUE, each, SYSTEM, now, number=each.number, due_at=each.due_at)
    db.session.execute(delete(AppointmentSubmission).where(AppointmentSubmission.at < now - _SUBMISSIONS_KEPT))
    return len(found)


def recompute(actor: Actor, now: datetime) -> int:
    """Derive when open requests are to be answered anew after a change of the calendar (T-3); returns how many."""
    changed = 0
    waiting = select(Appointment).where(Appointment.state == State.ASKED, Appointment.warned_at.is_(None))
    for each in db.session.scalars(waiting.order_by(Appointment.id).with_for_update()):
        due = answer_due(each.since_at, each.from_at)
        if due != each.due_at:
            old, each.due_at = each.due_at, due
            journal.record(words.DUE_MOVED, each, actor, now, number=each.number, old=old, new=due)
            changed += 1
    return changed
