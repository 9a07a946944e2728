"""Words of the room of reports on duty."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.duty_report.models import Grade, RoundState, Standing
from portal.kernel.journal import kind

READ = "duty_report.read"
READ_RESULTS = "duty_report.read_results"
MANAGE = "duty_report.manage"
PERMISSIONS = (READ, READ_RESULTS, MANAGE)

STATE_LABELS = {
    RoundState.PREPARED: _l("准备中"),
    RoundState.OPEN: _l("进行中"),
    RoundState.CLOSED: _l("已结束"),
}
STANDING_LABELS = {
    Standing.COLLEAGUE: _l("同事"),
    Standing.HEAD: _l("科室负责人"),
    Standing.LEADER: _l("上级领导"),
    Standing.ADDED: _l("办公室增列"),
}
GRADE_LABELS = {
    Grade.EXCELLENT: _l("优秀"),
    Grade.COMPETENT: _l("称职"),
    Grade.BASIC: _l("基本称职"),
    Grade.INCOMPETENT: _l("不称职"),
}
#: The sections of a report, in the order of what a post states (P-1).
SECTIONS = {
    "duties": _l("履行职责情况"),
    "limits": _l("遵守时限和工作标准情况"),
    "problems": _l("存在的问题"),
    "plan": _l("下一年打算"),
}
FIGURE_LABELS = {
    "received": _l("收件"),
    "closed": _l("办结"),
    "on_time": _l("按期办结"),
    "open_overdue": _l("超期未结"),
}

PREPARED = kind(
    "duty_report.prepared",
    _l("准备%(year)s 年述职：%(people)s 人，%(report_by)s 前提交，%(assess_by)s 前评议"),
    facts=("year", "people", "report_by", "assess_by", "circle"),
    rules=("P-5",),
    clause="post_duty.6",
)
LISTED = kind("duty_report.listed", _l("列出评议人 %(people)s 人"), facts=("people",), rules=("P-5",))
CIRCLE_CHANGED = kind(
    "duty_report.circle_changed",
    _l("调整评议人：增加%(added)s，减少%(removed)s"),
    facts=("added", "removed"),
    rules=("P-5",),
)
OPENED = kind("duty_report.opened", _l("%(year)s 年述职开始"), facts=("year",), rules=("P-5",), clause="post_duty.6")
SAVED = kind("duty_report.saved", _l("保存述职草稿"), rules=("P-5",))
SUBMITTED = kind("duty_report.submitted", _l("提交述职报告"), facts=("late",), rules=("P-5",), clause="post_duty.6")
#: Without the grade: nobody can tell from the journal who gave which.
ASSESSED = kind("duty_report.assessed", _l("完成一份评议"), rules=("P-5",), clause="post_duty.6")
CLOSED = kind(
    "duty_report.closed",
    _l("%(year)s 年述职结束：%(submitted)s 份报告，%(given)s 份评议"),
    facts=("year", "submitted", "given"),
    rules=("P-5",),
    clause="post_duty.6",
)
