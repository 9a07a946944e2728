"""Words of the room of awards."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.award.models import NominationState, Nominee, RoundState, Span
from portal.award.rules import Outcome
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "award.read"
#: How the vote came out, before publication too.
READ_RESULTS = "award.read_results"
MANAGE = "award.manage"
REVIEW = "award.review"
DECIDE = "award.decide"
PERMISSIONS = (READ, READ_RESULTS, MANAGE, REVIEW, DECIDE)

SPAN_LABELS = {Span.MONTH: _l("月度"), Span.QUARTER: _l("季度"), Span.YEAR: _l("年度")}
NOMINEE_LABELS = {Nominee.PERSON: _l("个人"), Nominee.COLLECTIVE: _l("集体")}
#: What an award is called.
AWARD_LABELS = {
    (Span.MONTH, Nominee.PERSON): _l("月度红旗个人"),
    (Span.MONTH, Nominee.COLLECTIVE): _l("月度红旗集体"),
    (Span.QUARTER, Nominee.PERSON): _l("季度先进个人"),
    (Span.QUARTER, Nominee.COLLECTIVE): _l("季度先进集体"),
    (Span.YEAR, Nominee.PERSON): _l("年度先进个人"),
    (Span.YEAR, Nominee.COLLECTIVE): _l("年度先进集体"),
}
#: The same beside the period.
SHORT_LABELS = {
    (Span.MONTH, Nominee.PERSON): _l("红旗个人"),
    (Span.MONTH, Nominee.COLLECTIVE): _l("红旗集体"),
    (Span.QUARTER, Nominee.PERSON): _l("先进个人"),
    (Span.QUARTER, Nominee.COLLECTIVE): _l("先进集体"),
    (Span.YEAR, Nominee.PERSON): _l("先进个人"),
    (Span.YEAR, Nominee.COLLECTIVE): _l("先进集体"),
}
#: How many places each has, by policy.
PLACES = {
    (Span.MONTH, Nominee.PERSON): "award.month_persons",
    (Span.MONTH, Nominee.COLLECTIVE): "monthly_result.flags",
    (Span.QUARTER, Nominee.PERSON): "monthly_result.quarter_persons",
    (Span.QUARTER, Nominee.COLLECTIVE): "award.quarter_collectives",
    (Span.YEAR, Nominee.PERSON): "monthly_result.year_persons",
    (Span.YEAR, Nominee.COLLECTIVE): "monthly_result.year_collectives",
}
STATE_LABELS = {
    RoundState.NOMINATING: _l("提名中"),
    RoundState.VOTING: _l("投票中"),
    RoundState.COUNTED: _l("待审核"),
    RoundState.REVIEWED: _l("待决定"),
    RoundState.PUBLICISED: _l("公示中"),
    RoundState.AWARDED: _l("已授予"),
    RoundState.CANCELLED: _l("已取消"),
}
NOMINATION_LABELS = {
    NominationState.PROPOSED: _l("已提名"),
    NominationState.WITHDRAWN: _l("提名已撤回"),
    NominationState.INELIGIBLE: _l("不符合条件"),
    NominationState.CHOSEN: _l("拟授予"),
    NominationState.NOT_CHOSEN: _l("未入选"),
    NominationState.STRUCK: _l("异议成立，不授予"),
    NominationState.AWARDED: _l("已授予"),
    NominationState.REVOKED: _l("已撤销"),
}
OUTCOME_LABELS = {
    Outcome.ELECTED: _l("票数入选"),
    Outcome.TIED: _l("末位同票"),
    Outcome.NOT_ELECTED: _l("票数未入选"),
}

_C = "appraisal.4"

OPENED = kind(
    "award.opened",
    _l("开始评选 %(number)s：%(title)s，名额 %(places)s，%(nominate_by)s 前提名，%(vote_by)s 前投票"),
    facts=("number", "title", "first_on", "last_on", "places", "nominate_by", "vote_by"),
    rules=("O-7",),
    clause=_C,
)
NOMINATED = kind(
    "award.nominated", _l("提名%(who)s：%(reason)s"), facts=("who", "reason", "self"), rules=("O-7", "E-5"), clause=_C
)
SUMMARISED = kind("award.summarised", _l("%(who)s提交自我总结"), facts=("who",), rules=("O-7",), clause=_C)
NOMINATION_WITHDRAWN = kind(
    "award.nomination_withdrawn", _l("撤回对%(who)s的提名"), facts=("who",), rules=("O-7",), clause=_C
)
INELIGIBLE = kind(
    "award.ineligible",
    _l("%(who)s不符合条件：%(reason)s"),
    facts=("who", "reason"),
    rules=("O-7", "E-5", "A-4"),
    clause="appraisal.5",
)
VOTE_OPENED = kind(
    "award.vote_opened",
    _l("开始投票：%(nominations)s 个提名，应投票 %(people)s 人"),
    facts=("nominations", "people", "circle"),
    rules=("O-7",),
    clause=_C,
)
#: Without what was chosen: nobody can tell from the journal who voted how.
VOTED = kind("award.voted", _l("完成投票"), rules=("O-7",), clause=_C)
EXTENDED = kind("award.extended", _l("投票期限 %(old)s → %(new)s"), facts=("old", "new"), rules=("O-7",), clause=_C)
COUNTED = kind(
    "award.counted",
    _l("投票结束：应投 %(people)s 人，已投 %(voted)s 人，票数入选 %(elected)s 个"),
    facts=("people", "voted", "elected", "votes", "ties", "least_percent"),
    rules=("O-7",),
    clause=_C,
)
REVIEWED = kind(
    "award.reviewed", _l("审核意见：%(review)s"), facts=("review", "doubted"), rules=("O-7", "E-6"), clause=_C
)
DECIDED = kind(
    "award.decided",
    _l("决定授予：%(chosen)s；公示至 %(object_by)s。%(decision)s"),
    facts=("chosen", "object_by", "decision"),
    rules=("O-7", "E-6"),
    clause=_C,
)
OBJECTED = kind("award.objected", _l("对%(who)s提出异议"), facts=("who",), rules=("O-7",), clause=_C)
ANSWERED = kind(
    "award.answered",
    _l("答复对%(who)s的异议：%(answer)s"),
    facts=("who", "upheld", "answer"),
    rules=("O-7",),
    clause=_C,
)
AWARDED = kind("award.awarded", _l("公示结束，授予：%(who)s"), facts=("who",), rules=("O-7",), clause=_C)
CANCELLED = kind("award.cancelled", _l("取消评选：%(reason)s"), facts=("reason",), rules=("O-7",), clause=_C)
BARRED = kind(
    "award.barred",
    _l("%(who)s（%(certificate)s）受到取消评优资格的处理：%(reason)s"),
    facts=("who", "certificate", "reason"),
    rules=("O-7", "A-4"),
    clause="appraisal.5",
)
REVOKED = kind(
    "award.revoked",
    _l("撤销对%(who)s的授予（%(certificate)s）：%(reason)s"),
    facts=("who", "certificate", "reason"),
    rules=("O-7", "A-4"),
    clause="appraisal.5",
)

timeline.label("circle", {"everybody": _l("全体在岗人员"), "heads": _l("领导和科室负责人")}, of="award")
