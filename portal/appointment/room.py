"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.appointment.overviews
import portal.appointment.public_pages  # noqa: F401 - both add their pages to the blueprint
from portal.appointment import queries, sweeping
from portal.appointment import vocabulary as words
from portal.appointment.views import bp
from portal.calendar.service import on_change
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo


def waiting(actor: Actor, now: datetime) -> int:
    """How many appointments wait for the actor: to answer, and those that are over and not recorded."""
    over = [w for w in queries.to_attend(actor, now) if w.to_at is not None and w.to_at < now]
    return len(queries.to_answer(actor)) + len(over)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Requests to answer, agreed times of today and the next working day, and what came of those that are over."""
    found = [
        ToDo(
            "appointment.answer",
            _("预约 %(number)s：%(matter)s", number=each.number, matter=each.matter[:40]),
            _("希望 %(at)s", at=local_dt(each.from_at, "near")) if each.from_at else _("另写了希望的时间"),
            url_for("appointment.show", number=each.number),
            _("答复"),
            each.due_at,
            "overdue" if now > each.due_at else "due_soon",
        )
        for each in queries.to_answer(actor)
    ]
    for each in queries.to_attend(actor, now):
        over = each.to_at is not None and each.to_at < now
        found.append(
            ToDo(
                "appointment.record" if over else "appointment.attend",
                _("预约 %(number)s：%(matter)s", number=each.number, matter=each.matter[:40]),
                _("约定时间已过，请记录是否到访") if over else _("约定 %(at)s 接待", at=local_dt(each.from_at, "near")),
                url_for("appointment.show", number=each.number),
                _("记录") if over else _("查看"),
                each.to_at if over else each.from_at,
                "overdue" if over else "normal",
            )
        )
    return found


PLATE = Plate(
    name="appointment",
    title=_l("预约服务"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("预约服务"), "appointment.index", words.READ, order=53, count=waiting),),
    todos=todos,
    sweep=sweeping.sweep,
)

on_change(sweeping.recompute)
