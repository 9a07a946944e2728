"""Words of the evidence of scores: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.pure.scoring import Note
from portal.score_evidence.models import LineOrigin, LineState, MonthState, ObjectionState
from portal.score_table.vocabulary import SUBJECT_LABELS as SUBJECT_LABELS

#: The own lines, and those of the own department; every subject's.
READ = "score_evidence.read"
READ_ALL = "score_evidence.read_all"
#: Compute a month and settle it.
COMPUTE = "score_evidence.compute"
#: Propose a manual line; approve one of somebody else; rule on objections.
PROPOSE = "score_evidence.propose"
APPROVE = "score_evidence.approve"
RULE = "score_evidence.rule"
PERMISSIONS = (READ, READ_ALL, COMPUTE, PROPOSE, APPROVE, RULE)

STATE_LABELS = {
    MonthState.OPEN: _l("收集依据"),
    MonthState.COMPUTED: _l("已计算，可提异议"),
    MonthState.OBJECTIONS: _l("异议处理中"),
    MonthState.SETTLED: _l("依据已确定"),
}
ORIGIN_LABELS = {LineOrigin.AUTOMATIC: _l("自动"), LineOrigin.MANUAL: _l("人工")}
LINE_LABELS = {
    LineState.PROPOSED: _l("待核准"),
    LineState.APPROVED: _l("计入"),
    LineState.REFUSED: _l("未核准"),
    LineState.STRUCK: _l("已剔除"),
}
OBJECTION_LABELS = {
    ObjectionState.OPEN: _l("待裁定"),
    ObjectionState.UPHELD: _l("异议成立"),
    ObjectionState.REFUSED: _l("异议不成立"),
}
#: Why a line, or the sum of a category, counts otherwise than the points of its rule say.
NOTE_LABELS = {
    Note.COUNTED: _l("计入"),
    Note.UNSET: _l("规则未定分值，不计分"),
    Note.YEARLY: _l("计入年度，不计入本月"),
    Note.DISQUALIFIES: _l("不扣分，影响评先资格"),
    Note.ONCE: _l("只计一次"),
    Note.CAPPED: _l("已达上限"),
    Note.OUTDONE: _l("同项取高，不重复计"),
    Note.USED_UP: _l("本类扣完为止"),
}
#: Why a line counts otherwise than before.
WHY_LABELS = {
    "new_fact": _l("新发现的事实"),
    "fact_gone": _l("事实已更正或撤销"),
    "fact_changed": _l("事实的数量有变"),
    "fact_back": _l("事实恢复"),
    "approved": _l("人工依据核准"),
    "upheld": _l("异议成立"),
    "rule_gone": _l("评分表没有这条规则"),
}


def note(name: str) -> str:
    """A note of the arithmetic in words; empty where all counts as it is, and for a note that is none any more."""
    return str(NOTE_LABELS[Note(name)]) if name and name in set(NOTE_LABELS) else ""


timeline.label("subject", SUBJECT_LABELS, of="score_evidence")
timeline.label("state", STATE_LABELS, of="score_evidence")

_CLAUSE = "appraisal.3"

OPENED = kind(
    "score_evidence.opened", _l("开始收集 %(month)s 考评依据（%(subject)s）"), facts=("month", "subject", "version"),
    rules=("E-3", "E-2"), clause=_CLAUSE,
)  # fmt: skip
COMPUTED = kind(
    "score_evidence.computed",
    _l("计算 %(month)s 考评：%(subjects)s 个对象，%(lines)s 条依据，%(changed)s 处变化，%(until)s 前可提异议"),
    facts=("month", "subject", "subjects", "lines", "changed", "until", "revision", "digest",
           "quantities"),
    rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
RECHECKED = kind(
    "score_evidence.rechecked",
    _l("重新计算 %(month)s 考评，结果没有变化"),
    facts=("month", "subject", "digest"),
    rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
LINE_PROPOSED = kind(
    "score_evidence.line_proposed",
    _l("提出人工依据（规则 %(rule)s，%(happened_on)s）"),
    facts=("rule", "subject_id", "quantity", "points", "happened_on", "key", "files"),
    personal=("note", "finder"),
    rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
LINE_APPROVED = kind(
    "score_evidence.line_approved", _l("核准人工依据（规则 %(rule)s）"), facts=("rule", "key", "line"),
    personal=("decision",), rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
LINE_REFUSED = kind(
    "score_evidence.line_refused", _l("不核准人工依据（规则 %(rule)s）"), facts=("rule", "key", "line"),
    personal=("decision",), rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
OBJECTED = kind(
    "score_evidence.objected", _l("对一条依据提出异议（规则 %(rule)s），%(due)s 前裁定"),
    facts=("month", "rule", "key", "line", "due"), personal=("text",), rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
UPHELD = kind(
    "score_evidence.upheld", _l("异议成立：规则 %(rule)s 的依据由 %(old)s 分改为 %(new)s 分"),
    facts=("rule", "key", "line", "old", "new", "quantity", "points"), personal=("ruling",), rules=("E-3",),
    clause=_CLAUSE,
)  # fmt: skip
OBJECTION_REFUSED = kind(
    "score_evidence.objection_refused", _l("异议不成立（规则 %(rule)s）"), facts=("rule", "key", "line"),
    personal=("ruling",), rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
RULING_LATE = kind(
    "score_evidence.ruling_late", _l("异议应于 %(due)s 前裁定，已逾期"), facts=("month", "rule", "due"),
    rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
LINE_CHANGED = kind(
    "score_evidence.line_changed", _l("%(month)s 考评的一条依据按裁定更改（规则 %(rule)s）"),
    facts=("month", "rule", "key", "line", "old", "new", "revision", "quantities"), rules=("E-3",), clause=_CLAUSE,
)  # fmt: skip
MOVED = kind(
    "score_evidence.moved", _l("%(month)s 考评依据：%(state)s"), facts=("month", "subject", "state"), rules=("E-3",),
    clause=_CLAUSE,
)  # fmt: skip
SETTLED = kind(
    "score_evidence.settled", _l("%(month)s 考评依据已确定"), facts=("month", "subject", "revision", "digest"),
    rules=("E-3", "E-6"), clause=_CLAUSE,
)  # fmt: skip
FROZEN = kind(
    "score_evidence.frozen", _l("%(month)s 考评依据随公布固定"), facts=("month", "subject", "revision", "digest"),
    rules=("E-6",), clause=_CLAUSE,
)  # fmt: skip
