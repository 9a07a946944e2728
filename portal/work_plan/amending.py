"""The verbs of amendments: an approved plan changes by what the leaders' meeting approves, and only so (E-1)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.kernel import journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.work_plan import rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import (
    ITEM_SERIES,
    MOST_ITEMS,
    Text,
    check,
    due_at,
    facts_of,
    from_json,
    tell_of_plan,
    text_of,
    to_json,
)
from portal.work_plan.drafting import begin, check_meeting
from portal.work_plan.executing import move, waiting_extension
from portal.work_plan.models import Change, ItemState, PlanAmendment, PlanItem, PlanState, WorkPlan


def _name(item: PlanItem | None, text: Text | None) -> str:
    return item.step if item is not None else text.step if text is not None else ""


def waiting(item: PlanItem) -> PlanAmendment | None:
    """The amendment of an item that waits for the leaders' meeting."""
    return db.session.scalar(
        select(PlanAmendment).where(PlanAmendment.item_id == item.id, PlanAmendment.decided_at.is_(None))
    )


def ask(
    actor: Actor, plan: WorkPlan, change: Change, item: PlanItem | None, text: Text | None, reason: str, now: datetime
) -> PlanAmendment:
    """Ask for an amendment of an approved plan, with its reason. Raises NotAllowed, Conflict, Invalid."""
    if not rights.writes_for(actor, plan.department_id):
        raise NotAllowed(_("由本科室负责人提出调整。"), "E-1")
    if plan.state is not PlanState.APPROVED:
        raise Conflict(_("只有执行中的计划才需要按程序调整。"), "E-1")
    if item is not None:
        if item.state is not ItemState.RUNNING:
            raise Conflict(_("只能调整进行中的事项。"), "E-1")
        if waiting(item) is not None:
            raise Conflict(_("这个事项的上一次调整还没有审定。"), "E-1")
    if change is not Change.CANCEL:
        if text is None:
            raise Invalid("step", _("请填写分解事项。"), "E-1")
        check(plan, text)
        if change is Change.CHANGE and item is not None and text == text_of(item):
            raise Invalid("step", _("内容没有变化。"), "E-1")
        if due_at(text.due_on or date.min) <= now and (item is None or text.due_on != item.due_on):
            raise Invalid("due_on", _("完成日期不能早于今天。"), "E-1")
    if not reason:
        raise Invalid("reason", _("请写明调整的理由。"), "E-1")
    made = PlanAmendment(
        plan_id=plan.id,
        item_id=None if item is None else item.id,
        change=change,
        before="" if item is None else to_json(text_of(item)),
        after="" if change is Change.CANCEL or text is None else to_json(text),
        reason=reason,
        asked_by_id=actor.id or 0,
        asked_at=now,
        answer="",
        approved=False,
    )
    db.session.add(made)
    journal.record(
        words.AMENDMENT_ASKED, made, actor, now, change=change, what=_name(item, text), reason=reason,
        before=made.before, after=made.after,
    )  # fmt: skip
    return made


def decide(
    actor: Actor, amendment: PlanAmendment, approve: bool, meeting_on: date | None, answer: str, now: datetime
) -> None:
    """Record what the leaders' meeting decided; an approved amendment is carried out at once, its old text is kept.

    Raises NotAllowed for who asked, Conflict when it was decided or the item has moved on, Invalid.
    """
    if not rights.approves(actor, (amendment.asked_by_id,)):
        raise NotAllowed(_("由主要负责人或者办公室记录班子会的审定，提出人不能。"), "E-1")
    plan, item = amendment.plan, amendment.item
    if amendment.decided_at is not None or plan.state is not PlanState.APPROVED:
        raise Conflict(_("这次调整已经审定，或者计划已经总结。"), "E-1")
    if approve:
        meeting_on = check_meeting(meeting_on, now)
    if not answer:
        raise Invalid("text", _("请填写班子会的审定意见或者会议纪要编号。"), "E-1")
    text = from_json(amendment.after)
    if approve:
        if amendment.change is Change.ADD and text is not None:
            item = _insert(actor, plan, text, now)
        elif item is not None and amendment.change is Change.CANCEL:
            _cancel(actor, item, now)
        elif item is not None and text is not None:
            _amend(actor, item, text, now)
        amendment.item_id = None if item is None else item.id
    amendment.approved, amendment.answer = approve, answer
    amendment.meeting_on = meeting_on if approve else None
    amendment.decided_by_id, amendment.decided_at = actor.id, now
    journal.record(
        words.AMENDMENT_DECIDED, amendment, actor, now, change=amendment.change, what=_name(item, text),
        approved=approve, answer=answer, meeting_on=amendment.meeting_on,
    )  # fmt: skip
    title = (
        _l("工作计划 %(number)s 的调整已批准", number=plan.number)
        if approve
        else _l("工作计划 %(number)s 的调整未获批准", number=plan.number)
    )
    tell_of_plan(plan, [amendment.asked_by_id], f"amendment:{amendment.id}", title, answer, now)


def _insert(actor: Actor, plan: WorkPlan, text: Text, now: datetime) -> PlanItem:
    person_id, due_on = check(plan, text)
    if len(plan.items) >= MOST_ITEMS:
        raise Conflict(_("一份计划最多 %(n)s 项。", n=MOST_ITEMS))
    item = PlanItem(
        number=numbers.take(ITEM_SERIES, now), department_id=plan.department_id,
        sort=max((each.sort for each in plan.items), default=0) + 1, key_task=text.key_task, step=text.step,
        measure=text.measure, person_id=person_id, due_on=due_on, due_at=due_at(due_on), state=ItemState.PLANNED,
        percent=0, result="",
    )  # fmt: skip
    plan.items.append(item)
    journal.record(words.ITEM_ADDED, item, actor, now, **facts_of(item))
    begin(actor, item, now)
    return item


def _running(item: PlanItem) -> None:
    if item.state is not ItemState.RUNNING:
        raise Conflict(_("事项已不在进行中，不能再调整，请答复不同意。"), "E-1")
    if waiting_extension(item) is not None:
        raise Conflict(_("延期申请还没有答复。"), "T-5")


def _amend(actor: Actor, item: PlanItem, text: Text, now: datetime) -> None:
    _running(item)
    person_id, due_on = check(item.plan, text)
    old, was_late = item.due_at, False
    item.key_task, item.step, item.measure, item.person_id = text.key_task, text.step, text.measure, person_id
    if due_on != item.due_on:
        was_late = move(item, due_on, now)
    journal.record(words.ITEM_AMENDED, item, actor, now, **facts_of(item), old_due=old, was_late=was_late)


def _cancel(actor: Actor, item: PlanItem, now: datetime) -> None:
    """What is cancelled stays late where it was late before the amendment was asked for."""
    _running(item)
    item.state, item.closed_at = rules.ITEM_MOVES.after(item.state, "cancel"), now
    journal.record(words.ITEM_CANCELLED, item, actor, now, number=item.number, old_due=item.due_at, was_late=False)
