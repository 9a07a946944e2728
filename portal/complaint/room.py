"""Door plate of the complaint room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.complaint.act_views
import portal.complaint.public_pages
import portal.complaint.summary_views  # noqa: F401 - add their pages to the blueprint
from portal.calendar.service import on_change
from portal.complaint import passing, queries
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintState
from portal.complaint.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo

_DECIDE = {
    ComplaintState.RECEIVED: (_l("请决定是否受理"), _l("决定")),
    ComplaintState.TAKEN_UP: (_l("请指定承办人"), _l("指定")),
    ComplaintState.PROPOSED: (_l("请审定结果"), _l("审定")),
}


def count(actor: Actor, _now: datetime) -> int:
    """How many complaints wait for the actor."""
    return queries.count_waiting(actor)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Complaints to look into, to decide, to approve, to say something to; none says who complained."""
    if not actor.can(words.READ):
        return []
    found = [
        _todo(
            each,
            now,
            "complaint.handle",
            _("请答复投诉人") if each.state is ComplaintState.APPROVED else _("由您承办"),
            _("办理"),
        )
        for each in queries.mine(actor)
    ]
    for each in queries.to_decide(actor):
        detail, action = _DECIDE[each.state]
        found.append(_todo(each, now, "complaint.decide", str(detail), str(action)))
    found += [
        _todo(each, now, "complaint.state", _("请说明本科室的情况"), _("说明")) for each in queries.to_state(actor)
    ]
    return found


def _todo(each: Complaint, now: datetime, kind: str, detail: str, action: str) -> ToDo:
    return ToDo(
        kind,
        _("投诉 %(number)s", number=each.number),
        detail,
        url_for("complaint.show", number=each.number),
        action,
        each.due_at,
        str(queries.light(each, now)),
    )


PLATE = Plate(
    name="complaint",
    title=_l("投诉"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("投诉"), "complaint.index", words.READ, order=47, count=count, urgent=True),),
    todos=todos,
    sweep=passing.sweep,
)

on_change(passing.recompute)
