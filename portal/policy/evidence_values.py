"""Policy values of the evidence of scores: the days for objections and rulings, what a share is of (E-3, S-3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import ChoiceKind, IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "score_evidence.departments",
        ChoiceKind({"handling": _l("有经办岗位的科室（窗口）"), "all": _l("所有科室，包括领导班子")}),
        "handling",
        _l("参加科室考评和排名的范围"),
        _l("只有负责人岗位、不经办事项的科室（如领导班子），默认不参加排名。以月份首次计算、年度考评准备时的值为准。"),
        Source.OWN,
        ("E-4",),
    ),
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
        "score_evidence.satisfaction_base",
        ChoiceKind({"closed": _l("当月办结的办件"), "ballots": _l("当月的有效评议")}),
        "closed",
        _l("考评用满意率的基数"),
        _l("满意的评议除以此数；评议不足公布数的月份不计满意率。评议页面上的满意率总以有效评议为基数。"),
        Source.SURROUNDING,
        ("S-3", "E-2"),
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
