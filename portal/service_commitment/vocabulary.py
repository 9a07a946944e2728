"""Words of the catalogue."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind
from portal.service_commitment.models import BreachKind, CaseKind, DraftState

READ = "service_commitment.read"
PUBLISH = "service_commitment.publish"
#: Write the next version of an item: the office for all, a head for those of the own department (C-3).
DRAFT = "service_commitment.draft"
READ_DRAFTS = "service_commitment.read_drafts"
#: Agree to what others wrote: the office, leaders for departments in their charge, the principal.
REVIEW = "service_commitment.review"
PERMISSIONS = (READ, PUBLISH, DRAFT, REVIEW, READ_DRAFTS)

KIND_LABELS = {
    CaseKind.ON_SPOT: _l("即办件"),
    CaseKind.PROMISED: _l("承诺件"),
    CaseKind.JOINT: _l("联办件"),
    CaseKind.FORWARDED: _l("上报件"),
}
BREACH_LABELS = {
    BreachKind.APOLOGY: _l("书面致歉"),
    BreachKind.COMPENSATION: _l("经济补偿"),
    BreachKind.REFERENCE: _l("转有权机关处理"),
}
STATE_LABELS = {
    DraftState.WRITING: _l("拟订中"),
    DraftState.SUBMITTED: _l("待审核"),
    DraftState.PUBLISHED: _l("已公布"),
    DraftState.REFUSED: _l("未通过"),
    DraftState.WITHDRAWN: _l("已撤回"),
}
#: Colour and sign of each state, for `ui.status`.
STATE_MARKS = {
    DraftState.WRITING: ("grey", "edit"),
    DraftState.SUBMITTED: ("amber", "clock-exclamation"),
    DraftState.PUBLISHED: ("green", "circle-check"),
    DraftState.REFUSED: ("red", "x"),
    DraftState.WITHDRAWN: ("grey", "circle-off"),
}
#: What a version holds, in the order of its pages; a field that is not named here is not compared in words.
CONTENT_LABELS = {
    "name": _l("事项名称"),
    "kind": _l("办件类型"),
    "promised_limit": _l("承诺时限"),
    "statutory_limit": _l("法定时限"),
    "basis": _l("办理依据"),
    "conditions": _l("受理条件"),
    "procedure": _l("办理程序"),
    "materials": _l("申请材料"),
    "fee_fen": _l("收费金额"),
    "fee_unit": _l("收费单位"),
    "fee": _l("收费说明"),
    "fee_basis": _l("收费依据"),
    "service_standard": _l("服务标准"),
    "breach_kinds": _l("违诺后果类别"),
    "breach": _l("违诺后果"),
    "complaint": _l("投诉方式"),
    "outcome": _l("结果文书"),
    "place": _l("办理地点"),
    "phone": _l("咨询电话"),
    "related": _l("相关事项"),
    "licence": _l("须由具备许可资格的人员决定"),
    "qualification": _l("须具备的资格种类"),
    "restarts": _l("补正后重新计时"),
    "next_day_after_hours": _l("下班后视为下一工作日收到"),
    "tacit_consent": _l("默认同意"),
    "parts": _l("分办科室"),
}

for _fact in ("promised", "statutory"):
    timeline.label(_fact, lambda value, _facts: limit_words(value) or _("无"), of="service_commitment")

ADDED = kind("service_commitment.added", _l("新增服务事项 %(name)s"), facts=("code", "name", "post"), rules=("C-1",))
PUBLISHED = kind(
    "service_commitment.published",
    _l("公布服务事项 %(name)s 第 %(number)s 版：承诺 %(promised)s，法定 %(statutory)s"),
    facts=("name", "number", "promised", "statutory", "materials"),
    rules=("C-1", "C-2", "C-3"),
    clause="service_commitment.1",
)
RETIRED = kind(
    "service_commitment.retired",
    _l("停办服务事项 %(name)s"),
    facts=("name", "on", "reason", "replaced_by"),
    rules=("C-1",),
)
RESUMED = kind("service_commitment.resumed", _l("恢复办理服务事项 %(name)s"), facts=("name",), rules=("C-1",))
CHANGED = kind(
    "service_commitment.changed",
    _l("修改服务事项 %(name)s 的负责岗位或检索词"),
    facts=("name", "post", "aliases", "topic"),
    rules=("C-1",),
)

timeline.label("changed", CONTENT_LABELS, of="service_commitment")

DRAFT_SAVED = kind(
    "service_commitment.draft_saved",
    _l("拟订服务事项 %(name)s 的新版本，第 %(edition)s 稿；与现行版本不同：%(changed)s"),
    facts=("name", "edition", "changed"),
    rules=("C-3",),
)
DRAFT_SUBMITTED = kind(
    "service_commitment.draft_submitted",
    _l("提交审核服务事项 %(name)s 的新版本；改动：%(changed)s；须另一人审核：%(second)s"),
    facts=("name", "changed", "second", "note"),
    rules=("C-3",),
)
DRAFT_RECALLED = kind(
    "service_commitment.draft_recalled", _l("取回服务事项 %(name)s 的新版本继续修改"), facts=("name",), rules=("C-3",)
)
DRAFT_APPROVED = kind(
    "service_commitment.draft_approved",
    _l("审核通过服务事项 %(name)s 第 %(number)s 版"),
    facts=("name", "number", "second"),
    rules=("C-3",),
    clause="service_commitment.1",
)
DRAFT_REFUSED = kind(
    "service_commitment.draft_refused",
    _l("审核不通过服务事项 %(name)s 的新版本：%(reason)s"),
    facts=("name", "reason"),
    rules=("C-3",),
)
DRAFT_WITHDRAWN = kind(
    "service_commitment.draft_withdrawn", _l("撤回服务事项 %(name)s 的新版本"), facts=("name",), rules=("C-3",)
)
SAMPLE_ADDED = kind(
    "service_commitment.sample_added",
    _l("上传服务事项 %(name)s 的样表（%(material)s）"),
    facts=("name", "material", "files"),
    rules=("C-1",),
)
