"""Words of the post room."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.post_duty.models import PostKind

READ = "post_duty.read"
MANAGE = "post_duty.manage"
PERMISSIONS = (READ, MANAGE)

KIND_LABELS = {
    PostKind.STAFF: _l("工作岗位"),
    PostKind.HEAD: _l("科室负责人岗位"),
    PostKind.LEADER: _l("分管领导岗位"),
    PostKind.PRINCIPAL: _l("主要负责人岗位"),
}

#: What a post states (P-1), in the order of its page.
STATED = {
    "duties": _l("岗位职责"),
    "powers": _l("岗位权限"),
    "standard": _l("工作标准"),
    "liability": _l("责任追究"),
}
FIELD_LABELS = {"name": _l("名称"), "place": _l("办公地点"), "phone": _l("电话"), **STATED}

#: How a qualification stands on a day.
QUALIFICATION_LABELS = {
    "valid": _l("有效"),
    "expiring": _l("即将到期"),
    "expired": _l("已到期"),
    "coming": _l("尚未生效"),
    "revoked": _l("已终止"),
}

timeline.label("changes", FIELD_LABELS, of="post_duty")
timeline.label("kind", KIND_LABELS, of="post_duty")
timeline.label("valid_until", lambda value, _facts: value or _("长期"), of="post_duty")

ADDED = kind("post_duty.added", _l("设立岗位 %(name)s"), facts=("code", "name", "kind"), rules=("P-1", "R-1"))
CHANGED = kind(
    "post_duty.changed",
    _l("修改岗位 %(name)s：%(changes)s"),
    facts=("name", "changes"),
    rules=("P-1",),
    clause="post_duty.1",
)
CHARGED = kind(
    "post_duty.charged", _l("%(name)s分管科室：%(departments)s"), facts=("name", "departments"), rules=("R-2",)
)
CLOSED = kind("post_duty.closed", _l("撤销岗位 %(name)s"), facts=("name", "on"), rules=("P-1",))
QUALIFICATION_RECORDED = kind(
    "post_duty.qualification_recorded",
    _l("登记%(name)s的资格：%(what)s，证书 %(number)s，%(valid_from)s 至 %(valid_until)s"),
    facts=("name", "what", "number", "valid_from", "valid_until"),
    rules=("R-3",),
    clause="post_duty.2",
)
QUALIFICATION_REVOKED = kind(
    "post_duty.qualification_revoked",
    _l("终止%(name)s的资格：%(what)s，证书 %(number)s，%(reason)s"),
    facts=("name", "what", "number", "reason"),
    rules=("R-3",),
    clause="post_duty.2",
)
REPRESENTATIVE_NAMED = kind(
    "post_duty.representative_named",
    _l("%(department)s首席代表：%(old)s → %(new)s，自 %(from_on)s 起"),
    facts=("department", "old", "new", "from_on", "basis"),
    rules=("R-3",),
    clause="post_duty.2",
)
