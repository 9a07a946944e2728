"""Policy values of reminders, urging and supervision (T-6, T-12, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import ChoiceKind, IntegerKind, LimitKind, Measure
from portal.policy.source import Source
from portal.pure.limits import Limit, Unit

DEFINITIONS = (
    Definition(
        "reminder.digest_at",
        ChoiceKind({"08:00": _l("8:00"), "08:30": _l("8:30"), "09:00": _l("9:00"), "13:30": _l("13:30")}),
        "08:30",
        _l("提醒汇总发送的时间"),
        _l("选择“每日汇总”的渠道，积攒的提醒在下一个工作日的这个时间一并发出。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "reminder.give_up_after",
        LimitKind({Unit.DAYS: 30, Unit.WORKING_DAYS: 20}),
        Limit(3, Unit.DAYS),
        _l("外发提醒的重试期限"),
        _l("渠道连接不上时一直重试，超过此期限仍未发出的，记为未发出并告知本人和办公室。门户内的收件箱不受影响。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "reminder.keep_days",
        IntegerKind(30, 3650, Measure.DAYS),
        365,
        _l("收件箱保留天数"),
        _l("已读的提醒超过此天数后清除；未读的一直保留。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "urging.nag_every",
        up_to(5),
        Limit(4, Unit.WORKING_HOURS),
        _l("再次提醒的间隔"),
        _l("临期、超期之后经办人没有动作的，每隔这么久再提醒一次；有任何办理动作或者办结即停止。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "urging.nag_times",
        IntegerKind(0, 10, Measure.TIMES),
        2,
        _l("每一级再次提醒的次数"),
        _l("提醒这么多次仍没有动作的，报上一级：经办人、科室负责人、分管领导。填 0 不再次提醒。"),
        Source.OWN,
        ("T-6",),
    ),
    Definition(
        "urging.reply_within",
        up_to(10),
        wd(1),
        _l("催办的答复时限"),
        _l("催办时没有另定答复期限的，按此时限答复。"),
        Source.OWN,
        ("T-12",),
    ),
    Definition(
        "urging.supervision_reply_within",
        up_to(20),
        wd(3),
        _l("督办的答复时限"),
        _l("督办单没有另定答复日期的，按此时限答复。"),
        Source.OWN,
        ("T-12",),
    ),
)
