"""Two months of filed statistics and some result errors in the sample office (O-8, W-0)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.ab_post import queries as ab
from portal.cases import handling
from portal.cases.models import Case, CaseState
from portal.completion_report import errors, statistics
from portal.completion_report.models import ErrorKind, FoundBy, MonthlyStatistics
from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty.models import PostKind
from portal.pure.months import month_after

_HAND = (
    {"phone_enquiries": 46, "unlogged_visits": 12, "outside_services": 3},
    {"phone_enquiries": 31, "unlogged_visits": None, "outside_services": None},
    {"phone_enquiries": 18, "unlogged_visits": 7, "outside_services": 1},
    {"phone_enquiries": 9, "unlogged_visits": None, "outside_services": 2},
)
_REMARKS = ("", "本月集中受理，收件比上月增加。", "", "一件因专家评审暂停，已告知申请人。")
_LATE = "负责人外出开会，报送晚了，已改由顶岗人按时报送。"


def begin(stage: Stage) -> None:
    """Plan the months that are over before the end, and what was found in closed cases."""
    last = clock.local(stage.end).date()
    month = (last - timedelta(days=DAYS)).replace(day=1)
    while month_after(month, 1) <= last:
        stage.tell(filing(stage, month))
        month = month_after(month, 1)
    stage.tell(found_wrong(stage, last))


def filing(stage: Stage, month: date) -> Story:
    """The heads file a month in its days; the last of them is late with every month but the newest."""
    first = month_after(month, 1)
    yield on(first, "09:40")
    sheets = [s.id for s in statistics.of_month(month)]
    due = statistics.due_on(month)
    newest = month_after(first, 1) > clock.local(stage.end).date()
    for n, sheet_id in enumerate(sheets):
        late = n == len(sheets) - 1 and not newest
        day = stage.work.calendar.add_workdays(due, 2 if late else -(n % 2))
        at = yield on(day, f"10:{10 + n:02}")
        sheet = db.session.get_one(MonthlyStatistics, sheet_id)
        head = _head(stage, sheet.department_id, at)
        if head is None:
            continue
        hand = _HAND[n % len(_HAND)]
        if n == 0:
            statistics.save(head, sheet, hand, "", at)
            at = yield at + timedelta(minutes=25)
        statistics.file(head, sheet, hand, _LATE if late else _REMARKS[n % len(_REMARKS)], at)


def _head(stage: Stage, department_id: int, at: datetime) -> Actor | None:
    """Who answers for the post of a department's head."""
    for post in ab.picture().posts.values():
        if post.department_id == department_id and post.kind is PostKind.HEAD and post.closed_on is None:
            user_id = ab.who_answers_for(post.id, at).user_id
            return stage.by_id(user_id, at) if user_id else None
    return None


def found_wrong(stage: Stage, last: date) -> Story:
    """A callback, a review and a client find results wrong; one of them turns out to be right after all."""
    finds = (
        (14, ErrorKind.DOCUMENT, FoundBy.CLIENT, "证书上的单位名称少了一个字，服务对象来电反映。", True, ""),
        (9, ErrorKind.LAW, FoundBy.REVIEW, "批复引用的条款已修订，应引用新条款。", False, ""),
        (5, ErrorKind.PROCEDURE, FoundBy.CALLBACK, "回访说没有收到办结通知。", False, "送达回证已找到，当日已签收。"),
    )
    for back, kind, by, what, corrected, withdrawn in finds:
        at = yield on(stage.work.calendar.add_workdays(last, -back), "15:20")
        office = stage.actor("zhenghao", at)
        case = _closed(office, at)
        if case is None:
            continue
        made = errors.record(office, case, kind, by, clock.local(at).date(), what, at)
        if corrected:
            at = yield at + timedelta(minutes=40)
            user_id = ab.who_answers_for(case.post_id, at).user_id
            if user_id:
                handling.correct(stage.by_id(user_id, at), case, at)
        if withdrawn:
            at = yield at + timedelta(hours=1)
            errors.withdraw(stage.actor("zhenghao", at), made, withdrawn, at)


def _closed(actor: Actor, at: datetime) -> Case | None:
    """A case that ended some days ago and in which the actor had no hand."""
    until = clock.local(at).date() - timedelta(days=3)
    query = select(Case).where(Case.closed_on <= until, Case.state == CaseState.COMPLETED, Case.lead_id.is_(None))
    for case in db.session.scalars(query.order_by(Case.closed_on.desc(), Case.id.desc()).limit(20)):
        if errors.may_record(actor, case) and not errors.of_case(case.id):
            return case
    return None
