"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.callback import queries, rules, service
from portal.callback import vocabulary as words
from portal.callback.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo


def count(actor: Actor, _now: datetime) -> int:
    """How many clients are still to be called."""
    return queries.count_waiting() if actor.can(words.CALL) else 0


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """The calls of the week, as one thing to do."""
    if not actor.can(words.CALL):
        return []
    first = queries.first_waiting()
    if first is None:
        return []
    week = rules.week_name(first.draw.week_on)
    return [
        ToDo(
            "callback.call",
            _("回访 %(week)s 的服务对象", week=week),
            _("还有 %(n)s 人待回访", n=queries.count_waiting()),
            url_for("callback.show", week=week),
            _("回访"),
            first.due_at,
            queries.light(first, now),
        )
    ]


PLATE = Plate(
    name="callback",
    title=_l("回访"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("回访"), "callback.index", words.READ, order=48, count=count),),
    todos=todos,
    sweep=service.sweep,
)
