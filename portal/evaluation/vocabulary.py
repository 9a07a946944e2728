"""Words of evaluation: permissions, events, labels (S-1, S-3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.evaluation.models import Grade
from portal.evaluation.rules import Level
from portal.kernel import timeline
from portal.kernel.journal import kind

HAND_OUT = "evaluation.hand_out"
READ = "evaluation.read"
READ_ALL = "evaluation.read_all"
PAIR = "evaluation.pair"
PERMISSIONS = (HAND_OUT, READ, READ_ALL, PAIR)

GRADE_LABELS = {
    Grade.VERY_SATISFIED: _l("非常满意"),
    Grade.SATISFIED: _l("满意"),
    Grade.BASICALLY_SATISFIED: _l("基本满意"),
    Grade.DISSATISFIED: _l("不满意"),
    Grade.VERY_DISSATISFIED: _l("非常不满意"),
}
FOUR_LABELS = {"1": _l("好"), "2": _l("较好"), "3": _l("一般"), "4": _l("差")}
LEVEL_LABELS = {Level.LOW: _l("低于下限"), Level.MIDDLE: _l("未达要求"), Level.ENOUGH: _l("达到要求")}
#: What a signed ballot of the first three grades may open; empty: nothing.
SIGNED_KINDS = {
    "": _l("只是署名，不需要答复"),
    "problem": _l("反映问题"),
    "opinion": _l("提意见"),
    "suggestion": _l("提建议"),
}

timeline.label("grade", GRADE_LABELS, of="evaluation")
timeline.label("level", LEVEL_LABELS, of="evaluation")

COUNTED = kind(
    "evaluation.counted",
    _l("%(department)s %(month)s的匿名评议 %(ballots)s 票计入统计"),
    facts=("department", "month", "ballots", "digest"),
    rules=("S-1", "J-1"),
)
LOST = kind(
    "evaluation.lost",
    _l("%(department)s %(month)s的匿名评议 %(ballots)s 票无法开启（票箱密钥不在本机），作废"),
    facts=("department", "month", "ballots"),
    rules=("S-1", "J-1"),
)
ENDED = kind(
    "evaluation.month_ended",
    _l("%(department)s %(month)s的评议结束：发出评议单 %(handed_out)s 张，预先打印 %(printed)s 张"),
    facts=("department", "month", "handed_out", "printed"),
    rules=("S-1",),
)
PRINTED = kind(
    "evaluation.sheet_printed",
    _l("打印%(department)s %(month)s的评议单 %(slips)s 张"),
    facts=("department", "month", "slips"),
    rules=("S-1",),
)
SIGNED = kind(
    "evaluation.signed",
    _l("%(department)s收到署名评议：%(grade)s"),
    facts=("department", "month", "grade", "opinion"),
    rules=("S-1", "S-4"),
)
UNTRUE = kind(
    "evaluation.found_untrue",
    _l("署名差评 %(opinion)s 查不属实，不再计入%(department)s %(month)s的满意率"),
    facts=("department", "month", "opinion"),
    rules=("S-4", "S-3"),
)
BLOCKED = kind(
    "evaluation.blocked",
    _l("评议码输错过多，%(what)s暂停评议至 %(until)s"),
    facts=("what", "until", "wrong"),
    rules=("S-1",),
)
SUBJECT_LABELS = {
    "kiosk": _l("一台评议终端"),
    "address": _l("一个网络地址"),
    "all": _l("全部来访者"),
}
timeline.label("what", SUBJECT_LABELS, of="evaluation.blocked")
PAIRED = kind("evaluation.kiosk_paired", _l("连接评议终端“%(name)s”"), facts=("name",), rules=("S-1",))
REVOKED = kind("evaluation.kiosk_revoked", _l("撤销评议终端“%(name)s”"), facts=("name",), rules=("S-1",))
