"""Door plate of the supervision room, and what it tells the calendar."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.supervision.finding_views
import portal.supervision.spot_views  # noqa: F401 - each adds its pages to the blueprint
from portal.calendar import foresight
from portal.calendar.service import on_change
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.supervision import queries as read
from portal.supervision import rectifying, waiting
from portal.supervision import vocabulary as words
from portal.supervision.models import FindingState, Inspection, InspectionFinding
from portal.supervision.views import bp


def count(actor: Actor, now: datetime) -> int:
    """How many findings wait for the actor."""
    return waiting.count_waiting(actor, now, actor.can(words.INSPECT))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """For the group: what to order, re-check, confirm, feed back and carry out; for the department: what to say and to
    rectify; for the leader in charge: feedback to note, overdue rectification."""
    if not actor.can(words.READ):
        return []
    found = [_departments(each, now) for each in waiting.for_department(actor)]
    if actor.can(words.INSPECT):
        found += [_groups(each) for each in waiting.for_group(actor, now)]
        found += [_act("confirm", each, _("请确认是否撤销"), _("确认")) for each in waiting.to_confirm(actor)]
        found += [
            _inspection("feed_back", each, _("问题已办结，请反馈分管领导"), _("反馈"))
            for each in waiting.to_feed_back(actor)
        ]
        found += [
            ToDo(
                "supervision.plan",
                _("%(title)s %(number)s", title=each.title, number=each.number),
                _("督查计划，%(day)s 前实施", day=each.to_on),
                url_for("supervision.show_plan", number=each.number),
                _("检查"),
                None,
                "overdue" if each.to_on < clock.local(now).date() else "normal",
            )
            for each in waiting.my_plans(actor, clock.local(now).date())
        ]
    found += [_inspection("note", each, _("督查反馈，请阅知"), _("阅知")) for each in waiting.to_note(actor)]
    late = waiting.late_in_departments(actor, now)
    if late:
        found.append(
            ToDo(
                "supervision.late",
                _("%(n)s 件整改超期", n=late),
                _("分管科室"),
                url_for("supervision.orders", state="overdue"),
                _("查看"),
                light="overdue",
            )
        )
    return found


def _act(
    kind: str, each: InspectionFinding, detail: str, action: str, due: datetime | None = None, light: str = "normal"
) -> ToDo:
    return ToDo(
        f"supervision.{kind}",
        _("%(kind)s %(number)s", kind=words.kind_label(each.kind), number=each.number),
        _(
            "%(department)s · %(detail)s",
            department=people.department_names().get(each.department_id, ""),
            detail=detail,
        ),
        url_for("supervision.show_finding", number=each.number),
        action,
        due,
        light,
    )


def _departments(each: InspectionFinding, now: datetime) -> ToDo:
    last = each.order
    if each.state is FindingState.ORDERED and last is not None:
        light = str(read.light(last, now))
        return _act("report", each, _("请整改并报告"), _("报告"), last.due_at, light)
    return _act("comment", each, _("督查发现，可以说明情况"), _("说明"), each.comment_by)


def _groups(each: InspectionFinding) -> ToDo:
    if each.state is FindingState.REPORTED:
        return _act("recheck", each, _("已报告整改，请复查"), _("复查"))
    return _act("order", each, _("请作出处理"), _("处理"))


def _inspection(kind: str, each: Inspection, detail: str, action: str) -> ToDo:
    return ToDo(
        f"supervision.{kind}",
        _("%(name)s %(number)s", name=people.department_names().get(each.department_id, ""), number=each.number),
        detail,
        url_for("supervision.show", number=each.number),
        action,
    )


PLATE = Plate(
    name="supervision",
    title=_l("效能督查"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("效能督查"), "supervision.index", words.LIST, order=47, count=count),),
    todos=todos,
    sweep=rectifying.sweep,
)

on_change(rectifying.recompute)
foresight.register("supervision", _l("督查整改"), "supervision.notice", rectifying.foresee)
