"""Weak results of the sample office: ordered, answered, improved or followed by a clue; the newest still wait (E-8)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.ab_post import superiors
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db
from portal.post_duty.models import PostKind
from portal.weak_result import queries, service
from portal.weak_result.models import WeakOrder

_GROUP = ("zhenghao", "caiyun", "wuxia")
#: What becomes of the orders, in turn.
_ENDS = ("improved", "failed", "answered", "withdrawn")


def begin(stage: Stage) -> None:
    """Look every working day of the last month and a half whether a published result is weak."""
    stage.tell(looked(stage))


def looked(stage: Stage) -> Story:
    """The group orders on a day whatever a published month has shown, but for the newest days."""
    n = 0
    for back in range(28, 1, -1):
        at = yield stage.work.at(back, "16:40")
        today = clock.local(at).date()
        for weak in queries.to_order(today):
            actors = (stage.actor(name, at) for name in _GROUP)
            actor = next((a for a in actors if service.may_order(a, weak.department_id)), None)
            if actor is None:
                continue
            due = stage.work.calendar.add_workdays(today, 4 if _ENDS[n % len(_ENDS)] == "failed" else 8)
            demand = "对照扣分依据逐条整改：按时办结、登记完整、及时答复；下月总分应有提高。"
            made = service.order(actor, weak.department_id, weak.month, demand, due, at)
            stage.tell(followed(stage, made.number, _ENDS[n % len(_ENDS)], back))
            n += 1


def _order(number: str) -> WeakOrder:
    return db.session.scalars(select(WeakOrder).where(WeakOrder.number == number)).one()


def followed(stage: Stage, number: str, end: str, back: int) -> Story:
    """What becomes of one order."""
    if end in ("improved", "answered") and back > 3:
        at = yield stage.work.at(back - 3, "10:45")
        found = _order(number)
        head = superiors.decider(PostKind.HEAD, found.department_id, (), at)
        if head is not None:
            told = "已逐条对照整改：补登记 6 件，逾期事项每日提醒，窗口增加一名引导员。"
            service.answer(stage.by_id(head[0], at), found, told, at)
    waits = {"improved": 5, "failed": 6, "withdrawn": 2}.get(end)
    if waits is None or back <= waits:
        return
    at = yield stage.work.at(back - waits, "15:35") + timedelta(minutes=1)
    found = _order(number)
    actors = (stage.actor(name, at) for name in _GROUP)
    actor = next(
        (a for a in actors if service.may_order(a, found.department_id) and a.id != found.answered_by_id), None
    )
    if actor is None:
        return
    if end == "improved" and found.answered_at is not None:
        service.improved(actor, found, "现场查看并抽查 10 件，整改属实，指标已回升。", at)
    elif end == "failed" and found.due_at < at:
        service.failed(actor, found, "期限已过，没有报告整改，指标没有变化。", at)
    elif end == "withdrawn":
        service.withdraw(actor, found, "该月结果已更正，不再列入应整改名单。", at)
