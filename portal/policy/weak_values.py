"""Policy values of weak results (E-8, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "weak_result.below",
        IntegerKind(0, 110, Measure.POINTS),
        80,
        _l("月度考评需要整改的分数线"),
        _l("公布的月度总分低于此分数的科室列入应整改名单；0 表示不按分数线。"),
        Source.OWN,
        ("E-8",),
    ),
    Definition(
        "weak_result.last",
        IntegerKind(0, 20, Measure.TIMES),
        1,
        _l("月度考评需要整改的末位数"),
        _l("公布的月度排名末几位的科室列入应整改名单，并列的一并列入；0 表示不按名次。"),
        Source.OWN,
        ("E-8",),
    ),
    Definition(
        "weak_result.answer_workdays",
        IntegerKind(1, 60, Measure.WORKING_DAYS),
        10,
        _l("考评整改的时限"),
        _l("发出整改通知时建议的整改期限。"),
        Source.OWN,
        ("E-8",),
    ),
)
