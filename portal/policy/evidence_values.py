"""Policy values of the evidence of scores: the days for objections and rulings (E-3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "score_evidence.object_within",
        IntegerKind(1, 30, Measure.WORKING_DAYS),
        3,
        _l("考评依据提出异议的期限"),
        _l("计算结果告知被考评对象后，可以逐条提出异议的工作日数。"),
        Source.OWN,
        ("E-3", "E-6"),
    ),
    Definition(
        "score_evidence.rule_within",
        IntegerKind(1, 60, Measure.WORKING_DAYS),
        10,
        _l("考评异议裁定的期限"),
        _l("收到异议后，由其他人员裁定的工作日数；裁定以后才能公布。"),
        Source.OWN,
        ("E-3", "E-6"),
    ),
)
