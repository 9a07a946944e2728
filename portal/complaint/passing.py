"""What the passing of time and a changed calendar do to complaints (A-5, T-3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from portal.complaint import identity, queries
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintState, ComplaintSubmission
from portal.complaint.receiving import derive
from portal.complaint.rules import MOVES
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor, Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.policy import queries as policy
from portal.reminder import service as reminder
from portal.reminder.models import Kind

BATCH = 200
_COUNTED = timedelta(hours=3)


def sweep(now: datetime) -> int:
    """Record, once each, answers that are overdue; end what was not rated; erase identities; returns how many."""
    db.session.execute(delete(ComplaintSubmission).where(ComplaintSubmission.hour < now - _COUNTED))
    return _late(now) + _unrated(now) + identity.sweep(now)


def _late(now: datetime) -> int:
    done = 0
    late = queries.is_running(), Complaint.warned_at.is_(None), Complaint.due_at < now
    rows = select(Complaint).where(*late).order_by(Complaint.due_at).limit(BATCH)
    for each in db.session.scalars(rows.with_for_update(skip_locked=True)):
        each.warned_at = each.due_at
        journal.record(words.OVERDUE, each, SYSTEM, now, number=each.number, due=each.due_at)
        reminder.tell(
            now, [each.officer_id, *people.users_with_role(Role.OFFICE)], Kind.OVERDUE,
            f"complaint:{each.id}:late:{each.due_at.isoformat()}", _l("投诉 %(number)s 逾期未答复", number=each.number),
            _l("应于 %(by)s 前答复。", by=each.due_at), "complaint.show", values={"number": each.number},
            about_at=each.due_at,
        )  # fmt: skip
        done += 1
    return done


def _unrated(now: datetime) -> int:
    done, waited = 0, timedelta(days=policy.value("complaint.close_after_days"))
    over = Complaint.closed_at.is_(None), Complaint.told_at.is_not(None), Complaint.told_at < now - waited
    rows = select(Complaint).where(*over).order_by(Complaint.told_at).limit(BATCH)
    for each in db.session.scalars(rows.with_for_update(skip_locked=True)):
        each.state, each.closed_at = MOVES.after(each.state, "close"), now
        journal.record(words.CLOSED, each, SYSTEM, now, number=each.number)
        done += 1
    return done


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates of running complaints anew after a change of the calendar (T-3); returns how many changed.

    One that was recorded as overdue and is not by the new date is taken back by an entry (J-3).
    """
    changed = 0
    rows = select(Complaint).where(queries.is_running()).order_by(Complaint.id)
    for each in db.session.scalars(rows.with_for_update()):
        old = each.due_at
        derive(each)
        if not db.session.is_modified(each):
            continue
        changed += 1
        journal.record(
            words.RECOMPUTED, each, actor, now, number=each.number, old_due=old, due=each.due_at,
            provisional=each.provisional,
        )  # fmt: skip
        if each.warned_at is not None and each.due_at >= now and each.state is not ComplaintState.CLOSED:
            each.warned_at = None
            journal.record(words.OVERDUE_REVERSED, each, actor, now, number=each.number, due=each.due_at)
    return changed
