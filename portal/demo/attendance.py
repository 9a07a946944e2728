"""Attendance of the sample office: two months of punches through the importer's service, corrections, findings, a
closed month (O-3, P-3)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from portal.attendance import corrections, findings, rights, service
from portal.attendance import sheet as sheets
from portal.attendance.matching import Checked
from portal.attendance.models import Correction, FindingKind, Slot
from portal.demo.cast import PEOPLE
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.actor import SEPARATED

#: Who takes no part: the three separated roles and the leaders' own doors have no clock.
_WITHOUT = {name for name, person in PEOPLE.items() if set(person.roles) & SEPARATED}
_OFTEN_LATE = {"huangbo": 0.42, "weilan": 0.16, "xujing": 0.1}
_DAYS = 61


def begin(stage: Stage) -> None:
    """Plan the imports, the corrections and the findings."""
    stage.tell(imports(stage))
    for back, who, slot, there, why, good in (
        (24, "wangmin", Slot.PM_IN, "13:26", "中午陪同来访人员取材料，回来时忘记打卡。", True),
        (16, "zhouning", Slot.AM_OUT, "12:03", "指纹机没有反应，当时已告知办公室。", True),
        (9, "huangbo", Slot.AM_IN, "08:57", "忘记打卡。", False),
        (3, "xujing", Slot.PM_OUT, "17:34", "下班时送材料到政务大厅。", True),
    ):
        stage.tell(correction(stage, back, who, slot, there, why, good))
    stage.tell(correction(stage, 1, "weilan", Slot.AM_IN, "08:56", "指纹没有识别。", None))
    stage.tell(correction(stage, 2, "zhaogang", Slot.PM_OUT, "17:40", "开会后直接离开，漏打卡。", None))
    for back, who, kind, note, said, upheld in (
        (
            28,
            "huangbo",
            FindingKind.OFF_POST,
            "10:20 至 10:55 不在岗，没有登记离岗。",
            "下楼取快递，耽误了时间。",
            True,
        ),
        (19, "shenyang", FindingKind.GAMES, "电脑上开着网页游戏。", "是自动弹出的广告页面。", False),
        (8, "huangbo", FindingKind.PRIVATE_WORK, "工作时间网上购物。", "", True),
        (2, "weilan", FindingKind.LATE, "9:25 到岗。", "接孩子路上堵车。", None),
        (1, "caiyun", FindingKind.OTHER, "没有佩戴工作证。", "", None),
    ):
        stage.tell(finding(stage, back, who, kind, note, said, upheld))


def imports(stage: Stage) -> Story:
    """Every Monday and on the last morning the office imports what the clock holds; a month is closed on the fifth."""
    last = clock.local(stage.end).date()
    day = last - timedelta(days=_DAYS)
    begun, closed = day, None
    while day <= last:
        day += timedelta(days=1)
        if day.weekday() != 0 and day != last:
            continue
        at = yield on(day, "09:40") if day < last else max(on(day, "07:00"), stage.end - timedelta(minutes=30))
        _bring_in(stage, begun, at)
        begun = day
        month = (day.replace(day=1) - timedelta(days=1)).replace(day=1)
        if day.day >= 5 and month != closed and month > last - timedelta(days=_DAYS):
            closed = month
            end = day.replace(day=1) - timedelta(days=1)
            made = sheets.make(month, end)
            service.close_month(stage.actor("wuxia", at), month, sheets.freeze(made), len(made.rows), at)


def _bring_in(stage: Stage, first: date, at: datetime) -> None:
    checked = Checked()
    day, latest = first, at - timedelta(minutes=5)
    while day <= clock.local(at).date():
        if stage.work.calendar.is_workday(day):
            for n, who in enumerate(sorted(PEOPLE)):
                if who in _WITHOUT:
                    continue
                user_id = stage.made.users[who].id
                pressed = {p for p in _punches(who, day) if p <= latest}
                checked.punches.setdefault(user_id, set()).update(pressed)
                checked.codes[f"{n + 101}"] = user_id
        day += timedelta(days=1)
    checked.punches = {u: p for u, p in checked.punches.items() if p}
    checked.lines = checked.total
    if checked.span is not None:
        name = f"考勤机导出 {first:%m%d}-{clock.local(at):%m%d}.xlsx"
        sha256 = hashlib.sha256(f"{name} {checked.total}".encode()).hexdigest()
        service.bring_in(stage.actor("caiyun", at), checked, name, sha256, at)


def _punches(who: str, day: date) -> set[datetime]:
    """What somebody pressed on a day, the same whenever it is asked for."""
    r = Random(f"punch {who} {day}")  # noqa: S311 - sample data, nothing secret
    late = r.random() < _OFTEN_LATE.get(who, 0.03)
    planned = [
        _at(day, 9, r.randint(11, 34)) if late else _at(day, 8, r.randint(40, 59)),
        _at(day, 12, r.randint(1, 14)),
        _at(day, 13, r.randint(12, 29)),
        _at(day, 17, r.randint(31, 55)) if r.random() > 0.03 else _at(day, 17, r.randint(2, 18)),
    ]
    if r.random() < 0.02:
        planned.pop(r.randrange(4))
    return {p + timedelta(seconds=r.randint(0, 59)) for p in planned}


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.ZONE).astimezone(UTC)


def correction(stage: Stage, back: int, who: str, slot: Slot, there: str, why: str, good: bool | None) -> Story:
    """A missed punch: asked the day after, decided by the head or the leader in charge, filed by the office."""
    at = yield stage.work.at(back - 1, "10:05")
    day = stage.work.day(back)
    made: Correction = corrections.ask(stage.actor(who, at), day, slot, time.fromisoformat(there), why, at)
    if good is None:
        return
    at = yield stage.work.after(at, 95)
    for name in ("zhaogang", "sunli", "dengke", "jiangtao", "fanchao", "chenjing", "heping"):
        decider = stage.actor(name, at)
        if stage.present(name, at) and rights.may_decide(decider, made):
            corrections.decide(decider, made, good, "情况属实。" if good else "没有证明，当天也未报告。", at)
            break
    if good:
        at = yield stage.work.after(at, 200)
        corrections.file(stage.actor("wuxia", at), made, at)


def finding(stage: Stage, back: int, who: str, kind: FindingKind, note: str, said: str, upheld: bool | None) -> Story:
    """An inspection by the supervision: recorded, explained or not, concluded by the office."""
    at = yield stage.work.at(back, "11:10")
    about = stage.made.users[who].id
    inspector = stage.actor("zhenghao", at)
    seen = at - timedelta(minutes=20)
    made = findings.record(inspector, about, kind, seen, "办公区", note, at)
    if said:
        at = yield stage.work.after(at, 250)
        findings.reply(stage.actor(who, at), made, said, at)
    if upheld is not None:
        at = yield stage.work.after(at, 420 * 5)
        reason = "与当天记录一致，予以认定。" if upheld else "经查看电脑记录，说明属实。"
        findings.conclude(stage.actor("wuxia", at), made, upheld, reason, at)
