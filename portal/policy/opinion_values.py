"""Policy values of clients' opinions and callbacks (S-4, S-5, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, up_to, wd
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "callback.attempts",
        IntegerKind(1, 20, Measure.TIMES),
        3,
        _l("回访联系次数"),
        _l("联系几次仍未接通的，可以登记为“未能接通”。"),
        Source.OWN,
        ("S-5",),
    ),
    Definition(
        "callback.call_within",
        up_to(10),
        wd(5),
        _l("回访完成时限"),
        _l("自抽取之时起，完成当周回访的时限。"),
        Source.OWN,
        ("S-5",),
    ),
    Definition(
        "callback.clients_a_week",
        IntegerKind(1, 200, Measure.TIMES),
        5,
        _l("每周回访人数"),
        _l("每周从上一周办结的办件中随机抽取的服务对象人数。"),
        Source.SURROUNDING,
        ("S-5",),
    ),
    Definition(
        "callback.withheld_below",
        IntegerKind(1, 100, Measure.TIMES),
        5,
        _l("回访评价的最小人数"),
        _l("一个科室当月接通的回访少于此人数的，汇总不显示评价的平均值。"),
        Source.OWN,
        ("S-5", "S-2"),
    ),
    Definition(
        "client_opinion.answer_within",
        up_to(30),
        wd(5),
        _l("意见答复时限"),
        _l("自分管领导批准答复之日起，答复服务对象的时限。"),
        Source.SURROUNDING,
        ("S-4",),
    ),
    Definition(
        "client_opinion.contact_within",
        up_to(10),
        wd(1),
        _l("差评联系时限"),
        _l("收到差评之后与服务对象联系的时限。"),
        Source.OWN,
        ("S-4",),
    ),
    Definition(
        "client_opinion.notice_received_within",
        up_to(10),
        wd(1),
        _l("整改通知视为签收的时间"),
        _l("整改通知发出后超过此时间没有签收的，视为已经签收，整改时限随之起算。"),
        Source.OWN,
        ("S-4",),
    ),
    Definition(
        "client_opinion.rectify_within",
        up_to(60),
        wd(10),
        _l("意见整改时限"),
        _l("责任科室自收到书面整改通知之日起，书面报告整改情况的时限。"),
        Source.SURROUNDING,
        ("S-4",),
    ),
)
