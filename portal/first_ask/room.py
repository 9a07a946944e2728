"""Door plate of the first-ask room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import panels
from portal.cases.models import Case
from portal.cases.service import Client
from portal.first_ask import queries, service, sweeping
from portal.first_ask import vocabulary as words
from portal.first_ask.models import Channel, Disposition
from portal.first_ask.service import Asked
from portal.first_ask.views import bp
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.message_card import seams as cards
from portal.message_card.models import Message
from portal.post_duty import seams
from portal.post_duty.models import Post, PostKind


def _departments(actor: Actor) -> frozenset[int]:
    return frozenset(d for d in {actor.department_id, *actor.departments_headed()} if d)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Matters passed to the department, disputes for the office, urgent matters for the principal (F-4, F-5)."""
    found = []
    if actor.can(words.FILE) and (departments := _departments(actor)):
        for hand in queries.waiting_for(departments):
            entry = hand.entry
            found.append(
                ToDo(
                    "first_ask.respond",
                    entry.matter,
                    _("%(from)s转来，待接收或提出异议", **{"from": hand.from_department.name}),
                    url_for("first_ask.show", number=entry.number),
                    _("处理"),
                    hand.respond_by,
                    "overdue" if now > hand.respond_by else "normal",
                )
            )
        for hand in queries.taken_over(departments):
            entry = hand.entry
            found.append(
                ToDo(
                    "first_ask.finish",
                    entry.matter,
                    _("已接收的转办，待答复或收件"),
                    url_for("first_ask.show", number=entry.number),
                    _("办理"),
                )
            )
    if actor.can(words.RULE):
        found += [
            ToDo(
                "first_ask.rule",
                hand.entry.matter,
                _("转办异议，待办公室裁定"),
                url_for("first_ask.show", number=hand.entry.number),
                _("裁定"),
            )
            for hand in queries.disputed()
        ]
    if actor.can(words.ACKNOWLEDGE):
        found += [
            ToDo(
                "first_ask.acknowledge",
                entry.matter,
                _("紧急重大：%(reason)s", reason=entry.urgent_reason),
                url_for("first_ask.show", number=entry.number),
                _("阅知"),
                entry.acknowledge_by,
                "red" if entry.acknowledge_by and now > entry.acknowledge_by else "due_soon",
            )
            for entry in queries.unacknowledged()
        ]
    return found


def open_on_post(post_id: int) -> list[seams.Thing]:
    """What a head's post has to answer of what was passed to the department, and the principal's urgent matters: their
    part of a handover (AB-2)."""
    post = db.session.get(Post, post_id)
    if post is None or post.kind not in (PostKind.HEAD, PostKind.PRINCIPAL):
        return []
    if post.kind is PostKind.PRINCIPAL:
        entries = [(entry, _("紧急重大，待阅知")) for entry in queries.unacknowledged()]
    else:
        here = frozenset({post.department_id})
        entries = [(hand.entry, _("转来的事项，待接收或提出异议")) for hand in queries.waiting_for(here)]
        entries += [(hand.entry, _("已接收的转办，待答复或收件")) for hand in queries.taken_over(here)]
    return [
        seams.Thing(
            entry.matter,
            _("%(number)s · %(state)s", number=entry.number, state=what),
            url_for("first_ask.show", number=entry.number),
        )
        for entry, what in entries
    ]


def _papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    entry = queries.of_case(case)
    if entry is None:
        return []
    return [panels.Paper(_("首问登记"), entry.number, entry.filed_at, url_for("first_ask.show", number=entry.number))]


panels.register("first_ask", papers=_papers)
seams.open_matters_source(open_on_post)


def _take_message(actor: Actor, message: Message, now: datetime) -> str:
    """File what a visitor left on a message card as an entry that opens a case (AB-6, F-3)."""
    asked = Asked(
        message.matter.replace("\n", " ")[:200],
        Disposition.CASE,
        Channel.ONLINE,
        client=Client(name=message.name, phone=message.phone),
        outcome=_("来自留言 %(number)s", number=message.number),
    )
    return service.file(actor, asked, now).number


def _entry_address(number: str) -> str:
    return url_for("first_ask.show", number=number)


cards.taker(_take_message, _entry_address)

PLATE = Plate(
    name="first_ask",
    title=_l("首问登记"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("首问登记"), "first_ask.log", words.READ, order=10),),
    todos=todos,
    sweep=sweeping.sweep,
)
