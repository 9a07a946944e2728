"""What a sweep does with the months of scores: opens them, notes late rulings, settles those whose days are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.kernel import clock
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.score_evidence import objections, queries, service
from portal.score_evidence.models import MonthState, ScoreMonth


def sweep(now: datetime) -> int:
    """All three; what is there already, noted or settled stays as it is."""
    return service.open_months(now) + objections.note_late(now) + settle_due(now)


def settle_due(now: datetime) -> int:
    """Settle the months whose days for objections are over, with nothing left to rule or to approve (E-3)."""
    today, waits = clock.local(now).date(), queries.waiting_by_month()
    due = [
        each.id
        for each in queries.running()
        if each.state == MonthState.COMPUTED and each.until is not None and each.until < today and each.id not in waits
    ]
    if not due:
        return 0
    done = 0
    query = select(ScoreMonth).where(ScoreMonth.id.in_(due), ScoreMonth.settled_at.is_(None)).order_by(ScoreMonth.id)
    for month in db.session.scalars(query.with_for_update(skip_locked=True)):
        if not service.hindrance(month, now):
            service.settle(SYSTEM, month, now)
            done += 1
    return done
