"""Words of the room: permissions, labels, events."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.client_opinion.models import How, OpinionKind, OpinionState, Source, Verdict
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "client_opinion.read"
READ_ALL = "client_opinion.read_all"
#: Contact, draft, tell the client, rectify: for the department concerned.
HANDLE = "client_opinion.handle"
APPROVE = "client_opinion.approve"
#: Register what came by letter or in a meeting, and say whom it concerns.
MANAGE = "client_opinion.manage"
#: Confirm or find untrue, re-check, call back; never of the own department.
JUDGE = "client_opinion.judge"
PERMISSIONS = (READ, READ_ALL, HANDLE, APPROVE, MANAGE, JUDGE)

KIND_LABELS = {
    OpinionKind.PROBLEM: _l("问题"),
    OpinionKind.OPINION: _l("意见"),
    OpinionKind.SUGGESTION: _l("建议"),
    OpinionKind.BAD_REVIEW: _l("差评"),
}
SOURCE_LABELS = {
    Source.EVALUATION: _l("评价"),
    Source.SURVEY: _l("问卷"),
    Source.CALLBACK: _l("回访"),
    Source.MEETING: _l("座谈会"),
    Source.LETTER: _l("来信来访"),
}
STATE_LABELS = {
    OpinionState.REGISTERED: _l("待拟答复"),
    OpinionState.DRAFTED: _l("待领导批准"),
    OpinionState.APPROVED: _l("待答复服务对象"),
    OpinionState.ANSWERED: _l("待认定"),
    OpinionState.RECTIFYING: _l("整改中"),
    OpinionState.RECTIFIED: _l("待复查"),
    OpinionState.CALLING_BACK: _l("待回访"),
    OpinionState.CLOSED: _l("已办结"),
}
VERDICT_LABELS = {Verdict.CONFIRMED: _l("属实"), Verdict.UNTRUE: _l("不属实")}
HOW_LABELS = {
    How.PHONE: _l("电话"),
    How.MEETING: _l("当面"),
    How.WRITING: _l("书面或短信"),
    How.UNREACHED: _l("多次联系未果"),
}
STEP_LABELS = {"contact": _l("联系"), "answer": _l("答复"), "rectification": _l("整改")}

timeline.label("kind", KIND_LABELS, of="client_opinion")
timeline.label("source", SOURCE_LABELS, of="client_opinion")
timeline.label("how", HOW_LABELS, of="client_opinion")
timeline.label("verdict", VERDICT_LABELS, of="client_opinion")
timeline.label("step", STEP_LABELS, of="client_opinion")

_RULES = ("S-4",)

REGISTERED = kind(
    "client_opinion.registered",
    _l("登记%(kind)s %(number)s（来自%(source)s），涉及科室：%(department)s"),
    facts=("number", "kind", "source", "department", "contact_due_at"),
    rules=_RULES,
)
ASSIGNED = kind("client_opinion.assigned", _l("交%(department)s办理"), facts=("number", "department"), rules=_RULES)
CONTACTED = kind("client_opinion.contacted", _l("联系服务对象：%(how)s"), facts=("number", "how", "late"), rules=_RULES)
CONTACT_OVERDUE = kind(
    "client_opinion.contact_overdue",
    _l("逾期未联系服务对象（应于 %(due_at)s 前）"),
    facts=("number", "due_at"),
    rules=("S-4", "A-1"),
)
DRAFTED = kind("client_opinion.drafted", _l("拟出答复，报领导批准"), facts=("number",), rules=_RULES)
SENT_BACK = kind("client_opinion.sent_back", _l("答复退回重拟：%(opinion)s"), facts=("number", "opinion"), rules=_RULES)
APPROVED = kind(
    "client_opinion.approved",
    _l("批准答复，应于 %(answer_due_at)s 前答复服务对象。%(opinion)s"),
    facts=("number", "opinion", "answer_due_at"),
    rules=_RULES,
)
ANSWERED = kind("client_opinion.answered", _l("答复服务对象：%(how)s"), facts=("number", "how", "late"), rules=_RULES)
ANSWER_OVERDUE = kind(
    "client_opinion.answer_overdue",
    _l("逾期未答复服务对象（应于 %(due_at)s 前）"),
    facts=("number", "due_at"),
    rules=("S-4", "A-1"),
)
CONFIRMED = kind(
    "client_opinion.confirmed",
    _l("认定属实：%(finding)s；发出整改通知 %(notice)s"),
    facts=("number", "finding", "notice", "due_at"),
    rules=("S-4", "A-1"),
)
UNTRUE_PROPOSED = kind(
    "client_opinion.untrue_proposed",
    _l("提出不属实，待另一人复核：%(reason)s"),
    facts=("number", "reason"),
    rules=_RULES,
)
FOUND_UNTRUE = kind(
    "client_opinion.found_untrue",
    _l("复核同意，认定不属实，不计入评分：%(reason)s"),
    facts=("number", "reason", "verdict"),
    rules=_RULES,
)
UNTRUE_REFUSED = kind(
    "client_opinion.untrue_refused",
    _l("复核不同意认定不属实：%(reason)s"),
    facts=("number", "reason"),
    rules=_RULES,
)
RECEIVED = kind(
    "client_opinion.received",
    _l("签收整改通知，应于 %(due_at)s 前书面报告整改情况"),
    facts=("number", "due_at"),
    rules=_RULES,
)
RECTIFIED = kind(
    "client_opinion.rectified",
    _l("第 %(round)s 次书面报告整改情况"),
    facts=("number", "round", "late"),
    rules=_RULES,
)
RECTIFICATION_OVERDUE = kind(
    "client_opinion.rectification_overdue",
    _l("逾期未报告整改情况（应于 %(due_at)s 前）"),
    facts=("number", "round", "due_at"),
    rules=("S-4", "A-1"),
)
ACCEPTED = kind(
    "client_opinion.accepted", _l("复查通过。%(remark)s"), facts=("number", "round", "remark"), rules=_RULES
)
FAILED = kind(
    "client_opinion.failed",
    _l("复查未通过，应于 %(due_at)s 前再次整改：%(remark)s"),
    facts=("number", "round", "remark", "due_at"),
    rules=_RULES,
)
CALL_TRIED = kind(
    "client_opinion.call_tried", _l("第 %(attempts)s 次回访未接通"), facts=("number", "attempts"), rules=_RULES
)
CALLED_BACK = kind(
    "client_opinion.called_back",
    _l("回访服务对象：%(how)s；对处理结果满意：%(satisfied)s；办结"),
    facts=("number", "how", "satisfied"),
    rules=_RULES,
)
CONCLUDED = kind(
    "client_opinion.concluded", _l("答复后办结：%(conclusion)s"), facts=("number", "conclusion"), rules=_RULES
)
RECOMPUTED = kind(
    "client_opinion.recomputed",
    _l("日历变动，%(step)s期限 %(old_due)s → %(due)s"),
    facts=("number", "step", "old_due", "due"),
    rules=("T-3", "S-4"),
)


def overdue_title(step: str, number: str) -> Any:
    """What a message says when a limit has passed: ``contact``, ``answer`` or ``rectify``."""
    match step:
        case "contact":
            return _l("差评 %(number)s 逾期未联系服务对象", number=number)
        case "answer":
            return _l("意见 %(number)s 逾期未答复服务对象", number=number)
        case _:
            return _l("意见 %(number)s 逾期未报告整改情况", number=number)
