"""What happens in the sample office itself: who is away, who covers, and what the office sets and changes
(AB-1 … AB-5, POL-1, T-3, C-3, W-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind, Letter
from portal.calendar import queries as calendars
from portal.calendar import service as calendar
from portal.demo import items
from portal.demo.cast import POSTS
from portal.demo.stage import Stage, Story
from portal.demo.worktime import WorkTime
from portal.people import pairing
from portal.policy import service as policy
from portal.post_duty import service as posts
from portal.wall import service as wall

#: The working day on which the office building had no power, counted back from now, and when that was announced.
CLOSED, ANNOUNCED = 13, 16

_K = AbsenceKind


@dataclass(frozen=True)
class Away:
    """Somebody's absence: (working day back, time) of its beginning and end, and of when it was recorded.

    A planned one is taken over by B, unless ``unconfirmed``; ``back`` is an early return.
    """

    who: str
    kind: AbsenceKind
    since: tuple[int, str]
    until: tuple[int, str]
    recorded: tuple[int, str]
    note: str
    emergency: bool = False
    unconfirmed: bool = False
    back: tuple[int, str] | None = None


ABSENCES = (
    Away("tangyue", _K.ANNUAL, (30, "09:00"), (27, "17:30"), (32, "10:05"), "年休假"),
    Away("liqiang", _K.PRIVATE, (29, "13:30"), (29, "17:30"), (30, "16:10"), "家中有事"),
    Away("huangbo", _K.OFFICIAL, (25, "09:00"), (25, "17:30"), (26, "11:20"), "随大篷车下乡"),
    Away("shenyang", _K.SICK, (22, "09:00"), (21, "17:30"), (22, "09:25"), "急性肠胃炎", emergency=True),
    Away("weilan", _K.PRIVATE, (19, "09:00"), (19, "12:00"), (19, "09:10"), "孩子生病", emergency=True),
    Away("zhouning", _K.ANNUAL, (15, "09:00"), (12, "17:30"), (17, "15:00"), "年休假", back=(14, "17:20")),
    Away("caiyun", _K.TRAINING, (11, "09:00"), (10, "17:30"), (14, "09:40"), "公文写作培训"),
    Away("chenjing", _K.MEETING, (9, "09:00"), (8, "17:30"), (11, "16:30"), "参加全市会议"),
    Away("luoxin", _K.SICK, (6, "13:30"), (5, "17:30"), (6, "13:40"), "发热就诊", emergency=True),
    Away("panlei", _K.TRAINING, (2, "09:00"), (-3, "17:30"), (5, "10:30"), "权益服务业务培训"),
    Away("yuanmeng", _K.ANNUAL, (1, "09:00"), (-2, "17:30"), (3, "14:30"), "年休假"),
    Away("dengke", _K.OFFICIAL, (1, "09:00"), (-2, "17:30"), (3, "16:00"), "赴外地考察科普基地"),
    Away("linfang", _K.SICK, (1, "13:30"), (-1, "17:30"), (1, "13:38"), "突发不适，已就医", emergency=True),
    Away("sunjie", _K.ANNUAL, (-2, "09:00"), (-5, "17:30"), (1, "10:20"), "年休假", unconfirmed=True),
    Away("tangyue", _K.TRAINING, (-4, "09:00"), (-5, "17:30"), (2, "09:50"), "学术会议服务培训"),
)


def begin(stage: Stage) -> None:
    """Plan what happens in the office."""
    for away in ABSENCES:
        stage.tell(absence(stage, away))
    stage.tell(cover(stage))
    stage.tell(changes(stage))
    stage.tell(settings(stage))
    stage.tell(day_off(stage))
    stage.tell(display(stage))


def absence(stage: Stage, away: Away) -> Story:
    """Record an absence; those who take over confirm, and the return may be early (AB-2, AB-4)."""
    at = yield stage.work.at(*away.recorded)
    person = stage.made.users[away.who]
    made = ab.record_absence(
        stage.actor(away.who, at), person.id, away.kind, stage.work.at(*away.since), stage.work.at(*away.until), at,
        note=away.note, emergency=away.emergency,
    )  # fmt: skip
    stage.forget()
    if not away.emergency and not away.unconfirmed:
        for code, seat in POSTS.items():
            if seat.a == away.who and seat.b:
                at = yield stage.work.after(at, 25)
                ab.confirm_handover(stage.actor(seat.b, at), made, stage.made.posts[code], at)
                stage.forget()
    if away.back is not None:
        at = yield stage.work.at(*away.back)
        ab.end_absence(stage.actor(away.who, at), made, at)
        stage.forget()


def cover(stage: Stage) -> Story:
    """Both A and B of a post will be away: the head names who covers (AB-3)."""
    at = yield stage.work.at(3, "15:10")
    ab.name_cover(
        stage.actor("jiangtao", at), stage.made.posts["ZZ-2"], stage.made.users["xujing"].id,
        stage.work.at(1, "09:00"), stage.work.at(-3, "17:30"), "A 岗培训、B 岗休假，由人才服务岗代办。", at,
    )  # fmt: skip
    stage.forget()


def changes(stage: Stage) -> Story:
    """Two changes of B, one filed days after it was decided (AB-5), and a changed duty (P-1)."""
    at = yield stage.work.at(20, "11:00")
    wuxia = stage.actor("wuxia", at)
    day = stage.work.day(20)
    ab.assign(wuxia, stage.made.posts["XH-H"], Letter.B, stage.made.users["tangyue"].id, day, day, at)
    stage.forget()
    at = yield stage.work.at(18, "10:30")
    wuxia = stage.actor("wuxia", at)
    ab.assign(
        wuxia, stage.made.posts["KG-1"], Letter.B, stage.made.users["fanchao"].id, stage.work.day(18),
        stage.work.day(21), at,
    )  # fmt: skip
    stage.forget()
    at = yield stage.work.at(17, "16:20")
    posts.change(
        stage.actor("wuxia", at),
        stage.made.posts["ZW-2"],
        at,
        duties="解答咨询，引导来访，转办并跟踪到答复，每周汇总热点问题。",
    )


def settings(stage: Stage) -> Story:
    """The office sets policy values with reasons, and shortens a promise (POL-1, C-3)."""
    for back, there, key, value, reason in (
        (31, "09:40", "service_commitment.complaint_contact", "督查投诉岗（407 室），0000-6047", "公布投诉渠道"),
        (31, "09:45", "people.password_max_age_days", "365", "示例单位的密码公开，不要求每季更换"),
        (18, "15:30", "one_time_notice.supplement_within", "10wd", "多数申请人一周内补齐，缩短等待"),
        (10, "10:10", "first_ask.undo_minutes", "15", "窗口反映十分钟偏紧"),
    ):
        at = yield stage.work.at(back, there)
        policy.set_value(stage.actor("wuxia", at), key, value, reason, at)
        if key == "one_time_notice.supplement_within":
            items.shorten(stage.actor("wuxia", at), stage.items[items.SHORTENED], at)


def day_off(stage: Stage) -> Story:
    """A day without power in the building: declared off some days before, every open due date is recomputed (T-3)."""
    at = yield stage.work.at(ANNOUNCED, "15:00")
    now = calendars.work_calendar()
    day = next(day for day, works in stage.work.calendar.days.items() if not works and now.is_workday(day))
    calendar.set_day(stage.actor("wuxia", at), day, False, "办公楼供电检修，暂停办公一天", at)


def with_day_off(work: WorkTime) -> WorkTime:
    """The same office time with the day on which the building had no power; the days before it move back by one."""
    days = {**work.calendar.days, work.day(CLOSED): False}
    return WorkTime(replace(work.calendar, days=days), work.end)


def display(stage: Stage) -> Story:
    """The television in the hall is paired with the wall (W-2)."""
    at = yield stage.work.at(30, "09:30")
    _secret, asked = pairing.ask(at)
    wall.pair(stage.actor("wuxia", at), asked.code, "一楼大厅电视", False, at)
