"""Policy values of inspections (O-2, D-6, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import IntegerKind, LimitKind, Measure, TextKind
from portal.policy.source import Source
from portal.pure.limits import Unit

DEFINITIONS = (
    Definition(
        "supervision.kinds",
        TextKind(300),
        "服务态度、工作纪律、承诺兑现、首问负责、一次性告知、否定报备、AB岗顶岗、环境秩序、其他",
        _l("督查问题的类别"),
        _l("用顿号分开；已经登记的问题保留原来的类别。"),
        Source.SURROUNDING,
        ("O-2",),
    ),
    Definition(
        "supervision.comment_within",
        up_to(10),
        wd(2),
        _l("对督查发现说明情况的时限"),
        _l("科室收到督查发现后说明情况的时限。期满或者说明之后才能发出整改通知，严重问题除外。"),
        Source.OWN,
        ("O-2",),
    ),
    Definition(
        "supervision.rectify_within",
        LimitKind({Unit.WORKING_DAYS: 60, Unit.DAYS: 90}),
        wd(10),
        _l("整改时限"),
        _l("发出整改通知时没有另定时限或日期的，按此计算。"),
        Source.OWN,
        ("O-2",),
    ),
    Definition(
        "supervision.escalates_after",
        IntegerKind(1, 5, Measure.TIMES),
        2,
        _l("复查不合格上报的次数"),
        _l("同一问题第几次复查不合格时报分管领导和主要负责人，并列为问题线索。"),
        Source.OWN,
        ("O-2", "A-3"),
    ),
)
