"""Policy values of leave (O-3, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, wd
from portal.policy.kinds import IntegerKind, LimitKind, Measure
from portal.policy.source import Source
from portal.pure.limits import Unit

DEFINITIONS = (
    Definition(
        "leave.annual_days_first",
        IntegerKind(0, 60, Measure.DAYS),
        5,
        _l("年休假天数（第一档）"),
        _l("累计工作满第一档年限的，每年的年休假天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.annual_days_second",
        IntegerKind(0, 60, Measure.DAYS),
        10,
        _l("年休假天数（第二档）"),
        _l("累计工作满第二档年限的，每年的年休假天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.annual_days_third",
        IntegerKind(0, 60, Measure.DAYS),
        15,
        _l("年休假天数（第三档）"),
        _l("累计工作满第三档年限的，每年的年休假天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.annual_years_first",
        IntegerKind(0, 60, Measure.YEARS),
        1,
        _l("年休假第一档的工作年限"),
        _l("累计工作满此年限，适用第一档天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.annual_years_second",
        IntegerKind(0, 60, Measure.YEARS),
        10,
        _l("年休假第二档的工作年限"),
        _l("累计工作满此年限，适用第二档天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.annual_years_third",
        IntegerKind(0, 60, Measure.YEARS),
        20,
        _l("年休假第三档的工作年限"),
        _l("累计工作满此年限，适用第三档天数。"),
        Source.STATUTE,
        ("O-3",),
    ),
    Definition(
        "leave.certificate_within",
        LimitKind({Unit.WORKING_DAYS: 15}),
        wd(3),
        _l("病假证明补交时限"),
        _l("申请病假时没有附上盖章证明的，自病假开始之日起补交的时限；逾期的列入未交名单。"),
        Source.OWN,
        ("O-3",),
    ),
    Definition(
        "leave.head_alone_annual",
        IntegerKind(0, 60, Measure.WORKING_DAYS),
        1,
        _l("年休假由直接上级批准的最长天数"),
        _l("不超过此天数的，由直接上级批准并备案；超过的，由分管领导签字、主要负责人批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "leave.head_alone_meeting",
        IntegerKind(0, 60, Measure.WORKING_DAYS),
        1,
        _l("会议由直接上级批准的最长天数"),
        _l("不超过此天数的，由直接上级批准并备案；超过的，由分管领导签字、主要负责人批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "leave.head_alone_official",
        IntegerKind(0, 60, Measure.WORKING_DAYS),
        1,
        _l("公出由直接上级批准的最长天数"),
        _l("不超过此天数的，由直接上级批准并备案；超过的，由分管领导签字、主要负责人批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "leave.head_alone_private",
        IntegerKind(0, 60, Measure.WORKING_DAYS),
        2,
        _l("事假由直接上级批准的最长天数"),
        _l("不超过此天数的，由直接上级批准并备案；超过的，由分管领导签字、主要负责人批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "leave.head_alone_training",
        IntegerKind(0, 60, Measure.WORKING_DAYS),
        1,
        _l("培训由直接上级批准的最长天数"),
        _l("不超过此天数的，由直接上级批准并备案；超过的，由分管领导签字、主要负责人批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
    Definition(
        "leave.sick_leader_from",
        IntegerKind(1, 60, Measure.WORKING_DAYS),
        3,
        _l("病假须分管领导批准的天数"),
        _l("达到此天数的病假，除科室负责人外还须分管领导批准。"),
        Source.SURROUNDING,
        ("O-3",),
    ),
)
