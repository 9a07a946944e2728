"""Words of score tables: permissions, the facts that rules may count, states, events."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.pure.scoring import Bar, Kind, Side
from portal.score_table.models import Subject, VersionState
from portal.score_table.presets import find, named

#: Read the tables by which one is scored.
READ = "score_table.read"
#: Take over, write, send for approval, discard.
MANAGE = "score_table.manage"
#: Approve what somebody else wrote.
APPROVE = "score_table.approve"
#: Try a version on a month that was: everybody's totals are seen.
SIMULATE = "score_table.simulate"
PERMISSIONS = (READ, MANAGE, APPROVE, SIMULATE)


class Fact(NamedTuple):
    """A figure of a month that a rule may count: what it is called, and what is counted."""

    label: LazyString
    unit: LazyString


#: What facts are counted in.
PERCENT, DAYS, TIMES, HALF_DAYS = _l("个百分点"), _l("天"), _l("次"), _l("个半天")

#: The facts that a rule's source may name (``fact:<name>``), each a figure of one month for a department or person.
FACTS: Mapping[str, Fact] = MappingProxyType(
    {
        "satisfaction": Fact(_l("服务对象满意率"), PERCENT),
        "coverage": Fact(_l("评议覆盖率"), PERCENT),
        "on_time_rate": Fact(_l("按期办结率"), PERCENT),
        "days_overdue": Fact(_l("办件超过承诺时限"), DAYS),
        "late_early": Fact(_l("迟到早退"), TIMES),
        "absent_half_days": Fact(_l("缺勤"), HALF_DAYS),
        "off_post": Fact(_l("脱岗"), TIMES),
        "uncovered_private_days": Fact(_l("事假未安排顶岗"), DAYS),
        "uncovered_sick_days": Fact(_l("病假未安排顶岗"), DAYS),
        "filed_leave_days": Fact(_l("已批准的请假"), DAYS),
        "praise": Fact(_l("受到表扬"), TIMES),
        "suggestion": Fact(_l("建议被采纳"), TIMES),
        "media_county": Fact(_l("县级媒体正面报道"), TIMES),
        "media_city": Fact(_l("市级以上媒体正面报道"), TIMES),
        "media_bad_county": Fact(_l("县级媒体批评报道"), TIMES),
        "media_bad_city": Fact(_l("市级以上媒体批评报道"), TIMES),
        "honour_county": Fact(_l("县级荣誉"), TIMES),
        "honour_city": Fact(_l("市级以上荣誉"), TIMES),
        "task_overdue": Fact(_l("计划和交办事项超期"), TIMES),
        "register_absent": Fact(_l("学习会议缺席"), TIMES),
        "bad_evaluation": Fact(_l("差评"), TIMES),
        "confirmed_complaint": Fact(_l("投诉属实"), TIMES),
    }
)

SUBJECT_LABELS = {Subject.DEPARTMENT: _l("窗口、科室"), Subject.PERSON: _l("个人")}

#: How a rule counts.
KIND_LABELS = {
    Kind.OCCURRENCE: _l("按次数"),
    Kind.PER_DAY: _l("按天数"),
    Kind.PER_POINT: _l("按百分点"),
    Kind.BAND: _l("按档次"),
    Kind.RANGE: _l("在幅度内酌情"),
    Kind.FIXED: _l("有即计一次"),
    Kind.DISQUALIFY: _l("只作否决，不计分"),
}

SIDE_LABELS = {Side.BELOW: _l("低于"), Side.ABOVE: _l("高于")}

#: What a rule takes away besides points (E-5).
BAR_LABELS = {
    Bar.NONE: _l("没有"),
    Bar.AWARD: _l("取消评优资格"),
    Bar.MONTH: _l("取消当月评优资格"),
    Bar.YEAR: _l("取消当年评优资格"),
    Bar.AWARD_AND_BONUS: _l("取消评优资格和奖金"),
}

STATE_LABELS = {
    VersionState.DRAFT: _l("草稿"),
    VersionState.SUBMITTED: _l("待审批"),
    VersionState.APPROVED: _l("已批准"),
    VersionState.DISCARDED: _l("已作废"),
}

MADE = kind(
    "score_table.made",
    _l("新建评分表“%(name)s”（%(subject)s），来源：%(preset)s"),
    facts=("name", "subject", "preset"),
    rules=("E-2", "POL-2"),
)
BEGUN = kind(
    "score_table.begun",
    _l("起草评分表“%(name)s”第 %(version)s 版"),
    facts=("name", "version"),
    rules=("E-2", "POL-1"),
)
CHANGED = kind(
    "score_table.changed",
    _l("修改评分表“%(name)s”第 %(version)s 版：%(what)s"),
    facts=("name", "version", "what", "old", "new"),
    rules=("E-2", "POL-1"),
)
IMPORTED = kind(
    "score_table.imported",
    _l(
        "从表格导入评分表“%(name)s”第 %(version)s 版：%(rules)s 条，"
        "其中新增 %(added)s、修改 %(changed)s、删除 %(removed)s"
    ),
    facts=("name", "version", "rules", "added", "changed", "removed", "sha256"),
    rules=("E-2", "POL-1", "POL-2"),
)
SUBMITTED = kind(
    "score_table.submitted",
    _l("评分表“%(name)s”第 %(version)s 版送审，拟自 %(month)s 起施行：%(reason)s"),
    facts=("name", "version", "month", "reason", "digest"),
    rules=("E-2", "POL-1"),
)
RETURNED = kind(
    "score_table.returned",
    _l("评分表“%(name)s”第 %(version)s 版退回修改：%(reason)s"),
    facts=("name", "version", "reason"),
    rules=("POL-1",),
)
APPROVED = kind(
    "score_table.approved",
    _l("批准评分表“%(name)s”第 %(version)s 版，自 %(month)s 起施行"),
    facts=("name", "version", "month", "digest"),
    rules=("E-2", "POL-1", "POL-2"),
)
DISCARDED = kind(
    "score_table.discarded",
    _l("作废评分表“%(name)s”第 %(version)s 版：%(reason)s"),
    facts=("name", "version", "reason"),
    rules=("POL-1",),
)
timeline.label("subject", SUBJECT_LABELS, of="score_table")


def _origin(code: Any, _facts: Mapping[str, Any]) -> str:
    found = find(str(code)) if code else None
    return named(found.name) if found else str(code or _("自行编写"))


timeline.label("preset", _origin, of="score_table")
