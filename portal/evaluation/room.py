"""Door plate of evaluation, and what it puts on a case's page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

import portal.evaluation.slip_views
import portal.evaluation.views  # noqa: F401 - both put their pages on the blueprint
from portal.cases import panels
from portal.cases.models import Case
from portal.evaluation import counting, queries
from portal.evaluation import vocabulary as words
from portal.evaluation.public_pages import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The slip for the client of a case that has ended."""
    if not queries.may_hand_out(actor, case):
        return []
    return [panels.Panel("evaluation/_hand_out.html", 95, {"number": case.number})]


panels.register("evaluation", panels=on_case)

PLATE = Plate(
    name="evaluation",
    title=_l("服务对象评议"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("服务对象评议"), "evaluation.index", words.READ, order=77),),
    sweep=counting.sweep,
)
