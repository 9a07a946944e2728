"""What clients of the sample office said under their names, in every state, and its weekly callbacks (S-4, S-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.callback import queries as callbacks
from portal.callback import service as callback
from portal.callback.models import CallbackCall, CallState
from portal.callback.service import Result
from portal.client_opinion import rights, service
from portal.client_opinion.models import How, Opinion
from portal.demo.stage import Stage, Story, Waiting
from portal.kernel.db import db
from portal.post_duty import queries as posts

_OFFICE = ["wuxia", "caiyun", "zhenghao"]


@dataclass(frozen=True)
class Plan:
    """One opinion: how it came, whom it concerns, working days back, and how far it has gone."""

    kind: str
    source: str
    department: str
    opened: tuple[int, str]
    text: str
    until: str = ""
    #: After the answer: confirmed, untrue (by two), doubted (by one), concluded.
    finding: str = "confirm"
    finding_text: str = ""
    demand: str = ""
    fails_once: bool = False
    #: Minutes of work between two steps.
    pace: int = 130


PLANS = (
    Plan("bad_review", "letter", "ZW", (38, "09:40"), "排队一个半小时，窗口只开了一个。", "call_back", "confirm",
        "当天上午值守缺一人，候办时间超过公示。", "高峰时段增开窗口，公布分时客流。", fails_once=True),
    Plan("bad_review", "letter", "KG", (33, "10:30"), "团体预约没有人接电话。", "call_back", "untrue",
        "通话记录显示来电拨到了已停用的旧号码，前台当天无来电。"),
    Plan("problem", "letter", "KP", (29, "14:10"), "讲座通知与实际时间不一致，白跑一趟。", "accept", "confirm",
        "通知发布后改期，没有逐一告知报名人。", "改期须电话告知每一位报名人并留记录。"),
    Plan("suggestion", "meeting", "XH", (26, "15:20"), "建议把年检材料清单做成一页纸。", "conclude", "conclude",
        "已采纳，新清单随下一批年检通知发出。"),
    Plan("bad_review", "letter", "ZZ", (21, "09:50"), "问了三次进度，每次说法都不一样。", "rectify", "confirm",
        "经办人之间没有交接记录，答复口径不一。", "建立进度登记，统一由岗位责任人答复。", pace=260),
    Plan("opinion", "meeting", "KP", (19, "10:10"), "科普活动多安排在周末更方便。", "conclude", "conclude",
        "已转活动岗研究，下季度周末场次不少于一半。"),
    Plan("problem", "letter", "ZW", (17, "11:00"), "咨询台答复的材料与窗口要求不同。", "confirm", "confirm",
        "咨询台使用的是旧版清单。", "更换清单，每周核对版本。", pace=420),
    Plan("bad_review", "letter", "XH", (12, "14:30"), "工作人员态度冷淡。", "answer", "doubted",
        "监控和录音显示全程使用规范用语，投诉时间当事人在外开会。", pace=200),
    Plan("bad_review", "letter", "KP", (9, "10:00"), "借展品等了两周没有回音。", "answer", pace=240),
    Plan("problem", "letter", "KG", (7, "09:30"), "停车场引导不清。", "approve", pace=300),
    Plan("suggestion", "meeting", "ZW", (5, "16:00"), "建议窗口增加老花镜和放大镜。", "draft", pace=180),
    Plan("bad_review", "letter", "ZW", (4, "15:40"), "午间提前关窗。", ""),
    Plan("problem", "letter", "ZZ", (2, "10:45"), "推荐表格下载不了。", ""),
    Plan("opinion", "letter", "", (1, "14:50"), "大楼入口指示牌看不清。", ""),
)  # fmt: skip

_SAID = ("办得很顺利，没有意见。", "", "希望多开一个窗口。", "", "材料能一次说清就更好了。", "")


def begin(stage: Stage) -> None:
    """Plan what clients say and who calls them."""
    for plan in PLANS:
        stage.tell(said(stage, plan))
    for back in range(38, 2, -5):
        stage.tell(called(stage, back, 8 if back > 3 else 2))


def said(stage: Stage, plan: Plan) -> Story:
    """An opinion on its way, as far as it goes."""
    at = yield stage.work.at(*plan.opened)
    made = service.register(
        stage.one_of(_OFFICE, at),
        plan.kind,
        plan.source,
        plan.text,
        at,
        department_id=stage.made.departments.get(plan.department),
        contact_name="示例来访人",
        contact_phone="0000-88880000",
    )
    if not plan.until:
        return
    yield from _go(stage, made, plan, at)


def _go(stage: Stage, made: Opinion, plan: Plan, at: datetime) -> Story:
    if plan.kind == "bad_review":
        at = yield stage.work.after(at, 90)
        service.contact(stage.one_of(_OFFICE, at), made, How.PHONE, "已致歉并了解经过，服务对象希望给个说法。", at)
    at = yield stage.work.after(at, plan.pace)
    head, at = yield from stage.answering(stage.made.posts[f"{plan.department}-H"].id, at)
    service.draft(head, made, "经核实情况并说明原因，已向您致歉，并采取措施避免再次发生。", at)
    if plan.until == "draft":
        return
    at = yield stage.work.after(at, plan.pace)
    leader, at = yield from _leader(stage, made, at)
    service.approve(leader, made, "同意，尽快答复。", at)
    if plan.until == "approve":
        return
    at = yield stage.work.after(at, plan.pace)
    service.answer(stage.one_of(_OFFICE, at), made, How.PHONE, "已电话答复，服务对象表示理解。", at)
    if plan.until == "answer" and plan.finding == "confirm":
        return
    at = yield stage.work.after(at, plan.pace)
    yield from _found(stage, made, plan, at)


def _leader(stage: Stage, made: Opinion, at: datetime) -> Waiting:
    """Wait until somebody answers for the leader's post who has not drafted it."""
    post_id = posts.leader_post_of(made.department_id or 0) or 0
    while True:
        actor, at = yield from stage.answering(post_id, at)
        if rights.approves(actor, made):
            return actor, at
        post_id = posts.principal_post() or 0
        at = yield stage.work.after(at, 60)


def _found(stage: Stage, made: Opinion, plan: Plan, at: datetime) -> Story:
    office = stage.one_of(_OFFICE, at)
    match plan.finding:
        case "conclude":
            service.conclude(office, made, plan.finding_text, at)
            return
        case "untrue" | "doubted":
            service.propose_untrue(office, made, plan.finding_text, at)
            if plan.finding == "doubted":
                return
            at = yield stage.work.after(at, 60)
            second = stage.one_of([n for n in _OFFICE if n != stage.username(office)], at)
            service.find_untrue(second, made, "材料齐全，同意。", at)
        case _:
            service.confirm(office, made, plan.finding_text, plan.demand, at)
            at = yield from _rectified(stage, made, plan, at)
    if made.state == "calling_back":
        at = yield stage.work.after(at, 200)
        service.call_back(stage.one_of(_OFFICE, at), made, How.PHONE, True, "服务对象对处理结果表示满意。", at)


def _rectified(stage: Stage, made: Opinion, plan: Plan, at: datetime):  # type: ignore[no-untyped-def]
    """The rectification, as far as it goes; the last instant."""
    head_post = stage.made.posts[f"{plan.department}-H"].id
    if plan.until == "confirm":
        return at
    for n in range(2 if plan.fails_once else 1):
        at = yield stage.work.after(at, plan.pace)
        head, at = yield from stage.answering(head_post, at)
        if n == 0:
            service.receive(head, made, at)
            at = yield stage.work.after(at, plan.pace * 3)
            head, at = yield from stage.answering(head_post, at)
        service.rectify(head, made, "已按要求整改，明确责任人，每周检查一次。", at)
        if plan.until == "rectify":
            return at
        at = yield stage.work.after(at, plan.pace)
        office = stage.one_of(_OFFICE, at)
        if plan.fails_once and n == 0:
            service.fail(office, made, "还没有公布分时客流，请补上。", at)
        else:
            service.accept(office, made, "现场核对，已落实。", at)
    return at


def called(stage: Stage, back: int, most: int) -> Story:
    """The office calls whom the last draws named; some are not reached, the newest are left."""
    at = yield stage.work.at(back, "15:30")
    waiting = (
        select(CallbackCall)
        .where(CallbackCall.state == CallState.WAITING)
        .order_by(CallbackCall.id)
        .limit(most)
        .options(joinedload(CallbackCall.case))
    )
    for call in list(db.session.scalars(waiting)):
        caller = next(
            (a for n in _OFFICE if stage.present(n, at) and callbacks.may_call(a := stage.actor(n, at), call)), None
        )
        if caller is None:
            continue
        if call.id % 9 == 4:
            for _n in range(3):
                callback.try_call(caller, call, at)
            callback.give_up(caller, call, at)
            continue
        grade = 1 + (call.id % 7 == 3) + (call.id % 11 == 5)
        result = Result(
            grade, 1 + (call.id % 5 == 0), grade, _SAID[call.id % len(_SAID)],
            unfiled_denial=call.id == 12,
            denial_facts="上周来问时窗口口头说办不了，没有给书面材料。" if call.id == 12 else "",
            problem="办完才知道可以网上交件，没有人告诉。" if call.id == 17 else "",
        )  # fmt: skip
        callback.record(caller, call, result, at)
        at = yield stage.work.after(at, 6)
