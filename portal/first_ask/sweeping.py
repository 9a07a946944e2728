"""What the passing of time has done to urgent matters, recorded once each (F-5, A-1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.first_ask import queries
from portal.first_ask import vocabulary as words
from portal.first_ask.models import FirstAsk
from portal.kernel import journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db

BATCH = 200


def sweep(now: datetime) -> int:
    """Record the urgent matters that nobody acknowledged in time; twice changes nothing."""
    query = select(FirstAsk).where(queries.waits_for_principal(), FirstAsk.unacknowledged_at.is_(None))
    query = query.where(FirstAsk.acknowledge_by < now)
    query = query.order_by(FirstAsk.asked_at).limit(BATCH).with_for_update(skip_locked=True)
    found = list(db.session.scalars(query))
    for entry in found:
        entry.unacknowledged_at = now
        journal.record(
            words.UNACKNOWLEDGED, entry, SYSTEM, now, number=entry.number, acknowledge_by=entry.acknowledge_by
        )
    return len(found)
