"""Policy values of openness and appointments (O-1, C-6, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import ChoiceKind, IntegerKind, Measure, TextKind
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "appointment.ahead_days",
        IntegerKind(1, 90, Measure.DAYS),
        21,
        _l("预约最多提前的天数"),
        _l("服务对象可以选择从今天起多少天之内的时段。"),
        Source.OWN,
        ("C-6",),
    ),
    Definition(
        "appointment.answer_within",
        up_to(5),
        wd(1),
        _l("预约答复时限"),
        _l("收到预约申请后确认、另提时间或者答复不能安排的时限；所选时段更早的，在时段开始前答复。"),
        Source.OWN,
        ("C-6",),
    ),
    Definition(
        "appointment.guesses_per_address",
        IntegerKind(1, 100, Measure.TIMES),
        10,
        _l("查询码每小时输错上限"),
        _l("同一网络地址一小时内编号和查询码不符的次数达到上限后，暂停查询，防止试码。"),
        Source.OWN,
        ("C-6",),
    ),
    Definition(
        "appointment.notice_minutes",
        IntegerKind(0, 2880, Measure.MINUTES),
        120,
        _l("预约至少提前的时间"),
        _l("开始前不足此时间的时段不再接受预约。"),
        Source.OWN,
        ("C-6",),
    ),
    Definition(
        "appointment.per_address",
        IntegerKind(1, 100, Measure.TIMES),
        5,
        _l("同一地址每小时预约上限"),
        _l("同一网络地址一小时内最多可以提交的预约次数，防止恶意占用时段。"),
        Source.OWN,
        ("C-6",),
    ),
    Definition(
        "openness.chain",
        ChoiceKind(
            {
                "reviewed": _l("科室的由科室负责人批准；单位的由科室负责人审核、分管领导批准"),
                "single": _l("科室的由科室负责人批准；单位的由分管领导批准"),
                "all": _l("一律由科室负责人审核、分管领导批准"),
            }
        ),
        "reviewed",
        _l("信息公开的审批程序"),
        _l("公开信息送审后依次由谁办理；起草人不能审批自己起草的信息，遇此情形由上一级办理。"),
        Source.OWN,
        ("O-1",),
    ),
    Definition(
        "openness.due_soon_workdays",
        IntegerKind(0, 30, Measure.WORKING_DAYS),
        5,
        _l("公开目录到期提醒"),
        _l("公开目录上的信息在应公开日期之前多少个工作日开始提醒科室负责人。"),
        Source.OWN,
        ("O-1",),
    ),
    Definition(
        "openness.kinds",
        TextKind(200),
        "机构职能、办事指南、办理结果、通知公告",
        _l("公开信息的类别"),
        _l("用顿号分开；已经公布的信息保留原来的类别。"),
        Source.SURROUNDING,
        ("O-1",),
    ),
)
