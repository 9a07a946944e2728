"""Door plate of the attendance room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.attendance.correction_views
import portal.attendance.finding_views
import portal.attendance.import_views  # noqa: F401 - each adds its pages to the blueprint
from portal.attendance import pending, queries, vocabulary
from portal.attendance.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people


def waiting(actor: Actor, now: datetime) -> int:
    """How many corrections and findings wait for the actor: those that the first page lists."""
    return len(queries.Waiting(actor))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Corrections to decide and to file, findings to explain and to conclude (O-3, P-3)."""
    if not actor.can(vocabulary.READ):
        return []
    names, today = people.user_names(), clock.local(now).date()
    found = [
        ToDo(
            kind="correction",
            title=_("审批补卡：%(name)s", name=names.get(each.user_id, "")),
            detail=_("%(day)s %(slot)s", day=local_date(each.day, "short"), slot=vocabulary.SLOT_LABELS[each.slot]),
            url=url_for("attendance.correction", number=each.number),
            action=_("审批"),
        )
        for each in queries.to_decide(actor)
    ]
    found += [
        ToDo(
            kind="finding",
            title=_("说明情况：%(kind)s", kind=vocabulary.FINDING_LABELS[each.kind]),
            detail=_("请在 %(day)s 前说明", day=local_date(each.reply_by, "short")),
            url=url_for("attendance.finding", number=each.number),
            action=_("说明情况"),
            light="due_soon" if each.reply_by >= today else "overdue",
        )
        for each in queries.to_reply(actor)
    ]
    found += [
        ToDo(
            kind="finding",
            title=_("作出检查结论：%(name)s", name=names.get(each.user_id, "")),
            detail=str(vocabulary.FINDING_LABELS[each.kind]),
            url=url_for("attendance.finding", number=each.number),
            action=_("作出结论"),
        )
        for each in queries.to_conclude(actor)
    ]
    if actor.can(vocabulary.MANAGE) and (n := queries.to_file()):
        found.append(
            ToDo(
                kind="correction",
                title=_("%(n)s 份补卡待备案", n=n),
                detail="",
                url=url_for("attendance.corrections", state="to_file"),
                action=_("备案"),
            )
        )
    return found


PLATE = Plate(
    name="attendance",
    title=_l("考勤"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("考勤"), "attendance.index", vocabulary.READ, order=55, count=waiting),),
    todos=todos,
    sweep=pending.sweep,
)
