"""Words of the complaint room: permissions, labels, events. No fact of the journal holds what a complainant wrote."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.complaint.models import (
    About,
    Channel,
    ComplaintState,
    PaperKind,
    Result,
    Satisfaction,
    Told,
)
from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind

#: See what concerns oneself: as officer, as head of the department concerned, as leader in charge.
READ = "complaint.read"
READ_ALL = "complaint.read_all"
REGISTER = "complaint.register"
#: Decide about taking up, name officers, extend, approve; never in a matter of one's own.
DECIDE = "complaint.decide"
SUMMARY = "complaint.summary"
PERMISSIONS = (READ, READ_ALL, REGISTER, DECIDE, SUMMARY)

STATE_LABELS = {
    ComplaintState.RECEIVED: _l("待决定是否受理"),
    ComplaintState.TAKEN_UP: _l("已受理，待指定承办人"),
    ComplaintState.INVESTIGATING: _l("调查中"),
    ComplaintState.PROPOSED: _l("结果待审定"),
    ComplaintState.APPROVED: _l("已审定，待答复"),
    ComplaintState.ANSWERED: _l("已答复，待评价"),
    ComplaintState.PASSED_ON: _l("已转其他机关"),
    ComplaintState.NOT_TAKEN_UP: _l("不予受理"),
    ComplaintState.CLOSED: _l("已办结"),
}
#: The same as the complainant reads it.
PUBLIC_STATE_LABELS = {
    ComplaintState.RECEIVED: _l("已收到，正在决定是否受理"),
    ComplaintState.TAKEN_UP: _l("已受理"),
    ComplaintState.INVESTIGATING: _l("已受理，正在调查"),
    ComplaintState.PROPOSED: _l("已受理，正在审定结果"),
    ComplaintState.APPROVED: _l("已受理，即将答复"),
    ComplaintState.ANSWERED: _l("已答复，请您评价"),
    ComplaintState.PASSED_ON: _l("已转有权处理的机关"),
    ComplaintState.NOT_TAKEN_UP: _l("不予受理"),
    ComplaintState.CLOSED: _l("已办结"),
}
CHANNEL_LABELS = {
    Channel.PUBLIC: _l("网上"),
    Channel.PHONE: _l("电话"),
    Channel.VISIT: _l("来访"),
    Channel.LETTER: _l("来信"),
    Channel.BOX: _l("意见箱"),
    Channel.WECHAT: _l("微信"),
    Channel.UPPER: _l("上级转办"),
}
ABOUT_LABELS = {
    About.PROMISE: _l("没有兑现服务承诺"),
    About.DELAY: _l("超时、拖延"),
    About.REFUSAL: _l("拒绝办理"),
    About.ATTITUDE: _l("服务态度"),
    About.FEE: _l("收费"),
    About.CONDUCT: _l("工作纪律和作风"),
    About.OTHER: _l("其他"),
}
RESULT_LABELS = {
    Result.CONFIRMED: _l("属实，有效投诉"),
    Result.PARTLY: _l("部分属实，有效投诉"),
    Result.NOT_CONFIRMED: _l("不属实"),
}
TOLD_LABELS = {Told.ONLINE: _l("网上查询"), Told.PAPER: _l("书面答复")}
SATISFACTION_LABELS = {
    Satisfaction.SATISFIED: _l("满意"),
    Satisfaction.FAIR: _l("基本满意"),
    Satisfaction.DISSATISFIED: _l("不满意"),
}
PAPER_LABELS = {
    PaperKind.TAKEN_UP: _l("投诉受理告知书"),
    PaperKind.PASSED_ON: _l("投诉转办告知书"),
    PaperKind.NOT_TAKEN_UP: _l("投诉不予受理告知书"),
    PaperKind.ANSWER: _l("投诉答复书"),
}

timeline.label("channel", CHANNEL_LABELS, of="complaint")
timeline.label("about", ABOUT_LABELS, of="complaint")
timeline.label("result", RESULT_LABELS, of="complaint")
timeline.label("how", TOLD_LABELS, of="complaint")
timeline.label("satisfaction", SATISFACTION_LABELS, of="complaint")
timeline.label("paper_kind", PAPER_LABELS, of="complaint")
timeline.label(
    "what", {"number": _l("一个编号"), "address": _l("一个网络地址"), "all": _l("全部来访者")}, of="complaint"
)
timeline.label("time_limit", lambda value, _facts: limit_words(value), of="complaint")
timeline.label("person", lambda value, _facts: timeline.names().get(value, ""), of="complaint")
timeline.label("officer", lambda value, _facts: timeline.names().get(value, ""), of="complaint")

_CLAUSE = "accountability.8"

RECEIVED = kind(
    "complaint.received",
    _l("收到投诉 %(number)s：%(channel)s，%(about)s，答复期限 %(due)s"),
    facts=("number", "channel", "about", "named", "files", "digest", "time_limit", "due"),
    rules=("A-5", "C-5"),
    clause=_CLAUSE,
)
ADDED = kind(
    "complaint.added", _l("投诉人补充投诉 %(number)s，附件 %(files)s 个"), facts=("number", "files"), rules=("A-5",)
)
RESOLVED = kind(
    "complaint.resolved",
    _l("核定投诉 %(number)s 的对象：%(department)s"),
    facts=("number", "department", "post", "person"),
    rules=("A-5",),
)
TAKEN_UP = kind(
    "complaint.taken_up", _l("受理投诉 %(number)s，告知书 %(paper)s"), facts=("number", "paper"), rules=("A-5",)
)
PASSED_ON = kind(
    "complaint.passed_on",
    _l("投诉 %(number)s 转%(to)s，告知书 %(paper)s"),
    facts=("number", "to", "paper"),
    rules=("A-5",),
)
NOT_TAKEN_UP = kind(
    "complaint.not_taken_up",
    _l("投诉 %(number)s 不予受理，告知书 %(paper)s"),
    facts=("number", "paper"),
    rules=("A-5",),
)
ASSIGNED = kind(
    "complaint.assigned", _l("投诉 %(number)s 交%(officer)s承办"), facts=("number", "officer"), rules=("A-5",)
)
REASSIGNED = kind(
    "complaint.reassigned",
    _l("投诉 %(number)s 改由%(officer)s承办"),
    facts=("number", "officer", "was"),
    rules=("A-5", "AB-4"),
)
IDENTITY_READ = kind(
    "complaint.identity_read", _l("查阅投诉 %(number)s 的投诉人身份"), facts=("number", "file"), rules=("A-5", "J-1")
)
EXTENDED = kind(
    "complaint.extended",
    _l("投诉 %(number)s 延期：%(old_due)s → %(due)s"),
    facts=("number", "days", "old_due", "due"),
    rules=("A-5",),
)
NOTED = kind(
    "complaint.noted",
    _l("记录投诉 %(number)s 的调查情况，附件 %(files)s 个"),
    facts=("number", "files"),
    rules=("A-5",),
)
INTERIM_TOLD = kind("complaint.interim_told", _l("告知投诉人投诉 %(number)s 的进展"), facts=("number",), rules=("A-5",))
EXTRACT_GIVEN = kind(
    "complaint.extract_given", _l("向被投诉科室提供投诉 %(number)s 的摘要"), facts=("number",), rules=("A-5",)
)
STATED = kind("complaint.stated", _l("被投诉科室说明投诉 %(number)s 的情况"), facts=("number",), rules=("A-5",))
PROPOSED = kind(
    "complaint.proposed", _l("投诉 %(number)s 拟定结果：%(result)s"), facts=("number", "result"), rules=("A-5",)
)
SENT_BACK = kind("complaint.sent_back", _l("投诉 %(number)s 的结果退回再查"), facts=("number",), rules=("A-5",))
CONFIRMED = kind(
    "complaint.confirmed",
    _l("审定投诉 %(number)s：%(result)s"),
    facts=("number", "result"),
    rules=("A-5", "A-1"),
    clause=_CLAUSE,
)
NOT_CONFIRMED = kind(
    "complaint.not_confirmed",
    _l("审定投诉 %(number)s：%(result)s"),
    facts=("number", "result"),
    rules=("A-5",),
    clause=_CLAUSE,
)
UNFILED_FOUND = kind(
    "complaint.unfiled_found",
    _l("投诉 %(number)s 查明：未经报备拒绝办理"),
    facts=("number",),
    rules=("D-6", "A-1"),
    clause=_CLAUSE,
)
ANSWERED = kind(
    "complaint.answered",
    _l("答复投诉 %(number)s：%(how)s，答复书 %(paper)s"),
    facts=("number", "how", "paper", "late"),
    rules=("A-5",),
)
RATED = kind(
    "complaint.rated",
    _l("投诉人评价投诉 %(number)s 的答复：%(satisfaction)s"),
    facts=("number", "satisfaction"),
    rules=("A-5",),
)
CLOSED = kind("complaint.closed", _l("投诉 %(number)s 办结，投诉人没有评价"), facts=("number",), rules=("A-5",))
REVERSED = kind("complaint.reversed", _l("撤销投诉 %(number)s 的属实结论"), facts=("number",), rules=("A-5", "J-3"))
OVERDUE = kind(
    "complaint.answer_overdue",
    _l("投诉 %(number)s 逾期未答复（应于 %(due)s 前）"),
    facts=("number", "due"),
    rules=("A-5", "A-1"),
)
OVERDUE_REVERSED = kind(
    "complaint.overdue_reversed",
    _l("投诉 %(number)s 的期限改为 %(due)s，没有逾期"),
    facts=("number", "due"),
    rules=("A-5", "T-3", "J-3"),
)
RECOMPUTED = kind(
    "complaint.recomputed",
    _l("日历变动，投诉 %(number)s 的答复期限 %(old_due)s → %(due)s"),
    facts=("number", "old_due", "due", "provisional"),
    rules=("T-3", "A-5"),
)
IDENTITY_ERASED = kind(
    "complaint.identity_erased",
    _l("投诉 %(number)s 的投诉人身份保存期满，已抹去"),
    facts=("number", "files"),
    rules=("A-5", "J-1"),
)
LOOK_BLOCKED = kind(
    "complaint.look_blocked",
    _l("投诉查询输错过多，%(what)s暂停查询至 %(until)s"),
    facts=("what", "until", "wrong"),
    rules=("A-5",),
)
