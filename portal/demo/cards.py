"""Message cards, training of backups and last year's reports on duty in the sample office (AB-6, AB-7, P-5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.backup_training import service as training
from portal.backup_training.models import Outcome
from portal.demo.stage import Stage, Story
from portal.duty_report import queries as duty_queries
from portal.duty_report import service as duty
from portal.duty_report.models import DutyReport, Grade
from portal.kernel import clock
from portal.kernel.db import db, locked
from portal.message_card import queries as card_queries
from portal.message_card import service as cards
from portal.message_card.models import How

#: (working day back, time)
When = tuple[int, str]


@dataclass(frozen=True)
class Left:
    """What somebody left with a department, and what became of it; ``by`` is who of the department answers."""

    code: str
    at: When
    matter: str
    name: str
    phone: str
    preferred: str = ""
    answered: When | None = None
    how: How = How.PHONE
    said: str = ""
    by: str = ""


MESSAGES = (
    Left("KP", (20, "10:12"), "想预约大篷车进校园，下月哪几天有空？", "田老师", "0000-3301", "工作日上午",
         (19, "09:30"), How.PHONE, "已商定下月第二周到校。", "luoxin"),
    Left("KP", (20, "11:05"), "科普展板还回来放在哪里？", "", "0000-3302", "", (19, "10:05"), How.PHONE,
         "请送三楼 308 室，已登记归还。", "luoxin"),
    Left("KP", (20, "14:40"), "申请认定科普教育基地，材料已准备齐全，想当面递交。", "苗先生", "0000-3303", "",
         (19, "11:20"), How.TAKEN, "", "huangbo"),
    Left("ZZ", (12, "15:20"), "人才推荐表的盖章要求不清楚。", "柏女士", "0000-3304", "下午", (9, "10:00"), How.PHONE,
         "已说明单位公章和推荐意见的填写要求。", "xujing"),
    Left("XH", (8, "09:50"), "想核对学会换届后的联系人信息。", "", "0000-3305", "", (8, "11:30"), How.MEETING,
         "来访当面核对完毕。", "tangyue"),
    Left("XH", (6, "16:10"), "学会年检材料寄出后没有收到回复。", "康先生", "0000-3306", "", (5, "09:40"), How.UNREACHED,
         "三次拨打均无人接听，已发短信说明材料已收到。", "tangyue"),
    Left("ZZ", (4, "10:30"), "请问科技工作者维权申请多久能有结果？", "艾女士", "0000-3307", "晚上六点前"),
    Left("KG", (1, "15:45"), "周末能否接待四十名小学生参观？", "邵老师", "0000-3308", "课间十点左右"),
    Left("ZZ", (1, "16:20"), "联系科技人才库入库的事。", "", "0000-3309"),
)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """Training of a backup: who plans it, for whom, and what became of it."""

    who: str
    post: str
    trainee: str
    topic: str
    trainer: str
    at: When
    within: int
    held: When | None = None
    outcome: Outcome = Outcome.ABLE
    recorded_by: str = ""
    confirmed: When | None = None
    cancelled: When | None = None


PLANS = (
    Planned("zhaogang", "ZW-1", "liqiang", "窗口受理流程和系统操作", "王敏", (34, "10:00"), 20, (28, "15:00"),
            Outcome.ABLE, "wangmin", (27, "09:20")),
    Planned("zhaogang", "ZW-2", "wangmin", "常见咨询口径和转办", "李强", (34, "10:10"), 25, (22, "15:10"),
            Outcome.NOT_YET, "liqiang", None),
    Planned("sunli", "XH-1", "tangyue", "学会备案材料审核要点", "周宁", (30, "09:40"), 15, (20, "16:00"),
            Outcome.ABLE, "zhouning", (18, "10:30")),
    Planned("jiangtao", "ZZ-1", "panlei", "人才推荐办理流程", "许静", (26, "11:00"), 12),
    Planned("dengke", "KP-1", "huangbo", "科普教育基地认定标准", "林芳", (10, "14:30"), 30),
    Planned("fanchao", "KG-1", "weilan", "团体预约和应急疏散", "沈洋", (15, "10:30"), 20, None, Outcome.ABLE, "", None,
            (9, "15:00")),
)  # fmt: skip

_TEXTS = {
    "duties": "对照岗位说明书，完成了受理、审核、答复和归档等工作，重点事项均按计划推进。",
    "limits": "严格执行承诺时限，个别办件因材料补正延长，均提前告知服务对象。",
    "problems": "主动走访基层不够，台账更新有时滞后。",
    "plan": "加强业务学习和备岗培训，继续压缩办理时间。",
}
_GRADES = (Grade.EXCELLENT, Grade.COMPETENT, Grade.COMPETENT, Grade.EXCELLENT, Grade.BASIC)
_REMARKS = ("工作扎实，服务态度好。", "", "", "希望多到基层。", "")


def begin(stage: Stage) -> None:
    """Plan all of it."""
    stage.tell(outing(stage, "dengke", "KP", (20, "09:30"), (20, "17:00"), "全科随大篷车下乡", (19, "08:50")))
    stage.tell(outing(stage, "jiangtao", "ZZ", (1, "15:00"), (-1, "10:00"), "赴基层开展走访调研", None))
    for left in MESSAGES:
        stage.tell(message(stage, left))
    for planned in PLANS:
        stage.tell(plan(stage, planned))
    stage.tell(reports(stage))


def outing(stage: Stage, who: str, code: str, since: When, back: When, reason: str, returned: When | None) -> Story:
    """A department is out; it comes back earlier or later than it said (AB-6)."""
    at = yield stage.work.at(*since)
    place = card_queries.place_of(code)
    office = stage.actor(who, at) if stage.present(who, at) else stage.one_of(["wuxia", "caiyun"], at)
    made = cards.mark_out(office, place.id, at, stage.work.at(*back), reason, at)
    if returned is not None:
        at = yield stage.work.at(back[0], "15:30")
        office = stage.one_of([who, "wuxia", "caiyun"], at)
        cards.reschedule(office, made, stage.work.at(returned[0], "09:30"), at)
        at = yield stage.work.at(*returned)
        cards.come_back(stage.one_of([who, "wuxia", "caiyun"], at), made, at)


def message(stage: Stage, left: Left) -> Story:
    """A visitor leaves word; the department answers, in time or not, or has not yet (AB-6)."""
    at = yield stage.work.at(*left.at)
    made = cards.leave(
        card_queries.place_of(left.code), at, matter=left.matter, name=left.name, phone=left.phone,
        preferred=left.preferred, address="sample",
    )  # fmt: skip
    if left.answered is None:
        return
    at = yield stage.work.at(*left.answered)
    while not stage.present(left.by, at):
        at = yield stage.work.after(at, 120)
    actor = stage.actor(left.by, at)
    if left.how is How.TAKEN:
        cards.take_over(actor, made, at)
    else:
        cards.answer(actor, made, left.how, left.said, at)


def plan(stage: Stage, planned: Planned) -> Story:
    """A backup is to be trained; held and confirmed, waiting for the head, overdue, ahead, or cancelled (AB-7)."""
    at = yield stage.work.at(*planned.at)
    post = stage.made.posts[planned.post]
    until = clock.local(at).date() + timedelta(days=planned.within)
    made = training.plan(
        stage.one_of([planned.who, "wuxia", "caiyun"], at), post, stage.made.users[planned.trainee].id, planned.topic,
        planned.trainer, until, at,
    )  # fmt: skip
    if planned.held is not None:
        at = yield stage.work.at(*planned.held)
        training.record(
            stage.actor(planned.recorded_by, at), post, clock.local(at).date(), 90, f"{planned.topic}，现场演练两遍。",
            planned.trainer, [stage.made.users[planned.trainee].id], planned.outcome, at, made,
        )  # fmt: skip
    if planned.confirmed is not None:
        at = yield stage.work.at(*planned.confirmed)
        training.confirm(stage.one_of([planned.who, "wuxia"], at), made, at)
    if planned.cancelled is not None:
        at = yield stage.work.at(*planned.cancelled)
        training.cancel(stage.one_of([planned.who, "wuxia"], at), made, "岗位调整，另行安排。", at)


def _each(stage: Stage, do: Callable[[DutyReport], None], year: int) -> None:
    round_ = duty_queries.round_of(year)
    for report in db.session.scalars(select(DutyReport).where(DutyReport.round_id == round_.id)):
        do(report)


def reports(stage: Stage) -> Story:
    """Last year's reports, made up late: written, assessed and closed; this year's are prepared (P-5)."""
    at = yield stage.work.at(33, "09:10")
    this_year = clock.local(at).year
    last, office = this_year - 1, stage.actor("wuxia", at)
    today = clock.local(at).date()
    made = duty.prepare(office, last, today + timedelta(days=14), today + timedelta(days=21), at)
    at = yield stage.work.at(33, "10:00")
    duty.open_round(stage.one_of(["wuxia", "caiyun"], at), made, at)
    at = yield stage.work.at(29, "16:00")
    written = at
    silent = stage.made.users["weilan"].id

    def write(report: DutyReport) -> None:
        if report.user_id != silent:
            duty.submit(stage.by_id(report.user_id, written), report, _TEXTS, written)

    _each(stage, write, last)
    at = yield stage.work.at(25, "16:30")
    assessed = at

    def assess(report: DutyReport) -> None:
        if report.submitted_at is None:
            return
        for n, assessor in enumerate(sorted(report.circle, key=lambda a: a.user_id)):
            if (n + report.id) % 7:
                grade = (n + report.id) % len(_GRADES)
                duty.assess(stage.by_id(assessor.user_id, assessed), report, _GRADES[grade], _REMARKS[grade], assessed)

    _each(stage, assess, last)
    at = yield stage.work.at(16, "09:20")
    duty.close(stage.one_of(["wuxia", "caiyun"], at), locked(type(made), id=made.id), at)
    at = yield stage.work.at(2, "16:10")
    today = clock.local(at).date()
    duty.prepare(
        stage.one_of(["wuxia", "caiyun"], at), this_year, today + timedelta(days=20), today + timedelta(days=35), at
    )
