"""Door plate of the room."""

from __future__ import annotations

from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.survey.public_pages
import portal.survey.result_views
import portal.survey.running_views
import portal.survey.tracking_views  # noqa: F401 - all four add their pages to the blueprint
from portal.calendar import queries as calendar
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.pure.deadlines import close_of_business
from portal.survey import codes, improvements, queries, sampling, service, tracking
from portal.survey import vocabulary as words
from portal.survey.rules import HalfYear, Light, MeasureState
from portal.survey.views import bp


def half_words(half: HalfYear) -> str:
    """A half-year as it is called."""
    if half.half == 1:
        return _("%(year)s 年上半年", year=half.year)
    return _("%(year)s 年下半年", year=half.year)


bp.add_app_template_global(half_words, "half_year_words")


def waiting(actor: Actor, now: datetime) -> int:
    """How much waits for the actor; all of it is told by memory."""
    found = len(tracking.mine(actor))
    if actor.can(words.MANAGE):
        found += sum(1 for each in tracking.waiting() if each.state is MeasureState.DONE)
        found += len(tracking.without_meeting(clock.local(now).date()))
    return found


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Measures to do and to tell of, half-years without a meeting, one's own survey to answer (S-2)."""
    found, today, work = [], clock.local(now).date(), calendar.work_calendar()
    departments = people.department_names()
    for each in tracking.mine(actor):
        light = tracking.light(each.state, each.due_on, today)
        found.append(
            ToDo(
                "survey.improvement",
                _("改进措施 %(number)s：%(text)s", number=each.number, text=each.measure[:40]),
                departments.get(each.department_id, ""),
                url_for("survey.improvement", number=each.number),
                _("办理"),
                close_of_business(each.due_on, work),
                "normal" if light is Light.CLOSED else str(light),
            )
        )
    for survey in queries.for_staff(actor, now):
        if codes.still_works(survey.id, survey.token, codes.own_code(survey.token, actor.id or 0)):
            found.append(
                ToDo(
                    "survey.mine",
                    _("问卷：%(title)s", title=survey.title),
                    _("匿名作答，凭本人的答卷码"),
                    url_for("survey.mine"),
                    _("作答"),
                    survey.closes_at,
                )
            )
    if actor.can(words.MANAGE):
        found += _office(today)
    return found


def _office(today: date) -> list[ToDo]:
    found = [
        ToDo(
            "survey.tell",
            _("改进措施 %(number)s 已完成", number=each.number),
            _("请向服务对象反馈并记录"),
            url_for("survey.improvement", number=each.number),
            _("反馈"),
        )
        for each in tracking.waiting()
        if each.state is MeasureState.DONE
    ]
    for half, over in tracking.without_meeting(today):
        found.append(
            ToDo(
                "survey.meeting",
                _("%(half)s没有服务对象座谈会的记录", half=half_words(half)),
                _("每半年召开一次服务对象座谈会"),
                url_for("survey.record_meeting"),
                _("记录"),
                None,
                "overdue" if over else "due_soon",
            )
        )
    return found


def sweep(now: datetime) -> int:
    """Record what time has brought about: surveys that ended, measures that are overdue; forget what is to be."""
    return (
        service.sweep_ended(now)
        + improvements.sweep_overdue(now)
        + sampling.sweep_clients(now)
        + codes.sweep_counts(now)
    )


PLATE = Plate(
    name="survey",
    title=_l("问卷评议"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("问卷评议"), "survey.index", words.READ, order=57, count=waiting),),
    todos=todos,
    sweep=sweep,
)
