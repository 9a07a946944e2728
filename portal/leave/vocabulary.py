"""Words of leave."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.leave.models import LeaveState
from portal.leave.rules import Filer, Level, Standing, Verdict

ASK = "leave.ask"
DECIDE = "leave.decide"
FILE = "leave.file"
READ = "leave.read"
READ_ALL = "leave.read_all"
SET = "leave.set"
PERMISSIONS = (ASK, DECIDE, FILE, READ, READ_ALL, SET)

KIND_LABELS = {
    AbsenceKind.OFFICIAL: _l("公出"),
    AbsenceKind.PRIVATE: _l("事假"),
    AbsenceKind.SICK: _l("病假"),
    AbsenceKind.ANNUAL: _l("年休假"),
    AbsenceKind.TRAINING: _l("培训"),
    AbsenceKind.MEETING: _l("会议"),
}
HALF_LABELS = {Half.AM: _l("上午"), Half.PM: _l("下午")}
STATE_LABELS = {
    LeaveState.DRAFT: _l("草稿"),
    LeaveState.WAITING: _l("审批中"),
    LeaveState.RETURNED: _l("退回修改"),
    LeaveState.APPROVED: _l("已批准"),
    LeaveState.REFUSED: _l("未批准"),
    LeaveState.WITHDRAWN: _l("已撤回"),
}
LEVEL_LABELS = {
    Level.HEAD: _l("科室负责人"),
    Level.LEADER: _l("分管领导"),
    Level.PRINCIPAL: _l("主要负责人"),
    Level.FILE: _l("备案"),
}
STANDING_LABELS = {
    Standing.STAFF: _l("工作人员"),
    Standing.HEAD: _l("科室负责人"),
    Standing.LEADER: _l("分管领导"),
    Standing.PRINCIPAL: _l("主要负责人"),
    Standing.OFFICE: _l("办公室人员"),
    Standing.SUPERVISION: _l("督查人员"),
}
FILER_LABELS = {
    Filer.ANY: _l("督查或者办公室"),
    Filer.OFFICE: _l("办公室"),
    Filer.SUPERVISION: _l("督查"),
}
VERDICT_LABELS = {
    Verdict.APPROVED: _l("同意"),
    Verdict.RETURNED: _l("退回修改"),
    Verdict.REFUSED: _l("不同意"),
    Verdict.FILED: _l("已备案"),
}

timeline.label("kind", KIND_LABELS, of="leave")
timeline.label("level", LEVEL_LABELS, of="leave")
timeline.label("chain", LEVEL_LABELS, of="leave")
timeline.label("files", lambda value, _facts: "、".join(f["name"] for f in value) or "—", of="leave")

_TIME = ("kind", "from_at", "to_at", "halves", "round")
_TEXT = ("reason", "destination", "contact")

DRAFTED = kind(
    "leave.drafted",
    _l("起草请假 %(number)s：%(kind)s，%(from_at)s 至 %(to_at)s"),
    facts=("number", *_TIME),
    personal=_TEXT,
    rules=("O-3",),
)
CHANGED = kind(
    "leave.changed",
    _l("修改请假：%(kind)s，%(from_at)s 至 %(to_at)s"),
    facts=_TIME,
    personal=_TEXT,
    rules=("O-3",),
)
SENT = kind(
    "leave.sent",
    _l("提交请假：%(kind)s，%(from_at)s 至 %(to_at)s，依次由%(chain)s办理"),
    facts=(*_TIME, "chain", "made_up", "files"),
    rules=("O-3",),
)
HANDOVER_CONFIRMED = kind(
    "leave.handover_confirmed",
    _l("确认接手%(name)s的岗位“%(post)s”"),
    facts=("name", "post", "round"),
    rules=("AB-2",),
    clause="ab_post.3",
)
APPROVED = kind(
    "leave.approved",
    _l("%(level)s同意请假"),
    facts=("level", "round", "final"),
    personal=("opinion",),
    rules=("O-3",),
)
RETURNED = kind(
    "leave.returned", _l("%(level)s退回修改"), facts=("level", "round"), personal=("opinion",), rules=("O-3",)
)
REFUSED = kind(
    "leave.refused", _l("%(level)s不同意请假"), facts=("level", "round"), personal=("opinion",), rules=("O-3",)
)
FILED = kind("leave.filed", _l("请假已备案"), facts=("round", "final"), personal=("opinion",), rules=("O-3",))
WITHDRAWN = kind("leave.withdrawn", _l("撤回请假"), facts=("round",), rules=("O-3",))
CANCELLED = kind("leave.cancelled", _l("取消已批准的请假"), facts=("at",), rules=("O-3", "AB-4"))
CAME_BACK = kind("leave.came_back", _l("提前返岗"), facts=("at",), rules=("O-3", "AB-4"), clause="ab_post.5")
CERTIFICATE_HANDED_IN = kind(
    "leave.certificate_handed_in", _l("补交病假证明：%(files)s"), facts=("files", "late"), rules=("O-3",)
)
ALLOWANCE_SET = kind(
    "leave.allowance_set",
    _l("设定%(year)s 年年休假：应休 %(entitled)s 个半天，结转 %(carried)s 个半天，参加工作日期 %(since)s"),
    facts=("year", "entitled", "carried", "since", "reason"),
    rules=("O-3",),
)
