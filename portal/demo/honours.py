"""Praise, suggestions, media and honours of the sample office, and rounds of awards in every state (O-7, O-9)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.award import deciding, eligibility, rights, service, voting
from portal.award.models import AwardRound, Nomination, NominationState, Nominee, Span
from portal.demo.stage import Stage, Story
from portal.honour import service as honours
from portal.honour.models import Channel, Honour, Kind, Level
from portal.honour.service import Content
from portal.kernel import clock
from portal.kernel.db import db
from portal.policy import queries as policy_queries
from portal.policy import service as policy


@dataclass(frozen=True)
class Plan:
    """One entry: when (working day back), who records it, of whom, and what becomes of it."""

    back: int
    who: str
    kind: Kind
    title: str
    given_by: str
    facts: str
    code: str
    person: str = ""
    level: Level | None = None
    channel: Channel | None = None
    #: confirmed, refused, withdrawn, or waiting.
    then: str = "confirmed"


PLANS = (
    Plan(32, "zhaogang", Kind.PRAISE, "来信表扬窗口上门收件", "某学会秘书处", "来信说明窗口人员午休时间上门核对材料。",
         "ZW", "wangmin", channel=Channel.LETTER),
    Plan(30, "wuxia", Kind.MEDIA, "市日报报道科普大篷车进校园", "示例日报", "第三版刊发，附图片两张。",
         "KP", "huangbo", Level.CITY),
    Plan(26, "sunli", Kind.SUGGESTION, "学会年检材料容缺受理的建议", "市民政部门", "建议被写入当年年检工作通知。",
         "XH", "zhouning"),
    Plan(22, "wuxia", Kind.HONOUR, "市级青年文明号", "共青团示例市委", "文件和奖牌照片附后。", "ZW", level=Level.CITY),
    Plan(19, "dengke", Kind.HONOUR, "省科普先进工作者", "省科学技术协会", "证书复印件附后。",
         "KP", "dengke", Level.PROVINCE),
    Plan(15, "zhenghao", Kind.MEDIA_BAD, "县电视台反映讲座临时取消", "示例县电视台", "讲座取消未提前告知。",
         "KP", "", Level.COUNTY),
    Plan(13, "jiangtao", Kind.PRAISE, "电话表扬人才服务及时", "一位科技工作者", "来电人说当天就收到了材料清单。",
         "ZZ", "xujing", channel=Channel.CALL),
    Plan(11, "zhouning", Kind.HONOUR, "学会工作优秀论文奖", "某内部刊物编辑部", "获奖通知附后。",
         "XH", "zhouning", Level.COUNTY, then="refused"),
    Plan(9, "fanchao", Kind.PRAISE, "参观团队赠送锦旗", "示例小学", "带队老师现场赠送。",
         "KG", "shenyang", channel=Channel.BANNER, then="withdrawn"),
    Plan(4, "wuxia", Kind.MEDIA, "办公室信息工作经验在省级刊物刊发", "省科协工作通讯", "第五期转发。",
         "BG", "", Level.PROVINCE, then="waiting"),
    Plan(1, "zhaogang", Kind.PRAISE, "当面表扬审核提速", "来访的企业负责人", "当面说三天办完，比承诺少了两天。",
         "ZW", "sunjie", channel=Channel.VISIT, then="waiting"),
)  # fmt: skip


def begin(stage: Stage) -> None:
    """Plan the entries and the rounds."""
    for plan in PLANS:
        stage.tell(recorded(stage, plan))
    stage.tell(persons(stage))
    stage.tell(collectives(stage))
    stage.tell(quarter(stage))


def recorded(stage: Stage, plan: Plan) -> Story:
    """One entry on its way."""
    at = yield stage.work.at(plan.back, "11:20")
    users, departments = stage.made.users, stage.made.departments
    what = Content(
        plan.kind, plan.title, plan.given_by, plan.facts, clock.local(at).date() - timedelta(days=1),
        departments[plan.code], users[plan.person].id if plan.person else None,
        level=plan.level, channel=plan.channel,
    )  # fmt: skip
    papers = [FileStorage(io.BytesIO(f"{plan.title}\n{plan.facts}\n".encode()), filename="证明材料.txt")]
    made = honours.record(stage.actor(plan.who, at), what, at, papers)
    if plan.then == "waiting":
        return
    number = made.number
    at = yield stage.work.after(at, 200)
    entry = db.session.scalars(select(Honour).where(Honour.number == number)).one()
    second = stage.actor("zhenghao" if plan.who == "wuxia" else "wuxia", at)
    if plan.then == "refused":
        honours.refuse(second, entry, "内部刊物的奖项不在登记范围内。", at)
        return
    honours.confirm(second, entry, at)
    if plan.then == "withdrawn":
        at = yield stage.work.after(at, 500)
        honours.withdraw(second, db.session.get_one(Honour, entry.id), "与上月登记的为同一件事，重复登记。", at)


# --- rounds ---------------------------------------------------------------------------------------------------


def _round(number: str) -> AwardRound:
    return db.session.scalars(select(AwardRound).where(AwardRound.number == number)).one()


def _opened(stage: Stage, span: Span, nominee: Nominee, at: datetime, nominate: int, vote: int) -> str:
    """Open a round with the last working days of nominating and of voting, counted back; returns its number."""
    office, today = stage.actor("wuxia", at), clock.local(at).date()
    return service.open_round(office, span, nominee, today, stage.work.day(nominate), stage.work.day(vote), at).number


def _vote(stage: Stage, number: str, at: datetime, skip: int = 0) -> None:
    """Everybody of the circle (but some) votes, each for those that stand first in a turning order."""
    round_ = _round(number)
    for n, voter in enumerate(list(round_.circle)):
        if skip and n % skip == 0:
            continue
        stands = [nomination.id for nomination in rights.votable(voter, round_)]
        chosen = [key for k, key in enumerate(stands) if (n + k) % 4] if len(stands) > 1 else stands
        voting.cast(stage.by_id(voter.user_id, at), round_, chosen[: round_.places], not chosen, at)


def _nominate(stage: Stage, number: str, pairs: tuple[tuple[str, str], ...], at: datetime) -> None:
    """Heads nominate their people, who write their summaries; who is not eligible is left out."""
    round_ = _round(number)
    for head, who in pairs:
        user_id = stage.made.users[who].id
        if eligibility.against_persons(round_, [user_id])[user_id]:
            continue
        reason = "本期办件量多，无超期，服务对象评价好。"
        made = service.nominate(stage.actor(head, at), round_, user_id, reason, "", at)
        service.summarise(stage.actor(who, at), made, "按时办结全部办件，主动帮助新同事熟悉业务，没有有效投诉。", at)


_PAIRS = (
    ("zhaogang", "wangmin"), ("zhaogang", "liqiang"), ("dengke", "huangbo"), ("sunli", "zhouning"),
    ("jiangtao", "xujing"),
)  # fmt: skip


def persons(stage: Stage) -> Story:
    """A monthly round of persons, to its certificates, with an objection; one award is revoked later."""
    at = yield stage.work.at(28, "09:05")
    # The sample office is two months old: by the usual three months of service nobody could be chosen.
    if policy_queries.value("eligibility.months_month"):
        reason = "平台启用不久，任岗记录不足三个月，启用当年不作要求。"
        policy.set_value(stage.actor("wuxia", at), "eligibility.months_month", "0", reason, at)
    number = _opened(stage, Span.MONTH, Nominee.PERSON, at, 26, 23)
    at = yield stage.work.after(at, 300)
    _nominate(stage, number, _PAIRS, at)
    at = yield stage.work.at(25, "09:10")
    voting.open_vote(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.after(at, 300)
    _vote(stage, number, at)
    at = yield stage.work.after(at, 100)
    voting.count(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.after(at, 200)
    deciding.review(stage.actor("zhenghao", at), _round(number), "程序合规，材料属实，同意。", [], at)
    at = yield stage.work.after(at, 300)
    _decide(stage, number, at)
    at = yield stage.work.after(at, 400)
    chosen = _chosen(number, NominationState.CHOSEN)
    if len(chosen) > 1:
        objection = deciding.object_to(
            stage.actor("panlei", at), chosen[-1], "本月有一件由同事代办，请核实工作量。", at
        )
        at = yield stage.work.after(at, 500)
        db.session.refresh(objection)
        deciding.answer(stage.actor("zhenghao", at), objection, False, "经核对办件记录，代办一件不影响排名。", at)
    at = yield stage.work.at(8, "09:40")
    deciding.finish(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.at(2, "10:15")
    given = _chosen(number, NominationState.AWARDED)
    if len(given) > 2:
        deciding.revoke(stage.actor("heping", at), given[-1], "事后查明总结材料不实。", at)


def _chosen(number: str, state: NominationState) -> list[Nomination]:
    return [n for n in _round(number).nominations if n.state is state]


def _decide(stage: Stage, number: str, at: datetime) -> None:
    round_ = _round(number)
    stands = _chosen(number, NominationState.PROPOSED)
    chosen = [n.id for n in stands if n.outcome == "elected" and not n.doubted] or [n.id for n in stands[:1]]
    text = "按票数和审核意见决定。"
    deciding.decide(stage.actor("heping", at), round_, chosen[: deciding.most(round_)], text, at)


_COLLECTIVES = (("zhaogang", "ZW"), ("dengke", "KP"), ("jiangtao", "ZZ"))


def collectives(stage: Stage) -> Story:
    """A monthly round of collectives that is being published now."""
    at = yield stage.work.at(12, "09:15")
    number = _opened(stage, Span.MONTH, Nominee.COLLECTIVE, at, 10, 6)
    at = yield stage.work.after(at, 300)
    round_ = _round(number)
    for head, code in _COLLECTIVES:
        department_id = stage.made.departments[code]
        if not eligibility.against_departments(round_, [department_id])[department_id]:
            reason, summary = "本月按期办结率和满意率居前。", "全科按期办结全部办件，无差评未处理。"
            service.nominate(stage.actor(head, at), round_, department_id, reason, summary, at)
    at = yield stage.work.at(9, "09:30")
    voting.open_vote(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.after(at, 300)
    _vote(stage, number, at, skip=6)
    # Over holidays the last day of the vote can come later than five working days ago.
    at = yield max(
        stage.work.at(5, "09:20"),
        clock.day_start(_round(number).vote_by + timedelta(days=1)) + timedelta(hours=9, minutes=20),
    )
    voting.count(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.after(at, 200)
    deciding.review(stage.actor("zhenghao", at), _round(number), "程序合规，同意。", [], at)
    at = yield stage.work.at(2, "15:20")
    _decide(stage, number, at)


def quarter(stage: Stage) -> Story:
    """A quarterly round of persons whose vote is open."""
    at = yield stage.work.at(4, "10:05")
    number = _opened(stage, Span.QUARTER, Nominee.PERSON, at, 3, -4)
    at = yield stage.work.after(at, 300)
    _nominate(stage, number, _PAIRS[1:], at)
    at = yield stage.work.at(2, "09:30")
    voting.open_vote(stage.actor("wuxia", at), _round(number), at)
    at = yield stage.work.after(at, 300)
    _vote(stage, number, at, skip=3)
