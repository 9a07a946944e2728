"""Notices, the yearly list and appointments in the sample office (O-1, C-6): every state has its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.appointment import queries as booking
from portal.appointment import service as appointments
from portal.appointment import slots
from portal.appointment.models import Appointment, Channel, Reason
from portal.appointment.service import Asked
from portal.demo.stage import Stage, Story
from portal.demo.worktime import on
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.openness import queries, service
from portal.openness.models import OpenNotice
from portal.openness.queries import Due
from portal.openness.rules import Period, Scope
from portal.openness.service import Content

#: (working day back, time)
When = tuple[int, str]
_DEPARTMENT, _UNIT = Scope.DEPARTMENT, Scope.UNIT


@dataclass(frozen=True)
class Told:
    """One notice: who writes it when, and how far it goes.

    ``steps``: how many steps of the approval are taken (None: all); ``returned``: what the first one says;
    ``meets``: the beginning of the entry of the yearly list that it fulfils.
    """

    who: str
    code: str
    at: When
    kind: str
    title: str
    body: str
    scope: Scope = _DEPARTMENT
    steps: int | None = None
    returned: str = ""
    draft: bool = False
    days: int | None = None
    meets: str = ""
    pinned: bool = False
    amended: When | None = None
    withdrawn: When | None = None


TOLD = (
    Told("caiyun", "BG", (38, "09:40"), "机构职能", "示例市科学技术协会机构职能",
         "本会是科学技术工作者的群众组织，设综合服务窗口、学会学术部、科学普及部、组织联络部、办公室，"
         "所属示例市科技馆。\n\n各部门职能、办公地点和电话见本页附表，岗位职责可到服务窗口查阅。", _UNIT,
         meets="机构职能", pinned=True, amended=(15, "10:05")),
    Told("wangmin", "ZW", (36, "10:20"), "办事指南", "来访办事须知",
         "一、来访请到一楼服务大厅，首位接待您的工作人员负责到底。\n\n二、一次告知全部材料；缺什么、为什么缺，"
         "当场说清。\n\n三、工作时间来不了的，可以网上或者电话预约。", meets="办事指南"),
    Told("linfang", "KP", (30, "15:10"), "办理结果", "第三季度科普教育基地认定结果",
         "经受理、审核，下列单位认定为科普教育基地，有效期五年：\n\n示例河湿地公园\n示例市第二水厂\n"
         "示例区少年宫\n\n对结果有异议的，请在公布期内书面提出。", days=400, meets="科普教育基地"),
    Told("zhouning", "XH", (27, "11:00"), "办理结果", "所属学会年度检查初审结果",
         "四十二家学会参加年度检查，初审合格四十家，两家正在补充材料。", meets="学会年度检查"),
    Told("caiyun", "BG", (24, "09:50"), "通知公告", "关于办公楼供电检修暂停办公一天的公告",
         "因办公楼供电检修，窗口暂停办公一天，办理时限相应顺延。急事请拨打值班电话。", _UNIT, days=30),
    Told("xujing", "ZZ", (21, "16:00"), "通知公告", "青年科技人才托举对象推荐人选公示",
         "经单位推荐、专家评议，拟推荐三名人选，现予公示。公示期五个工作日，受理电话见组织联络部。", _UNIT, days=7),
    Told("luoxin", "KP", (18, "10:30"), "通知公告", "科普大篷车下半年路线",
         "每周三、五出行，路线由学校报名后排定，报名见服务窗口。", withdrawn=(10, "14:20")),
    Told("shenyang", "KG", (14, "09:20"), "办事指南", "科技馆团体参观指南",
         "十人以上可以预约讲解，请提前三个工作日联系前台。\n\n残疾人、老年人团体优先安排。"),
    Told("tangyue", "XH", (9, "14:50"), "通知公告", "学术年会征文通知",
         "面向会员单位征集论文，截止日期和格式要求见附件说明，可到学会学术部领取。", days=60),
    Told("panlei", "ZZ", (6, "10:15"), "办事指南", "科技工作者维权申请指南",
         "可以来访、来信或者网上提出，组织联络部收到后十五个工作日内办理。", returned="请写明需要哪些材料。"),
    Told("huangbo", "KP", (4, "15:30"), "通知公告", "全国科普日活动安排", "活动分主会场和六个分会场，时间地点如下。",
         _UNIT, steps=1),
    Told("wangmin", "ZW", (3, "09:30"), "办理结果", "窗口上月办件公开", "上月收件、办结、按期办结情况见下。", steps=0),
    Told("zhouning", "XH", (1, "11:10"), "通知公告", "学会负责人变更备案提示", "换届后三十日内办理备案。", draft=True),
)  # fmt: skip

#: title, kind, department, period, month and day of the first due date
LISTED = (
    ("机构职能和内设机构", "机构职能", "BG", Period.YEARLY, 3, 31),
    ("办事指南", "办事指南", "ZW", Period.YEARLY, 3, 31),
    ("科普教育基地认定结果", "办理结果", "KP", Period.QUARTERLY, 1, 31),
    ("学会年度检查结果", "办理结果", "XH", Period.YEARLY, 10, 31),
    ("窗口办件情况", "办理结果", "ZW", Period.MONTHLY, 7, 10),
    ("人才推荐结果", "办理结果", "ZZ", Period.HALF_YEARLY, 6, 30),
    ("科技馆开放情况", "通知公告", "KG", Period.YEARLY, 12, 20),
)


@dataclass(frozen=True)
class Wished:
    """One appointment: asked for when and how, for a day ahead, and what becomes of it.

    ``day``: working days back of the wished time; ``then``: what is done in order, each after office minutes.
    """

    code: str
    at: When
    matter: str
    name: str
    reason: Reason
    day: When | None
    post: str
    then: tuple[tuple[str, int, str], ...] = ()
    channel: Channel = Channel.PUBLIC
    wish: str = ""


_R = Reason
WISHED = (
    Wished("ZW", (32, "10:05"), "递交基地认定申请，轮椅出行", "钱先生", _R.DISABLED, (30, "12:30"), "ZW-1",
           (("confirm", 95, "大厅东门有坡道。"), ("came", 0, "SW-2026-0012"))),
    Wished("KP", (30, "15:40"), "领取展板，下班后才能到", "田老师", _R.HOURS, (27, "17:30"), "KP-3",
           (("confirm", 40, ""), ("came", 0, "SW-2026-0020"))),
    Wished("ZW", (26, "09:15"), "代老人办理证明", "艾女士", _R.ELDERLY, (24, "12:00"), "ZW-1",
           (("confirm", 120, ""), ("missed", 0, "电话未接通"))),
    Wished("XH", (22, "11:20"), "学会换届材料当面核对", "康秘书", _R.FAR, None, "XH-1",
           (("propose", 200, "这个时段两人都在。"), ("accept", 60, ""), ("came", 0, "SW-2026-0031")),
           Channel.PHONE, "下周任何一天下午"),
    Wished("KG", (19, "16:10"), "四十名学生周末参观", "邵老师", _R.HOURS, None, "KG-1",
           (("decline", 260, "这个周末场馆布展，不开放；其他周末可以。"),), Channel.PUBLIC, "本周六上午"),
    Wished("ZZ", (16, "10:50"), "人才推荐材料咨询", "柏女士", _R.URGENT, (14, "12:00"), "ZZ-1",
           (("confirm", 900, ""), ("move", 60, "改到会后"), ("came", 0, "SW-2026-0040"))),
    Wished("ZW", (12, "14:30"), "补交材料", "苗先生", _R.HOURS, (9, "12:30"), "ZW-1",
           (("confirm", 30, ""), ("cancel", 100, ""))),
    Wished("KP", (3, "09:40"), "联系科普讲座讲师", "辛老师", _R.HOURS, (-2, "17:30"), "KP-2", (("confirm", 70, ""),)),
    Wished("ZW", (2, "10:20"), "递交场地证明原件", "白先生", _R.FAR, (-1, "12:00"), "ZW-1", (("confirm", 45, ""),)),
    Wished("ZW", (2, "15:05"), "政策咨询，听力不便", "尤先生", _R.DISABLED, (-3, "12:30"), "ZW-2",
           (("propose", 80, "当天有手语同事在。"),), Channel.COUNTER),
    Wished("ZZ", (1, "09:30"), "维权申请", "方先生", _R.URGENT, (-2, "12:00"), "ZZ-2"),
    Wished("XH", (1, "16:40"), "学会登记证书换发", "毕秘书", _R.HOURS, None, "XH-1", (), Channel.PUBLIC,
           "周五晚上七点"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan all of it."""
    stage.tell(listed(stage))
    for told in TOLD:
        stage.tell(notice(stage, told))
    stage.tell(offered(stage))
    for wished in WISHED:
        stage.tell(appointment(stage, wished))


def _found(number: str) -> OpenNotice:
    return db.session.scalars(select(OpenNotice).where(OpenNotice.number == number)).one()


def _decider(stage: Stage, found: OpenNotice, at: datetime) -> Actor | None:
    pending = found.open
    if pending is None or pending.open_level is None:
        return None
    done = (pending.author_id, pending.reviewed_by_id)
    who = queries.decider(pending.open_level, found.department_id, done, at)
    return stage.by_id(who[0], at) if who else None


def _owed(told: Told, department_id: int, day: date) -> Due | None:
    if not told.meets:
        return None
    own = [d for d in queries.owed(day) if d.department_id == department_id and d.title.startswith(told.meets)]
    return own[-1] if told.meets == "科普教育基地" and len(own) > 1 else own[0] if own else None


def notice(stage: Stage, told: Told) -> Story:
    """A notice on its way: written, sent, reviewed, approved; changed or withdrawn later."""
    at = yield stage.work.at(*told.at)
    while not stage.present(told.who, at):
        at = yield stage.work.after(at, 210)
    author, day = stage.actor(told.who, at), clock.local(at).date()
    department_id = stage.made.departments[told.code]
    until = day + timedelta(days=told.days) if told.days else None
    due = _owed(told, department_id, day)
    what = Content(told.title, told.body, told.kind, told.scope, until_on=until, due=due)
    number = service.write(author, department_id, what, at).number
    if told.draft:
        return
    service.send(author, _found(number), at)
    if told.returned:
        at = yield stage.work.after(at, 150)
        if (who := _decider(stage, _found(number), at)) is not None:
            service.send_back(who, _found(number), 1, told.returned, at)
        return
    yield from _approve(stage, number, at, 1, told.steps)
    if told.pinned:
        at = yield stage.work.at(told.at[0] - 2, "16:40")
        service.pin(stage.one_of(["wuxia", "caiyun"], at), _found(number), True, at)
    if told.amended:
        at = yield stage.work.at(*told.amended)
        change = Content(told.title, f"{told.body}\n\n办公室现设投诉接待日，每周三。", told.kind, told.scope,
                         change="增加投诉接待日")  # fmt: skip
        service.amend(stage.actor(told.who, at), _found(number), change, at)
        service.send(stage.actor(told.who, at), _found(number), at)
        yield from _approve(stage, number, at, 2, None)
    if told.withdrawn:
        at = yield stage.work.at(*told.withdrawn)
        service.withdraw(stage.one_of(["wuxia", "caiyun"], at), _found(number), "路线调整，另行公布", at)


def _approve(stage: Stage, number: str, at: datetime, version: int, steps: int | None) -> Story:
    taken = 0
    while steps is None or taken < steps:
        at = yield stage.work.after(at, 95)
        found = _found(number)
        if found.open is None:
            return
        who = _decider(stage, found, at)
        if who is None:
            continue
        service.approve(who, found, version, "同意。", at)
        taken += 1


def listed(stage: Stage) -> Story:
    """The office enters this year's list, late in the year as it begins here."""
    at = yield stage.work.at(38, "09:10")
    office, year = stage.one_of(["wuxia", "caiyun"], at), clock.local(at).year
    for title, kind, code, period, month, day in LISTED:
        service.add_duty(
            office, title, kind, stage.made.departments[code], period, date(year, month, day), "信息公开制度", at
        )


def offered(stage: Stage) -> Story:
    """At noon at the window and the talents' office, in the evening elsewhere, the museum on Sundays."""
    at = yield stage.work.at(37, "09:25")
    office = stage.one_of(["wuxia", "caiyun"], at)
    plan = [("ZW", d, 720, 780, 30, 2) for d in range(5)] + [("ZZ", d, 720, 750, 30, 1) for d in range(5)]
    plan += [("KP", d, 1050, 1110, 30, 1) for d in range(5)] + [
        ("KG", 6, 570, 690, 60, 40),
        ("XH", 3, 1050, 1110, 60, 1),
    ]
    for code, weekday, begins, ends, minutes, capacity in plan:
        slots.offer(office, stage.made.departments[code], weekday, None, begins, ends, minutes, capacity, at)


def appointment(stage: Stage, wished: Wished) -> Story:
    """Somebody asks; the department answers, and what comes of it is recorded."""
    at = yield stage.work.at(*wished.at)
    department_id, from_at = stage.made.departments[wished.code], None
    if wished.day is not None:  # the first slot from then on: the day itself may be a shifted workday
        wanted = on(stage.work.day(wished.day[0]), wished.day[1])
        from_at = next(f.from_at for f in booking.free(department_id, at) if f.from_at >= wanted)
    asked = Asked(
        department_id, wished.matter, wished.name, f"0000-44{wished.at[0]:02d}", wished.reason, None, from_at,
        wished.wish,
    )  # fmt: skip
    if wished.channel is Channel.PUBLIC:
        number = appointments.ask(asked, Channel.PUBLIC, at, address="sample").number
    else:
        actor, at = yield from stage.colleague(department_id, at)
        number = appointments.ask(asked, wished.channel, at, actor).number
    for verb, minutes, said in wished.then:
        found = db.session.scalars(select(Appointment).where(Appointment.number == number)).one()
        if verb in ("came", "missed") and found.to_at is not None:
            at = yield found.to_at
        else:
            at = yield stage.work.after(at, minutes)
        actor, at = yield from stage.colleague(department_id, at)
        _do(stage, wished, actor, number, verb, said, at)


def _do(stage: Stage, wished: Wished, actor: Actor, number: str, verb: str, said: str, at: datetime) -> None:
    found = db.session.scalars(select(Appointment).where(Appointment.number == number)).one()
    post_id = stage.made.posts[wished.post].id
    there = stage.work.calendar.add_workdays(clock.local(at).date(), 2)
    match verb:
        case "confirm":
            appointments.confirm(actor, found, found.from_at, None, post_id, said, at)
        case "propose":
            appointments.propose(actor, found, on(there, "14:30"), 30, post_id, said, at)
        case "move":
            appointments.move(actor, found, on(there, "16:30"), 30, post_id, said, at)
        case "decline":
            appointments.decline(actor, found, said, at)
        case "accept":
            appointments.accept(found, at)
        case "cancel":
            appointments.cancel(found, at)
        case "came":
            appointments.came(actor, found, said, at)
        case "missed":
            appointments.missed(actor, found, said, at)
