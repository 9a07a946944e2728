"""Words of the calendar room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.calendar.rules import Fault
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.pure.counting import SkipReason

READ = "calendar.read"
ENTER = "calendar.enter"
PERMISSIONS = (READ, ENTER)

#: By "the office works that day".
DAY_LABELS = {True: _l("上班"), False: _l("放假")}
SKIP_LABELS = {
    SkipReason.WEEKEND: _l("周末"),
    SkipReason.HOLIDAY: _l("放假"),
    SkipReason.STOPPED: _l("中止"),
    SkipReason.AFTER_HOURS: _l("已过下班时间"),
}
FAULT_LABELS = {
    Fault.NO_DATE: _l("不是日期，请写成 2027-02-14"),
    Fault.NO_SUCH_DAY: _l("没有这一天"),
    Fault.OTHER_YEAR: _l("不是这一年的日期；相邻年份的日子请用“设定一天”"),
    Fault.ENDS_BEFORE: _l("结束日期早于开始日期"),
    Fault.TOO_MANY_DAYS: _l("一段放假最多 40 天"),
    Fault.TWICE: _l("这一天在前面已经写过"),
    Fault.WORKED_ANYWAY: _l("这一天不是周末，本来就上班"),
    Fault.NO_NAME: _l("放假的日子要写节日名称"),
    Fault.TOO_LONG: _l("名称最多 60 个字"),
    Fault.KIND: _l("类型应为“放假”或“上班”"),
}
MOVED_LABELS = {"statutory": _l("法定期限"), "tacit": _l("视为受理"), "warning": _l("预警时间")}

WEEKDAY_LABELS = {
    0: _l("每周一"),
    1: _l("每周二"),
    2: _l("每周三"),
    3: _l("每周四"),
    4: _l("每周五"),
    5: _l("每周六"),
    6: _l("每周日"),
}
#: By "the window is open".
SERVICE_LABELS = {True: _l("开放"), False: _l("不开放")}

timeline.label("weekday", WEEKDAY_LABELS, of="calendar.service_set")
timeline.label("open", SERVICE_LABELS, of="calendar.service_set")
for _fact in ("what", "old"):
    timeline.label(_fact, {"work": DAY_LABELS[True], "off": DAY_LABELS[False]}, of="calendar")

DAY_SET = kind(
    "calendar.day_set",
    _l("日历 %(day)s 设为%(what)s（%(reason)s）"),
    facts=("day", "what", "old", "reason"),
    rules=("T-3",),
)
DAY_CLEARED = kind(
    "calendar.day_cleared",
    _l("日历 %(day)s 恢复官方安排（%(reason)s）"),
    facts=("day", "what", "reason"),
    rules=("T-3",),
)
YEAR_ENTERED = kind(
    "calendar.year_entered",
    _l("录入 %(year)s 年放假安排（%(notice)s）"),
    facts=("year", "notice", "off", "work"),
    rules=("T-3",),
)
YEAR_WITHDRAWN = kind(
    "calendar.year_withdrawn",
    _l("撤回 %(year)s 年放假安排（%(notice)s）：%(reason)s"),
    facts=("year", "notice", "reason"),
    rules=("T-3",),
)
SERVICE_SET = kind(
    "calendar.service_set",
    _l("%(department)s窗口服务时间：%(weekday)s %(open)s，自 %(from_on)s 起（%(reason)s）"),
    facts=("department", "weekday", "from_on", "until_on", "open", "hours", "reason"),
    rules=("T-3",),
)
SERVICE_ENDED = kind(
    "calendar.service_ended",
    _l("%(department)s窗口服务时间取消（自 %(from_on)s 起的一条）"),
    facts=("department", "from_on", "until_on"),
    rules=("T-3",),
)
