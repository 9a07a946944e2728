"""The verbs: order, answer, re-check, withdraw; what the passing of time brings. The only writer (E-8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import superiors
from portal.calendar import queries as calendar
from portal.calendar.foresight import Change
from portal.clue import service as clues
from portal.clue.models import ClueKind, Source
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.pure.months import month_text
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.supervision import rights as inspection_rights
from portal.weak_result import queries, rules
from portal.weak_result import vocabulary as words
from portal.weak_result.models import OrderState, WeakOrder

SERIES = "KZ"
#: The owners of files: of an answer and of a re-check.
FILES, CHECK_FILES = "weak_result", "weak_result_check"
BATCH = 200


def may_order(actor: Actor, department_id: int) -> bool:
    """Whether the actor orders and re-checks: the office or the group, never for an own department."""
    return actor.can(words.ORDER) and department_id not in inspection_rights.own_departments(actor.id)


def answers(actor: Actor, order: WeakOrder) -> bool:
    """Whether the actor speaks for the department."""
    return actor.can(words.READ) and inspection_rights.represents(actor, order.department_id)


def due_at(day: date) -> datetime:
    """When an order is over: at the end of its day, or of the next working day (T-3)."""
    return clock.day_start(calendar.work_calendar().on_or_next_workday(day) + timedelta(days=1))


def suggested_due(today: date) -> date:
    """The date that a new order is offered (POL-1)."""
    return calendar.work_calendar().add_workdays(today, int(policy.value("weak_result.answer_workdays")))


def _tell(order: WeakOrder, users: Iterable[int | None], key: str, title: object, body: object, now: datetime) -> None:
    reminder.tell(
        now, users, Kind.DECIDE, f"weak_result:{order.id}:{key}", title, body, "weak_result.show",
        values={"number": order.number},
    )  # fmt: skip


def _speaker(department_id: int, now: datetime) -> int | None:
    found = superiors.decider(PostKind.HEAD, department_id, (), now)
    return found[0] if found is not None else None


def order(actor: Actor, department_id: int, month: date, demand: str, due_on: date | None, now: datetime) -> WeakOrder:
    """Order a department to rectify the weak result of a published month until a date (E-8).

    Raises NotAllowed (own department), Conflict for a result that is not published, is not weak, or has its order;
    Invalid.
    """
    if not may_order(actor, department_id):
        raise NotAllowed(_("由办公室或者督查组发出整改通知，不能办理自己所在或者负责的科室。"), "E-8")
    found = queries.published(month)
    row = next((r for r in queries.weak_of(found) if r.subject_id == department_id), None) if found else None
    if found is None or row is None:
        raise Conflict(_("这个月的考评结果没有公布，或者该科室不在应整改名单内。"), "E-8")
    known = select(WeakOrder.number).where(WeakOrder.department_id == department_id, WeakOrder.month == month)
    if (number := db.session.scalar(known)) is not None:
        raise Conflict(_("该科室这个月已经发出整改通知 %(number)s。", number=number), "E-8")
    if not demand:
        raise Invalid("text", _("请写明整改要求。"), "E-8")
    if due_on is None or due_on <= clock.local(now).date():
        raise Invalid("due_on", _("请填写今天以后的整改日期。"), "E-8")
    made = WeakOrder(
        number=numbers.take(SERIES, now),
        department_id=department_id,
        month=month,
        result_id=found.result_id,
        edition=found.edition,
        total=row.total,
        place=row.place,
        of_places=queries.places_of(found),
        demand=demand,
        due_on=due_on,
        due_at=due_at(due_on),
        issued_by_id=actor.id or 0,
        issued_at=now,
        state=OrderState.ORDERED,
        answer="",
        opinion="",
        clue_number="",
    )
    db.session.add(made)
    journal.record(
        words.ORDERED, made, actor, now, number=made.number, month=month_text(month), edition=made.edition,
        total=f"{made.total:f}", place=made.place, due_on=due_on, demand=demand,
    )  # fmt: skip
    _tell(
        made, [_speaker(department_id, now)], "ordered", _l("考评整改通知 %(number)s", number=made.number),
        _l("请于 %(by)s 前整改并报告。", by=str(due_on)), now,
    )  # fmt: skip
    return made


def _store(actor: Actor, owner: str, order: WeakOrder, uploads: Sequence[FileStorage], now: datetime) -> object:
    kept = files.store(uploads, owner, order.id, actor.id, now, policy.value("attachments.max_megabytes"))
    return files.facts(kept)


def answer(actor: Actor, order: WeakOrder, text: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """The department says what it did and what came of it; until the re-check it may say more.

    Raises NotAllowed, IllegalMove, Invalid.
    """
    if not answers(actor, order):
        raise NotAllowed(_("由该科室的负责人报告整改。"), "E-8")
    after = rules.MOVES.after(order.state, "answer")
    if not text:
        raise Invalid("text", _("请写明整改措施和成效。"), "E-8")
    if now > order.due_at and order.late_at is None and order.answered_at is None:
        _overdue(order, now)  # it was late before a sweep came round
    if order.answered_at is None:
        order.answered_at = now
    order.state, order.answer, order.answered_by_id = after, text, actor.id
    kept = _store(actor, FILES, order, uploads, now)
    journal.record(words.ANSWERED, order, actor, now, answer=text, late=order.late_at is not None, files=kept)
    title = _l("考评整改 %(number)s 已报告，请复查", number=order.number)
    _tell(order, [order.issued_by_id], f"answered:{now:%Y%m%d%H%M%S}", title, "", now)


def _check(actor: Actor, order: WeakOrder) -> None:
    if not may_order(actor, order.department_id) or actor.id == order.answered_by_id:
        raise NotAllowed(_("由办公室或者督查组复查；该科室的人员和报告整改的人不能复查。"), "E-8")


def improved(actor: Actor, order: WeakOrder, opinion: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """The re-check finds that it has improved. Raises NotAllowed, IllegalMove, Invalid."""
    _check(actor, order)
    after = rules.MOVES.after(order.state, "improved")
    if not opinion:
        raise Invalid("text", _("请写明复查意见。"), "E-8")
    order.state, order.opinion, order.ended_by_id, order.ended_at = after, opinion, actor.id, now
    kept = _store(actor, CHECK_FILES, order, uploads, now)
    journal.record(words.IMPROVED, order, actor, now, opinion=opinion, files=kept)
    title = _l("考评整改 %(number)s 复查已改进", number=order.number)
    _tell(order, [_speaker(order.department_id, now)], "ended", title, opinion, now)


def failed(actor: Actor, order: WeakOrder, opinion: str, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """Nothing improved: at the re-check, or nothing was answered by the date; a clue follows (A-3).

    Raises NotAllowed; Conflict while the department may still answer; Invalid.
    """
    _check(actor, order)
    after = rules.MOVES.after(order.state, "failed")
    if order.state is OrderState.ORDERED and now <= order.due_at:
        raise Conflict(_("整改期限还没有到，科室还可以报告。"), "E-8")
    if not opinion:
        raise Invalid("text", _("请写明未改进的情况。"), "E-8")
    told = _(
        "%(month)s 考评整改（%(number)s）未见改进：%(opinion)s",
        month=month_text(order.month), number=order.number, opinion=opinion,
    )  # fmt: skip
    clue = clues.raise_by_hand(
        actor, ClueKind.LATE_RECTIFICATION if order.answered_at is None else ClueKind.OTHER, told, now,
        department_id=order.department_id, source=Source.INSPECTION,
    )  # fmt: skip
    order.state, order.opinion, order.ended_by_id, order.ended_at = after, opinion, actor.id, now
    order.clue_number = clue.number
    kept = _store(actor, CHECK_FILES, order, uploads, now)
    journal.record(words.FAILED, order, actor, now, opinion=opinion, clue=clue.number, files=kept)
    leader = superiors.decider(PostKind.LEADER, order.department_id, (), now)
    users = [_speaker(order.department_id, now), leader[0] if leader else None]
    _tell(order, users, "ended", _l("考评整改 %(number)s 未见改进", number=order.number), opinion, now)


def withdraw(actor: Actor, order: WeakOrder, reason: str, now: datetime) -> None:
    """Take an order back, as when the result was corrected. Raises NotAllowed, IllegalMove, Invalid."""
    if not may_order(actor, order.department_id):
        raise NotAllowed(_("由办公室或者督查组撤回整改通知。"), "E-8")
    after = rules.MOVES.after(order.state, "withdraw")
    if not reason:
        raise Invalid("text", _("请写明撤回的理由。"), "J-3")
    order.state, order.opinion, order.ended_by_id, order.ended_at = after, reason, actor.id, now
    journal.record(words.WITHDRAWN, order, actor, now, reason=reason)
    title = _l("考评整改通知 %(number)s 已撤回", number=order.number)
    _tell(order, [_speaker(order.department_id, now)], "ended", title, reason, now)


# --- the passing of time --------------------------------------------------------------------------------------


def _overdue(order: WeakOrder, now: datetime) -> None:
    order.late_at = order.due_at
    journal.record(words.OVERDUE, order, SYSTEM, now, number=order.number, due=order.due_at)
    leader = superiors.decider(PostKind.LEADER, order.department_id, (), now)
    users = [_speaker(order.department_id, now), leader[0] if leader else None, order.issued_by_id]
    _tell(order, users, f"late:{order.due_at:%Y%m%d}", _l("考评整改逾期：%(number)s", number=order.number), "", now)


def sweep(now: datetime) -> int:
    """Record, once each, the orders whose date passed without an answer; returns how many."""
    if not any(o.due_at < now and not o.late and o.answered_at is None for o in queries.open_orders()):
        return 0
    query = select(WeakOrder).where(
        WeakOrder.ended_at.is_(None), WeakOrder.answered_at.is_(None), WeakOrder.late_at.is_(None),
        WeakOrder.due_at < now,
    ).order_by(WeakOrder.due_at).limit(BATCH)  # fmt: skip
    found = db.session.scalars(query.with_for_update(skip_locked=True)).all()
    for each in found:
        _overdue(each, now)
    return len(found)


def _running(lock: bool) -> list[WeakOrder]:
    query = select(WeakOrder).where(WeakOrder.ended_at.is_(None), WeakOrder.answered_at.is_(None))
    query = query.order_by(WeakOrder.id)
    return list(db.session.scalars(query.with_for_update() if lock else query))


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates of unanswered orders anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    for each in _running(True):
        old, new = each.due_at, due_at(each.due_on)
        if new != old:
            each.due_at = new
            if new >= now:
                each.late_at = None
            changed += 1
            journal.record(words.RECOMPUTED, each, actor, now, number=each.number, old_due=old, due=new)
    return changed


def foresee(lock: bool) -> list[Change]:
    """The unanswered orders whose dates the supposed calendar would move (T-3); nothing is written."""
    found = []
    with db.session.no_autoflush:
        for each in _running(lock):
            new = due_at(each.due_on)
            if new != each.due_at:
                found.append(Change(each.number, each.demand[:60], each.department_id, each.due_at, new))
    return found
