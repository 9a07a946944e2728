"""Door plate of the room of awards."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.award.act_views  # noqa: F401 - puts its pages on the blueprint
from portal.award import deciding, queries
from portal.award import vocabulary as words
from portal.award.views import bp
from portal.kernel.actor import Actor, Role
from portal.kernel.plates import MenuItem, Plate, ToDo

_VERBS = {
    "summarise": (_l("您被提名，请填写自我总结"), _l("填写")),
    "open_vote": (_l("提名期限已过，可以开始投票"), _l("开始投票")),
    "vote": (_l("请投票，投票不记名"), _l("投票")),
    "count": (_l("投票可以结束"), _l("结束投票")),
    "review": (_l("投票已结束，请审核"), _l("审核")),
    "decide": (_l("审核已完成，请决定"), _l("决定")),
    "answer": (_l("公示期间有异议待答复"), _l("答复")),
    "finish": (_l("公示期满，可以授予"), _l("授予")),
}


def _revocable(actor: Actor) -> list[tuple[str, str]]:
    return list(queries.barred()) if actor.can(words.DECIDE) and Role.PRINCIPAL in actor.roles else []


def count(actor: Actor, now: datetime) -> int:
    """How much waits for the actor."""
    return len(queries.waiting(actor, now)) + len(_revocable(actor))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """What waits for the actor in the rounds that run, and awards that a later decision bars (A-4)."""
    found = [
        ToDo(
            f"award.{verb}",
            run.title,
            str(_VERBS[verb][0]),
            url_for("award.show", number=run.number),
            str(_VERBS[verb][1]),
        )
        for verb, run in queries.waiting(actor, now)
    ]
    found += [
        ToDo(
            "award.revoke",
            _("奖项 %(number)s", number=certificate),
            _("获得者后来受到取消评优资格的处理"),
            url_for("award.show", number=number),
            _("处理"),
            light="overdue",
        )
        for number, certificate in _revocable(actor)
    ]
    return found


PLATE = Plate(
    name="award",
    title=_l("评先评优"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("评先评优"), "award.index", words.READ, order=88, count=count),),
    todos=todos,
    sweep=deciding.sweep,
)
