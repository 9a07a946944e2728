"""The verbs of a plan: draft, write, copy, hand in, discuss, send back, approve by the leaders' meeting (E-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.work_plan import rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import (
    FILES,
    ITEM_SERIES,
    MOST_ITEMS,
    SERIES,
    Text,
    check,
    due_at,
    facts_of,
    store,
    tell_of_item,
    tell_of_plan,
)
from portal.work_plan.models import ItemState, PlanItem, PlanState, WorkPlan


def _write(actor: Actor, plan: WorkPlan) -> None:
    """Raises NotAllowed for who does not draft for the department, Conflict once the plan was handed in."""
    if not rights.writes_for(actor, plan.department_id):
        raise NotAllowed(_("由本科室负责人起草工作计划。"), "E-1")
    if plan.state is not PlanState.DRAFT:
        raise Conflict(_("计划已经提交，不能再直接修改。"), "E-1")


def draft(actor: Actor, department_id: int | None, year: int | None, goals: str, now: datetime) -> WorkPlan:
    """Begin the plan of a department for a year (E-1). Raises NotAllowed, Invalid."""
    if department_id is None or department_id not in dict(people.open_departments()):
        raise Invalid("department_id", _("请选择科室。"), "E-1")
    if not rights.writes_for(actor, department_id):
        raise NotAllowed(_("由本科室负责人起草工作计划。"), "E-1")
    this = clock.local(now).year
    if year is None or not this - 1 <= year <= this + 1:
        raise Invalid("year", _("请填写 %(a)s 至 %(b)s 之间的年度。", a=this - 1, b=this + 1), "E-1")
    known = db.session.scalar(
        select(WorkPlan.number).where(WorkPlan.department_id == department_id, WorkPlan.year == year)
    )
    if known is not None:
        raise Invalid("year", _("该科室 %(year)s 年已有工作计划（%(number)s）。", year=year, number=known), "E-1")
    plan = WorkPlan(
        number=numbers.take(SERIES, now),
        department_id=department_id,
        year=year,
        goals=goals,
        state=PlanState.DRAFT,
        drafted_by_id=actor.id or 0,
        drafted_at=now,
        discussion="",
        meeting_record="",
    )
    db.session.add(plan)
    journal.record(
        words.DRAFTED, plan, actor, now, number=plan.number, year=year,
        department=people.department_names().get(department_id, ""),
    )  # fmt: skip
    return plan


def write_goals(actor: Actor, plan: WorkPlan, goals: str, now: datetime) -> None:
    """Write what the year is to bring as a whole. Raises NotAllowed, Conflict."""
    _write(actor, plan)
    if goals != plan.goals:
        plan.goals = goals
        journal.record(words.GOALS_WRITTEN, plan, actor, now, goals=goals)


def _add(plan: WorkPlan, text: Text, now: datetime) -> PlanItem:
    """One more item at the end of a plan."""
    person_id, due_on = check(plan, text)
    if len(plan.items) >= MOST_ITEMS:
        raise Invalid("step", _("一份计划最多 %(n)s 项。", n=MOST_ITEMS))
    item = PlanItem(
        number=numbers.take(ITEM_SERIES, now),
        department_id=plan.department_id,
        sort=max((each.sort for each in plan.items), default=0) + 1,
        key_task=text.key_task,
        step=text.step,
        measure=text.measure,
        person_id=person_id,
        due_on=due_on,
        due_at=due_at(due_on),
        state=ItemState.PLANNED,
        percent=0,
        result="",
    )
    plan.items.append(item)
    return item


def add_item(actor: Actor, plan: WorkPlan, text: Text, now: datetime) -> PlanItem:
    """Break a key task down to one more step. Raises NotAllowed, Conflict, Invalid."""
    _write(actor, plan)
    item = _add(plan, text, now)
    journal.record(words.ITEM_ADDED, item, actor, now, **facts_of(item))
    return item


def change_item(actor: Actor, plan: WorkPlan, item: PlanItem, text: Text, now: datetime) -> None:
    """Change an item of a draft. Raises NotAllowed, Conflict, Invalid."""
    _write(actor, plan)
    person_id, due_on = check(plan, text)
    item.key_task, item.step, item.measure = text.key_task, text.step, text.measure
    item.person_id, item.due_on, item.due_at = person_id, due_on, due_at(due_on)
    journal.record(words.ITEM_CHANGED, item, actor, now, **facts_of(item))


def remove_item(actor: Actor, plan: WorkPlan, item: PlanItem, now: datetime) -> None:
    """Take an item out of a draft. Raises NotAllowed, Conflict."""
    _write(actor, plan)
    journal.record(words.ITEM_REMOVED, item, actor, now, **facts_of(item))
    plan.items.remove(item)
    db.session.delete(item)


def bring_in(actor: Actor, plan: WorkPlan, texts: Sequence[Text], file: str, now: datetime) -> int:
    """Add the items of a sheet, all or none; returns how many. Raises NotAllowed, Conflict, Invalid."""
    _write(actor, plan)
    for text in texts:
        item = _add(plan, text, now)
        journal.record(words.ITEM_ADDED, item, actor, now, **facts_of(item))
    journal.record(words.IMPORTED, plan, actor, now, count=len(texts), file=file)
    return len(texts)


def copy_last_year(actor: Actor, plan: WorkPlan, now: datetime) -> int:
    """Copy the items of the department's plan of the year before, a year later; returns how many.

    Somebody who has left the department is replaced by who drafts, to be changed. Raises NotAllowed; Conflict when
    there is nothing to copy, or something was written already.
    """
    _write(actor, plan)
    if plan.items:
        raise Conflict(_("计划里已经有事项，不能再复制上年计划。"), "E-1")
    before = last_year(plan)
    if before is None:
        raise Conflict(_("没有可以复制的上年计划。"), "E-1")
    able = {user_id for user_id, _name in people.people_in_service(plan.department_id)}
    if not able:
        raise Conflict(_("本科室没有可以担任责任人的在职人员。"), "E-1")
    fallback = actor.id if actor.id in able else min(able)
    for old in before.items:
        if old.state is ItemState.CANCELLED:
            continue
        person = old.person_id if old.person_id in able else fallback
        due = rules.year_later(old.due_on, plan.year - before.year)
        item = _add(plan, Text(old.key_task, old.step, old.measure, person, due), now)
        journal.record(words.ITEM_ADDED, item, actor, now, **facts_of(item))
    journal.record(words.COPIED, plan, actor, now, year=before.year, count=len(plan.items))
    return len(plan.items)


def last_year(plan: WorkPlan) -> WorkPlan | None:
    """The department's plan of the year before, when it has items."""
    found = db.session.scalar(
        select(WorkPlan).where(WorkPlan.department_id == plan.department_id, WorkPlan.year == plan.year - 1)
    )
    return found if found is not None and found.items else None


def submit(actor: Actor, plan: WorkPlan, now: datetime) -> None:
    """Hand the draft in for discussion. Raises NotAllowed, Conflict; Invalid while it has no items."""
    _write(actor, plan)
    if not plan.items:
        raise Invalid("text", _("请先列入计划事项。"), "E-1")
    plan.state = rules.PLAN_MOVES.after(plan.state, "submit")
    plan.submitted_by_id, plan.submitted_at = actor.id, now
    journal.record(words.SUBMITTED, plan, actor, now, count=len(plan.items))
    leader = rights.extender(plan.department_id, plan.drafted_by_id, actor.id, now)
    tell_of_plan(
        plan, [leader], f"submitted:{now:%Y%m%d%H%M%S}",
        _l("%(year)s 年工作计划 %(number)s 待讨论", year=plan.year, number=plan.number), "", now,
    )  # fmt: skip


def discuss(actor: Actor, plan: WorkPlan, discussion: str, now: datetime) -> None:
    """Record what the discussion of a plan came to. Raises NotAllowed (in charge, not who made it), Invalid."""
    if not rights.discusses(actor, plan):
        raise NotAllowed(_("由分管领导或者办公室记录讨论意见，起草人不能。"), "E-1")
    after = rules.PLAN_MOVES.after(plan.state, "discuss")
    if not discussion:
        raise Invalid("text", _("请填写讨论意见。"), "E-1")
    plan.state, plan.discussion, plan.discussed_by_id, plan.discussed_at = after, discussion, actor.id, now
    journal.record(words.DISCUSSED, plan, actor, now, discussion=discussion)


def send_back(actor: Actor, plan: WorkPlan, reason: str, now: datetime) -> None:
    """Give the plan back to be changed. Raises NotAllowed, Invalid."""
    if not (rights.discusses(actor, plan) or rights.approves(actor, (plan.drafted_by_id, plan.submitted_by_id))):
        raise NotAllowed(_("由分管领导、办公室或者主要负责人退回，起草人不能。"), "E-1")
    after = rules.PLAN_MOVES.after(plan.state, "send_back")
    if not reason:
        raise Invalid("text", _("请写明退回的原因。"), "E-1")
    sent_by = plan.submitted_by_id
    plan.state, plan.submitted_by_id, plan.submitted_at = after, None, None
    plan.discussion, plan.discussed_by_id, plan.discussed_at = "", None, None
    journal.record(words.SENT_BACK, plan, actor, now, reason=reason)
    tell_of_plan(
        plan, [plan.drafted_by_id, sent_by], f"back:{now:%Y%m%d%H%M%S}",
        _l("工作计划 %(number)s 已退回修改", number=plan.number), _l("原因：%(reason)s", reason=reason), now,
    )  # fmt: skip


def check_meeting(meeting_on: date | None, now: datetime) -> date:
    """The day of the leaders' meeting. Raises Invalid without one, or for a day to come."""
    if meeting_on is None or meeting_on > clock.local(now).date():
        raise Invalid("meeting_on", _("请填写不晚于今天的班子会日期。"), "E-1")
    return meeting_on


def approve(
    actor: Actor, plan: WorkPlan, meeting_on: date | None, record: str, now: datetime,
    uploads: Sequence[FileStorage] = (),
) -> None:  # fmt: skip
    """Record that the leaders' meeting approved the plan; its items begin (E-1).

    Raises NotAllowed for who drafted or handed it in, Invalid without day or record, or where a date has passed.
    """
    if not rights.approves(actor, (plan.drafted_by_id, plan.submitted_by_id)):
        raise NotAllowed(_("由主要负责人或者办公室记录班子会的审定，起草人和提交人不能。"), "E-1")
    after = rules.PLAN_MOVES.after(plan.state, "approve")
    meeting_on = check_meeting(meeting_on, now)
    if not record:
        raise Invalid("text", _("请填写班子会的审定意见或者会议纪要编号。"), "E-1")
    passed = [each.step for each in plan.items if due_at(each.due_on) <= now]
    if passed:
        raise Invalid("text", _("完成日期已过，请先退回修改：%(steps)s", steps="、".join(passed[:5])), "E-1")
    plan.state, plan.meeting_on, plan.meeting_record = after, meeting_on, record
    plan.approved_by_id, plan.approved_at = actor.id, now
    kept = store(actor, FILES, plan.id, uploads, now)
    journal.record(
        words.APPROVED, plan, actor, now, meeting_on=meeting_on, record=record, count=len(plan.items), files=kept
    )
    for item in plan.items:
        begin(actor, item, now)


def begin(actor: Actor, item: PlanItem, now: datetime) -> None:
    """Set an approved item going and tell who is responsible."""
    item.state = rules.ITEM_MOVES.after(item.state, "begin")
    item.due_at = due_at(item.due_on)
    journal.record(words.ITEM_BEGUN, item, actor, now, number=item.number, due_on=item.due_on)
    tell_of_item(
        item, [item.person_id], "begun", _l("计划事项 %(number)s：%(step)s", number=item.number, step=item.step),
        _l("请于 %(by)s 前完成。", by=str(item.due_on)), now,
    )  # fmt: skip
