"""Door plate of the plan room, and what it tells the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.work_plan.import_views
import portal.work_plan.item_views
import portal.work_plan.review_views
from portal.calendar import foresight
from portal.calendar.service import on_change
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.policy import queries as policy
from portal.work_plan import lights, passing, queries, rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.models import ItemState, PlanState, Term
from portal.work_plan.queries import OpenItem, OpenPlan
from portal.work_plan.views import bp

#: How many to-dos of a kind are named.
NAMED = 50


def sweep(now: datetime) -> int:
    """Record passed dates (E-1); forget sheets that nobody confirmed."""
    return passing.sweep(now) + portal.work_plan.import_views.SHELF.sweep(now)


def _items(actor: Actor, now: datetime) -> Iterator[tuple[str, OpenItem]]:
    """What of the open items waits for the actor: due soon or late of one's own, to confirm, more time to answer."""
    soon = lights.soon()
    for each in queries.open_work().items:
        if each.state is ItemState.RUNNING and each.person_id == actor.id and each.due_at - soon <= now:
            yield "handle", each
        if each.state is ItemState.REPORTED:
            if rights.confirmer(each.department_id, each.person_id, each.reported_by_id, now) == actor.id:
                yield "confirm", each
        elif (
            each.asked_by_id is not None
            and rights.extender(each.department_id, each.person_id, each.asked_by_id, now) == actor.id
        ):
            yield "extend", each


def _plans(actor: Actor, now: datetime) -> Iterator[tuple[str, OpenPlan]]:
    """What of the plans waits for the actor."""
    today = clock.local(now).date()
    for each in queries.open_work().plans:
        in_charge, approves = rights.in_charge(actor, each.department_id), actor.can(words.APPROVE)
        if each.state is PlanState.DRAFT and each.makers[0] == actor.id:
            yield "draft", each
        elif each.state is PlanState.SUBMITTED and in_charge and actor.id not in each.makers:
            yield "discuss", each
        elif each.state is PlanState.DISCUSSED and approves and actor.id not in each.makers:
            yield "approve", each
        elif each.state is PlanState.APPROVED:
            if approves and any(by != actor.id for by in each.asked):
                yield "amendment", each
            due = rules.term_due(
                each.year,
                today,
                policy.value("work_plan.mid_review_after_months"),
                policy.value("work_plan.year_review_after_months"),
            )
            if due is not None and due not in each.filed and rights.writes_for(actor, each.department_id):
                yield f"file_{due}", each
            for _term, filed_by, opinion in each.reviews:
                if not opinion and in_charge and filed_by != actor.id:
                    yield "opine", each
                elif opinion and approves and filed_by != actor.id:
                    yield "conclude", each


def count(actor: Actor, now: datetime) -> int:
    """How much waits for the actor; from memory."""
    return sum(1 for _each in _items(actor, now)) + sum(1 for _each in _plans(actor, now))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """One's own items that come due, items to confirm, more time to answer, plans, amendments and reviews to decide."""
    if not actor.can(words.READ):
        return []
    found = [_item(kind, each, now) for kind, each in list(_items(actor, now))[:NAMED]]
    return found + [_plan(kind, each) for kind, each in list(_plans(actor, now))[:NAMED]]


def _item(kind: str, each: OpenItem, now: datetime) -> ToDo:
    detail, action = {
        "handle": (_("计划事项，%(day)s 前完成", day=local_date(each.due_on)), _("办理")),
        "confirm": (_("计划事项已报告完成，请确认"), _("确认")),
        "extend": (_("计划事项申请延期，请答复"), _("答复")),
    }[kind]
    late = kind == "handle" and each.due_at < now and not each.excused
    return ToDo(
        f"work_plan.{kind}",
        _("%(step)s %(number)s", step=each.step, number=each.number),
        detail,
        url_for("work_plan.show_item", number=each.number),
        action,
        each.due_at if kind != "confirm" else None,
        "overdue" if late else "due_soon" if kind != "confirm" else "normal",
    )


def _plan(kind: str, each: OpenPlan) -> ToDo:
    detail, action = {
        "draft": (_("工作计划草案，完成后请提交讨论"), _("起草")),
        "discuss": (_("工作计划待讨论"), _("讨论")),
        "approve": (_("工作计划待班子会审定"), _("审定")),
        "amendment": (_("工作计划的调整待班子会审定"), _("审定")),
        f"file_{Term.MID}": (_("请提交年中检查的自查"), _("自查")),
        f"file_{Term.YEAR}": (_("请提交年终总结的自查"), _("自查")),
        "opine": (_("工作计划检查，请提出意见"), _("意见")),
        "conclude": (_("工作计划检查，请作出结论"), _("结论")),
    }[kind]
    name = people.department_names().get(each.department_id, "")
    return ToDo(
        f"work_plan.{kind}",
        _("%(name)s %(year)s 年工作计划", name=name, year=each.year),
        detail,
        url_for("work_plan.show", number=each.number),
        action,
    )


PLATE = Plate(
    name="work_plan",
    title=_l("工作计划"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("工作计划"), "work_plan.index", words.READ, order=50, count=count),),
    todos=todos,
    sweep=sweep,
)

on_change(passing.recompute)
foresight.register("work_plan", _l("工作计划"), "work_plan.show_item", passing.foresee)
