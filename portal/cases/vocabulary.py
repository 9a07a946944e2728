"""Words of the case room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases.models import CaseState, PauseEnd, ProposalKind
from portal.cases.paper_models import PaperKind
from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind
from portal.policy import pause_reasons

READ = "cases.read"
READ_ALL = "cases.read_all"
HANDLE = "cases.handle"
CONFIRM = "cases.confirm"
PERMISSIONS = (READ, READ_ALL, HANDLE, CONFIRM)

STATE_LABELS = {
    CaseState.RECEIVED: _l("已收件"),
    CaseState.SUPPLEMENT_BEFORE: _l("待补正（受理前）"),
    CaseState.ACCEPTED: _l("已受理"),
    CaseState.IN_PROGRESS: _l("办理中"),
    CaseState.SUPPLEMENT_AFTER: _l("待补正"),
    CaseState.COMPLETED: _l("已办结"),
    CaseState.DENIED: _l("已否定"),
    CaseState.DEEMED_AGREED: _l("视为同意"),
    CaseState.WITHDRAWN: _l("已撤回"),
    CaseState.LAPSED: _l("已终止"),
    CaseState.RETURNED: _l("非本单位职责退回"),
}
#: How the client was told of a deemed agreement; stored by key.
TOLD_LABELS = {
    "handed": _l("当面送达"),
    "mailed": _l("邮寄送达"),
    "phone": _l("电话告知"),
    "electronic": _l("电子送达"),
}
PROPOSAL_LABELS = {ProposalKind.WITHDRAW: _l("申请人撤回"), ProposalKind.LAPSE: _l("逾期未补正终止")}
PAUSE_END_LABELS = {
    PauseEnd.RESUMED: _l("已结束"),
    PauseEnd.CAP: _l("已到上限"),
    PauseEnd.CLOSED: _l("随办件结束"),
}
PAPER_LABELS = {PaperKind.PROMISE: _l("承诺件通知书"), PaperKind.DEEMED_AGREED: _l("视为同意通知书")}

timeline.label("state", STATE_LABELS, of="cases")
timeline.label("how", TOLD_LABELS, of="cases.agreement_told")
timeline.label("why", {"provisional": _l("期限为暂定"), "stopped": _l("时限已停表")}, of="cases.consent_held")
timeline.label("what", PROPOSAL_LABELS, of="cases")
timeline.label("light", {"due_soon": _l("临期"), "overdue": _l("超期"), "red": _l("严重超期")}, of="cases")
timeline.label("how", {"restart": _l("重新计算"), "resume": _l("继续计算")}, of="cases.supplemented")
timeline.label("reason", lambda value, _facts: str(pause_reasons.label(value)), of="cases.paused")
timeline.label("reason", lambda value, _facts: str(pause_reasons.label(value)), of="cases.resumed")
timeline.label("ended", PAUSE_END_LABELS, of="cases.resumed")
for _fact in ("promised", "statutory"):
    timeline.label(_fact, lambda value, _facts: limit_words(value) or _("无"), of="cases")
    timeline.label(_fact, lambda value, _facts: _("是") if value else _("否"), of="cases.paused")

RECEIVED = kind(
    "cases.received",
    _l("收件 %(number)s：%(matter)s"),
    facts=("number", "matter", "item", "version", "post", "materials", "origin"),
    personal=("client_unit", "client_name", "client_phone"),
    rules=("T-11", "C-3", "N-6"),
    clause="timed_completion.1",
)
MATERIALS_RECEIVED = kind("cases.materials_received", _l("收到材料：%(names)s"), facts=("names",), rules=("N-2", "N-6"))
MATERIALS_RETURNED = kind(
    "cases.materials_returned", _l("退还材料：%(names)s"), facts=("names",), personal=("to",), rules=("N-6",)
)
ACCEPTED = kind(
    "cases.accepted",
    _l("受理，承诺时限 %(promised)s，至 %(due)s"),
    facts=("promised", "statutory", "due", "statutory_due", "provisional", "clock_from", "tacit", "notice"),
    rules=("T-4", "C-3"),
)
TACITLY_ACCEPTED = kind(
    "cases.tacitly_accepted",
    _l("收件后逾期未告知，自收件之日起视为受理"),
    facts=("promised", "statutory", "due", "statutory_due", "provisional", "clock_from", "tacit", "notice"),
    rules=("T-7a",),
)
STARTED = kind("cases.started", _l("开始办理"), rules=("T-11",))
STEP_NOTED = kind("cases.step_noted", _l("办理记录：%(note)s"), personal=("note",), rules=("J-1",))
SUPPLEMENT_WANTED = kind(
    "cases.supplement_wanted",
    _l("等待补正至 %(until)s（%(notice)s）"),
    facts=("notice", "until", "stopped"),
    rules=("T-4", "N-4"),
)
SUPPLEMENTED = kind(
    "cases.supplemented",
    _l("补正到齐，时限%(how)s，承诺期限 %(old_due)s → %(due)s"),
    facts=("how", "due", "old_due", "statutory_due", "provisional"),
    rules=("T-4", "N-4"),
)
PAUSED = kind(
    "cases.paused",
    _l(
        "因%(reason)s停表，最迟 %(until)s 恢复；承诺期限 %(old_due)s → %(due)s，"
        "法定期限 %(old_statutory_due)s → %(statutory_due)s"
    ),
    facts=("reason", "promised", "statutory", "until", "old_due", "due", "old_statutory_due", "statutory_due"),
    rules=("T-4",),
    clause="timed_completion.2",
)
RESUMED = kind(
    "cases.resumed",
    _l(
        "%(reason)s%(ended)s，自 %(at)s 恢复计时；承诺期限 %(old_due)s → %(due)s，"
        "法定期限 %(old_statutory_due)s → %(statutory_due)s"
    ),
    facts=("reason", "ended", "at", "old_due", "due", "old_statutory_due", "statutory_due"),
    rules=("T-4",),
    clause="timed_completion.2",
)
EXTENDED = kind(
    "cases.extended",
    _l(
        "准予延期 %(days)s 个工作日；承诺期限 %(old_due)s → %(due)s，法定期限 %(old_statutory_due)s → %(statutory_due)s"
    ),
    facts=("days", "statutory_days", "old_due", "due", "old_statutory_due", "statutory_due"),
    rules=("T-5",),
    clause="timed_completion.2",
)
REMINDED = kind("cases.reminded", _l("提醒申请人补正（%(how)s）"), facts=("how",), rules=("N-7",))
STATEMENT_MADE = kind(
    "cases.statement_made", _l("超期书面说明：%(statement)s"), facts=("due",), personal=("statement",), rules=("T-8",)
)
PART_OPENED = kind(
    "cases.part_opened",
    _l("联办件 %(lead)s 的分办，由 %(post)s 办理：%(gives)s，至 %(due)s"),
    facts=("lead", "number", "post", "gives", "promised", "due", "silence"),
    rules=("T-9", "T-4"),
)
DEEMED_AGREED = kind(
    "cases.deemed_agreed",
    _l("到承诺期限没有办结，也没有答复，自 %(at)s 起视为同意（%(notice)s）"),
    facts=("at", "due", "notice"),
    rules=("T-7", "T-11"),
    clause="timed_completion.9",
)
CONSENT_HELD = kind(
    "cases.consent_held",
    _l("承诺期限已过，因%(why)s不能视为同意，请尽快处理"),
    facts=("why", "due"),
    rules=("T-7",),
    clause="timed_completion.9",
)
AGREEMENT_TOLD = kind(
    "cases.agreement_told",
    _l("视为同意通知书 %(notice)s 已告知服务对象（%(how)s，%(on)s）"),
    facts=("notice", "how", "on"),
    rules=("T-7",),
    clause="timed_completion.9",
)
COMPLETED = kind(
    "cases.completed",
    _l("办结：%(document)s"),
    facts=("document", "late", "due"),
    personal=("result",),
    rules=("T-11", "T-8"),
)
DENIED = kind(
    "cases.denied",
    _l("经批准的否定报备 %(filing)s，结案"),
    facts=("filing", "letter", "late", "state"),
    rules=("D-1", "T-11"),
)
PROPOSED = kind(
    "cases.proposed",
    _l("提出%(what)s，待第二人确认"),
    facts=("what", "in_writing"),
    personal=("reason",),
    rules=("N-7",),
)
WITHDRAWN = kind("cases.withdrawn", _l("申请人撤回，经第二人确认"), facts=("late",), rules=("T-11", "N-7"))
LAPSED = kind("cases.lapsed", _l("逾期未补正，经第二人确认终止"), facts=("late",), rules=("T-11", "N-7"))
PROPOSAL_REFUSED = kind(
    "cases.proposal_refused", _l("第二人不同意%(what)s"), facts=("what",), personal=("reason",), rules=("N-7",)
)
CONSULTED = kind(
    "cases.consulted", _l("向%(asked_of)s咨询"), facts=("asked_of",), personal=("question",), rules=("N-5",)
)
CONSULTATION_ANSWERED = kind(
    "cases.consultation_answered",
    _l("%(asked_of)s答复，已转告申请人"),
    facts=("asked_of",),
    personal=("answer",),
    rules=("N-5",),
)
WARNED = kind("cases.warned", _l("时限提示：%(light)s"), facts=("light", "threshold"), rules=("T-6",))
ARCHIVED = kind("cases.archived", _l("归档"), facts=("pages", "note"), rules=("J-4",))
RECOMPUTED = kind(
    "cases.recomputed",
    _l("日历变动，承诺期限 %(old_due)s → %(due)s"),
    facts=("old_due", "due", "provisional"),
    rules=("T-3",),
)
STATUTORY_RECOMPUTED = kind(
    "cases.statutory_recomputed",
    _l("日历变动，法定期限 %(old_due)s → %(due)s"),
    facts=("old_due", "due"),
    rules=("T-3",),
)
TACIT_RECOMPUTED = kind(
    "cases.tacit_recomputed",
    _l("日历变动，视为受理的时间 %(old_tacit)s → %(tacit)s"),
    facts=("old_tacit", "tacit"),
    rules=("T-3", "T-7a"),
)
CLIENT_CHANGED = kind(
    "cases.client_changed",
    _l("更正申请人信息"),
    personal=("client_unit", "client_name", "client_phone", "before"),
    rules=("J-1",),
)
MOVED = kind("cases.moved", _l("调整经办岗位：%(old)s → %(new)s"), facts=("old", "new", "reason"), rules=("P-1",))
