"""Door plate of the clue room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clue import queries, sweeping
from portal.clue import vocabulary as words
from portal.clue.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo


def count(actor: Actor, _now: datetime) -> int:
    """How many clues wait to be decided on."""
    return queries.count_open(actor)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Clues that have waited longer than the office allows (A-1)."""
    if not actor.can(words.DECIDE):
        return []
    n, oldest = queries.count_waiting_long(actor, now)
    if not n:
        return []
    return [
        ToDo(
            "clue.decide",
            _("%(n)s 条线索超过处理期限", n=n),
            _("立案，或者写明不予追究的理由"),
            url_for("clue.index"),
            _("查看"),
            oldest,
            "overdue",
        )
    ]


PLATE = Plate(
    name="clue",
    title=_l("问责线索"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("问责线索"), "clue.index", words.READ, order=78, count=count),),
    todos=todos,
    sweep=sweeping.sweep,
)
