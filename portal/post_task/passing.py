"""What the passing of time and a changed calendar do to tasks (P-4, T-3, T-6)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.ab_post import telling
from portal.calendar.foresight import Change, Moved
from portal.calendar.vocabulary import MOVED_LABELS
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.post_task import rules
from portal.post_task import vocabulary as words
from portal.post_task.models import Task
from portal.post_task.service import derive, next_threshold
from portal.pure.deadlines import Light
from portal.reminder import service as reminder
from portal.reminder.models import Kind

BATCH = 200


def sweep(now: datetime) -> int:
    """Record every threshold that running tasks have passed, once each (T-6); returns how many."""
    done = 0
    running = Task.state.in_(rules.RUNNING)
    for task in db.session.scalars(
        select(Task)
        .where(Task.closed_at.is_(None), running, Task.warn_at < now)
        .order_by(Task.warn_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ):
        lights = {task.soon_at: Light.DUE_SOON, task.due_at: Light.OVERDUE, task.red_at: Light.RED}
        while task.warn_at is not None and task.warn_at < now:
            threshold = task.warn_at
            task.warned_at = threshold
            task.warn_at = next_threshold(task)
            journal.record(words.WARNED, task, SYSTEM, now, light=str(lights[threshold]), threshold=threshold)
            _tell(task, lights[threshold], threshold, now)
            done += 1
    return done


def foresee(lock: bool) -> list[Change]:
    """The open tasks whose dates the supposed calendar would move (T-3); nothing is written."""
    found = []
    query = select(Task).where(Task.closed_at.is_(None)).order_by(Task.id)
    with db.session.no_autoflush:
        for task in db.session.scalars(query.with_for_update() if lock else query).all():
            before = (task.due_at, task.soon_at, task.red_at, task.provisional)
            derive(task)
            db.session.expunge(task)
            if before != (task.due_at, task.soon_at, task.red_at, task.provisional):
                found.append(
                    Change(
                        task.number,
                        task.title,
                        task.department_id,
                        before[0],
                        task.due_at,
                        before[3],
                        task.provisional,
                        () if before[0] != task.due_at else (Moved(MOVED_LABELS["warning"], before[1], task.soon_at),),
                    )
                )
    return found


def _tell(task: Task, light: Light, threshold: datetime, now: datetime) -> None:
    """Say that a task has passed a threshold (T-6): to the handler, overdue also to the head, red to the leader."""
    titles = {
        Light.DUE_SOON: _l("交办事项临期：%(number)s", number=task.number),
        Light.OVERDUE: _l("交办事项超期：%(number)s", number=task.number),
        Light.RED: _l("交办事项严重超期：%(number)s", number=task.number),
    }
    users = telling.people(task.post_id, task.department_id, telling.LEVELS[light], now)
    reminder.tell(
        now, users, Kind(light), f"task:{task.id}:{light}:{threshold:%Y%m%d%H%M%S}", titles[light],
        _l("应于 %(by)s 前完成。", by=task.due_at), "post_task.show", values={"number": task.number},
        about_at=threshold,
    )  # fmt: skip


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the clocks of all open tasks anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    for task in db.session.scalars(select(Task).where(Task.closed_at.is_(None)).order_by(Task.id).with_for_update()):
        old = task.due_at
        derive(task)
        if db.session.is_modified(task):
            changed += 1
            journal.record(
                words.RECOMPUTED, task, actor, now, old_due=old, due=task.due_at, provisional=task.provisional
            )
    return changed
