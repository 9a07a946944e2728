"""Door plate of the room."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.calendar.service import on_change
from portal.client_opinion import clocks, queries
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionKind, OpinionState
from portal.client_opinion.views import bp
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people

S = OpinionState
_ACTIONS = {
    S.REGISTERED: _l("拟答复"),
    S.DRAFTED: _l("批准"),
    S.APPROVED: _l("答复"),
    S.ANSWERED: _l("认定"),
    S.RECTIFYING: _l("整改"),
    S.RECTIFIED: _l("复查"),
    S.CALLING_BACK: _l("回访"),
}


def count(actor: Actor, _now: datetime) -> int:
    """How many opinions wait for the actor."""
    return queries.count_waiting(actor)


def _action(opinion: Opinion) -> str:
    if opinion.department_id is None:
        return _("分办")
    if opinion.kind is OpinionKind.BAD_REVIEW and opinion.contacted_at is None:
        return _("联系")
    return str(_ACTIONS[opinion.state])


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """What waits for the head, the leader, the office; doubts to decide; for those above, how many are late."""
    if not actor.can(words.READ):
        return []
    departments = people.department_names()
    found = [
        ToDo(
            f"client_opinion.{each.state}",
            _("%(kind)s %(number)s", kind=words.KIND_LABELS[each.kind], number=each.number),
            _(
                "%(department)s · %(state)s",
                department=departments.get(each.department_id or 0, "") or _("待分办"),
                state=words.STATE_LABELS[each.state],
            ),
            url_for("client_opinion.show", number=each.number),
            _action(each),
            queries.due_of(each),
            queries.light(each, now),
        )
        for each in queries.waiting(actor)
    ]
    found += [
        ToDo(
            "client_opinion.second",
            _("%(kind)s %(number)s", kind=words.KIND_LABELS[each.kind], number=each.number),
            _("有人提出不属实，请复核"),
            url_for("client_opinion.show", number=each.number),
            _("复核"),
        )
        for each in queries.doubted(actor)
    ]
    late = queries.late_seen(actor, now)
    if late:
        found.append(
            ToDo(
                "client_opinion.late",
                _("%(n)s 件服务对象意见逾期", n=late),
                _("联系、答复或整改已过期限"),
                url_for("client_opinion.index", tab="overdue"),
                _("查看"),
                light="overdue",
            )
        )
    return found


PLATE = Plate(
    name="client_opinion",
    title=_l("服务对象意见"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("服务对象意见"), "client_opinion.index", words.READ, order=47, count=count),),
    todos=todos,
    sweep=clocks.sweep,
)

on_change(clocks.recompute)
