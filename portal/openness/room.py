"""Door plate of the room."""

from __future__ import annotations

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.openness.directory_views
import portal.openness.public_pages  # noqa: F401 - both add their pages to the blueprint
from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.openness import queries
from portal.openness import vocabulary as words
from portal.openness.queries import Due
from portal.openness.views import bp
from portal.people import queries as people
from portal.pure.deadlines import close_of_business


def waiting(actor: Actor, now: datetime) -> int:
    """How much waits for the actor; all of it is told by memory."""
    return (
        len(queries.to_decide(actor, now))
        + len(queries.returned_to(actor))
        + len(queries.owed_by(actor, clock.local(now).date()))
    )


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """What to approve, what came back, what the yearly list says is owed (O-1)."""
    found, names, today = [], people.user_names(), clock.local(now).date()
    for each in queries.to_decide(actor, now):
        found.append(
            ToDo(
                "openness.decide",
                _("公开信息 %(number)s：%(title)s", number=each.number, title=each.title),
                _(
                    "%(who)s 起草，等待%(level)s",
                    who=names.get(each.author_id, ""),
                    level=words.LEVEL_LABELS[each.level],
                )
                if each.level
                else "",
                url_for("openness.show", number=each.number),
                _("审批"),
            )
        )
    for each in queries.returned_to(actor):
        found.append(
            ToDo(
                "openness.returned",
                _("公开信息 %(number)s：%(title)s", number=each.number, title=each.title),
                _("已退回，请修改后再送审"),
                url_for("openness.show", number=each.number),
                _("修改"),
            )
        )
    return found + _owed(actor, today)


def _owed(actor: Actor, today: date) -> list[ToDo]:
    """What one's own departments owe, each; what others do is one line a year for who oversees it (O-1)."""
    departments, work, headed = people.department_names(), calendar.work_calendar(), actor.departments_headed()
    found, others = [], dict[int, list[Due]]()
    for due in queries.owed_by(actor, today):
        if due.department_id not in headed:
            others.setdefault(due.due_on.year, []).append(due)
            continue
        found.append(
            ToDo(
                "openness.owed",
                _("公开目录：%(title)s", title=due.title),
                departments.get(due.department_id, ""),
                url_for("openness.write", due=f"{due.duty_id}/{due.due_on}"),
                _("起草"),
                close_of_business(due.due_on, work),
                "overdue" if due.due_on < today else "due_soon",
            )
        )
    for year, late in others.items():
        owing = {departments.get(due.department_id, "") for due in late}
        found.append(
            ToDo(
                "openness.late",
                _("公开目录 %(year)s 年有 %(n)s 项逾期未公开", year=year, n=len(late)),
                _("、").join(sorted(owing)),
                url_for("openness.directory", year=year, state="overdue"),
                _("查看"),
                close_of_business(min(due.due_on for due in late), work),
                "overdue",
            )
        )
    return found


PLATE = Plate(
    name="openness",
    title=_l("信息公开"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("信息公开"), "openness.index", words.READ, order=56, count=waiting),),
    todos=todos,
)
