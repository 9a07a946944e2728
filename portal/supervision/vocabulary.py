"""Words of the supervision room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.supervision.models import FindingState, InspectionState, Manner, PlanState, Severity

READ = "supervision.read"
#: The lists and figures, for who leads something; others open what concerns them.
LIST = "supervision.list"
#: All inspections, and the plans that do not concern one's own department.
READ_ALL = "supervision.read_all"
#: Plan, inspect, order, re-check, feed back: the supervision group and the office.
INSPECT = "supervision.inspect"
PERMISSIONS = (READ, LIST, READ_ALL, INSPECT)

MANNER_LABELS = {Manner.OPEN: _l("明察"), Manner.COVERT: _l("暗访")}
PLAN_LABELS = {
    PlanState.PLANNED: _l("待实施"),
    PlanState.CARRIED_OUT: _l("已实施"),
    PlanState.CANCELLED: _l("已取消"),
}
INSPECTION_LABELS = {
    InspectionState.OPEN: _l("处理中"),
    InspectionState.FED_BACK: _l("已反馈"),
    InspectionState.CLOSED: _l("已办结"),
}
SEVERITY_LABELS = {Severity.MINOR: _l("轻微"), Severity.ORDINARY: _l("中等"), Severity.SERIOUS: _l("严重")}
STATE_LABELS = {
    FindingState.FOUND: _l("待处理"),
    FindingState.ORDERED: _l("整改中"),
    FindingState.REPORTED: _l("待复查"),
    FindingState.PASSED: _l("整改合格"),
    FindingState.NOTED: _l("不需整改"),
    FindingState.WITHDRAWN: _l("已撤销"),
}
#: The kinds of the default policy, which are translated; others are shown as the office wrote them.
KIND_LABELS = {
    "服务态度": _l("服务态度"),
    "工作纪律": _l("工作纪律"),
    "承诺兑现": _l("承诺兑现"),
    "首问负责": _l("首问负责"),
    "一次性告知": _l("一次性告知"),
    "否定报备": _l("否定报备"),
    "AB岗顶岗": _l("AB岗顶岗"),
    "环境秩序": _l("环境秩序"),
    "其他": _l("其他"),
}


def kind_label(name: str) -> str:
    """A kind in the reader's language where it is known."""
    return str(KIND_LABELS.get(name, name))


timeline.label("manner", MANNER_LABELS, of="supervision")
timeline.label("severity", SEVERITY_LABELS, of="supervision")
timeline.label("kind", lambda value, _facts: kind_label(str(value)), of="supervision")
for _name in ("opinion", "remark"):  # what may be left out is not said to be nothing
    timeline.label(_name, lambda value, _facts: str(value or ""), of="supervision")
timeline.label("passed", {True: _l("合格"), False: _l("不合格")}, of="supervision")

PLANNED = kind(
    "supervision.planned",
    _l("制订督查计划 %(number)s（%(from_on)s 至 %(to_on)s）：%(title)s；%(departments)s；%(members)s"),
    facts=("number", "from_on", "to_on"),
    personal=("title", "manner", "departments", "members"),  # an unannounced one is told to nobody by the journal
    rules=("O-2",),
)
PLAN_CARRIED_OUT = kind("supervision.plan_carried_out", _l("督查计划已实施"), rules=("O-2",))
PLAN_CANCELLED = kind(
    "supervision.plan_cancelled", _l("取消督查计划：%(reason)s"), personal=("reason",), rules=("O-2", "J-3")
)
INSPECTED = kind(
    "supervision.inspected",
    _l("%(manner)s %(number)s：%(department)s，%(inspected_at)s，检查人 %(inspectors)s"),
    facts=("number", "manner", "department", "inspected_at", "inspectors", "plan", "place", "files"),
    personal=("note",),
    rules=("O-2",),
)
DISCIPLINE = kind(
    "supervision.discipline_found",
    _l("发现工作纪律问题，已登记为 %(number)s"),
    facts=("number",),
    rules=("O-2", "P-3"),
    clause="post_duty.3",
)
FOUND = kind(
    "supervision.found",
    _l("督查发现 %(number)s（%(kind)s，%(severity)s）：%(seen)s"),
    facts=("number", "kind", "severity", "unfiled_denial", "comment_by", "files"),
    personal=("seen", "matter"),
    rules=("O-2", "D-6"),
)
COMMENTED = kind(
    "supervision.commented",
    _l("对督查发现说明情况：%(text)s"),
    facts=("late",),
    personal=("text",),
    rules=("O-2",),
)
ORDERED = kind(
    "supervision.ordered",
    _l("发出整改通知 %(number)s（第 %(round)s 次），%(due)s 前整改：%(demand)s"),
    facts=("number", "round", "due", "time_limit", "demand"),
    rules=("O-2", "A-3"),
)
NOTED = kind("supervision.noted", _l("不需整改：%(reason)s"), facts=("reason",), rules=("O-2",))
REPORTED = kind(
    "supervision.rectification_reported",
    _l("报告整改情况（%(number)s）：%(report)s"),
    facts=("number", "report", "late", "files"),
    rules=("O-2",),
)
OVERDUE = kind(
    "supervision.rectification_overdue",
    _l("整改超期：%(number)s，应于 %(due)s 前完成"),
    facts=("number", "due"),
    rules=("O-2", "A-1"),
)
RECHECKED = kind(
    "supervision.rechecked",
    _l("复查 %(number)s：%(passed)s。%(opinion)s"),
    facts=("number", "round", "passed", "escalated", "opinion", "files"),
    rules=("O-2",),
)
WITHDRAW_ASKED = kind(
    "supervision.withdraw_asked", _l("提出撤销督查发现：%(reason)s"), facts=("reason",), rules=("O-2", "J-3")
)
WITHDRAW_REFUSED = kind(
    "supervision.withdraw_refused", _l("不同意撤销：%(reason)s"), facts=("reason",), rules=("O-2", "J-3")
)
WITHDRAWN = kind(
    "supervision.finding_withdrawn",
    _l("撤销督查发现 %(number)s：%(reason)s（原登记为日志第 %(entry)s 条）"),
    facts=("number", "reason", "entry"),
    rules=("O-2", "J-3"),
)
FED_BACK = kind("supervision.fed_back", _l("向分管领导反馈督查情况：%(feedback)s"), facts=("feedback",), rules=("O-2",))
FEEDBACK_NOTED = kind("supervision.feedback_noted", _l("阅知督查反馈。%(remark)s"), facts=("remark",), rules=("O-2",))
RECOMPUTED = kind(
    "supervision.recomputed",
    _l("日历变动，整改期限 %(old_due)s → %(due)s"),
    facts=("number", "old_due", "due", "provisional", "was_overdue"),
    rules=("T-3", "O-2"),
)
