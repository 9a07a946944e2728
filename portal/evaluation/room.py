"""Door plate of evaluation, and what it puts on a case's page."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

import portal.evaluation.slip_views
import portal.evaluation.views  # noqa: F401 - both put their pages on the blueprint
from portal.cases import panels
from portal.cases.models import Case
from portal.evaluation import counting, queries
from portal.evaluation import vocabulary as words
from portal.evaluation.models import Grade, SignedBallot
from portal.evaluation.public_pages import bp
from portal.honour import seams as honours
from portal.honour.models import Channel
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.plates import MenuItem, Plate


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The slip for the client of a case that has ended."""
    if not queries.may_hand_out(actor, case):
        return []
    return [panels.Panel("evaluation/_hand_out.html", 95, {"number": case.number})]


def praise(actor: Actor, number: str) -> honours.Found | None:
    """What a satisfied client signed, by the number of the ballot in the list, for who may read it (O-9)."""
    if not (actor.can(words.READ) and number.isascii() and number.isdigit() and len(number) < 10):
        return None
    query = queries.signed(actor, queries.Wanted()).where(SignedBallot.id == int(number))
    found = db.session.scalar(query.where(SignedBallot.grade.in_((Grade.VERY_SATISFIED, Grade.SATISFIED))))
    if found is None:
        return None
    said = found.comment or "；".join(found.reasons.splitlines())
    return honours.Found(said, found.department_id, clock.local(found.at).date())


panels.register("evaluation", panels=on_case)
honours.place(
    "evaluation_signed",
    honours.Place(_l("署名评议"), Channel.EVALUATION, praise, lambda _number: url_for("evaluation.signed")),
)

PLATE = Plate(
    name="evaluation",
    title=_l("服务对象评议"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("服务对象评议"), "evaluation.index", words.READ, order=77),),
    sweep=counting.sweep,
)
