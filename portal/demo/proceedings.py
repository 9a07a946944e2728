"""Proceedings of the sample office on their way: closed, under review, hearing, just registered (A-2, A-3, A-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from portal.accountability import closing, deciding, rights, service
from portal.accountability.deciding import Decision, Finding
from portal.accountability.models import (
    Attitude,
    Cause,
    Conduct,
    Duty,
    Effect,
    MeasureKind,
    Origin,
    Proceeding,
    Said,
    Severity,
)
from portal.clue import rights as clue_rights
from portal.clue.models import Clue, ClueState
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty.models import PostKind

M = MeasureKind
#: Whom investigations are given to, as far as nothing stands against it; reviews go to leaders.
_INVESTIGATORS = ("jiangtao", "sunli", "dengke", "fanchao", "tangyue", "panlei")
_REVIEWERS = ("liubo", "chenjing", "heping")


@dataclass(frozen=True)
class Plan:
    """One proceeding: how many working days back it begins, on whom, and how far it goes."""

    back: int
    title: str
    summary: str
    until: str
    person: str = ""
    department: str = ""
    source: str = ""
    statement: str = ""
    measures: tuple[MeasureKind, ...] = ()
    severity: Severity = Severity.MINOR
    minutes: str = ""


PLANS = (
    Plan(
        34, "承诺时限内未办结", "平台记录显示，一件承诺件超过承诺时限办结，超期期间没有向服务对象说明。", "closed",
        person="huangbo", statement="当时外出布展，没有及时转交，今后先做好交接。",
        measures=(M.CRITICISM, M.SELF_EXAMINATION),
    ),
    Plan(
        18, "群众投诉咨询台推诿", "投诉反映咨询引导岗让其往返三次；经核，首次答复不完整。", "review",
        person="liqiang", source="投诉核实件", statement="材料清单当月刚调整，我没有及时更新，愿意改正。",
        measures=(M.ADMONITION,),
    ),
    Plan(
        9, "场馆报名名额公布不及时", "检查发现展教活动报名名额连续两期晚于承诺日期公布。", "decided",
        department="KG", source="检查记录", minutes="馆长范超说明：系统改版期间由人工公布，衔接不到位。",
        measures=(M.RECTIFICATION, M.CRITICISM), severity=Severity.SERIOUS,
    ),
    Plan(4, "学术会议备案漏告材料", "服务对象反映补正两次，第二次要求的材料此前没有告知。", "reported",
        person="tangyue"),
    Plan(1, "权益诉求逾期未答复", "上级转来的诉求到期没有答复。", "registered", person="panlei", source="上级转办单"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan the proceedings."""
    for plan in PLANS:
        stage.tell(proceeding(stage, plan))


def _once(plan: Plan) -> Random:
    return Random(plan.title)  # noqa: S311 - sample data, nothing secret


def _clue(actor: Actor, plan: Plan) -> Clue | None:
    """The oldest open clue of the journal about a member of staff, for the plans that name no source."""
    if plan.source or not plan.person:
        return None
    query = select(Clue).where(Clue.state == ClueState.OPEN, Clue.person_id.is_not(None), Clue.raised_by_id.is_(None))
    found = db.session.scalars(query.order_by(Clue.id).limit(40))
    return next((c for c in found if clue_rights.may_read(actor, c) and _of_staff(c)), None)


def _of_staff(clue: Clue) -> bool:
    return clue.post is not None and clue.post.kind is PostKind.STAFF


def _named(stage: Stage, names: tuple[str, ...], held: Proceeding, duty: Duty, at: datetime) -> int:
    """The first of some people whom nothing bars, else the first of all."""
    free = [user_id for user_id, _name in rights.candidates(held, duty, at)]
    wanted = [stage.made.users[name].id for name in names]
    return next((user_id for user_id in wanted if user_id in free), free[0])


def proceeding(stage: Stage, plan: Plan) -> Story:
    """A proceeding, step by step, as far as its plan goes."""
    at = yield stage.work.at(plan.back, "09:40")
    office = stage.actor("wuxia", at)
    clue = _clue(office, plan)
    person = stage.made.users[plan.person].id if plan.person else None
    if clue is not None:
        person = clue.person_id
    what = service.Matter(
        plan.title,
        plan.summary,
        Origin.CLUE if clue is not None else Origin.INSPECTION,
        "" if clue is not None else plan.source or "督查记录",
        people=(person,) if person is not None else (),
        departments=(stage.made.departments[plan.department],) if plan.department else (),
    )
    held = service.register(office, what, [clue] if clue is not None else [], at)
    if plan.until == "registered":
        return
    investigator = _named(stage, _INVESTIGATORS, held, Duty.INVESTIGATOR, at)
    service.assign(office, held, Duty.INVESTIGATOR, investigator, at)
    at = yield stage.work.later(at, 1, _once(plan))
    service.note(stage.by_id(investigator, at), held, "已调取办件记录和值班表。", at)
    at = yield stage.work.after(at, 200)
    service.report(stage.by_id(investigator, at), held, f"{plan.summary}经查属实。", [], at)
    if plan.until == "reported":
        return
    yield from _heard(stage, plan, held, investigator, at)


def _heard(stage: Stage, plan: Plan, held: Proceeding, investigator: int, at: datetime) -> Story:
    at = yield stage.work.later(at, 1, _once(plan))
    subject = held.subjects[0]
    if subject.user_id is not None:
        service.hear(stage.by_id(subject.user_id, at), held, subject, Said.STATEMENT, plan.statement, at)
    else:
        service.hear(stage.by_id(investigator, at), held, subject, Said.MINUTES, plan.minutes, at)
    at = yield stage.work.later(at, 1, _once(plan))
    facts = "事实清楚，当事方没有异议。"
    what = Finding(True, facts, Conduct.WRONGLY, Effect.DELAY, Cause.OVERSIGHT, Attitude.ADMITTED, plan.severity)
    deciding.find(stage.by_id(investigator, at), held, subject, what, at)
    office = stage.actor("wuxia", at)
    decider = _named(stage, ("chenjing", "liubo", "heping"), held, Duty.DECIDER, at)
    service.assign(office, held, Duty.DECIDER, decider, at)
    at = yield stage.work.after(at, 180)
    order = M.RECTIFICATION in plan.measures
    decision = Decision(
        "当事方能够认识问题，依照责任追究制作出决定。",
        plan.measures,
        "公布名额的时间和责任人写入展教活动流程，并报办公室。" if order else "",
        clock.local(stage.work.at(-8, "09:00")).date() if order else None,
    )
    deciding.decide(stage.by_id(decider, at), held, subject, decision, at)
    if plan.until != "decided":
        yield from _told(stage, plan, held, at)


def _told(stage: Stage, plan: Plan, held: Proceeding, at: datetime) -> Story:
    subject = held.subjects[0]
    at = yield stage.work.later(at, 1, _once(plan))
    office = stage.actor("wuxia", at)
    deciding.inform(office, held, subject, at)
    if plan.until == "review":
        at = yield stage.work.later(at, 2, _once(plan))
        closing.ask_review(stage.by_id(subject.user_id or 0, at), held, subject, "已主动改正，请求减轻处理。", at)
        at = yield stage.work.later(at, 1, _once(plan))
        office = stage.actor("wuxia", at)
        service.assign(office, held, Duty.REVIEWER, _named(stage, _REVIEWERS, held, Duty.REVIEWER, at), at)
        return
    at = yield stage.work.later(at, 3, _once(plan))
    office, today = stage.actor("wuxia", at), clock.local(at).date()
    for each in subject.measures:
        closing.execute(office, held, each, today, "已由科室负责人谈话，书面检查已交。", at)
    at = yield stage.work.later(at, 14, _once(plan))
    closing.close(stage.actor("wuxia", at), held, at)
