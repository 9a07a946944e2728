"""Policy values of clues: which kinds are raised, the points that the score table names, who may dismiss (A-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.policy.definition import Definition
from portal.policy.kinds import BooleanKind, IntegerKind, Measure
from portal.policy.source import Source

#: The kinds of clues that the journal shows, in the order of the rule, each with the rules it rests on.
KINDS: Mapping[str, tuple[LazyString, tuple[str, ...]]] = MappingProxyType(
    {
        "overdue": (_l("办件超期"), ("T-6",)),
        "tacit_consent": (_l("视为同意"), ("T-7",)),
        "tacit_acceptance": (_l("视为受理"), ("T-7a",)),
        "second_notice": (_l("再次告知"), ("N-4",)),
        "unfiled_denial": (_l("未经报备的否定"), ("D-6",)),
        "late_decision": (_l("报备审批超时"), ("D-5",)),
        "late_letter": (_l("书面决定超时"), ("D-5",)),
        "disputed_passing": (_l("转办有异议"), ("F-4",)),
        "repeated_passing": (_l("再次转办"), ("F-4",)),
        "urgent_unacknowledged": (_l("紧急事项未阅"), ("F-5",)),
        "late_ab_filing": (_l("AB 岗迟报"), ("AB-5",)),
        "handover_missing": (_l("离岗未交接"), ("AB-3",)),
        "post_uncovered": (_l("无人顶岗"), ("AB-3",)),
        "message_unanswered": (_l("留言逾期未答复"), ("AB-6",)),
        "pause_cap": (_l("停表到上限"), ("T-4",)),
        "late_complaint_answer": (_l("投诉逾期未答复"), ("A-5",)),
        "confirmed_complaint": (_l("投诉属实"), ("A-5",)),
        "late_rectification": (_l("整改逾期"), ("O-2", "S-4")),
        "late_contact": (_l("差评逾期未联系"), ("S-4",)),
        "late_answer": (_l("意见逾期未答复"), ("S-4",)),
        "fee_difference": (_l("收费与公布的不一致"), ("C-9",)),
        "result_error": (_l("结果差错"), ("W-0",)),
        "attendance": (_l("考勤与工作纪律"), ("O-3", "P-3")),
        "overdue_task": (_l("交办事项超期"), ("P-4", "E-1")),
        "unanswered_supervision": (_l("督办逾期未答复"), ("T-12",)),
        "bad_review": (_l("评议问题属实"), ("S-4",)),
        "late_statistics": (_l("月度统计逾期"), ("O-8",)),
    }
)


def _raised(kind: str, label: LazyString, rules: tuple[str, ...]) -> Definition:
    return Definition(
        f"clue.raise_{kind}",
        BooleanKind(),
        True,
        _l("形成线索：%(kind)s", kind=label),
        _l("选“否”的，以后发生的这类情形不再形成线索；已有的线索不变。"),
        Source.SURROUNDING if kind in ("fee_difference", "attendance", "late_statistics") else Source.CORE,
        ("A-1", rules[0]),
    )


def _points(key: str, default: int, label: LazyString, rules: tuple[str, ...]) -> Definition:
    return Definition(
        f"clue.points_{key}",
        IntegerKind(0, 100, Measure.POINTS),
        default,
        label,
        _l("形成线索时记在线索上，供考评参考；0 表示不记分。以后改动不影响已有的线索。"),
        Source.SURROUNDING,
        rules,
    )


DEFINITIONS = (
    *(_raised(kind, label, rules) for kind, (label, rules) in KINDS.items()),
    _points("handover_private", 2, _l("事假未交接每天扣分"), ("AB-3", "A-1")),
    _points("handover_sick", 1, _l("病假未交接每天扣分"), ("AB-3", "A-1")),
    _points("unfiled_denial", 3, _l("未经报备的否定扣分"), ("D-6", "A-1")),
    Definition(
        "clue.superior_may_dismiss",
        BooleanKind(),
        False,
        _l("直接上级可以销核线索"),
        _l("选“否”的，所涉岗位的科室负责人和分管领导不能对该线索作不予追究的处理。"),
        Source.OWN,
        ("A-1", "A-2"),
    ),
    Definition(
        "clue.decide_within",
        IntegerKind(1, 60, Measure.WORKING_DAYS),
        5,
        _l("线索处理提醒"),
        _l("线索形成后超过此工作日数仍未处理的，列入办公室待办。"),
        Source.OWN,
        ("A-1", "T-12"),
    ),
)
