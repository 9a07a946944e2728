"""Words of the room of timed completion: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.policy import pause_reasons
from portal.timed_completion.models import ExtensionState, How

READ = "timed_completion.read"
HANDLE = "timed_completion.handle"
DECIDE = "timed_completion.decide"
PERMISSIONS = (READ, HANDLE, DECIDE)

STATE_LABELS = {
    ExtensionState.WAITING: _l("待批准"),
    ExtensionState.GRANTED: _l("已批准"),
    ExtensionState.REFUSED: _l("未批准"),
    ExtensionState.FALLEN: _l("已失效"),
}
HOW_LABELS = {How.HANDED: _l("当面交付"), How.POST: _l("邮寄"), How.ELECTRONIC: _l("电子送达")}
PAPER_LABELS = {
    "procedure": _l("特别程序通知书"),
    "extension": _l("延期通知书"),
    "closing": _l("办结通知书"),
}

_CLAUSE = "timed_completion.2"

timeline.label("reason", lambda value, _facts: str(pause_reasons.label(value)), of="timed_completion.started")
timeline.label("reason", lambda value, _facts: str(pause_reasons.label(value)), of="timed_completion.ended")
timeline.label("how", HOW_LABELS, of="timed_completion")
timeline.label("paper", PAPER_LABELS, of="timed_completion")

STARTED = kind(
    "timed_completion.started",
    _l("特别程序（%(reason)s）%(number)s：由 %(agency)s 办理，预计 %(expected)s 完成"),
    facts=("number", "reason", "agency", "expected", "until"),
    personal=("basis",),
    rules=("T-4",),
    clause=_CLAUSE,
)
ENDED = kind(
    "timed_completion.ended",
    _l("特别程序（%(reason)s）%(number)s 的结果：%(result)s"),
    facts=("number", "reason"),
    personal=("result",),
    rules=("T-4",),
    clause=_CLAUSE,
)
ASKED = kind(
    "timed_completion.extension_asked",
    _l("申请延期 %(days)s 个工作日 %(number)s：%(reason)s"),
    facts=("number", "days", "statutory", "due"),
    personal=("reason",),
    rules=("T-5",),
    clause=_CLAUSE,
)
GRANTED = kind(
    "timed_completion.extension_granted",
    _l("批准延期 %(number)s，%(days)s 个工作日。%(answer)s"),
    facts=("number", "days"),
    personal=("answer",),
    rules=("T-5",),
    clause=_CLAUSE,
)
REFUSED = kind(
    "timed_completion.extension_refused",
    _l("不批准延期 %(number)s：%(answer)s"),
    facts=("number",),
    personal=("answer",),
    rules=("T-5",),
    clause=_CLAUSE,
)
FALLEN = kind(
    "timed_completion.extension_fallen",
    _l("延期申请 %(number)s 在期限届满前没有决定，自 %(at)s 失效，时限不变"),
    facts=("number", "at"),
    rules=("T-5",),
    clause=_CLAUSE,
)
NOTICE_ISSUED = kind(
    "timed_completion.closing_notice_issued",
    _l("出具办结通知书 %(number)s"),
    facts=("number",),
    rules=("T-11", "J-4"),
)
TOLD = kind(
    "timed_completion.told",
    _l("%(paper)s %(number)s 于 %(on)s 送达申请人（%(how)s）"),
    facts=("paper", "number", "on", "how"),
    rules=("T-4", "T-5"),
)
