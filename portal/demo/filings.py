"""Denial filings of the sample office: everyday ones, and the parts of the scripted ones (D-1 … D-5)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from portal.cases import rules as case_rules
from portal.cases.models import Case
from portal.demo import clients, lives
from portal.demo.lives import Part
from portal.demo.stage import Stage, Waiting
from portal.denial_filing import letters, queries, service
from portal.denial_filing.models import Filing, Ground, Refusal
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import Content, Meeting
from portal.kernel import clock

_TEXTS = (
    Content(
        Refusal.NOT_ACCEPTED, Ground.CONDITIONS, False,
        "申请人提交的材料齐全，但场所为临时租用，剩余租期不足半年。",
        "不具备固定场所，不符合受理条件。",
        "《示例市科普教育基地管理办法（示例）》第八条",
        "可在取得一年以上使用权后再次申请，或者先申请科普展品借用。", "",
        "经核对属实，建议不予受理，并当面说明。",
    ),
    Content(
        Refusal.NOT_APPROVED, Ground.CONDITIONS, False,
        "受理后核查，申请人培训学时不足规定的三分之二。",
        "不符合资格条件，不能批准。",
        "《示例市科学传播人员管理办法（示例）》第六条",
        "补足学时后可随时重新申请，本会每季度组织一次培训。", "",
        "同意经办人意见。",
    ),
    Content(
        Refusal.NOT_OURS, Ground.POWERS, False,
        "申请人要求办理社会团体法人登记，已留下章程和名册。",
        "登记不属于本会职责。",
        "本会职责规定（示例）",
        "本会可提供章程示范文本和成立前期指导。",
        "示例市社会组织登记机关，政务大厅 8 号窗口，0000-7008",
        "属实，建议退回材料并告知主管机关。",
    ),
    Content(
        Refusal.DEFERRED, Ground.LIMIT, False,
        "申请人要求本周使用报告厅，设备正在检修。",
        "检修期内无法提供，承诺时限内办不成。",
        "《示例市科技馆开放服务规范（示例）》第十四条",
        "检修结束后优先安排，或者改用第二会议室。", "",
        "检修计划已核实，建议暂不受理。",
    ),
    Content(
        Refusal.NOT_APPROVED, Ground.DISAGREEMENT, False,
        "两个部门对活动场地的安全条件意见不一致。",
        "未取得一致意见，目前不能批准。",
        "《示例市科普活动场地管理办法（示例）》第九条",
        "可调整方案后重新提交，由本会组织联合查看。", "",
        "建议由分管领导协调。",
    ),
    Content(
        Refusal.NOT_APPROVED, Ground.OTHER, False,
        "申请的资助项目与上年度已资助项目内容相同。",
        "同一项目不重复资助。",
        "《示例市学术活动资助办法（示例）》第五条",
        "可就新增内容另行申报。", "",
        "情况属实。",
    ),
)  # fmt: skip
_OPINIONS = {
    Verdict.AGREE: ("同意。请耐心说明理由和替代办法。", "情况清楚，同意。", "同意，材料退还申请人。"),
    Verdict.CORRECT: (
        "条件可以通过承诺书补正，应当受理并办理，结果报我。",
        "理由不充分，按程序继续办理。",
    ),
    Verdict.SUPPLEMENT: ("请一次性告知申请人补充证明材料后继续办理。", "先补正，再研究，不得直接否定。"),
    Verdict.ESCALATE: ("涉及面较大，建议班子会议研究。", "情况复杂，请主席主持研究决定。"),
}
_VERDICTS = (
    *(Verdict.AGREE,) * 5,
    *(Verdict.CORRECT,) * 2,
    *(Verdict.SUPPLEMENT,) * 2,
)


def content(n: int, grave: bool = False) -> Content:
    """What a filing says."""
    return replace(_TEXTS[n % len(_TEXTS)], grave=grave)


def made(
    stage: Stage, case: Case, at: datetime, what: Content
) -> Generator[datetime, datetime, tuple[Filing, datetime]]:
    """The handler files (D-2)."""
    actor, at = yield from stage.answering(case.post_id, at)
    return service.file(actor, case, what, at), at


def _decider(stage: Stage, filing: Filing, at: datetime) -> Waiting:
    """Wait until somebody may decide (D-4)."""
    while (found := queries.decider(filing, at).user_id) is None:
        at = yield stage.work.after(at, 60)
    return stage.by_id(found, at), at


def decided(stage: Stage, filing: Filing, case: Case, verdict: Verdict, r: Random, at: datetime) -> Part:
    """The leader, the cover or the principal decides (D-3)."""
    at = yield at
    actor, at = yield from _decider(stage, filing, at)
    meeting = None
    if filing.grave and verdict is not Verdict.ESCALATE:
        meeting = Meeting(clock.local(at).date(), "班子会议集体研究，一致同意本意见，由经办部门做好解释和后续服务。")
    service.decide(actor, filing, case, verdict, r.choice(_OPINIONS[verdict]), filing.edition, at, meeting)
    return at


def issued(stage: Stage, filing: Filing, case: Case, r: Random, at: datetime) -> Part:
    """The written decision goes out and closes the case (D-5)."""
    at = yield at
    while True:
        actor, at = yield from stage.answering(case.post_id, at)
        if actor.id != filing.decided_by_id:
            break
        at = yield stage.work.after(at, 210)
    statement = r.choice(clients.LATE) if case_rules.is_late(at, case.due_at) else ""
    letters.issue(actor, filing, case, statement, at)
    return at


def delivered(stage: Stage, filing: Filing, case: Case, r: Random, at: datetime) -> Part:
    """The client has it in hand, with the papers back (D-5, N-6)."""
    at = yield at
    actor, at = yield from stage.answering(case.post_id, at)
    papers = "、".join(m.name for m in case.materials if m.received_at and not m.returned_at)
    how = r.choice(("handed", "handed", "mailed", "electronic"))
    letters.deliver(actor, filing, case, how, case.client_name or "申请人", clock.local(at).date(), papers[:200], at)
    if papers:
        at = yield from lives.returned_papers(stage, case, at + timedelta(minutes=1))
    return at


def followed(stage: Stage, filing: Filing, case: Case, verdict: Verdict, r: Random, at: datetime) -> Part:
    """What the decision brings: the letter, the handling after all, or a notice that it orders (D-3)."""
    if verdict is Verdict.AGREE:
        at = yield from issued(stage, filing, case, r, stage.work.after(at, r.randint(20, 300)))
        at = yield from delivered(stage, filing, case, r, stage.work.after(at, r.randint(30, 900)))
        return (yield from lives.filed(stage, case, r, at))
    if verdict is Verdict.SUPPLEMENT:
        at = yield from ordered(stage, filing, case, r, stage.work.after(at, r.randint(20, 300)))
        at = yield stage.work.later(at, r.randint(1, 5), r)
        at = yield from lives.back(stage, case, r, at)
    at = yield stage.work.after(at, r.randint(20, 200))
    if case.accepted_at is None:
        at = yield from lives.accepted(stage, case, at)
    return (yield from lives.handled(stage, case, r, at))


def ordered(stage: Stage, filing: Filing, case: Case, r: Random, at: datetime) -> Part:
    """The notice that a decision orders, naming the filing (D-3, N-1)."""
    at = yield at
    actor, at = yield from stage.answering(case.post_id, at)
    held = [m for m in lives.required(case) if m.received_at]
    lives.tell(stage, case, actor, r, at, missing=9, wrong=held[:1], extra="" if case.materials else "情况说明")
    return at


def everyday(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """A refusal is proposed: filed at once, decided mostly within the day, and followed up."""
    at = yield stage.work.after(at, r.randint(5, 30))
    actor, at = yield from stage.answering(case.post_id, at)
    lives.take_papers(actor, case, at)
    filing, at = yield from made(stage, case, at, content(r.randrange(99)))
    verdict = r.choice(_VERDICTS)
    at = yield from decided(stage, filing, case, verdict, r, stage.work.after(at, r.randint(30, 400)))
    return (yield from followed(stage, filing, case, verdict, r, at))
