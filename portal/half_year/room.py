"""Door plate of the half-yearly publication."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.half_year import queries
from portal.half_year import vocabulary as words
from portal.half_year.models import HalfYear, HalfYearState
from portal.half_year.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Editions to approve, to publish, and those sent back."""
    if not (actor.can(words.APPROVE) or actor.can(words.MANAGE)):
        return []
    return [found for edition in queries.on_the_way() if (found := _todo(actor, edition)) is not None]


def _todo(actor: Actor, edition: HalfYear) -> ToDo | None:
    half = edition.year, edition.half
    url = url_for("half_year.edit", half=queries.text(half))
    if edition.state is HalfYearState.SUBMITTED:
        if not actor.can(words.APPROVE) or actor.id == edition.submitted_by_id:
            return None
        review = url_for("half_year.review", half=queries.text(half))
        return ToDo("half_year.approve", queries.title(half), _("待批准"), review, _("批准"))
    if not actor.can(words.MANAGE):
        return None
    if edition.state is HalfYearState.APPROVED:
        return ToDo("half_year.publish", queries.title(half), _("已批准，待公示"), url, _("公示"))
    if edition.returned:
        return ToDo("half_year.returned", queries.title(half), edition.returned, url, _("修改"))
    return None


PLATE = Plate(
    name="half_year",
    title=_l("半年公示"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("半年公示"), "half_year.index", words.READ, order=79),),
    todos=todos,
)
