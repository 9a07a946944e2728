"""Words of appointments: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.appointment.models import Channel, Reason
from portal.appointment.rules import State
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "appointment.read"
READ_ALL = "appointment.read_all"
#: Enter, answer and follow the own department's.
HANDLE = "appointment.handle"
#: Which slots departments offer.
SET = "appointment.set"
PERMISSIONS = (READ, READ_ALL, HANDLE, SET)

STATE_LABELS = {
    State.ASKED: _l("待答复"),
    State.PROPOSED: _l("已另提时间"),
    State.CONFIRMED: _l("已约定"),
    State.DECLINED: _l("时间不能安排"),
    State.CANCELLED: _l("已取消"),
    State.CAME: _l("已到访"),
    State.MISSED: _l("未到"),
}
REASON_LABELS = {
    Reason.HOURS: _l("工作时间来不了"),
    Reason.DISABLED: _l("行动不便"),
    Reason.ELDERLY: _l("年老体弱"),
    Reason.URGENT: _l("事情紧急"),
    Reason.FAR: _l("路途较远"),
    Reason.OTHER: _l("其他"),
}
CHANNEL_LABELS = {Channel.PUBLIC: _l("网上"), Channel.PHONE: _l("电话"), Channel.COUNTER: _l("窗口")}
WEEKDAY_LABELS = {
    0: _l("星期一"),
    1: _l("星期二"),
    2: _l("星期三"),
    3: _l("星期四"),
    4: _l("星期五"),
    5: _l("星期六"),
    6: _l("星期日"),
}


def clock_words(minute: int) -> str:
    """Minutes after midnight as people write them."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


timeline.label("channel", CHANNEL_LABELS, of="appointment")
timeline.label("by_client", {True: _l("服务对象"), False: _l("工作人员代为登记")}, of="appointment")
timeline.label("weekday", lambda v, _f: str(WEEKDAY_LABELS[v]) if v in WEEKDAY_LABELS else _("当天"), of="appointment")

_CLAUSE = "service_commitment.6"


HOURS_SET = kind(
    "appointment.hours_set",
    _l("%(department)s可约时段：%(weekday)s %(from_time)s–%(to_time)s，每段 %(minutes)s 分钟，%(capacity)s 人"),
    facts=("department", "weekday", "only_on", "from_time", "to_time", "minutes", "capacity"),
    rules=("C-6",),
    clause=_CLAUSE,
)
HOURS_ENDED = kind(
    "appointment.hours_ended",
    _l("停止%(department)s的可约时段：%(weekday)s %(from_time)s–%(to_time)s"),
    facts=("department", "weekday", "only_on", "from_time", "to_time"),
    rules=("C-6",),
    clause=_CLAUSE,
)
ASKED = kind(
    "appointment.asked",
    _l("预约 %(number)s：%(department)s，%(channel)s，%(due_at)s 前答复"),
    facts=("number", "department", "channel", "from_at", "due_at"),
    rules=("C-6",),
    clause=_CLAUSE,
)
CONFIRMED = kind(
    "appointment.confirmed",
    _l("确认 %(from_at)s，由“%(post)s”接待"),
    facts=("from_at", "to_at", "post", "late"),
    rules=("C-6",),
    clause=_CLAUSE,
)
PROPOSED = kind(
    "appointment.proposed",
    _l("另提时间 %(from_at)s，由“%(post)s”接待"),
    facts=("from_at", "to_at", "post", "late"),
    rules=("C-6",),
    clause=_CLAUSE,
)
ACCEPTED = kind(
    "appointment.accepted",
    _l("同意所提时间 %(from_at)s（%(by_client)s）"),
    facts=("from_at", "by_client"),
    rules=("C-6",),
    clause=_CLAUSE,
)
REJECTED = kind(
    "appointment.rejected",
    _l("所提时间不合适（%(by_client)s），%(due_at)s 前再答复"),
    facts=("by_client", "due_at"),
    rules=("C-6",),
    clause=_CLAUSE,
)
DECLINED = kind(
    "appointment.declined",
    _l("答复时间不能安排；事项本身照常受理"),
    facts=("late",),
    rules=("C-6", "D-1"),
    clause=_CLAUSE,
)
MOVED = kind(
    "appointment.moved",
    _l("改约：%(old)s → %(from_at)s"),
    facts=("old", "from_at", "to_at", "post"),
    rules=("C-6",),
    clause=_CLAUSE,
)
ASSIGNED = kind(
    "appointment.assigned", _l("接待岗位：%(old)s → %(post)s"), facts=("old", "post"), rules=("C-6",), clause=_CLAUSE
)
CANCELLED = kind(
    "appointment.cancelled", _l("取消预约（%(by_client)s）"), facts=("by_client",), rules=("C-6",), clause=_CLAUSE
)
CAME = kind(
    "appointment.came", _l("已到访，登记为 %(became)s"), facts=("became",), rules=("C-6", "F-1"), clause=_CLAUSE
)
MISSED = kind("appointment.missed", _l("约定时间未到"), facts=("from_at",), rules=("C-6",), clause=_CLAUSE)
DUE_MOVED = kind(
    "appointment.due_moved",
    _l("日历变动，预约 %(number)s 的答复期限：%(old)s → %(new)s"),
    facts=("number", "old", "new"),
    rules=("C-6", "T-3"),
    clause=_CLAUSE,
)
OVERDUE = kind(
    "appointment.overdue",
    _l("预约 %(number)s 逾期未答复"),
    facts=("number", "due_at"),
    rules=("C-6", "A-1"),
    clause=_CLAUSE,
)
