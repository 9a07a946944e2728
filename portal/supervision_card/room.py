"""Door plate of the room, and what it puts on a case's page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import panels
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.supervision_card import queries
from portal.supervision_card import vocabulary as words
from portal.supervision_card.views import bp


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Accepted cases that are to get a card, where the office has decided so."""
    if not actor.can(words.ISSUE):
        return []
    return [
        ToDo(
            "supervision_card.issue",
            _("%(matter)s %(number)s", matter=row.matter, number=row.number),
            _("受理后应出具办事监督卡"),
            url_for("supervision_card.issue", number=row.number),
            _("出具"),
        )
        for row in queries.owed(actor)
    ]


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """Issuing the card of an accepted, open case."""
    if case.accepted_at is None or case.closed_at is not None:
        return []
    if not actor.can(words.ISSUE) or not cases.may_handle(actor, case) or queries.valid_of(case.id) is not None:
        return []
    return [panels.Action(_("出具监督卡"), url_for("supervision_card.issue", number=case.number), "id-badge", 70)]


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The cards of the case."""
    cards = queries.of_case(case.id) if actor.can(words.READ) else []
    return [panels.Panel("supervision_card/_cards.html", 60, {"cards": cards})] if cards else []


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """Every card as a document of the archive file (J-4)."""
    return [
        panels.Paper(
            _("办事监督卡（已收回）") if card.withdrawn_at else _("办事监督卡"),
            card.number,
            card.issued_at,
            url_for("supervision_card.sheet", number=card.number),
        )
        for card in queries.of_case(case.id)
    ]


PLATE = Plate(
    name="supervision_card",
    title=_l("办事监督卡"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("办事监督卡"), "supervision_card.index", words.READ, order=47),),
    todos=todos,
)

panels.register("supervision_card", actions=actions, panels=on_case, papers=papers)
