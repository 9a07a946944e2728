"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.post_duty.qualification_views
import portal.post_duty.version_views  # noqa: F401 - both add their pages to the room's addresses
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.post_duty import qualifications, vocabulary
from portal.post_duty.views import bp


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """For the office: qualifications that end soon or have ended without a later one (R-3)."""
    if not actor.can(vocabulary.MANAGE):
        return []
    rows = qualifications.held(clock.local(now).date())
    found = []
    for state, light in (("expired", "overdue"), ("expiring", "due_soon")):
        here = [row for row in rows if row.state == state]
        if here:
            title = (
                _("%(n)s 项人员资格已到期", n=len(here))
                if state == "expired"
                else _("%(n)s 项人员资格即将到期", n=len(here))
            )
            found.append(
                ToDo(
                    f"post_duty.{state}",
                    title,
                    _("、").join(dict.fromkeys(row.name for row in here[:3])),
                    url_for("post_duty.qualifications_index", state=state),
                    _("查看"),
                    light=light,
                )
            )
    return found


PLATE = Plate(
    name="post_duty",
    title=_l("岗位责任"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("岗位责任"), "post_duty.index", vocabulary.READ, order=70),),
    todos=todos,
)
