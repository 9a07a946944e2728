"""Words of the denial filing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.denial_filing.models import FilingState, Ground, Refusal
from portal.kernel import timeline
from portal.kernel.journal import kind

FILE = "denial_filing.file"
READ = "denial_filing.read"
READ_ALL = "denial_filing.read_all"
DECIDE = "denial_filing.decide"
REGISTER = "denial_filing.register"
PERMISSIONS = (FILE, READ, READ_ALL, DECIDE, REGISTER)

STATE_LABELS = {
    FilingState.WAITING_LEADER: _l("待分管领导审批"),
    FilingState.WAITING_PRINCIPAL: _l("待主要负责人决定"),
    FilingState.AGREED: _l("已同意"),
    FilingState.CORRECTED: _l("已纠正"),
    FilingState.SUPPLEMENT: _l("改为补正告知"),
    FilingState.RECALLED: _l("已撤回"),
}
REFUSAL_LABELS = {
    Refusal.NOT_ACCEPTED: _l("不予受理"),
    Refusal.DEFERRED: _l("暂不予受理"),
    Refusal.NOT_APPROVED: _l("不予批准"),
    Refusal.NOT_OURS: _l("非本单位职责"),
}
GROUND_LABELS = {
    Ground.CONDITIONS: _l("不符合法定条件"),
    Ground.POWERS: _l("超出职权范围"),
    Ground.DISAGREEMENT: _l("部门意见不一致"),
    Ground.LIMIT: _l("时限内无法办成"),
    Ground.OTHER: _l("其他"),
}
#: The written decision by kind of refusal (D-5).
LETTER_LABELS = {
    Refusal.NOT_ACCEPTED: _l("不予受理通知书"),
    Refusal.DEFERRED: _l("暂不予受理通知书"),
    Refusal.NOT_APPROVED: _l("不予批准决定书"),
    Refusal.NOT_OURS: _l("非本单位职责告知书"),
}
#: How a written decision reaches the client; stored by key.
DELIVERY_LABELS = {
    "handed": _l("当面送达"),
    "mailed": _l("邮寄送达"),
    "electronic": _l("电子送达"),
    "left": _l("留置送达"),
    "announced": _l("公告送达"),
}

timeline.label("refusal", REFUSAL_LABELS, of="denial_filing")
timeline.label("ground", GROUND_LABELS, of="denial_filing")
timeline.label("how", DELIVERY_LABELS, of="denial_filing.delivered")
timeline.label("files", lambda value, _facts: "、".join(f["name"] for f in value), of="denial_filing")
timeline.label("why", {"barred": _l("应当回避"), "gap": _l("无人代行")}, of="denial_filing.taken_up")

_CONTENT = ("situation", "reason", "basis", "alternatives", "department_opinion")
_CHOSEN = ("refusal", "ground", "grave", "authority", "edition", "files")
_DECISION = ("edition", "late", "meeting_on", "files")

FILED = kind(
    "denial_filing.filed",
    _l("否定报备 %(number)s：%(refusal)s"),
    facts=(*_CHOSEN, "number", "decide_by", "deliver_by", "to_post"),
    personal=_CONTENT,
    rules=("D-1", "D-2"),
    clause="denial_filing.1",
)
AMENDED = kind(
    "denial_filing.amended",
    _l("修改报备内容（第 %(edition)s 稿）"),
    facts=_CHOSEN,
    personal=_CONTENT,
    rules=("D-4",),
    clause="denial_filing.6",
)
RECALLED = kind("denial_filing.recalled", _l("撤回报备"), facts=("edition",), personal=("reason",), rules=("D-4",))
FALLEN = kind("denial_filing.fallen", _l("办件视为同意，报备随之失效"), facts=("edition",), rules=("T-7", "D-4"))
ESCALATED = kind(
    "denial_filing.escalated",
    _l("呈报主要负责人"),
    facts=("edition", "late", "decide_by"),
    personal=("opinion",),
    rules=("D-3",),
    clause="denial_filing.4",
)
TAKEN_UP = kind(
    "denial_filing.taken_up",
    _l("分管领导%(why)s，由主要负责人决定"),
    facts=("why", "edition"),
    rules=("D-4",),
    clause="denial_filing.6",
)
AGREED = kind(
    "denial_filing.agreed",
    _l("已同意否定意见"),
    facts=_DECISION,
    personal=("opinion", "meeting_record"),
    rules=("D-3", "D-4"),
    clause="denial_filing.4",
)
CORRECTED = kind(
    "denial_filing.corrected",
    _l("予以纠正，应当办理"),
    facts=_DECISION,
    personal=("opinion", "meeting_record"),
    rules=("D-3", "D-4"),
    clause="denial_filing.4",
)
SUPPLEMENT = kind(
    "denial_filing.supplement_ordered",
    _l("改为一次性告知补正"),
    facts=_DECISION,
    personal=("opinion", "meeting_record"),
    rules=("D-3", "D-4"),
    clause="denial_filing.4",
)
DECISION_OVERDUE = kind(
    "denial_filing.decision_overdue",
    _l("报备逾期未审批（应于 %(decide_by)s 前）"),
    facts=("decide_by",),
    rules=("D-5", "A-1"),
    clause="denial_filing.3",
)
LETTER_OVERDUE = kind(
    "denial_filing.letter_overdue",
    _l("书面决定逾期未送达（应于 %(deliver_by)s 前）"),
    facts=("deliver_by",),
    rules=("D-5", "A-1"),
    clause="denial_filing.7",
)
LETTER_ISSUED = kind(
    "denial_filing.letter_issued",
    _l("出具书面决定 %(letter)s"),
    facts=("letter", "late"),
    rules=("D-5",),
    clause="denial_filing.7",
)
DELIVERED = kind(
    "denial_filing.delivered",
    _l("书面决定已送达（%(how)s）"),
    facts=("how", "on", "late", "materials_returned"),
    personal=("to",),
    rules=("D-5", "N-6"),
    clause="denial_filing.7",
)
