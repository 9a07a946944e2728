"""Door plate of the room of praise and honours."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from portal.honour import queries, seams
from portal.honour import vocabulary as words
from portal.honour.models import Channel, HonourState
from portal.honour.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.message_card import queries as cards


def waiting(actor: Actor, _now: datetime) -> int:
    """How many entries wait for the actor's confirmation."""
    return queries.waiting(actor)


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Entries to confirm or refuse."""
    n = queries.waiting(actor)
    if not n:
        return []
    return [
        ToDo(
            "honour.confirm",
            _("%(n)s 条表扬与荣誉待核实", n=n),
            _("核对证明材料，由第二人确认"),
            url_for("honour.index", state=str(HonourState.RECORDED)),
            _("核实"),
        )
    ]


def _message(actor: Actor, number: str) -> seams.Found | None:
    try:
        found = cards.by_number(actor, number)
    except NotFound:
        return None
    return seams.Found(found.matter, found.department_id, clock.local(found.left_at).date())


seams.place(
    "card_message",
    seams.Place(_l("来访留言"), Channel.CARD, _message, lambda number: url_for("message_card.show", number=number)),
)

PLATE = Plate(
    name="honour",
    title=_l("表扬与荣誉"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("表扬与荣誉"), "honour.index", words.READ, order=84, count=waiting),),
    todos=todos,
)
