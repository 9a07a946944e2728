"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.message_card.visitor_pages  # noqa: F401 - adds the pages for visitors to the blueprint
from portal.ab_post import rights as ab_rights
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.message_card import queries, service, vocabulary
from portal.message_card.rules import Presence
from portal.message_card.views import bp, light


def waiting(actor: Actor, now: datetime) -> int:
    """How many messages wait for the actor's department."""
    departments = queries.departments_answered(actor)
    return queries.count_open(departments) if departments else 0


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Messages to answer; for who may mark: departments that stand empty without a card (AB-6)."""
    found = []
    departments = queries.departments_answered(actor)
    out = queries.marked_out(now)
    for message in queries.open_of(departments) if departments else ():
        if message.department_id in out and now <= message.due_at:
            continue
        found.append(
            ToDo(
                "message_card.answer",
                _("留言 %(number)s：%(matter)s", number=message.number, matter=message.matter[:40]),
                _(
                    "%(at)s 留，%(due)s 前答复",
                    at=local_dt(message.left_at, "near"),
                    due=local_dt(message.due_at, "near"),
                ),
                url_for("message_card.show", number=message.number),
                _("答复"),
                message.due_at,
                light(message, now),
            )
        )
    if actor.can(vocabulary.MARK):
        led = ab_rights.departments_led(actor)
        found += [
            ToDo(
                "message_card.mark",
                _("%(name)s此刻无人在岗", name=place.name),
                _("来访者可在留言卡页面留言，请确认返回时间"),
                url_for("message_card.mark_out", code=place.code),
                _("设置留言卡"),
                None,
                "due_soon",
            )
            for place, card in queries.hanging(now)
            if card.presence is Presence.EMPTY and (place.id in led or actor.can(vocabulary.READ_ALL))
        ]
    return found


PLATE = Plate(
    name="message_card",
    title=_l("留言卡"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("留言卡"), "message_card.index", vocabulary.READ, order=52, count=waiting),),
    todos=todos,
    sweep=service.sweep,
)
