"""What the passing of time and a changed calendar do to items (E-1, T-3, T-6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.calendar.foresight import Change
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.work_plan import queries
from portal.work_plan import vocabulary as words
from portal.work_plan.common import due_at
from portal.work_plan.executing import overdue
from portal.work_plan.models import ItemState, PlanItem, PlanState, WorkPlan

BATCH = 200


def sweep(now: datetime) -> int:
    """Record, once each, the items of plans in force whose date passed without a report; returns how many (A-1)."""
    if not any(each.due_at < now and not each.late for each in queries.open_work().items):
        return 0
    query = (
        select(PlanItem)
        .where(
            PlanItem.state == ItemState.RUNNING,
            PlanItem.due_at < now,
            PlanItem.late_at.is_(None),
            PlanItem.excused_at.is_(None),
            PlanItem.plan_id.in_(select(WorkPlan.id).where(WorkPlan.state == PlanState.APPROVED)),
        )
        .order_by(PlanItem.due_at, PlanItem.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(query).all()
    for item in found:
        overdue(item, now)
    return len(found)


def _running(lock: bool) -> list[PlanItem]:
    query = select(PlanItem).where(PlanItem.state == ItemState.RUNNING).order_by(PlanItem.id)
    return list(db.session.scalars(query.with_for_update() if lock else query))


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates of running items anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    for item in _running(True):
        old, new = item.due_at, due_at(item.due_on)
        if new == old:
            continue
        was_late = item.late_at is not None and new >= now
        item.due_at = new
        if was_late:
            item.late_at = None
        changed += 1
        journal.record(words.RECOMPUTED, item, actor, now, number=item.number, old_due=old, due=new, was_late=was_late)
    return changed


def foresee(lock: bool) -> list[Change]:
    """The running items whose dates the supposed calendar would move (T-3); nothing is written."""
    found = []
    with db.session.no_autoflush:
        for item in _running(lock):
            new = due_at(item.due_on)
            if new != item.due_at:
                found.append(Change(item.number, item.step, item.department_id, item.due_at, new))
    return found
