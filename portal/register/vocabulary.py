"""Words of the registers: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.vocabulary import HALF_YEAR_LABELS
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.register import presets
from portal.register.models import (
    CheckResult,
    EntryState,
    FieldType,
    HazardState,
    Keeper,
    Presence,
    Rhythm,
    Scope,
)

#: A name, purpose or field of a kind as a page shows it.
shown = presets.shown

#: Read the own department's registers and those of the whole unit.
READ = "register.read"
READ_ALL = "register.read_all"
#: Write where one keeps the register.
WRITE = "register.write"
#: Write what the office keeps.
KEEP_UNIT = "register.keep_unit"
#: Make and change kinds; write in every register.
MANAGE = "register.manage"
#: Check every half year; check hazards again.
CHECK = "register.check"
PERMISSIONS = (READ, READ_ALL, WRITE, KEEP_UNIT, MANAGE, CHECK)

SCOPE_LABELS = {Scope.DEPARTMENT: _l("每个科室一本"), Scope.UNIT: _l("全单位一本")}
KEEPER_LABELS = {
    Keeper.MEMBER: _l("科室人员"),
    Keeper.HEAD: _l("科室负责人"),
    Keeper.OFFICE: _l("办公室或督查组"),
}
RHYTHM_LABELS = {
    Rhythm.NONE: _l("不定期"),
    Rhythm.WORKDAY: _l("每个工作日"),
    Rhythm.WEEK: _l("每周一次"),
    Rhythm.MONTH: _l("每月"),
    Rhythm.HALF_YEAR: _l("每半年"),
}
FIELD_LABELS = {
    FieldType.LINE: _l("一行文字"),
    FieldType.PARAGRAPH: _l("多行文字"),
    FieldType.NUMBER: _l("整数"),
    FieldType.DATE: _l("日期"),
}
#: What a kind asks besides its fields.
FEATURE_LABELS = {
    "attendance": _l("登记出席"),
    "heads_only": _l("科室负责人参加，可以派人"),
    "agenda": _l("写议题"),
    "passing_on": _l("会后传达并确认"),
    "hazards": _l("登记隐患，限期整改、复查"),
    "handover": _l("交接班"),
    "hours": _l("记时长"),
    "notes": _l("记笔记字数"),
}
STATE_LABELS = {
    EntryState.DRAFT: _l("草稿"),
    EntryState.FILED: _l("已记录"),
    EntryState.STRUCK: _l("已作废"),
}
PRESENCE_LABELS = {
    Presence.PRESENT: _l("到场"),
    Presence.DELEGATED: _l("派人参加"),
    Presence.EXCUSED: _l("请假"),
    Presence.ABSENT: _l("无故缺席"),
}
HAZARD_LABELS = {
    HazardState.OPEN: _l("待整改"),
    HazardState.RECTIFIED: _l("待复查"),
    HazardState.CLOSED: _l("已消除"),
}
RESULT_LABELS = {
    CheckResult.GOOD: _l("好"),
    CheckResult.SUFFICIENT: _l("一般"),
    CheckResult.POOR: _l("差"),
}

timeline.label("result", RESULT_LABELS, of="register")
timeline.label("half", HALF_YEAR_LABELS, of="register")

KIND_ADDED = kind("register.kind_added", _l("新增台账“%(name)s”"), facts=("code", "name", "kept"), rules=("O-4",))
KIND_CHANGED = kind(
    "register.kind_changed", _l("修改台账“%(name)s”的设置"), facts=("code", "name", "before", "after"), rules=("O-4",)
)
KIND_CLOSED = kind(
    "register.kind_closed", _l("停用台账“%(name)s”，自 %(on)s 起"), facts=("code", "name", "on"), rules=("O-4",)
)
KIND_OPENED = kind(
    "register.kind_opened", _l("重新启用台账“%(name)s”，自 %(on)s 起"), facts=("code", "name", "on"), rules=("O-4",)
)
BEGUN = kind(
    "register.begun",
    _l("起草%(kind)s %(number)s：%(title)s"),
    facts=("kind", "number", "title", "held_on", "agenda_month"),
    rules=("O-4",),
)
WRITTEN = kind("register.written", _l("修改草稿 %(number)s"), facts=("number", "kept"), rules=("O-4",))
ATTENDANCE_TAKEN = kind(
    "register.attendance_taken",
    _l("登记出席 %(number)s：到场 %(present)s 人，请假 %(excused)s 人，无故缺席 %(absent)s 人"),
    facts=("number", "present", "excused", "absent", "rows"),
    rules=("O-4", "O-3"),
)
FILED = kind(
    "register.filed",
    _l("记入%(kind)s %(number)s：%(title)s"),
    facts=("kind", "number", "title", "held_on", "kept"),
    rules=("O-4",),
)
CORRECTED = kind(
    "register.corrected",
    _l("更正 %(number)s：%(reason)s"),
    facts=("number", "reason", "changes"),
    rules=("O-4", "J-3"),
)
STRUCK = kind("register.struck", _l("作废 %(number)s：%(reason)s"), facts=("number", "reason"), rules=("O-4", "J-3"))
FILES_ADDED = kind("register.files_added", _l("%(number)s 增加附件"), facts=("number", "files"), rules=("O-4",))
PASSED_ON = kind(
    "register.passed_on",
    _l("%(department)s传达 %(number)s，传达日期 %(on)s，%(heard)s 人"),
    facts=("number", "department", "on", "heard", "note", "late"),
    rules=("O-4",),
)
TAKEN_OVER = kind("register.taken_over", _l("接班 %(number)s"), facts=("number", "note"), rules=("O-4",))
HAZARD_FOUND = kind(
    "register.hazard_found",
    _l("发现隐患 %(hazard)s（%(department)s）：%(seen)s，限 %(due)s 前整改"),
    facts=("hazard", "number", "department", "seen", "demand", "due"),
    rules=("O-4",),
)
HAZARD_RECTIFIED = kind(
    "register.hazard_rectified",
    _l("隐患 %(hazard)s 已整改：%(text)s"),
    facts=("hazard", "text", "files"),
    rules=("O-4",),
)
HAZARD_RETURNED = kind(
    "register.hazard_returned",
    _l("复查隐患 %(hazard)s 未通过：%(text)s，改限 %(due)s 前整改"),
    facts=("hazard", "text", "due"),
    rules=("O-4",),
)
HAZARD_CLOSED = kind("register.hazard_closed", _l("复查隐患 %(hazard)s 通过"), facts=("hazard", "text"), rules=("O-4",))
CHECKED = kind(
    "register.checked",
    _l("%(year)s 年%(half)s台账检查，%(department)s：%(result)s"),
    facts=("year", "half", "department", "edition", "result", "comment"),
    rules=("O-4",),
)
