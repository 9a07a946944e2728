"""Words of openness: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.openness.models import VersionState
from portal.openness.rules import Level, Period, Scope, Standing

READ = "openness.read"
WRITE = "openness.write"
APPROVE = "openness.approve"
#: The yearly list, what stands on top, any department's notices.
MANAGE = "openness.manage"
PERMISSIONS = (READ, WRITE, APPROVE, MANAGE)

#: The kinds of the usual list in both languages; an office's own kinds read as it wrote them.
KIND_LABELS = {
    "机构职能": _l("机构职能"),
    "办事指南": _l("办事指南"),
    "办理结果": _l("办理结果"),
    "通知公告": _l("通知公告"),
}
STATE_LABELS = {
    VersionState.DRAFT: _l("起草中"),
    VersionState.WAITING: _l("审批中"),
    VersionState.RETURNED: _l("退回修改"),
    VersionState.PUBLISHED: _l("已公布"),
    VersionState.DROPPED: _l("已放弃"),
}
SCOPE_LABELS = {Scope.DEPARTMENT: _l("以科室名义"), Scope.UNIT: _l("以单位名义")}
LEVEL_LABELS = {Level.HEAD: _l("科室负责人"), Level.LEADER: _l("分管领导")}
STANDING_LABELS = {
    Standing.AHEAD: _l("待公布"),
    Standing.SHOWN: _l("公布中"),
    Standing.ENDED: _l("公布期满"),
    Standing.WITHDRAWN: _l("已撤下"),
}
PERIOD_LABELS = {
    Period.YEARLY: _l("每年一次"),
    Period.HALF_YEARLY: _l("每半年"),
    Period.QUARTERLY: _l("每季度"),
    Period.MONTHLY: _l("每月"),
}


def kind_label(name: str) -> str:
    """A kind as shown to people."""
    return str(KIND_LABELS.get(name, name))


timeline.label("kind", lambda value, _facts: kind_label(str(value)), of="openness")
timeline.label("level", LEVEL_LABELS, of="openness")
timeline.label("chain", LEVEL_LABELS, of="openness")
timeline.label("scope", SCOPE_LABELS, of="openness")
timeline.label("period", PERIOD_LABELS, of="openness")
timeline.label("files", lambda value, _facts: "、".join(f["name"] for f in value) or "—", of="openness")

_CLAUSE = "service_commitment.1"
_CONTENT = ("number", "version", "title", "kind", "scope", "publish_on", "until_on", "text", "files")

WRITTEN = kind(
    "openness.written",
    _l("起草公开信息 %(number)s 第 %(version)s 版：%(title)s"),
    facts=_CONTENT,
    rules=("O-1",),
    clause=_CLAUSE,
)
CHANGED = kind(
    "openness.changed", _l("修改第 %(version)s 版：%(title)s"), facts=_CONTENT, rules=("O-1",), clause=_CLAUSE
)
SENT = kind(
    "openness.sent",
    _l("送审第 %(version)s 版，依次由%(chain)s办理"),
    facts=("version", "chain"),
    rules=("O-1",),
    clause=_CLAUSE,
)
REVIEWED = kind(
    "openness.reviewed",
    _l("%(level)s审核同意第 %(version)s 版：%(opinion)s"),
    facts=("version", "level", "opinion"),
    rules=("O-1",),
    clause=_CLAUSE,
)
RETURNED = kind(
    "openness.returned",
    _l("%(level)s退回第 %(version)s 版：%(opinion)s"),
    facts=("version", "level", "opinion"),
    rules=("O-1",),
    clause=_CLAUSE,
)
PUBLISHED = kind(
    "openness.published",
    _l("%(level)s批准公布第 %(version)s 版，%(publish_on)s 起公布"),
    facts=("version", "level", "opinion", "publish_on", "until_on", "text"),
    rules=("O-1",),
    clause=_CLAUSE,
)
DROPPED = kind("openness.dropped", _l("放弃第 %(version)s 版"), facts=("version",), rules=("O-1",), clause=_CLAUSE)
WITHDRAWN = kind(
    "openness.withdrawn",
    _l("撤下公开信息：%(reason)s"),
    facts=("number", "reason"),
    rules=("O-1",),
    clause=_CLAUSE,
)
PINNED = kind("openness.pinned", _l("置顶：%(pinned)s"), facts=("pinned",), rules=("O-1",), clause=_CLAUSE)
DUTY_ADDED = kind(
    "openness.duty_added",
    _l("%(year)s 年公开目录列入“%(title)s”：%(period)s，首次 %(first_on)s"),
    facts=("year", "title", "kind", "department", "period", "first_on", "basis"),
    rules=("O-1",),
    clause=_CLAUSE,
)
DUTY_ENDED = kind(
    "openness.duty_ended",
    _l("公开目录取消“%(title)s”：%(reason)s"),
    facts=("title", "reason"),
    rules=("O-1",),
    clause=_CLAUSE,
)
DUTY_MET = kind(
    "openness.duty_met",
    _l("公开目录“%(title)s”%(due_on)s 应公开的，已由 %(number)s 公开"),
    facts=("title", "due_on", "number", "late"),
    rules=("O-1",),
    clause=_CLAUSE,
)
