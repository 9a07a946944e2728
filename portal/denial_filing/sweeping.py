"""What the passing of time has done to filings, recorded once each: no decision, no letter in time (D-5, A-1)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from portal.cases.models import Case
from portal.denial_filing import queries
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, FilingState
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db

BATCH = 200


def sweep(now: datetime) -> int:
    """Record what was not decided, or not told the client, by its date; twice changes nothing."""
    return _undecided(now) + _untold(now)


def _undecided(now: datetime) -> int:
    query = select(Filing).join(Case, Case.id == Filing.case_id)
    query = query.where(queries.is_waiting(), Filing.decide_by < now, Filing.decision_late_at.is_(None))
    # A case that ended before the date took its filing with it: nothing was left to decide.
    query = query.where(or_(Case.closed_at.is_(None), Case.closed_at >= Filing.decide_by))
    query = query.order_by(Filing.decide_by, Filing.id).limit(BATCH).with_for_update(of=Filing, skip_locked=True)
    found = list(db.session.scalars(query))
    for filing in found:
        filing.decision_late_at = now
        journal.record(
            words.DECISION_OVERDUE, filing, SYSTEM, now, post_id=filing.decider_post_id, decide_by=filing.decide_by
        )
    return len(found)


def _untold(now: datetime) -> int:
    query = select(Filing).join(Case, Case.id == Filing.case_id)
    query = query.where(
        Filing.state == FilingState.AGREED,
        Filing.delivered_on.is_(None),
        Filing.letter_late_at.is_(None),
        Filing.deliver_by < clock.local(now).date(),
        # A case that ended another way owes no letter.
        or_(Filing.letter_number.is_not(None), Case.closed_at.is_(None)),
    )
    query = query.order_by(Filing.deliver_by, Filing.id).limit(BATCH).with_for_update(of=Filing, skip_locked=True)
    found = list(db.session.scalars(query))
    for filing in found:
        filing.letter_late_at = now
        journal.record(
            words.LETTER_OVERDUE, filing, SYSTEM, now, post_id=filing.filed_post_id, deliver_by=filing.deliver_by
        )
    return len(found)
