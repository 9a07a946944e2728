"""The verbs of items: progress, report, send back, confirm, more time, lateness taken back (E-1, T-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.reminder.models import Kind
from portal.work_plan import rights, rules
from portal.work_plan import vocabulary as words
from portal.work_plan.common import PROGRESS_FILES, due_at, store, tell_of_item
from portal.work_plan.models import ItemState, PlanExtension, PlanItem, PlanProgress, PlanState

#: What a report of progress may say: done is reported by its own verb.
MOST_PERCENT = 99


def _in_force(item: PlanItem) -> None:
    if item.plan.state is not PlanState.APPROVED:
        raise Conflict(_("计划还没有审定，或者已经总结。"), "E-1")


def _handle(actor: Actor, item: PlanItem) -> None:
    if not rights.handles(actor, item):
        raise NotAllowed(_("由责任人或者本科室负责人报告进度。"), "E-1")
    _in_force(item)


def waiting_extension(item: PlanItem) -> PlanExtension | None:
    """The extension that waits for an answer."""
    return next((e for e in item.extensions if e.decided_at is None), None)


def extensions_left(item: PlanItem) -> int:
    """How many times more an item may be given more time (POL-1)."""
    granted = sum(e.granted for e in item.extensions)
    return max(0, int(policy.value("work_plan.extensions")) - granted)


def _note(actor: Actor, item: PlanItem, percent: int, text: str, now: datetime) -> PlanProgress:
    made = PlanProgress(by_id=actor.id or 0, at=now, percent=percent, text=text)
    item.progress.append(made)
    item.percent = percent
    db.session.flush()
    return made


def progress(
    actor: Actor, item: PlanItem, percent: int | None, text: str, now: datetime, uploads: Sequence[FileStorage] = ()
) -> None:
    """Report how far an item is, in percent, with files. Raises NotAllowed, Conflict, Invalid."""
    _handle(actor, item)
    rules.ITEM_MOVES.after(item.state, "progress")
    if percent is None or not 0 <= percent <= MOST_PERCENT:
        raise Invalid("percent", _("请填写 0 至 %(n)s 的进度；全部完成的请报告完成。", n=MOST_PERCENT), "E-1")
    if not text:
        raise Invalid("text", _("请填写进展情况。"), "E-1")
    made = _note(actor, item, percent, text, now)
    kept = store(actor, PROGRESS_FILES, made.id, uploads, now)
    journal.record(words.PROGRESSED, item, actor, now, percent=percent, text=text, files=kept)


def report(actor: Actor, item: PlanItem, result: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """Report an item done; somebody else confirms it. Raises NotAllowed, Conflict, Invalid."""
    _handle(actor, item)
    after = rules.ITEM_MOVES.after(item.state, "report")
    if not result:
        raise Invalid("text", _("请填写完成情况。"), "E-1")
    if waiting_extension(item) is not None:
        raise Conflict(_("延期申请还没有答复。"), "T-5")
    late = now > item.due_at and item.excused_at is None
    if late and item.late_at is None:
        overdue(item, now)  # it was late before a sweep came round
    item.state, item.result, item.reported_at, item.reported_by_id = after, result, now, actor.id
    made = _note(actor, item, 100, result, now)
    kept = store(actor, PROGRESS_FILES, made.id, uploads, now)
    journal.record(
        words.REPORTED, item, actor, now, number=item.number, result=result, due=item.due_at, late=late, files=kept
    )
    confirmer = rights.confirmer(item.department_id, item.person_id, item.reported_by_id, now)
    tell_of_item(
        item, [confirmer], f"reported:{made.id}", _l("计划事项 %(number)s 已报告完成，请确认", number=item.number), "",
        now, Kind.DECIDE,
    )  # fmt: skip


def _confirms(actor: Actor, item: PlanItem, now: datetime) -> None:
    if rights.confirmer(item.department_id, item.person_id, item.reported_by_id, now) != actor.id:
        raise NotAllowed(_("由科室负责人确认；责任人和报告人不能确认自己的事项。"), "E-1")
    _in_force(item)


def send_back(actor: Actor, item: PlanItem, reason: str, now: datetime) -> None:
    """It is not done yet. Raises NotAllowed, Conflict, Invalid."""
    _confirms(actor, item, now)
    after = rules.ITEM_MOVES.after(item.state, "send_back")
    if not reason:
        raise Invalid("text", _("请写明退回的原因。"), "E-1")
    told = item.reported_by_id
    item.state, item.reported_at, item.reported_by_id, item.result = after, None, None, ""
    item.percent = next((p.percent for p in reversed(item.progress) if p.percent <= MOST_PERCENT), 0)
    journal.record(words.RETURNED, item, actor, now, reason=reason)
    tell_of_item(
        item, {item.person_id, told}, f"returned:{now:%Y%m%d%H%M%S}",
        _l("计划事项 %(number)s 退回继续办理", number=item.number), _l("原因：%(reason)s", reason=reason), now,
    )  # fmt: skip


def confirm(actor: Actor, item: PlanItem, opinion: str, now: datetime) -> None:
    """Confirm that an item is done. Raises NotAllowed for who is responsible or reported it, Conflict."""
    _confirms(actor, item, now)
    item.state = rules.ITEM_MOVES.after(item.state, "confirm")
    item.closed_at, item.confirmed_by_id = now, actor.id
    journal.record(words.CONFIRMED, item, actor, now, opinion=opinion)


def ask_extension(actor: Actor, item: PlanItem, wanted_on: date | None, reason: str, now: datetime) -> None:
    """Ask for more time before the date (T-5); the date holds until it is answered.

    Raises NotAllowed; Conflict after the date, while one waits, or when none is left; Invalid.
    """
    _handle(actor, item)
    rules.ITEM_MOVES.after(item.state, "extend")
    if now > item.due_at:
        raise Conflict(_("已经逾期，不能再申请延期。"), "T-5")
    if waiting_extension(item) is not None:
        raise Conflict(_("延期申请还没有答复。"), "T-5")
    if extensions_left(item) == 0:
        raise Conflict(_("延期的次数已经用完，请按调整程序报班子会。"), "T-5")
    if wanted_on is None or wanted_on <= item.due_on or wanted_on.year != item.plan.year:
        raise Invalid("due_on", _("请填写晚于原期限、在本计划年度之内的日期。"), "T-5")
    if not reason:
        raise Invalid("text", _("请写明延期的理由。"), "T-5")
    item.extensions.append(
        PlanExtension(
            asked_by_id=actor.id or 0, asked_at=now, reason=reason, old_due_on=item.due_on, wanted_on=wanted_on,
            granted=False, answer="",
        )
    )  # fmt: skip
    journal.record(words.EXTENSION_ASKED, item, actor, now, wanted_on=wanted_on, reason=reason)
    decider = rights.extender(item.department_id, item.person_id, actor.id, now)
    tell_of_item(
        item, [decider], f"extension:{now:%Y%m%d%H%M%S}", _l("计划事项 %(number)s 申请延期", number=item.number),
        _l("请在 %(by)s 前答复。", by=str(item.due_on)), now, Kind.DECIDE,
    )  # fmt: skip


def decide_extension(actor: Actor, item: PlanItem, grant: bool, answer: str, now: datetime) -> None:
    """Grant or refuse more time; what had passed meanwhile is no lateness when it is granted (T-5).

    Raises NotAllowed, Conflict; Invalid without an answer to a refusal.
    """
    asked = waiting_extension(item)
    if asked is None:
        raise Conflict(_("没有等待答复的延期申请。"), "T-5")
    if rights.extender(item.department_id, item.person_id, asked.asked_by_id, now) != actor.id:
        raise NotAllowed(_("由分管领导答复延期申请；申请人和责任人不能。"), "T-5")
    _in_force(item)
    if not grant and not answer:
        raise Invalid("text", _("请写明不同意的理由。"), "T-5")
    asked.granted, asked.answer, asked.decided_by_id, asked.decided_at = grant, answer, actor.id, now
    old, was_late = item.due_at, False
    if grant:
        was_late = move(item, asked.wanted_on, now)
    journal.record(
        words.EXTENSION_DECIDED, item, actor, now, number=item.number, granted=grant, answer=answer, old_due=old,
        due=item.due_at, was_late=was_late,
    )  # fmt: skip
    title = (
        _l("计划事项 %(number)s 延期至 %(on)s", number=item.number, on=str(item.due_on))
        if grant
        else _l("计划事项 %(number)s 不同意延期", number=item.number)
    )
    tell_of_item(item, {item.person_id, asked.asked_by_id}, f"answered:{now:%Y%m%d%H%M%S}", title, answer, now)


def move(item: PlanItem, day: date, now: datetime) -> bool:
    """Give an item another date; returns whether that takes a recorded lateness back."""
    item.due_on, item.due_at, item.excused_at = day, due_at(day), None
    was_late = item.late_at is not None and item.due_at >= now
    if was_late:
        item.late_at = None
    return was_late


def overdue(item: PlanItem, now: datetime) -> None:
    """Record, once, that the date of an item has passed; it is told to the person, the head and the leader (T-6)."""
    item.late_at = item.due_at
    journal.record(words.OVERDUE, item, SYSTEM, now, number=item.number, due=item.due_at)
    users = {
        item.person_id,
        rights.confirmer(item.department_id, item.person_id, None, now),
        rights.extender(item.department_id, item.person_id, None, now),
    }
    tell_of_item(
        item, users, f"late:{item.due_at:%Y%m%d}", _l("计划事项 %(number)s 逾期", number=item.number),
        _l("应于 %(by)s 前完成。", by=str(clock.local(item.due_at).date())), now, Kind.OVERDUE, item.due_at,
    )  # fmt: skip


def excuse(actor: Actor, item: PlanItem, reason: str, now: datetime) -> None:
    """Take a wrong record of lateness back (J-3). Raises NotAllowed, Conflict, Invalid."""
    if not actor.can(words.MANAGE) or actor.id in (item.person_id, item.reported_by_id):
        raise NotAllowed(_("由办公室撤销逾期记录，责任人不能撤销自己的。"), "J-3")
    if item.late_at is None:
        raise Conflict(_("没有逾期记录。"), "J-3")
    if not reason:
        raise Invalid("text", _("请写明撤销的理由。"), "J-3")
    due, item.late_at, item.excused_at = item.late_at, None, now
    journal.record(words.EXCUSED, item, actor, now, number=item.number, due=due, reason=reason)


def closed(item: PlanItem) -> bool:
    """Whether nothing more is to be done about an item."""
    return item.state in (ItemState.DONE, ItemState.CANCELLED) or item.plan.state is PlanState.ENDED
