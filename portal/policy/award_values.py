"""Policy values of awards (O-7, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import ChoiceKind, IntegerKind, Measure
from portal.policy.source import Source

_PLACES = _l("每轮评选的名额，以开始评选时的值为准。")

DEFINITIONS = (
    Definition(
        "award.month_persons",
        IntegerKind(1, 50, Measure.TIMES),
        5,
        _l("月度红旗个人数"),
        _PLACES,
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.quarter_collectives",
        IntegerKind(1, 50, Measure.TIMES),
        3,
        _l("季度先进集体数"),
        _PLACES,
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.circle",
        ChoiceKind({"everybody": _l("全体在岗人员"), "heads": _l("领导和科室负责人")}),
        "everybody",
        _l("参加投票的范围"),
        _l("开始投票时按岗位确定；本人和本科室不投票。"),
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.quorum_percent",
        IntegerKind(1, 100, Measure.PERCENT),
        50,
        _l("投票有效的最低比例"),
        _l("已投票人数达到应投票人数的这一比例，才能结束投票。"),
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.least_circle",
        IntegerKind(3, 50, Measure.TIMES),
        5,
        _l("投票的最少人数"),
        _l("应投票和已投票的人数都不得少于此数，以免从票数推知个人的选择。"),
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.least_percent",
        IntegerKind(0, 100, Measure.PERCENT),
        50,
        _l("当选的最低得票比例"),
        _l("得票数占可以对其投票的票数的比例，达不到的不当选。"),
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.ties",
        ChoiceKind(
            {
                "decided": _l("由主要负责人在同票者中决定"),
                "all": _l("同票的都当选，可以超出名额"),
                "none": _l("同票的都不当选，名额空缺"),
            }
        ),
        "decided",
        _l("末位同票的办法"),
        _l("最后的名额不够同票者分配时适用。"),
        Source.OWN,
        ("O-7",),
    ),
    Definition(
        "award.object_within",
        IntegerKind(1, 30, Measure.WORKING_DAYS),
        5,
        _l("公示期"),
        _l("自公示的次日起算；期间任何工作人员可以提出异议。"),
        Source.OWN,
        ("O-7",),
    ),
)
