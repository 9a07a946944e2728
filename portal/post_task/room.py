"""Door plate of the task room, and what it tells the post room below."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.calendar import foresight
from portal.calendar.service import on_change
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.post_duty.service import before_close
from portal.post_task import passing, queries
from portal.post_task import vocabulary as words
from portal.post_task.models import Task, TaskState
from portal.post_task.views import bp


def count(actor: Actor, _now: datetime) -> int:
    """How many tasks wait for the actor: to handle, to confirm, to answer."""
    return len(queries.to_handle(actor)) + len(queries.to_decide(actor))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Tasks to take up and to do, to confirm, extensions to answer; for heads and leaders the late ones (T-6)."""
    found = [_to_handle(task, now) for task in queries.to_handle(actor)]
    found += [_to_decide(task) for task in queries.to_decide(actor)]
    late = queries.late_in_departments(actor, now)
    if late:
        found.append(
            ToDo(
                "post_task.late",
                _("%(n)s 件交办事项超期", n=late),
                _("本科室或分管科室"),
                url_for("post_task.index", light="overdue"),
                _("查看"),
                light="overdue",
            )
        )
    return found


def _to_handle(task: Task, now: datetime) -> ToDo:
    new = task.state is TaskState.ASSIGNED
    names = people.user_names()
    return ToDo(
        "post_task.acknowledge" if new else "post_task.handle",
        _("%(title)s %(number)s", title=task.title, number=task.number),
        _("%(source)s · %(who)s", source=words.SOURCE_LABELS[task.source], who=names.get(task.assigned_by_id, "")),
        url_for("post_task.show", number=task.number),
        _("签收") if new else _("办理"),
        task.due_at,
        str(queries.light(task, now)),
    )


def _to_decide(task: Task) -> ToDo:
    asked = queries.waiting_extension(task)
    return ToDo(
        "post_task.extension" if asked else "post_task.confirm",
        _("%(title)s %(number)s", title=task.title, number=task.number),
        _("申请延期，请答复") if asked else _("已报告办结，请确认"),
        url_for("post_task.show", number=task.number),
        _("答复") if asked else _("确认"),
        task.due_at if asked else None,
        "due_soon" if asked else "normal",
    )


def open_on_post(post_id: int) -> list[seams.Thing]:
    """The open tasks of a post: a part of a handover (AB-2)."""
    return [
        seams.Thing(
            task.title,
            _("%(number)s · %(state)s", number=task.number, state=words.STATE_LABELS[task.state]),
            url_for("post_task.show", number=task.number),
        )
        for task in queries.open_on(post_id)
    ]


def still_open(post: Post) -> str | None:
    """Why a post cannot be closed: tasks are open on it (P-4)."""
    open_tasks = select(func.count()).select_from(Task).where(queries.is_open(), Task.post_id == post.id)
    n = db.session.scalar(open_tasks) or 0
    return _("该岗位还有 %(n)s 件未办结的交办事项。", n=n) if n else None


PLATE = Plate(
    name="post_task",
    title=_l("交办事项"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("交办事项"), "post_task.index", words.READ, order=40, count=count),),
    todos=todos,
    sweep=passing.sweep,
)

on_change(passing.recompute)
foresight.register("post_task", _l("交办事项"), "post_task.show", passing.foresee)
seams.open_matters_source(open_on_post)
before_close(still_open)
