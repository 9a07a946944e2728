"""The verbs of training: plan, record a session, confirm, cancel (AB-7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from portal.ab_post import queries as ab
from portal.ab_post.models import Letter
from portal.backup_training import queries
from portal.backup_training import vocabulary as words
from portal.backup_training.models import Outcome, TrainingAttendee, TrainingPlan, TrainingSession
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.post_duty.models import Post

#: How far back a session may be recorded, and how far ahead one may be planned.
LOOK_BACK, LOOK_AHEAD = timedelta(days=400), timedelta(days=800)


def plan(
    actor: Actor, post: Post, trainee_id: int, topic: str, trainer: str, planned_by: date, now: datetime
) -> TrainingPlan:
    """Plan that somebody is trained for a post until a day (AB-7).

    Raises NotAllowed for who does not head the post's department, Conflict for a closed post, Invalid for somebody
    who cannot act, who holds the post as A, or for a day that is over.
    """
    if not queries.may_plan(actor, post):
        raise NotAllowed(_("培训计划由科室负责人、分管领导或办公室制定。"))
    if post.closed_on is not None:
        raise Conflict(_("这个岗位已经撤销。"))
    seen, today = ab.picture(), clock.local(now).date()
    if not seen.able(trainee_id, now):
        raise Invalid("trainee", _("请选择可以办理业务的在职人员。"))
    if seen.holder(post.id, Letter.A, today) == trainee_id:
        raise Invalid("trainee", _("这名人员就是本岗位的 A 岗，不需要备岗培训。"), "AB-7")
    if not today <= planned_by <= today + LOOK_AHEAD:
        raise Invalid("planned_by", _("完成日期应从今天起，两年以内。"))
    made = TrainingPlan(
        post_id=post.id,
        trainee_id=trainee_id,
        topic=topic,
        trainer=trainer,
        planned_by=planned_by,
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(made)
    journal.record(
        words.PLANNED,
        made,
        actor,
        now,
        post=post.name,
        trainee=people.user_names().get(trainee_id, ""),
        topic=topic,
        trainer=trainer,
        planned_by=planned_by,
    )
    return made


def record(
    actor: Actor,
    post: Post,
    held_on: date,
    minutes: int,
    content: str,
    trainer: str,
    attendees: Collection[int],
    outcome: Outcome,
    now: datetime,
    of_plan: TrainingPlan | None = None,
) -> TrainingSession:
    """Record a session that was held for a post (AB-7).

    Raises NotAllowed, Conflict when the plan has ended, Invalid for a day to come, nobody who attended, or (with a
    plan) a session that the trained person did not attend.
    """
    if not queries.may_record(actor, post):
        raise NotAllowed(_("培训由本岗位或本科室人员登记。"))
    today = clock.local(now).date()
    if not today - LOOK_BACK <= held_on <= today:
        raise Invalid("held_on", _("培训日期不能晚于今天，也不能早于 400 天前。"))
    if not attendees:
        raise Invalid("attendees", _("请选择参加人员。"))
    if of_plan is not None:
        if of_plan.post_id != post.id:
            raise Invalid("plan", _("这个计划不属于所选的岗位。"))
        if of_plan.confirmed_at is not None or of_plan.cancelled_at is not None:
            raise Conflict(_("这个培训计划已经结束。"))
        if of_plan.trainee_id not in attendees:
            raise Invalid("attendees", _("参加人员中没有计划的培训对象。"), "AB-7")
    made = TrainingSession(
        post_id=post.id,
        plan=of_plan,
        held_on=held_on,
        minutes=minutes,
        content=content,
        trainer=trainer,
        outcome=outcome,
        recorded_by_id=actor.id,
        recorded_at=now,
        attendees=[TrainingAttendee(user_id=user_id) for user_id in sorted(set(attendees))],
    )
    db.session.add(made)
    names = people.user_names()
    journal.record(
        words.HELD,
        made,
        actor,
        now,
        post=post.name,
        held_on=held_on,
        minutes=minutes,
        attendees=[names.get(u, "") for u in sorted(set(attendees))],
        outcome=str(outcome),
    )
    return made


def confirm(actor: Actor, plan: TrainingPlan, now: datetime) -> None:
    """The head confirms that a plan is done, on a session that was held (AB-7).

    Raises NotAllowed (also for the trained person), Conflict without a session or when the plan has ended.
    """
    if not queries.may_confirm(actor, plan):
        raise NotAllowed(_("培训完成由科室负责人、分管领导或办公室确认，不能由培训对象本人确认。"))
    _still_open(plan)
    if not plan.sessions:
        raise Conflict(_("还没有登记培训，不能确认完成。"))
    plan.confirmed_at, plan.confirmed_by_id = now, actor.id
    journal.record(
        words.CONFIRMED,
        plan,
        actor,
        now,
        post=plan.post.name,
        trainee=people.user_names().get(plan.trainee_id, ""),
        late=max(s.held_on for s in plan.sessions) > plan.planned_by,
    )


def cancel(actor: Actor, plan: TrainingPlan, reason: str, now: datetime) -> None:
    """Cancel a plan with a reason. Raises NotAllowed, Conflict when it has ended."""
    if not queries.may_plan(actor, plan.post):
        raise NotAllowed(_("培训计划由科室负责人、分管领导或办公室制定。"))
    _still_open(plan)
    plan.cancelled_at, plan.cancel_reason = now, reason
    journal.record(words.CANCELLED, plan, actor, now, post=plan.post.name, reason=reason)


def _still_open(plan: TrainingPlan) -> None:
    if plan.confirmed_at is not None or plan.cancelled_at is not None:
        raise Conflict(_("这个培训计划已经结束。"))
