"""Door plate of the room of proceedings."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.accountability import closing, queries, views
from portal.accountability import vocabulary as words
from portal.clue import seams
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo

#: What a person is to do, in the words of the home page; nothing of what the matter is.
_STEPS = {
    "report": (_l("请调查并提交报告"), _l("调查")),
    "hear": (_l("等待当事人陈述申辩"), _l("查看")),
    "find": (_l("请作出认定"), _l("认定")),
    "decide": (_l("请作出决定"), _l("决定")),
    "review": (_l("请复核"), _l("复核")),
    "assign": (_l("请指定人员"), _l("指定")),
    "inform": (_l("请告知当事人"), _l("告知")),
    "close": (_l("可以结案"), _l("结案")),
    "state": (_l("请陈述申辩"), _l("陈述申辩")),
    "ask-review": (_l("可以申请复核"), _l("查看")),
}


def count(actor: Actor, now: datetime) -> int:
    """How many things wait for the actor."""
    return queries.count_waiting(actor, now)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """What waits in proceedings, by number only."""
    return [
        ToDo(
            f"accountability.{step.verb}",
            _("追责案件 %(number)s", number=step.number),
            str(_STEPS[step.verb][0]),
            url_for("accountability.show", number=step.number),
            str(_STEPS[step.verb][1]),
            step.due_at,
            "overdue" if step.due_at is not None and step.due_at < now else "normal",
        )
        for step in queries.steps(actor, now)
    ]


def sweep(now: datetime) -> int:
    """Rectification orders that were not carried out in time."""
    return closing.sweep(now)


PLATE = Plate(
    name="accountability",
    title=_l("责任追究"),
    blueprint=views.bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("责任追究"), "accountability.index", words.READ, order=58, count=count),),
    todos=todos,
    sweep=sweep,
)

seams.on_change(closing.clue_changed)
seams.proceeding_page(views.address)
seams.begin_page(views.begin)
