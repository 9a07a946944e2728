"""Door plate of the case room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.calendar.service import on_change
from portal.cases import queries, service, sweeping
from portal.cases import vocabulary as words
from portal.cases.models import Case
from portal.cases.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Withdrawals and lapses that wait for their second person (N-7)."""
    return [
        ToDo(
            "cases.decide",
            p.case.matter,
            _("%(who)s提出%(what)s，待您确认", who=p.proposed_by.name, what=words.PROPOSAL_LABELS[p.kind]),
            url_for("cases.show", number=p.case.number),
            _("确认"),
        )
        for p in queries.proposals_waiting(actor)
    ]


def _late(actor: Actor, now: datetime) -> int:
    if not actor.post_ids or not actor.can(words.HANDLE):
        return 0
    return queries.counts(Case.post_id.in_(actor.post_ids), now).overdue


PLATE = Plate(
    name="cases",
    title=_l("办件"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("限时办结"), "cases.index", words.READ, order=20, count=_late, urgent=True),),
    todos=todos,
    sweep=sweeping.sweep,
)

on_change(service.recompute)
