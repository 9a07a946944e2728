"""Door plate of the registers."""

from __future__ import annotations

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.register.attendance_views
import portal.register.check_views
import portal.register.follow_views  # noqa: F401 - each adds its pages to the blueprint
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.register import kinds, owed, queries
from portal.register import vocabulary as words
from portal.register.models import Hazard, HazardState
from portal.register.views import bp


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Meetings to pass on, shifts to take over, hazards to rectify and to check again, entries that are missing."""
    if not actor.can(words.READ) or not _used():
        return []
    today, departments = clock.local(now).date(), people.department_names()
    found = [
        ToDo(
            "register.pass_on",
            _("向%(department)s传达：%(title)s", department=departments.get(p.department_id, ""), title=p.entry.title),
            _("会后传达并确认"),
            url_for("register.show", number=p.entry.number),
            _("确认传达"),
            clock.day_start(p.due_on),
            "overdue" if today > p.due_on else "normal",
        )
        for p in queries.to_pass_on(actor)
    ]
    found += [
        ToDo(
            "register.take_over",
            _("接班：%(title)s", title=e.title),
            e.number,
            url_for("register.show", number=e.number),
            _("确认接班"),
        )
        for e in queries.to_take_over(actor)
    ]
    rectify, recheck = queries.open_hazards(actor)
    found += [_hazard(h, today) for h in (*rectify, *recheck)]
    found += [
        ToDo(
            "register.missing",
            _(
                "%(kind)s缺记：%(period)s",
                kind=words.shown(m.kind.name),
                period=owed.period_name(m.kind.rhythm, m.period),
            ),
            owed.place(m.department_id),
            url_for("register.begin", code=m.kind.code),
            _("补记"),
            None,
            "overdue",
        )
        for m in owed.missing(actor)
        if actor.can(words.WRITE)
    ]
    return found


def _hazard(hazard: Hazard, today: date) -> ToDo:
    is_open = hazard.state is HazardState.OPEN
    return ToDo(
        "register.rectify" if is_open else "register.recheck",
        _("隐患 %(number)s：%(seen)s", number=hazard.number, seen=hazard.seen[:40]),
        people.department_names().get(hazard.department_id, ""),
        url_for("register.show_hazard", number=hazard.number),
        _("整改") if is_open else _("复查"),
        clock.day_start(hazard.due_on) if is_open else None,
        "overdue" if is_open and today > hazard.due_on else "normal",
    )


def _used() -> bool:
    """Whether any register is kept at all: asked of memory."""
    return epochs.cached("register", "used", lambda: bool(kinds.all_kinds()))


PLATE = Plate(
    name="register",
    title=_l("工作台账"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("工作台账"), "register.index", words.READ, order=72),),
    todos=todos,
)
