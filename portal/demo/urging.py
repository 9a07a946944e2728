"""Urging and numbered supervisions of the sample office, in every state, and an inbox that people have read (T-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.demo.stage import Stage, Story
from portal.kernel.db import db
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.reminder.models import Message
from portal.urging import rights, service
from portal.urging.models import SupervisionState, Urge
from portal.urging.service import Date, Demand

#: Working days back and time of each urging, what is said, and after how many minutes it is answered (None: not yet).
URGED = (
    ((24, "10:20"), "这件已超期，请说明原因并尽快办结。", 95),
    ((12, "14:40"), "申请人来电询问，请今天答复进度。", 150),
    ((5, "09:50"), "临近月底，请抓紧会签。", None),
    ((1, "10:15"), "请报办结时间。", None),
)


@dataclass(frozen=True)
class Plan:
    """One supervision: the issuing and the urged post (empty: the office), when, and what becomes of it."""

    by: str
    code: str
    issued: tuple[int, str]
    title: str
    demand: str
    limit: str = ""
    replies: tuple[tuple[int, str, str], ...] = ()
    #: After the replies: accepted, asked again (and left), withdrawn, or left as it is.
    end: str = ""


PLANS = (
    Plan("", "KG-1", (31, "10:00"), "团体预约超时未回复", "核实上周三起团体预约未回复的情况，逐件补复。", "2wd",
        ((30, "15:10", "已逐件补复，原因是前台轮班交接遗漏，已改为双人交接。"),), "accept"),
    Plan("principal", "XH-H", (22, "09:30"), "学会年检进度", "每周报一次年检进度，本月底前完成初审。", "3wd",
        ((20, "11:20", "已完成 18 家，余 7 家等章程修订。"), (18, "16:00", "余 7 家已全部收齐，初审完成。")), "accept"),
    Plan("", "KP-2", (15, "14:30"), "科普大学开班通知", "核对开班通知与实际安排不一致的问题。", "2wd", (), "withdraw"),
    Plan("", "ZZ-1", (9, "09:40"), "人才推荐公示更正", "更正公示名单并书面说明。", "2wd"),
    Plan("leader", "ZW-2", (3, "15:20"), "咨询电话无人接听", "说明本周二上午咨询电话无人接听的原因和整改措施。", "1wd",
        ((2, "16:30", "当时系统升级导致分机离线，已加设备用分机。"),), ""),
    Plan("leader", "ZW-1", (1, "09:35"), "窗口收件回执", "核实是否存在收件不出具回执的情况。", "3wd"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan who urges and supervises whom."""
    for when, text, answered in URGED:
        stage.tell(urged(stage, when, text, answered))
    for plan in PLANS:
        stage.tell(supervised(stage, plan))
    stage.tell(read(stage))


def _late(stage: Stage, at: datetime) -> tuple[Case, int] | None:
    """The case longest past its date that somebody above may urge, and the head who does."""
    open_now = select(Case).where(cases.is_open(), Case.due_at < at + timedelta(days=5)).order_by(Case.due_at).limit(20)
    for case in db.session.scalars(open_now):
        heads = [p for p in posts.open_posts(case.department_id) if p.kind is PostKind.HEAD]
        actor = stage.handler(heads[0].id, at) if heads else None
        urged_already = select(Urge.id).where(Urge.case_id == case.id)
        if actor is None or not rights.may_urge(actor, case.post) or db.session.scalar(urged_already):
            continue
        if stage.handler(case.post_id, at) is not None:
            return case, heads[0].id
    return None


def urged(stage: Stage, when: tuple[int, str], text: str, answered: int | None) -> Story:
    """A head urges the oldest open case of a department; its handler answers, or not (T-12)."""
    at = yield stage.work.at(*when)
    found = _late(stage, at)
    if found is None:
        return
    case, head = found
    actor = stage.handler(head, at)
    if actor is None:
        return
    made = service.urge(actor, case, text, Date(), at)
    if answered is None:
        return
    at = yield stage.work.after(at, answered)
    handler = stage.handler(case.post_id, at)
    db.session.refresh(made)  # the case may have ended meanwhile, and the urge with it
    if handler is not None and handler.id != made.urged_by_id and made.ended_at is None:
        service.answer(handler, made, "正在会签，预计明天办结，已与申请人联系。", at)


def supervised(stage: Stage, plan: Plan) -> Story:
    """A numbered supervision on its way: issued, answered, accepted or asked again, or left unanswered."""
    at = yield stage.work.at(*plan.issued)
    post = stage.made.posts[plan.code]
    issuer, at = yield from _issuer(stage, plan, post.department_id, at)
    if not rights.may_supervise(issuer, post):
        return
    made = service.issue(issuer, post, Demand(plan.title, plan.demand, Date(plan.limit)), at)
    for n, (back, there, text) in enumerate(plan.replies):
        at = yield max(stage.work.at(back, there), at)
        handler, at = yield from stage.answering(post.id, at)
        service.reply(handler, made, text, at)
        if n + 1 < len(plan.replies):
            at = yield stage.work.after(at, 60)
            issuer, at = yield from _issuer(stage, plan, post.department_id, at)
            service.ask_again(issuer, made, "请写明其余各家的完成时间。", Date("2wd"), at)
    if plan.end:
        at = yield stage.work.after(at, 120)
        issuer, at = yield from _issuer(stage, plan, post.department_id, at)
        if plan.end == "accept" and made.state is SupervisionState.REPLIED:
            service.accept(issuer, made, "情况属实，同意办结。", at)
        elif plan.end == "withdraw":
            service.withdraw(issuer, made, "经核实，通知与安排一致，系转发版本有误。", at)


def _issuer(stage: Stage, plan: Plan, department_id: int, at: datetime):  # type: ignore[no-untyped-def]
    """Whoever issues and decides: for the office its own people, else who answers for the post."""
    if not plan.by:
        return stage.one_of(["wuxia", "caiyun", "zhenghao"], at), at
    post_id = posts.principal_post() if plan.by == "principal" else posts.leader_post_of(department_id)
    return (yield from stage.answering(post_id or 0, at))


def read(stage: Stage) -> Story:
    """People read their messages; those of the last two days are new to some."""
    at = yield stage.work.at(1, "09:05")
    old = Message.read_at.is_(None), Message.at < at - timedelta(days=1)
    db.session.execute(update(Message).where(*old).values(read_at=at - timedelta(hours=16)))
