"""Words of the clue room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.clue.models import ClueKind, ClueState, Source
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.policy.clue_values import KINDS

READ = "clue.read"
#: Report one by hand; dismiss and reopen.
RAISE = "clue.raise"
DECIDE = "clue.decide"
PERMISSIONS = (READ, RAISE, DECIDE)

KIND_LABELS = {**{ClueKind(name): label for name, (label, _rules) in KINDS.items()}, ClueKind.OTHER: _l("其他情形")}
STATE_LABELS = {
    ClueState.OPEN: _l("待处理"),
    ClueState.IN_PROCEEDING: _l("已立案"),
    ClueState.DISMISSED: _l("不予追究"),
    ClueState.WITHDRAWN: _l("已撤销"),
}
SOURCE_LABELS = {
    Source.JOURNAL: _l("平台记录"),
    Source.COMPLAINT: _l("投诉"),
    Source.INSPECTION: _l("检查"),
    Source.CALLBACK: _l("回访"),
    Source.UPPER_BODY: _l("上级交办"),
}

timeline.label("kind", KIND_LABELS, of="clue")
timeline.label("source", SOURCE_LABELS, of="clue")

_CLAUSE = "accountability.2"
_WHAT = ("number", "kind", "rule", "at", "points", "points_per_day")

RAISED = kind(
    "clue.raised",
    _l("形成线索 %(number)s：%(kind)s，%(at)s，依据日志第 %(entry)s 条"),
    facts=(*_WHAT, "key", "entry"),
    rules=("A-1",),
    clause=_CLAUSE,
)
REPORTED = kind(
    "clue.reported",
    _l("登记线索 %(number)s：%(kind)s，来源：%(source)s"),
    facts=(*_WHAT, "source"),
    personal=("text",),
    rules=("A-1",),
    clause=_CLAUSE,
)
TAKEN_UP = kind("clue.taken_up", _l("线索立案，追责程序 %(proceeding)s"), facts=("proceeding",), rules=("A-1", "A-2"))
DISMISSED = kind(
    "clue.dismissed", _l("不予追究：%(reason)s"), personal=("reason",), rules=("A-1", "A-2"), clause=_CLAUSE
)
REOPENED = kind("clue.reopened", _l("重新处理：%(reason)s"), personal=("reason",), rules=("A-1", "J-3"))
WITHDRAWN = kind(
    "clue.withdrawn",
    _l("事实已更正，线索撤销，依据日志第 %(entry)s 条（%(at)s）"),
    facts=("entry", "at"),
    rules=("A-1", "J-3"),
    clause=_CLAUSE,
)
RESTORED = kind(
    "clue.restored",
    _l("同一情形再次发生，线索恢复，依据日志第 %(entry)s 条（%(at)s）"),
    facts=("entry", "at"),
    rules=("A-1",),
    clause=_CLAUSE,
)
