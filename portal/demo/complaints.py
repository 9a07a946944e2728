"""Complaints of the sample office, in every state: confirmed, unfounded, passed on, late, waiting (A-5, C-5, D-6)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.complaint import handling, receiving, service
from portal.complaint.handling import Finding
from portal.complaint.models import About, Channel, Complaint, Result, Satisfaction, Told
from portal.complaint.receiving import Received
from portal.demo.stage import Stage, Story
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue

_A, _C, _R, _S = About, Channel, Result, Satisfaction

#: How far a complaint goes.
ROAD = ("received", "taken_up", "investigating", "proposed", "approved", "answered", "rated")


@dataclass(frozen=True)
class Plan:
    """One complaint: when and how it comes (working days back, time), about which department, what becomes of it.

    ``upto``: how far along ROAD, or ``pass_on`` or ``not_take_up``; ``pace``: office minutes between two steps.
    """

    at: tuple[int, str]
    channel: Channel
    about: About
    code: str
    text: str
    upto: str
    name: str = ""
    phone: str = ""
    result: Result = Result.CONFIRMED
    answer: str = ""
    rectification: str = ""
    unfiled: bool = False
    satisfaction: Satisfaction = Satisfaction.SATISFIED
    pace: int = 200
    extended: str = ""
    extract: str = ""
    statement: str = ""
    interim: str = ""
    added: str = ""
    reversal: str = ""
    item: bool = False
    upper: tuple[str, str] = ("", "")


PLANS = (
    Plan((38, "10:10"), _C.PUBLIC, _A.PROMISE, "ZW",
        "窗口承诺三个工作日办结，第五天才通知我去取，也没有说明原因。", "rated",
        "钱先生", "13800000101", answer="情况属实：材料在内部流转时积压两天。已向您致歉，并当面说明。",
        rectification="内部流转改为当日移交，由窗口主任每日核对。", extract="反映一件申请超过承诺时限，没有说明原因。",
        statement="当周两人请假，流转材料积压，已补办。"),
    Plan((36, "14:30"), _C.PHONE, _A.CONDUCT, "KP",
        "反映活动现场工作人员提前离开，观众没有人讲解。", "rated", "马女士",
        "13800000102", answer="经查当天提前二十分钟收场，属实。", rectification="现场活动按公布时间结束。",
        satisfaction=_S.FAIR, reversal="补充的现场录像显示按时收场，原结论不成立。"),
    Plan((31, "09:40"), _C.VISIT, _A.REFUSAL, "KG",
        "前台口头说不能借用场地，没有给任何书面决定，也没说理由。", "rated",
        "示例街道科普站", "0000-7001", answer="情况属实：没有报备就拒绝了您，违反规定。场地申请现已受理。",
        rectification="前台人员重新学习否定报备规定，拒绝一律先报备。", unfiled=True,
        extract="反映口头拒绝场地申请，没有书面决定。", statement="当班人员不熟悉规定，已批评教育。"),
    Plan((27, "11:20"), _C.LETTER, _A.ATTITUDE, "ZZ",
        "来信反映打电话咨询时对方不耐烦，挂断电话。", "answered", "孙老师",
        "13800000104", result=_R.NOT_CONFIRMED, answer="经调取通话记录，当日系线路故障中断，工作人员已回拨三次。"),
    Plan((21, "10:00"), _C.UPPER, _A.FEE, "KP",
        "反映某培训机构以科普名义收费。", "pass_on",
        upper=("示例市信访部门", "信转〔样例〕18 号")),
    Plan((18, "15:30"), _C.BOX, _A.OTHER, "XH",
        "要求重新评定去年已经公布的论文奖项。", "not_take_up"),
    Plan((15, "09:30"), _C.WECHAT, _A.DELAY, "KP",
        "申请借展品两周没有答复，问了几次都说在排。", "rated", "示例小学",
        "0000-7006", result=_R.PARTLY, answer="部分属实：排期确需等待，但没有及时告诉您。",
        rectification="借展排期每周公布，三日内答复能否排上。", pace=620, satisfaction=_S.DISSATISFIED),
    Plan((9, "16:20"), _C.PUBLIC, _A.ATTITUDE, "XH",
        "去交年检材料，工作人员一边玩手机一边说放那儿就行。", "investigating",
        extract="反映窗口接待态度不好。"),
    Plan((7, "10:30"), _C.PUBLIC, _A.DELAY, "ZZ",
        "权益申诉交了快一个月，没有任何消息。", "answered", "郑工", "13800000109",
        answer="情况属实：转交时漏登记。您的申诉已由专人办理，五日内答复。", rectification="申诉件当日登记、当日回执。",
        pace=150),
    Plan((4, "09:50"), _C.PUBLIC, _A.PROMISE, "ZW",
        "同一件事跑了三趟，每次都说还差一样材料。", "investigating", "何女士",
        "13800000110", extended="需要向外地调取当天的叫号记录。", extract="反映材料没有一次说清，申请人往返三次。",
        statement="第二次系政策调整新增材料，第三次确有遗漏。", interim="已调看当天记录，正在核对三次告知的内容。",
        added="第三次是上周四下午，有叫号单。", item=True, pace=120),
    Plan((3, "11:10"), _C.VISIT, _A.CONDUCT, "KG",
        "工作时间前台无人，等了四十分钟。", "proposed", "吴先生", "13800000111",
        answer="情况属实：顶岗人员离岗没有交接。", rectification="前台离岗须有人接替并登记。", pace=90),
    Plan((2, "14:00"), _C.PHONE, _A.FEE, "KG",
        "收了讲解费，但公示牌上写着免费。", "approved", "高女士", "13800000112",
        answer="情况属实：误按旧标准收取，费用已准备退还。", rectification="更换收费公示，退还多收费用。", pace=60),
    Plan((1, "15:40"), _C.PUBLIC, _A.DELAY, "KP",
        "基地复核材料交上去一直没有回音。", "taken_up", pace=60),
    Plan((1, "16:50"), _C.PUBLIC, _A.OTHER, "",
        "打不通咨询电话，不知道该找谁。", "received"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan who complains of what."""
    for plan in PLANS:
        stage.tell(told(stage, plan))


def told(stage: Stage, plan: Plan) -> Story:
    """One complaint on its way."""
    at = yield stage.work.at(*plan.at)
    office = stage.one_of(["caiyun", "wuxia"], at)
    department = stage.made.departments.get(plan.code)
    item = next((e.code for e in catalogue.entries() if plan.item and e.department_id == department), "")
    what = Received(
        plan.text, plan.about, refused_unfiled=plan.about is About.REFUSAL, name=plan.name, phone=plan.phone,
        item_code=item, department_id=department, upper_body=plan.upper[0],
        upper_number=plan.upper[1],
    )  # fmt: skip
    if plan.channel is Channel.PUBLIC:
        made, _code = receiving.receive(what, plan.channel, at, address=f"198.51.100.{plan.at[0]}")
    else:
        made, _code = receiving.receive(what, plan.channel, at, office)
    if plan.upto == "received":
        return
    at = yield stage.work.after(at, plan.pace)
    office = stage.one_of(["wuxia", "caiyun"], at)
    if plan.upto == "pass_on":
        service.pass_on(office, made, "示例市市场监管部门", "该机构的收费由市场监管部门查处。", at)
        return
    if plan.upto == "not_take_up":
        service.not_take_up(office, made, "该奖项的异议期已过，并且已就同一事项答复过。", at)
        return
    service.take_up(office, made, "我们将尽快调查并答复您。", at)
    yield from _looked_into(stage, plan, made, ROAD.index(plan.upto))


def _looked_into(stage: Stage, plan: Plan, made: Complaint, upto: int) -> Story:
    """From the officer's name to the rating."""
    if upto < ROAD.index("investigating"):
        return
    at = yield stage.work.after(made.decided_at or made.received_at, 15)
    service.assign(stage.one_of(["wuxia", "caiyun"], at), made, stage.made.users["zhenghao"].id, at)
    at = yield stage.work.after(at, plan.pace)
    officer = stage.actor("zhenghao", at)
    if plan.added:
        receiving.add(made, plan.added, (), at)
    if plan.extract:
        handling.give_extract(officer, made, plan.extract, at)
    handling.note(officer, made, plan.interim or "已向科室和投诉人了解情况。", bool(plan.interim), at)
    if plan.extended:
        at = yield stage.work.after(at, 30)
        service.extend(stage.one_of(["wuxia", "caiyun"], at), made, 10, plan.extended, at)
    if plan.statement:
        at = yield stage.work.after(at, plan.pace)
        head, at = yield from stage.answering(stage.made.posts[f"{plan.code}-H"].id, at)
        handling.state(head, made, plan.statement, at)
    if upto < ROAD.index("proposed"):
        return
    at = yield stage.work.after(at, plan.pace)
    finding = Finding(plan.result, plan.answer, plan.rectification, plan.unfiled)
    handling.propose(stage.actor("zhenghao", at), made, finding, at)
    if upto < ROAD.index("approved"):
        return
    at = yield stage.work.after(at, plan.pace)
    handling.approve(stage.one_of(["wuxia", "caiyun"], at), made, at)
    if upto < ROAD.index("answered"):
        return
    at = yield stage.work.after(at, plan.pace)
    handling.tell(stage.actor("zhenghao", at), made, Told.PAPER if plan.name else Told.ONLINE, at)
    if upto < ROAD.index("rated"):
        return
    at = yield stage.work.after(at, 500)
    db.session.refresh(made)
    receiving.rate(made, plan.satisfaction, "", at)
    if plan.reversal:
        at = yield stage.work.after(at, 900)
        service.reverse(stage.one_of(["wuxia", "caiyun"], at), made, plan.reversal, at)
