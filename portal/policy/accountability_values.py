"""Policy values of proceedings, measures and what follows (A-2, A-3, A-4, P-6)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, ChoiceKind, IntegerKind, LimitKind, Measure, TextKind, Value
from portal.policy.source import Source
from portal.policy.words import load
from portal.pure.limits import Limit, Unit

#: The ladder in its order, in the words that people see.
LADDER: dict[str, LazyString] = {
    "criticism": _l("批评教育"),
    "self_examination": _l("书面检查"),
    "admonition": _l("诫勉谈话"),
    "award_lost": _l("取消评先评优资格"),
    "warning": _l("通报批评（书面告诫）"),
    "efficiency_warning": _l("效能告诫"),
    "training": _l("离岗培训"),
    "transfer": _l("调离岗位"),
    "demotion": _l("降职"),
    "resignation": _l("责令辞职"),
    "dismissal": _l("辞退"),
    "sanction": _l("处分（建议）"),
    "justice": _l("移送司法机关"),
}


def _rung(key: str, default: str, label: LazyString, text: LazyString, rule: str = "A-3") -> Definition:
    return Definition(f"accountability.{key}", ChoiceKind(LADDER), default, label, text, Source.OWN, (rule,))


def _number(
    key: str, low: int, high: int, measure: Measure, default: Value, label: LazyString, text: LazyString, rule: str
) -> Definition:
    source = Source.SURROUNDING if key.startswith("bonus_") else Source.OWN
    return Definition(f"accountability.{key}", IntegerKind(low, high, measure), default, label, text, source, (rule,))


def _yes_no(key: str, default: bool, label: LazyString, text: LazyString) -> Definition:
    return Definition(f"accountability.{key}", BooleanKind(), default, label, text, Source.OWN, ("A-2",))


_BONUS = _l("每个年度奖金扣减的百分比，由考评读取。")
_SCORE = _l("每项措施从年度考评总分中扣减，以十分之一分计。")
_MONTHS = _l("自决定之日起计算；期满后不再影响考评，记录仍然保留。")

DEFINITIONS = (
    _rung("minor_up_to", "admonition", _l("情节轻微的，最重的处理"), _l("认定情节轻微的，不得给予更重的处理。")),
    _rung(
        "serious_up_to", "efficiency_warning", _l("情节较重的，最重的处理"), _l("认定情节较重的，不得给予更重的处理。")
    ),
    _rung("grave_up_to", "justice", _l("情节严重的，最重的处理"), _l("认定情节严重的，不得给予更重的处理。")),
    _rung(
        "office_up_to",
        "self_examination",
        _l("办公室负责人可以决定的处理"),
        _l("更重的处理由分管领导或者主要负责人决定。"),
    ),
    _rung(
        "leader_up_to",
        "efficiency_warning",
        _l("分管领导可以决定的处理"),
        _l("更重的处理由主要负责人决定，并附班子会议的研究意见。"),
    ),
    _rung(
        "repeat_floor",
        "admonition",
        _l("再次追责的，最轻的处理"),
        _l("在规定的月数内已有认定的事项，再次认定的，不得轻于此项。"),
    ),
    _number("repeat_months", 1, 60, Measure.MONTHS, 12, _l("再次追责的计算期"), _l("从上一次决定之日起算。"), "A-3"),
    _number("months_light", 1, 60, Measure.MONTHS, 6, _l("批评教育、书面检查、诫勉谈话的影响期"), _MONTHS, "A-3"),
    _number("months_middle", 1, 60, Measure.MONTHS, 12, _l("取消评优、通报批评、效能告诫的影响期"), _MONTHS, "A-3"),
    _number("months_grave", 1, 120, Measure.MONTHS, 24, _l("离岗培训及以上处理的影响期"), _MONTHS, "A-3"),
    _number("bonus_self_examination", 0, 100, Measure.PERCENT, 5, _l("书面检查扣减奖金"), _BONUS, "A-4"),
    _number("bonus_admonition", 0, 100, Measure.PERCENT, 10, _l("诫勉谈话扣减奖金"), _BONUS, "A-4"),
    _number("bonus_efficiency_warning", 0, 100, Measure.PERCENT, 20, _l("效能告诫扣减奖金"), _BONUS, "A-4"),
    _number("bonus_unmet_task", 0, 100, Measure.PERCENT, 2, _l("每项未完成任务扣减奖金"), _BONUS, "A-4"),
    _number("score_light", 0, 1000, Measure.TENTHS, 10, _l("批评教育、书面检查、诫勉谈话扣分"), _SCORE, "A-4"),
    _number("score_middle", 0, 1000, Measure.TENTHS, 30, _l("取消评优、通报批评、效能告诫扣分"), _SCORE, "A-4"),
    _number("score_grave", 0, 1000, Measure.TENTHS, 60, _l("离岗培训及以上处理扣分"), _SCORE, "A-4"),
    Definition(
        "accountability.review_within",
        LimitKind({Unit.WORKING_DAYS: 60, Unit.DAYS: 90}),
        Limit(15, Unit.DAYS),
        _l("申请复核的期限"),
        _l("自告知决定之日起，当事人可以申请复核的期限。"),
        Source.OWN,
        ("A-2",),
    ),
    Definition(
        "accountability.hear_within",
        LimitKind({Unit.WORKING_DAYS: 30, Unit.DAYS: 30}),
        Limit(5, Unit.WORKING_DAYS),
        _l("陈述申辩的期限"),
        _l("自调查报告提交之日起；期满仍未陈述的，可以书面说明后不再等待。"),
        Source.OWN,
        ("A-2",),
    ),
    Definition(
        "accountability.remedies",
        TextKind(300),
        load("defaults")["remedies"],
        _l("决定书上的救济途径"),
        _l("印在责任追究决定书末尾。"),
        Source.OWN,
        ("A-2",),
    ),
    _yes_no(
        "superior_barred",
        True,
        _l("直接上级不得调查或者复核"),
        _l("选“是”的，当事人的直接上级不得担任调查人和复核人。"),
    ),
    _yes_no(
        "superior_barred_deciding", False, _l("直接上级不得决定"), _l("选“是”的，当事人的直接上级也不得担任决定人。")
    ),
    _yes_no(
        "office_reads_all",
        False,
        _l("办公室全体可以查阅案卷"),
        _l("选“否”的，只有指定的秘书、调查人、决定人、复核人可以查阅。"),
    ),
    _number(
        "withhold_below",
        2,
        20,
        Measure.TIMES,
        3,
        _l("统计不显示的件数"),
        _l("科室的件数少于此数的，统计中不显示。"),
        "A-2",
    ),
)
