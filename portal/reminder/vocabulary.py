"""Words of the reminder room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.reminder.models import Delivery, Kind, Service, When

#: Set up the robots of the unit's groups, and see which channels fail.
ROBOTS = "reminder.robots"
PERMISSIONS = (ROBOTS,)

KIND_LABELS = {
    Kind.DUE_SOON: _l("临期"),
    Kind.OVERDUE: _l("超期"),
    Kind.RED: _l("严重超期"),
    Kind.NAG: _l("再次提醒"),
    Kind.URGE: _l("催办"),
    Kind.SUPERVISION: _l("督办"),
    Kind.TASK: _l("交办"),
    Kind.DECIDE: _l("待审批"),
    Kind.HANDOVER: _l("交接确认"),
    Kind.ALARM: _l("时限警报"),
    Kind.OTHER: _l("其他"),
}
SERVICE_LABELS = {
    Service.WECOM: _l("企业微信机器人"),
    Service.DINGTALK: _l("钉钉机器人"),
    Service.FEISHU: _l("飞书机器人"),
    Service.MAIL: _l("电子邮件"),
    Service.WEBHOOK: _l("本单位服务（Webhook）"),
}
WHEN_LABELS = {
    When.OFFICE: _l("只在工作时间"),
    When.HOURS: _l("每天的以下时段"),
    When.ALWAYS: _l("随时"),
}
DELIVERY_LABELS = {
    Delivery.WAITING: _l("待发"),
    Delivery.SENDING: _l("正在发送"),
    Delivery.SENT: _l("已发出"),
    Delivery.FAILED: _l("未发出"),
    Delivery.UNKNOWN: _l("是否送达不明"),
    Delivery.DROPPED: _l("不再发送"),
}
ERROR_LABELS = {
    "unreachable": _l("连接不上对方服务"),
    "refused": _l("对方服务拒绝，请检查地址"),
    "late": _l("对方服务没有及时答复"),
    "interrupted": _l("发送过程被中断"),
    "closed": _l("渠道已停用"),
    "not_set_up": _l("本单位没有启用这种渠道"),
}

timeline.label("service", SERVICE_LABELS, of="reminder")
timeline.label("kinds", KIND_LABELS, of="reminder")
timeline.label("hours", WHEN_LABELS, of="reminder")
timeline.label("was", DELIVERY_LABELS, of="reminder")

_FACTS = ("name", "service", "address", "kinds", "hours", "digest", "unit")
CHANNEL_ADDED = kind("reminder.channel_added", _l("增加提醒渠道：%(service)s %(name)s（%(address)s）"), facts=_FACTS)
CHANNEL_CHANGED = kind(
    "reminder.channel_changed", _l("修改提醒渠道：%(service)s %(name)s（%(address)s）"), facts=_FACTS
)
CHANNEL_CLOSED = kind("reminder.channel_closed", _l("停用提醒渠道：%(service)s %(name)s"), facts=("service", "name"))
RESENT = kind("reminder.resent", _l("再次发送：%(name)s（原为%(was)s）"), facts=("name", "was"))
