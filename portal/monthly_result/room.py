"""Door plate of the results."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.monthly_result.paper_views
import portal.monthly_result.roll_views  # noqa: F401 - both put their pages on the blueprint
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.monthly_result import page, queries
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import ResultState
from portal.monthly_result.views import bp
from portal.score_evidence import seams as evidence


def waiting(actor: Actor, now: datetime) -> int:
    """How many results and lists wait for the actor's step; from memory."""
    return len(page.mine(actor))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """The steps that wait for the actor: submit, review, sign, publish (E-6)."""
    found = []
    for each in page.mine(actor):
        returned = each.state == ResultState.RETURNED
        found.append(
            ToDo(
                kind=_("考评结果"),
                title=page.title(each),
                detail=_("已退回，请修改后重新提交") if returned else _("等待%(step)s", step=page.step_words(each)),
                url=page.url(each),
                action=page.step_words(each),
                light="due_soon" if returned else "normal",
            )
        )
    return found


PLATE = Plate(
    name="monthly_result",
    title=_l("考评结果"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("考评结果"), "monthly_result.index", words.READ, order=83, count=waiting),),
    todos=todos,
)

evidence.lifts(queries.lifted)
