"""Registers of the sample office in every state, and its half-yearly publication (O-4, F-7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.demo.history import DAYS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.half_year import service as half_years
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.pure.months import month_after
from portal.register import agenda, attendance, checks, hazards, kinds, passing, rules, service
from portal.register.attendance import Mark
from portal.register.models import CheckResult, Presence, RegisterEntry
from portal.register.service import Content

HEADS = {"ZW": "zhaogang", "XH": "sunli", "KP": "dengke", "ZZ": "jiangtao", "KG": "fanchao"}
_TOPICS = ("行政许可法和办事规程", "科学技术普及法", "首问负责和一次性告知", "政务公开要求", "岗位业务知识")
_GUARDS = ("liqiang", "zhouning", "huangbo", "panlei", "yuanmeng")


def begin(stage: Stage) -> None:
    """Plan the entries of the two months."""
    last = clock.local(stage.end).date()
    first = last - timedelta(days=DAYS)
    stage.tell(adopted(stage, stage.work.calendar.next_workday(first)))
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 7)
    n = 0
    while friday < last:
        for code in ("ZW", "XH", "KP"):
            missed = code == "XH" and n == 3  # a week that the society department left out
            if stage.work.calendar.is_workday(friday) and not missed:
                stage.tell(study(stage, code, friday, n))
        friday, n = friday + timedelta(days=7), n + 1
    month = month_after(first, 1)
    while month < last:
        stage.tell(meeting(stage, stage.work.calendar.add_workdays(month, 6)))
        stage.tell(safety(stage, stage.work.calendar.add_workdays(month, 9), month_after(month, 1) > last))
        month = month_after(month, 1)
    for back in range(9, 0, -1):
        stage.tell(duty(stage, back))
    stage.tell(drafted(stage, stage.work.day(2)))
    stage.tell(half_year(stage, stage.work.day(30)))


def keeper(stage: Stage, code: str, at: datetime) -> Actor:
    """The head, or the office when the head is away."""
    return stage.one_of([HEADS[code], "wuxia", "caiyun"], at)


def adopted(stage: Stage, day: date) -> Story:
    """The office takes the shipped registers over."""
    at = yield on(day, "09:20")
    kinds.adopt(stage.actor("caiyun", at), at)


def study(stage: Stage, code: str, day: date, n: int) -> Story:
    """A weekly study: one was away without reason, one entry was corrected."""
    at = yield on(day, "16:40")
    actor, now = keeper(stage, code, at), at
    what = Content(f"第 {n + 1} 次集中学习", on(day, "15:00"), 90 if n % 3 else 60, "会议室", content=_TOPICS[n % 5])
    entry = service.begin(actor, kinds.by_code("study"), stage.made.departments[code], what, now)
    marks = attendance.proposed(entry)
    here = [u for u, m in marks.items() if m.presence is Presence.PRESENT]
    for place, user_id in enumerate(here):
        absent = code == "KP" and n in (2, 5) and place == len(here) - 1
        marks[user_id] = Mark(Presence.ABSENT) if absent else Mark(Presence.PRESENT, notes=280 + 70 * ((n + place) % 6))
    attendance.take(actor, entry, marks, entry.version, now)
    service.file(actor, entry, now)
    if n == 1 and code == "ZW":
        at = yield on(day + timedelta(days=3), "10:10")
        entry = db.session.get_one(RegisterEntry, entry.id)
        fixed = Content(what.title, what.held_at, 100, what.place, content=what.content)
        service.correct(keeper(stage, code, at), entry, fixed, "时长少记了十分钟。", at)


def meeting(stage: Stage, day: date) -> Story:
    """The monthly meeting with last month's facts; one head sent somebody, all but one department passed it on."""
    at = yield on(day, "16:50")
    office = stage.one_of(["wuxia", "caiyun"], at)
    month = agenda.month_for(day)
    what = Content(
        f"{day.month} 月窗口负责人例会", on(day, "15:30"), place="五楼会议室",
        chair_id=stage.made.users["chenjing"].id, agenda=agenda.filled(office, month, at),
        content="通报上月情况，逐项点评，安排本月工作。", answers={"f2": "超期件逐件说明原因；增开一个咨询窗口。"},
    )  # fmt: skip
    entry = service.begin(office, kinds.by_code("meeting"), None, what, at, month if what.agenda else None)
    marks = attendance.proposed(entry)
    for each in attendance.expected(entry):
        others = attendance.delegates(each)
        if each.user_id == stage.made.users["jiangtao"].id and others:
            marks[each.user_id] = Mark(Presence.DELEGATED, "参加上级会议", others[0][0])
    attendance.take(office, entry, marks, entry.version, at)
    service.file(office, entry, at)
    for code, head in HEADS.items():
        if code == "KG":  # still to be passed on
            continue
        at = yield on(stage.work.calendar.add_workdays(day, 2), "17:10")
        entry = db.session.get_one(RegisterEntry, entry.id)
        wanted = next((p for p in entry.passings if p.department_id == stage.made.departments[code]), None)
        if wanted is not None:
            by = stage.by_id(wanted.by_id or stage.made.users[head].id, at)
            passing.pass_on(by, wanted, clock.local(at).date(), 3, "科务会传达", at)


def safety(stage: Stage, day: date, recent: bool) -> Story:
    """A safety check: one hazard removed after a re-check, recent ones open or waiting for the re-check."""
    at = yield on(day, "11:10")
    actor = keeper(stage, "ZW", at)
    what = Content(
        f"{day.month} 月安全检查", on(day, "10:00"), place="服务大厅", content="检查用电、消防器材和门窗。",
        answers={"f1": "赵刚、李强", "f2": "一楼服务大厅"},
    )  # fmt: skip
    zw = stage.made.departments["ZW"]
    entry = service.begin(actor, kinds.by_code("safety"), zw, what, at)
    due = stage.work.calendar.add_workdays(day, 3)
    for text in ("排队机旁插座松动，电线裸露", "灭火器压力不足") if recent else ("安全出口堆放纸箱",):
        hazards.find(actor, entry, hazards.Seen(text, "立即整改并报告", due, zw, "服务大厅"), at)
    service.file(actor, entry, at)
    at = yield on(stage.work.calendar.add_workdays(day, 2), "09:40")
    hazard = db.session.get_one(RegisterEntry, entry.id).hazard_rows[0]
    hazards.rectify(stage.one_of(["liqiang", "wangmin", "sunjie"], at), hazard, "已整改，现场拍照。", at)
    if not recent:
        at = yield on(stage.work.calendar.add_workdays(day, 3), "09:40")
        hazard = db.session.get_one(RegisterEntry, entry.id).hazard_rows[0]
        hazards.recheck(stage.one_of(["zhenghao", "wuxia", "caiyun"], at), hazard, True, "现场查看，已消除。", None, at)


def duty(stage: Stage, back: int) -> Story:
    """One shift handed to the next; the last waits to be taken over."""
    at = yield stage.work.at(back, "17:36")
    giver, taker = _GUARDS[back % 5], _GUARDS[(back + 4) % 5]
    actor = stage.actor(giver, at)
    what = Content(
        "日间值班", stage.work.at(back, "09:00"), place="值班室", content="秩序正常，来访按首问登记。",
        answers={"f1": "日间"}, handed_to_id=stage.made.users[taker].id, handover="钥匙两把、对讲机一部。",
    )  # fmt: skip
    entry = service.begin(actor, kinds.by_code("duty"), None, what, at)
    service.file(actor, entry, at)
    if back > 1:
        at = yield stage.work.at(back - 1, "09:05")
        passing.take_over(stage.actor(taker, at), db.session.get_one(RegisterEntry, entry.id), "物品齐全", at)


def drafted(stage: Stage, day: date) -> Story:
    """A draft of a further meeting, and an entry struck because it was written twice."""
    at = yield on(day, "10:30")
    office = stage.one_of(["wuxia", "caiyun"], at)
    service.begin(office, kinds.by_code("meeting"), None, Content("临时例会（草稿）", on(day, "15:00")), at)
    entry = service.begin(office, kinds.by_code("meeting"), None, Content("月例会（重复）", on(day, "09:00")), at)
    service.strike(office, entry, "重复登记。", at)


def half_year(stage: Stage, day: date) -> Story:
    """The registers of the last half year checked; its publication approved, published and corrected once."""
    at = yield on(day, "15:10")
    half = rules.half_before(day)
    supervisor = stage.one_of(["zhenghao", "wuxia", "caiyun"], at)
    for code, result, comment in (
        ("ZW", CheckResult.GOOD, "纸质台账齐全。"), ("XH", CheckResult.SUFFICIENT, "学习笔记偏少。"),
        ("KP", CheckResult.POOR, "安全检查缺两个月。"),
    ):  # fmt: skip
        checks.check(supervisor, *half, stage.made.departments[code], result, comment, at)
    notes = {"registers": "平台启用以前的台账按纸质检查。"}
    for reason in ("", "补充台账检查的说明。"):
        if reason:
            half_years.correct(stage.one_of(["wuxia", "caiyun"], at), half, reason, at)
        office = stage.one_of(["wuxia", "caiyun"], at)
        half_years.submit(office, half, "按规定每半年检查并公示一次。", notes, at)
        at = yield at + timedelta(minutes=50)
        half_years.approve(stage.one_of(["heping", "chenjing", "liubo"], at), half, at)
        at = yield at + timedelta(minutes=20)
        half_years.publish(stage.one_of(["wuxia", "caiyun"], at), half, at)
        at = yield on(stage.work.calendar.add_workdays(clock.local(at).date(), 3), "10:00")
    current = rules.half_of(clock.local(at).date())
    half_years.write(stage.one_of(["wuxia", "caiyun"], at), current, "本期结束后公示。", {}, at)
