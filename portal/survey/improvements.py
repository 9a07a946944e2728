"""Measures of improvement: laid down after a survey or a meeting, done by their date, told to the clients (S-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import clock, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.models import Post
from portal.survey import queries, tracking
from portal.survey import vocabulary as words
from portal.survey.models import ClientMeeting, Improvement, Survey, ToldBy
from portal.survey.rules import MeasureState, Standing


@dataclass(frozen=True)
class Laid:
    """What was found, what is to be done about it, by whom, until when."""

    finding: str
    measure: str
    department_id: int
    post_id: int | None
    due_on: date


def _require(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("改进措施由办公室确定和反馈。"))


def lay_down(actor: Actor, origin: Survey | ClientMeeting, laid: Laid, now: datetime) -> Improvement:
    """Lay down a measure after a closed survey or a meeting (S-2).

    Raises NotAllowed, Conflict while the survey runs, Invalid for a date that is over or a post elsewhere.
    """
    _require(actor)
    if isinstance(origin, Survey) and queries.standing(origin, now) is not Standing.CLOSED:
        raise Conflict(_("问卷截止以后才能确定改进措施。"), "S-2")
    if laid.due_on < clock.local(now).date():
        raise Invalid("due_on", _("完成日期不能早于今天。"), "S-2")
    if laid.department_id not in dict(people.open_departments()):
        raise Invalid("department", _("请选择责任科室。"))
    post = db.session.get(Post, laid.post_id) if laid.post_id is not None else None
    if laid.post_id is not None and (post is None or post.department_id != laid.department_id):
        raise Invalid("post", _("这个岗位不属于责任科室。"), "S-2")
    made = Improvement(
        number=numbers.take("GJ", now),
        survey_id=origin.id if isinstance(origin, Survey) else None,
        meeting_id=None if isinstance(origin, Survey) else origin.id,
        finding=laid.finding,
        measure=laid.measure,
        department_id=laid.department_id,
        post_id=laid.post_id,
        due_on=laid.due_on,
        state=MeasureState.OPEN,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(made)
    journal.record(
        words.MEASURE_LAID,
        made,
        actor,
        now,
        number=made.number,
        origin=origin.number,
        finding=made.finding,
        measure=made.measure,
        department=people.department_names()[made.department_id],
        post=post.name if post else "",
        due_on=made.due_on,
    )
    return made


def post_choices() -> list[tuple[int, str]]:
    """The posts in use, each with its department."""
    names = people.department_names()
    return [(p.id, f"{names.get(p.department_id, '')} · {p.name}") for p in posts.open_posts()]


def _require_state(measure: Improvement, *states: MeasureState) -> None:
    if measure.state not in states:
        raise Conflict(_("这项措施的状态已经变化，请刷新页面。"), "S-2")


def done(actor: Actor, measure: Improvement, result: str, now: datetime) -> None:
    """Report a measure done, with what came of it: its department's head, its post's holder, or the office.

    Raises NotAllowed, Conflict when it is not open.
    """
    if not tracking.may_report(actor, measure):
        raise NotAllowed(_("改进措施由责任科室负责人、责任岗位或者办公室报告完成。"))
    _require_state(measure, MeasureState.OPEN)
    measure.state, measure.result = MeasureState.DONE, result
    measure.done_at, measure.done_by_id = now, actor.id
    measure.done_late = clock.local(now).date() > measure.due_on
    mine = measure.post_id if actor.answers_for(measure.post_id) else None
    journal.record(
        words.MEASURE_DONE,
        measure,
        actor,
        now,
        post_id=mine,
        number=measure.number,
        result=result,
        late=measure.done_late,
    )


def send_back(actor: Actor, measure: Improvement, reason: str, now: datetime) -> None:
    """What was reported done is not enough: it goes on. Raises NotAllowed, Conflict when it is not reported done."""
    _require(actor)
    _require_state(measure, MeasureState.DONE)
    measure.state, measure.result = MeasureState.OPEN, ""
    measure.done_at, measure.done_by_id, measure.done_late = None, None, False
    journal.record(words.MEASURE_RETURNED, measure, actor, now, number=measure.number, reason=reason)


def told(actor: Actor, measure: Improvement, how: ToldBy, told_on: date, note: str, now: datetime) -> None:
    """Record how and when the clients were told what came of it; that ends the measure (S-2).

    Raises NotAllowed, Conflict when it is not done, Invalid for a day before it was done or still to come.
    """
    _require(actor)
    _require_state(measure, MeasureState.DONE)
    if measure.done_at is None or not clock.local(measure.done_at).date() <= told_on <= clock.local(now).date():
        raise Invalid("told_on", _("反馈日期应在完成之日至今天之间。"), "S-2")
    measure.state, measure.told_by, measure.told_on = MeasureState.TOLD, how, told_on
    measure.told_note, measure.told_by_id = note, actor.id
    journal.record(
        words.MEASURE_TOLD,
        measure,
        actor,
        now,
        number=measure.number,
        told_by=str(how),
        told_on=told_on,
        note=note,
    )


def withdraw(actor: Actor, measure: Improvement, reason: str, now: datetime) -> None:
    """Take back a measure that was laid down in error. Raises NotAllowed, Conflict when it is not open."""
    _require(actor)
    _require_state(measure, MeasureState.OPEN)
    measure.state, measure.withdrawn_at, measure.withdraw_reason = MeasureState.WITHDRAWN, now, reason
    journal.record(words.MEASURE_WITHDRAWN, measure, actor, now, number=measure.number, reason=reason)


def sweep_overdue(now: datetime) -> int:
    """Record the measures whose date has passed, each once."""
    late = (
        select(Improvement)
        .where(
            Improvement.state == MeasureState.OPEN,
            Improvement.due_on < clock.local(now).date(),
            Improvement.overdue_at.is_(None),
        )
        .order_by(Improvement.id)
        .with_for_update(skip_locked=True)
    )
    found = list(db.session.scalars(late))
    for measure in found:
        measure.overdue_at = now
        journal.record(words.MEASURE_OVERDUE, measure, SYSTEM, now, number=measure.number, due_on=measure.due_on)
    return len(found)
