"""Door plate of the room, and what it tells the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.calendar import foresight
from portal.calendar.service import on_change
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.people.models import Department
from portal.pure.months import month_text
from portal.supervision import rights as inspection_rights
from portal.weak_result import queries, service
from portal.weak_result import vocabulary as words
from portal.weak_result.models import OrderState
from portal.weak_result.queries import OpenOrder, Weak
from portal.weak_result.views import bp


def _waiting(actor: Actor, now: datetime) -> Iterator[tuple[str, OpenOrder]]:
    """What of the open orders waits for the actor: to answer, to re-check, to follow up."""
    for each in queries.open_orders():
        late = each.state is OrderState.ORDERED and each.due_at < now
        if each.state is OrderState.ORDERED and inspection_rights.represents(actor, each.department_id):
            yield "answer", each
        elif (each.state is OrderState.ANSWERED or late) and service.may_order(actor, each.department_id):
            yield "follow" if late else "recheck", each


def _to_order(actor: Actor, now: datetime) -> list[Weak]:
    if not actor.can(words.ORDER):
        return []
    newest = queries.to_order(clock.local(now).date())
    return [w for w in newest if w.month == newest[0].month and service.may_order(actor, w.department_id)]


def count(actor: Actor, now: datetime) -> int:
    """How much waits for the actor; from memory."""
    return sum(1 for _each in _waiting(actor, now)) + len(_to_order(actor, now))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """For the department: what to rectify; for the office: what to order, to re-check and to follow up."""
    if not actor.can(words.READ):
        return []
    found = [_of_order(kind, each, now) for kind, each in _waiting(actor, now)]
    weak = _to_order(actor, now)
    codes = dict(db.session.execute(select(Department.id, Department.code)).all()) if weak else {}
    return found + [
        ToDo(
            "weak_result.order",
            _("%(name)s %(month)s 考评", name=each.name, month=month_text(each.month)),
            _("在应整改名单内，请发出整改通知"),
            url_for("weak_result.order", month=month_text(each.month), code=codes.get(each.department_id, "")),
            _("通知"),
        )
        for each in weak
    ]


def _of_order(kind: str, each: OpenOrder, now: datetime) -> ToDo:
    name = people.department_names().get(each.department_id, "")
    detail, action = {
        "answer": (_("考评整改，%(day)s 前报告", day=local_date(each.due_on)), _("报告")),
        "recheck": (_("考评整改已报告，请复查"), _("复查")),
        "follow": (_("考评整改逾期未报告，请处理"), _("处理")),
    }[kind]
    return ToDo(
        f"weak_result.{kind}",
        _("%(name)s %(number)s", name=name, number=each.number),
        detail,
        url_for("weak_result.show", number=each.number),
        action,
        each.due_at if kind != "recheck" else None,
        "normal" if kind == "recheck" else str(queries.light(each, now)),
    )


PLATE = Plate(
    name="weak_result",
    title=_l("考评整改"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("考评整改"), "weak_result.index", words.READ, order=58, count=count),),
    todos=todos,
    sweep=service.sweep,
)

on_change(service.recompute)
foresight.register("weak_result", _l("考评整改"), "weak_result.show", service.foresee)
