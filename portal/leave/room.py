"""Door plate of leave: menu and to-dos for every step (O-3, AB-2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date, local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.leave import page, queries, steps
from portal.leave import vocabulary as words
from portal.leave.list_views import bp
from portal.people import queries as people
from portal.pure.deadlines import close_of_business

_SOON = timedelta(days=1)


def count(actor: Actor, now: datetime) -> int:
    """What waits for the actor: approvals, filings, handovers."""
    return len(steps.to_decide(actor, now)) + len(steps.to_file(actor)) + len(steps.to_confirm(actor.id or 0, now))


def _light(begins: datetime, now: datetime) -> str:
    return "overdue" if begins <= now else "due_soon" if begins - now < _SOON else "normal"


def _what(each: steps.Open) -> str:
    return _(
        "%(kind)s %(long)s，%(at)s 起",
        kind=words.KIND_LABELS[each.kind],
        long=page.long(each.halves),
        at=local_dt(each.from_at, "near"),
    )


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Requests to decide and to file, handovers to confirm, what was returned, certificates, leave to make up for."""
    if not actor.can(words.ASK):
        return []
    names, me = people.user_names(), actor.id or 0
    found = [
        ToDo(
            "leave.decide",
            _("%(name)s请假待审批", name=names.get(each.applicant_id, "")),
            _what(each),
            url_for("leave.show", number=each.number),
            _("审批"),
            each.from_at,
            _light(each.from_at, now),
        )
        for each in steps.to_decide(actor, now)
    ]
    found += [
        ToDo(
            "leave.file",
            _("%(name)s请假待备案", name=names.get(each.applicant_id, "")),
            _what(each),
            url_for("leave.show", number=each.number),
            _("备案"),
        )
        for each in steps.to_file(actor)
    ]
    found += [
        ToDo(
            "leave.handover",
            _("确认接手“%(post)s”", post=post.name),
            _("%(name)s申请%(what)s", name=names.get(each.applicant_id, ""), what=_what(each)),
            url_for("leave.show", number=each.number),
            _("确认交接"),
            each.from_at,
            _light(each.from_at, now),
        )
        for each, post in steps.to_confirm(me, now)
    ]
    if actor.can(words.SET):
        found += [
            ToDo(
                "leave.stuck",
                _("%(name)s请假无人可以审批", name=names.get(each.applicant_id, "")),
                _what(each),
                url_for("leave.show", number=each.number),
                _("查看"),
                each.from_at,
                "red",
            )
            for each in steps.resolved(now)
            if each.decider_id is None
        ]
    return [*found, *_own(me, now)]


def _own(me: int, now: datetime) -> list[ToDo]:
    found = [
        ToDo(
            "leave.returned",
            _("请假 %(number)s 被退回", number=r.number),
            _("请按意见修改后重新提交"),
            url_for("leave.show", number=r.number),
            _("修改"),
            r.from_at,
            _light(r.from_at, now),
        )
        for r in queries.returned_to(me)
    ]
    for r in queries.certificates_owed(me):
        assert r.certificate_due_on is not None
        due = close_of_business(r.certificate_due_on, calendar.work_calendar())
        found.append(
            ToDo(
                "leave.certificate",
                _("补交病假证明 %(number)s", number=r.number),
                _("应于 %(on)s 前补交", on=local_date(r.certificate_due_on)),
                url_for("leave.show", number=r.number, _anchor="certificate-f"),
                _("补交"),
                due,
                _light(due, now),
            )
        )
    for absence in queries.without_request(me, now):
        found.append(
            ToDo(
                "leave.make_up",
                _("补办请假手续"),
                _("%(at)s 起临时离岗，还没有请假手续", at=local_dt(absence.from_at, "near")),
                url_for("leave.new", absence=absence.id),
                _("补办"),
                None,
                "due_soon" if clock.local(now) > clock.local(absence.to_at) else "normal",
            )
        )
    return found


PLATE = Plate(
    name="leave",
    title=_l("请假"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("请假"), "leave.index", words.ASK, order=51, count=count),),
    todos=todos,
)
