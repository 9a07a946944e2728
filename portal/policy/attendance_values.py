"""Policy values of attendance and of findings of work discipline (O-3, P-3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, wd
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, LimitKind, Measure
from portal.policy.source import Source
from portal.pure.limits import Unit

DEFINITIONS = (
    Definition(
        "attendance.correct_within_days",
        IntegerKind(1, 366, Measure.DAYS),
        31,
        _l("补卡申请期限"),
        _l("漏打卡之日起多少天内可以申请补卡。"),
        Source.OWN,
        ("O-3",),
    ),
    Definition(
        "attendance.day_begins_minutes",
        IntegerKind(0, 480, Measure.MINUTES),
        240,
        _l("考勤日的起点"),
        _l("零时起多少分钟以内的打卡算作前一天的，例如加班到次日凌晨；240 分钟即 4 时。"),
        Source.OWN,
        ("O-3",),
    ),
    Definition(
        "attendance.lates_per_half_day",
        IntegerKind(1, 100, Measure.TIMES),
        10,
        _l("迟到、早退折算旷工"),
        _l("一个月内迟到、早退合计每满此次数，折旷工半天。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "attendance.missing_is_absent",
        BooleanKind(),
        True,
        _l("缺一次打卡按旷工半天计"),
        _l("选“是”的，应打卡而没有打卡的半天计旷工；选“否”的，只列缺卡次数，整个半天没有打卡的才计旷工。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "attendance.off_post_half_day_from",
        IntegerKind(1, 31, Measure.TIMES),
        2,
        _l("脱岗折算旷工"),
        _l("一个月内查实的脱岗，自第几次起每次折旷工半天；此前每次按早退一次计。"),
        Source.SURROUNDING,
        ("O-3", "P-3"),
    ),
    Definition(
        "attendance.points_absent",
        IntegerKind(0, 1000, Measure.TENTHS),
        25,
        _l("检查发现缺勤的扣分"),
        _l("每半天的分值，以十分之一分为单位；计分表为旷工一天 5 分。"),
        Source.SURROUNDING,
        ("P-3",),
    ),
    Definition(
        "attendance.points_late",
        IntegerKind(0, 1000, Measure.TENTHS),
        5,
        _l("检查发现迟到、早退的扣分"),
        _l("每次的分值，以十分之一分为单位；计分表为每次 0.5 分。"),
        Source.SURROUNDING,
        ("P-3",),
    ),
    Definition(
        "attendance.points_off_post",
        IntegerKind(0, 1000, Measure.TENTHS),
        20,
        _l("检查发现脱岗、游戏、办私事的扣分"),
        _l("每次的分值，以十分之一分为单位；计分表为每次 2 分。"),
        Source.SURROUNDING,
        ("P-3",),
    ),
    Definition(
        "attendance.punches",
        ChoiceKind({"4": _l("四次（上午、下午各上下班）"), "2": _l("两次（上午上班、下午下班）")}),
        "4",
        _l("每天打卡次数"),
        _l("四次：上午、下午上下班各一次；两次：早上到岗、傍晚离岗。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "attendance.repeat_minutes",
        IntegerKind(0, 30, Measure.MINUTES),
        3,
        _l("连续打卡的间隔"),
        _l("与上一次打卡相隔不足此时间的，视为同一次。"),
        Source.OWN,
        ("O-3",),
    ),
    Definition(
        "attendance.reply_within",
        LimitKind({Unit.WORKING_DAYS: 30}),
        wd(3),
        _l("工作纪律检查的说明期限"),
        _l("登记之日起，本人说明情况的工作日数；期满没有说明的，可以直接作出结论。"),
        Source.OWN,
        ("P-3",),
    ),
    Definition(
        "attendance.tolerance_minutes",
        IntegerKind(1, 60, Measure.MINUTES),
        10,
        _l("迟到、早退的起点"),
        _l("晚到或者早走达到此分钟数的，计迟到、早退。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
)
