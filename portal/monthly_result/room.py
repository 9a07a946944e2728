"""Door plate of the results."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.monthly_result.paper_views
import portal.monthly_result.roll_views  # noqa: F401 - both put their pages on the blueprint
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.monthly_result import page, paper
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import ResultState, Roll, RollKind
from portal.monthly_result.naming import Period
from portal.monthly_result.page import Waiting
from portal.monthly_result.views import bp
from portal.pure.months import month_text
from portal.score_table.vocabulary import SUBJECT_LABELS


def waiting(actor: Actor, now: datetime) -> int:
    """How many results and lists wait for the actor's step; from memory."""
    return len(page.mine(actor))


def title(each: Waiting) -> str:
    """What something under way is called."""
    if each.what == "roll":
        return paper.roll_title(Roll(kind=RollKind(each.kind), year=each.year, quarter=each.quarter))
    assert each.month is not None
    return _("%(month)s 考评结果（%(subject)s）", month=month_text(each.month), subject=SUBJECT_LABELS[each.subject])


def url(each: Waiting) -> str:
    """Where its next step is taken."""
    if each.what == "roll":
        period = Period(each.year, each.quarter).text
        return url_for("monthly_result.roll", kind=each.kind, period=period)
    if each.what == "settled" or each.month is None:
        return url_for("monthly_result.index")
    return url_for("monthly_result.show", subject=each.subject, month=month_text(each.month), edition=each.edition)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """The steps that wait for the actor: submit, review, sign, publish (E-6)."""
    found = []
    for each in page.mine(actor):
        returned = each.state == ResultState.RETURNED
        found.append(
            ToDo(
                kind=_("考评结果"),
                title=title(each),
                detail=_("已退回，请修改后重新提交") if returned else _("等待%(step)s", step=page.step_words(each)),
                url=url(each),
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
