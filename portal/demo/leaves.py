"""Leave in the sample office: every kind and state, driven through the chain in time (O-3, AB-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from werkzeug.datastructures import FileStorage

from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.demo.cast import PEOPLE
from portal.demo.lives import Part
from portal.demo.stage import Stage, Story
from portal.kernel.actor import SEPARATED
from portal.kernel.db import db
from portal.leave import balances, decisions, queries, service, steps
from portal.leave.models import LeaveRequest, LeaveState
from portal.leave.rules import Level, Span, Verdict
from portal.leave.service import Asked
from portal.post_duty.models import Post

_K, _AM, _PM = AbsenceKind, Half.AM, Half.PM
_PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@dataclass(frozen=True)
class Plan:
    """One request: working days back of its first and last day, when it was asked for, and how far it goes.

    ``stop``: how many steps are taken (None: all); ``verdict``: of the first step; ``end``: when it is cancelled or
    ended early; ``certificate``: whether one is attached.
    """

    who: str
    kind: AbsenceKind
    first: int
    last: int
    asked: tuple[int, str]
    reason: str
    a: Half = _AM
    b: Half = _PM
    note: str = ""
    stop: int | None = None
    verdict: Verdict = Verdict.APPROVED
    opinion: str = "同意。"
    end: tuple[int, str] | None = None
    draft: bool = False
    confirm: bool = True
    certificate: bool = False
    where: str = ""


PLANS = (
    Plan("wangmin", _K.OFFICIAL, 34, 34, (36, "10:20"), "到市政务服务中心对接窗口数据", where="市政务服务中心"),
    Plan("heping", _K.MEETING, 26, 26, (28, "09:30"), "参加市委全会", where="市会议中心"),
    Plan("liubo", _K.OFFICIAL, 23, 23, (25, "11:00"), "调研县级学会", where="示例县"),
    Plan("tangyue", _K.ANNUAL, 21, 21, (24, "10:00"), "年休假", end=(22, "15:30")),
    Plan("caiyun", _K.SICK, 17, 17, (18, "16:30"), "预约体检复查"),
    Plan("sunli", _K.ANNUAL, 8, 6, (12, "09:40"), "年休假，陪家人出行", end=(7, "15:00"), note="年检材料已分给周宁。"),
    Plan("xujing", _K.PRIVATE, 5, 5, (6, "14:10"), "参加孩子家长会", a=_PM),
    Plan("fanchao", _K.TRAINING, -6, -7, (2, "09:35"), "馆长业务培训", where="省科技馆", note="团体预约由前台处理。"),
    Plan("huangbo", _K.PRIVATE, -6, -8, (1, "09:20"), "老家有事，需要往返三天", stop=0, note="两场讲座已排定讲师。"),
    Plan("wangmin", _K.PRIVATE, -3, -3, (1, "10:05"), "办理个人证件", b=_AM, stop=0, confirm=False,
        note="三件待发证的材料在一号柜。"),
    Plan("zhouning", _K.PRIVATE, -3, -3, (1, "09:50"), "有事", stop=1, verdict=Verdict.RETURNED,
        opinion="请写明事由，并避开年检初审截止日。"),
    Plan("shenyang", _K.ANNUAL, -4, -4, (2, "13:45"), "年休假", stop=1, verdict=Verdict.REFUSED,
        opinion="当日有两批团体参观，请改期。"),
    Plan("weilan", _K.TRAINING, -9, -9, (1, "10:10"), "展教辅导员培训", draft=True),
    Plan("liqiang", _K.OFFICIAL, -8, -8, (1, "09:15"), "送达文书并回访", stop=1, where="示例县"),
    Plan("chenjing", _K.OFFICIAL, -9, -9, (1, "09:25"), "参加科普工作座谈", stop=0, where="省科协"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan the leave of two months."""
    stage.tell(entitlements(stage))
    for plan in PLANS:
        stage.tell(leave(stage, plan))
    stage.tell(made_up(stage))


def entitlements(stage: Stage) -> Story:
    """The office enters since when people work, and some days carried over (O-3)."""
    at = yield stage.work.at(37, "10:30")
    year = at.year
    for n, (username, person) in enumerate(PEOPLE.items()):
        if SEPARATED & set(person.roles) or username == "yuanmeng":
            continue
        since = date(year - 3 - n * 5 % 27, 7, 1)
        carried = 4 if n % 6 == 0 else 0
        reason = "上年因工作未休" if carried else ""
        user = stage.made.users[username]
        balances.set_allowance(stage.actor("wuxia", at), user, year, since, None, carried, reason, at)


def leave(stage: Stage, plan: Plan) -> Story:
    """One request on its way: handed over, decided step by step, filed, perhaps ended early."""
    at = yield stage.work.at(*plan.asked)
    actor = stage.actor(plan.who, at)
    span = Span(stage.work.day(plan.first), plan.a, stage.work.day(plan.last), plan.b)
    own = [p.id for p, _t in steps.receivers(actor.id or 0, *steps.wall_clock(span), at)][:1]
    notes = dict.fromkeys(own, plan.note)
    asked = Asked(plan.kind, span, plan.reason, plan.where, "0000-6000", notes)
    uploads = [FileStorage(BytesIO(_PDF), filename="盖章证明.pdf")] if plan.certificate else []
    made = service.draft(actor, asked, at, uploads)
    if plan.draft:
        return
    service.send(actor, made, at)
    if plan.confirm:
        for row in made.posts:
            at = yield stage.work.after(at, 20)
            _confirm(stage, made, row.post_id, at)
    taken = 0
    while made.open_level is not None and (plan.stop is None or taken < plan.stop):
        at = yield stage.work.after(at, 45)
        at = yield from _step(stage, made, plan, taken, at)
        taken += 1
    if plan.end is not None:
        at = yield stage.work.at(*plan.end)
        decisions.end(stage.actor(plan.who, at), made, at)
        stage.forget()


def _confirm(stage: Stage, made: LeaveRequest, post_id: int, at: datetime) -> None:
    """Whoever takes the post over confirms."""
    takers = {p.id: t for p, t in steps.receivers(made.applicant_id, made.from_at, made.to_at, at)}
    taker = takers.get(post_id)
    if taker is not None:
        service.confirm_handover(stage.by_id(taker, at), made, db.session.get_one(Post, post_id), at)


def _step(stage: Stage, made: LeaveRequest, plan: Plan, taken: int, at: datetime) -> Part:
    """Whoever takes the next step takes it."""
    step = made.next_step
    if step is None:
        return at
    if step.level is Level.FILE:
        actor = next(
            a
            for name in ("zhenghao", "wuxia", "caiyun")
            if steps.may_file(a := stage.actor(name, at), step.filer, made.applicant_id)
        )
        decisions.file(actor, made, step.id, "", at)
    else:
        while (who := steps.decider(step.level, made.department_id, made.applicant_id, at)) is None:
            at = yield stage.work.after(at, 210)
        verdict = plan.verdict if taken == 0 else Verdict.APPROVED
        decisions.decide(stage.by_id(who[0], at), made, step.id, verdict, plan.opinion, at)
    if made.state is LeaveState.APPROVED:
        stage.forget()
    return at


def made_up(stage: Stage) -> Story:
    """A sudden sick leave is made up for when the person is back, with its certificate (O-3)."""
    at = yield stage.work.at(4, "09:25")
    user = stage.made.users["luoxin"]
    for absence in queries.without_request(user.id, at):
        span = Span(stage.work.day(6), _PM, stage.work.day(5), _PM)
        asked = Asked(_K.SICK, span, "发热就诊", absence=absence)
        actor = stage.actor("luoxin", at)
        made = service.draft(actor, asked, at, [FileStorage(BytesIO(_PDF), filename="诊断证明（盖章）.pdf")])
        service.send(actor, made, at)
        plan = Plan("luoxin", _K.SICK, 6, 5, (4, "09:25"), "")
        for taken in range(2):
            at = yield stage.work.after(at, 50)
            at = yield from _step(stage, made, plan, taken, at)
