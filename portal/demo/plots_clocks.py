"""Scripted clocks of the sample office: special procedures, extensions, closing notices in every state (T-4, T-5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from portal.cases.models import Case, CaseState
from portal.demo import lives
from portal.demo.opening import opened
from portal.demo.stage import Stage, Story, Waiting
from portal.kernel import clock
from portal.policy import service as policy
from portal.policy.pause_reasons import TABLE, Reason
from portal.timed_completion import extending, queries, service
from portal.timed_completion.models import CaseExtension, How, Letter, SpecialProcedure
from portal.timed_completion.service import Content


def _begin(stage: Stage, case: Case, reason: Reason, agency: str, days: int, at: datetime) -> lives.Part:
    actor, at = yield from stage.answering(case.post_id, at)
    expected = clock.local(at).date() + timedelta(days=days)
    service.start(actor, case, Content(str(reason), str(TABLE[reason].basis), agency, expected), at)
    return at


def _tell(stage: Stage, letter: Letter, how: How, at: datetime) -> lives.Part:
    at = yield at
    actor, at = yield from stage.answering(letter.case.post_id, at)
    service.told(actor, letter, clock.local(at).date(), str(how), at)
    return at


def _latest(case: Case) -> SpecialProcedure:
    return queries.procedures(case.id)[-1]


def under_way(stage: Stage, r: Random) -> Story:
    """An expert review that both clocks wait for; the client was told by post (T-4)."""
    case, at = yield from opened(stage, (9, "09:40"), "SX-007", r)
    at = yield stage.work.at(6, "10:20")
    at = yield from _begin(stage, case, Reason.EXPERT_REVIEW, "示例市科普专家委员会", 20, at)
    yield from _tell(stage, _latest(case), How.POST, stage.work.after(at, 90))


def untold(stage: Stage, r: Random) -> Story:
    """A hearing that began yesterday; nobody has told the client yet."""
    case, at = yield from opened(stage, (5, "11:00"), "SX-008", r)
    at = yield stage.work.at(1, "15:10")
    yield from _begin(stage, case, Reason.HEARING, "示例市司法局", 12, at)


def at_its_cap(stage: Stage, r: Random) -> Story:
    """An inspection whose cap, set by the office, came days ago: the clocks run, the result is missing (POL-1)."""
    at = yield stage.work.at(22, "11:30")
    office = stage.actor("wuxia", at)
    policy.set_value(office, "timed_completion.pause_cap_inspection", "10wd", "检测机构承诺十个工作日内出具报告", at)
    case, at = yield from opened(stage, (17, "09:50"), "SX-017", r)
    at = yield stage.work.at(15, "10:30")
    at = yield from _begin(stage, case, Reason.INSPECTION, "示例市消防检测中心", 9, at)
    yield from _tell(stage, _latest(case), How.HANDED, stage.work.after(at, 30))


def ended(stage: Stage, r: Random) -> Story:
    """A test with its result; the case completed in time, its closing notice fetched (T-11)."""
    case, at = yield from opened(stage, (17, "10:10"), "SX-016", r)
    at = yield stage.work.at(15, "09:30")
    at = yield from _begin(stage, case, Reason.TEST, "示例市建筑质量检测站", 10, at)
    at = yield from _tell(stage, _latest(case), How.HANDED, stage.work.after(at, 20))
    at = yield stage.work.at(9, "14:30")
    actor, at = yield from stage.answering(case.post_id, at)
    service.end(actor, _latest(case), case, "场地荷载检测合格。", at)
    at = yield stage.work.after(at, 400)
    at = yield from lives.finished(stage, case, r, at)
    if case.state is CaseState.COMPLETED:
        at = yield stage.work.after(at, 30)
        actor, at = yield from stage.answering(case.post_id, at)
        notice = service.issue_closing_notice(actor, case, "凭身份证明到一楼 3 号窗口领取，工作日均可。", at)
        yield from _tell(stage, notice, How.HANDED, stage.work.after(at, 200))


def _asked(stage: Stage, case: Case, days: int, reason: str, at: datetime) -> lives.Part:
    actor, at = yield from stage.answering(case.post_id, at)
    extending.ask(actor, case, days, reason, at)
    return at


def _decider(stage: Stage, extension: CaseExtension, at: datetime) -> Waiting:
    while (found := queries.decider(extension, at)) is None:
        at = yield stage.work.after(at, 60)
    return stage.by_id(found, at), at


def waiting(stage: Stage, r: Random) -> Story:
    """More time asked for, to be decided before the limit (T-5)."""
    case, at = yield from opened(stage, (4, "09:25"), "SX-014", r)
    at = yield stage.work.at(1, "14:20")
    yield from _asked(stage, case, 3, "合作单位更换项目负责人，需重新核对合同。", at)


def granted(stage: Stage, r: Random) -> Story:
    """A licence extended by the leader in charge: both clocks move; the client was told."""
    case, at = yield from opened(stage, (13, "10:40"), "SX-007", r)
    at = yield stage.work.at(5, "09:40")
    at = yield from _asked(stage, case, 8, "申请人近三年工作经历需向外省核实，回函尚未收到。", at)
    [extension] = queries.extensions(case.id)
    at = yield stage.work.after(at, 150)
    actor, at = yield from _decider(stage, extension, at)
    extending.decide(actor, extension, case, True, "同意，请向申请人说明理由。", at)
    yield from _tell(stage, extension, How.ELECTRONIC, stage.work.after(at, 45))


def refused(stage: Stage, r: Random) -> Story:
    """Not granted: the limit stands."""
    case, at = yield from opened(stage, (4, "15:05"), "SX-009", r)
    at = yield stage.work.at(3, "10:05")
    at = yield from _asked(stage, case, 5, "经办人手头事项较多。", at)
    [extension] = queries.extensions(case.id)
    at = yield stage.work.after(at, 100)
    actor, at = yield from _decider(stage, extension, at)
    extending.decide(actor, extension, case, False, "理由不充分，请科室内调配人手，按期办结。", at)


def fallen(stage: Stage, r: Random) -> Story:
    """Asked for in time, decided by nobody: fallen with the limit, the case overdue."""
    case, at = yield from opened(stage, (9, "11:15"), "SX-014", r)
    at = yield stage.work.at(3, "16:40")
    yield from _asked(stage, case, 2, "等待合同补充页。", at)


PLOTS = (under_way, untold, at_its_cap, ended, waiting, granted, refused, fallen)
