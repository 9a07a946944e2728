"""Words of the attendance room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.models import AbsenceKind
from portal.attendance.models import CorrectionState, FindingKind, Slot
from portal.attendance.rules import State
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "attendance.read"
READ_DEPARTMENT = "attendance.read_department"
READ_ALL = "attendance.read_all"
APPROVE = "attendance.approve"
MANAGE = "attendance.manage"
INSPECT = "attendance.inspect"
CONCLUDE = "attendance.conclude"
PERMISSIONS = (READ, READ_DEPARTMENT, READ_ALL, APPROVE, MANAGE, INSPECT, CONCLUDE)

STATE_LABELS = {
    State.PRESENT: _l("出勤"),
    State.MISSING_IN: _l("缺上班卡"),
    State.MISSING_OUT: _l("缺下班卡"),
    State.ABSENT: _l("旷工"),
    State.EXCUSED: _l("请假或公出"),
    State.DAY_OFF: _l("休息日"),
    State.NO_DATA: _l("没有打卡数据"),
}
#: One sign each for the matrix, explained by its legend.
STATE_SIGNS = {
    State.PRESENT: "√",
    State.MISSING_IN: _l("缺"),
    State.MISSING_OUT: _l("缺"),
    State.ABSENT: _l("旷"),
    State.DAY_OFF: "",
    State.NO_DATA: "·",
}
LATE_SIGN, EARLY_SIGN, BOTH_SIGN = _l("迟"), _l("退"), _l("迟退")
KIND_SIGNS = {
    AbsenceKind.OFFICIAL: _l("公"),
    AbsenceKind.MEETING: _l("会"),
    AbsenceKind.TRAINING: _l("训"),
    AbsenceKind.ANNUAL: _l("休"),
    AbsenceKind.SICK: _l("病"),
    AbsenceKind.PRIVATE: _l("事"),
}
SLOT_LABELS = {
    Slot.AM_IN: _l("上午上班"),
    Slot.AM_OUT: _l("上午下班"),
    Slot.PM_IN: _l("下午上班"),
    Slot.PM_OUT: _l("下午下班"),
}
CORRECTION_LABELS = {
    CorrectionState.WAITING: _l("待审批"),
    CorrectionState.APPROVED: _l("已批准"),
    CorrectionState.REFUSED: _l("未批准"),
    CorrectionState.WITHDRAWN: _l("已撤回"),
}
FINDING_LABELS = {
    FindingKind.LATE: _l("迟到"),
    FindingKind.EARLY: _l("早退"),
    FindingKind.ABSENT: _l("缺勤"),
    FindingKind.OFF_POST: _l("脱岗、串岗"),
    FindingKind.GAMES: _l("工作时间玩游戏"),
    FindingKind.PRIVATE_WORK: _l("工作时间办私事"),
    FindingKind.OTHER: _l("其他违反工作纪律的情形"),
}

timeline.label("slot", SLOT_LABELS, of="attendance")
timeline.label("finding", FINDING_LABELS, of="attendance")
timeline.label("upheld", {True: _l("属实"), False: _l("不属实")}, of="attendance")

IMPORTED = kind(
    "attendance.imported",
    _l("导入打卡记录“%(file)s”：%(punches)s 次，新增 %(added)s，重复 %(repeated)s，有问题的 %(faults)s 行"),
    facts=("file", "sha256", "lines", "punches", "added", "repeated", "faults", "people", "from_at", "to_at"),
    rules=("O-3",),
)
IMPORT_UNDONE = kind(
    "attendance.import_undone",
    _l("撤销导入 %(number)s：%(reason)s"),
    facts=("number", "reason"),
    rules=("O-3", "J-3"),
)
CODE_SET = kind(
    "attendance.code_set",
    _l("打卡编号“%(code)s”对应%(name)s，自 %(from_on)s 起"),
    facts=("code", "name", "old", "from_on", "until_on"),
    rules=("O-3",),
)
ASKED = kind(
    "attendance.correction_asked",
    _l("申请补卡：%(name)s，%(day)s %(slot)s %(at)s"),
    facts=("number", "name", "day", "slot", "at", "files"),
    personal=("reason",),
    rules=("O-3",),
    clause="post_duty.3",
)
WITHDRAWN = kind("attendance.correction_withdrawn", _l("撤回补卡申请"), rules=("O-3", "J-3"))
APPROVED = kind("attendance.correction_approved", _l("批准补卡：%(opinion)s"), facts=("opinion",), rules=("O-3",))
REFUSED = kind("attendance.correction_refused", _l("不批准补卡：%(opinion)s"), facts=("opinion",), rules=("O-3",))
FILED = kind("attendance.correction_filed", _l("补卡备案"), rules=("O-3",))
CLOSED = kind(
    "attendance.month_closed",
    _l("关闭 %(month)s 考勤月表，共 %(people)s 人"),
    facts=("month", "people", "sha256"),
    rules=("O-3",),
)
AMENDED = kind(
    "attendance.month_amended",
    _l("更正 %(month)s 考勤月表（第 %(version)s 版）：%(reason)s"),
    facts=("month", "version", "people", "changes", "reason", "sha256"),
    rules=("O-3", "J-3"),
)
FOUND = kind(
    "attendance.found",
    _l("工作纪律检查：%(name)s，%(finding)s，%(found_at)s"),
    facts=("number", "name", "finding", "found_at", "place", "tenths", "reply_by", "files"),
    personal=("note",),
    rules=("P-3",),
    clause="post_duty.3",
)
REPLIED = kind(
    "attendance.finding_replied",
    _l("本人说明情况"),
    facts=("late", "files"),
    personal=("reply",),
    rules=("P-3",),
    clause="post_duty.3",
)
CONCLUDED = kind(
    "attendance.finding_concluded",
    _l("检查结论：%(upheld)s"),
    facts=("upheld", "without_reply"),
    personal=("conclusion",),
    rules=("P-3",),
    clause="post_duty.3",
)
