"""Words of the task room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind
from portal.post_task.models import Source, TaskState

READ = "post_task.read"
READ_ALL = "post_task.read_all"
HANDLE = "post_task.handle"
ASSIGN = "post_task.assign"
#: Hand tasks to every post, as the office does with papers of upper authorities.
ASSIGN_ANY = "post_task.assign_any"
PERMISSIONS = (READ, READ_ALL, HANDLE, ASSIGN, ASSIGN_ANY)

STATE_LABELS = {
    TaskState.ASSIGNED: _l("待签收"),
    TaskState.IN_PROGRESS: _l("办理中"),
    TaskState.REPORTED: _l("待确认"),
    TaskState.CONFIRMED: _l("已办结"),
    TaskState.WITHDRAWN: _l("已撤回"),
}
SOURCE_LABELS = {Source.LEADER: _l("领导交办"), Source.UPPER: _l("上级交办")}

timeline.label("source", SOURCE_LABELS, of="post_task")
timeline.label("light", {"due_soon": _l("临期"), "overdue": _l("超期"), "red": _l("严重超期")}, of="post_task")
timeline.label("time_limit", lambda value, _facts: limit_words(value) if value else _("按日期"), of="post_task")

_CLAUSE = "post_duty.5"

ASSIGNED = kind(
    "post_task.assigned",
    _l("%(source)s：%(title)s，交 %(post)s，至 %(due)s"),
    facts=("number", "title", "source", "authority", "document", "post", "time_limit", "due", "files"),
    rules=("P-4",),
    clause=_CLAUSE,
)
ACKNOWLEDGED = kind("post_task.acknowledged", _l("签收"), rules=("P-4",), clause=_CLAUSE)
PROGRESSED = kind("post_task.progressed", _l("进展：%(note)s"), facts=("note", "files"), rules=("P-4",), clause=_CLAUSE)
REPORTED = kind(
    "post_task.reported",
    _l("报告办结：%(result)s"),
    facts=("result", "late", "due", "statement", "files"),
    rules=("P-4", "T-8"),
    clause=_CLAUSE,
)
CONFIRMED = kind(
    "post_task.confirmed", _l("确认办结：%(note)s"), facts=("note", "late"), rules=("P-4",), clause=_CLAUSE
)
SENT_BACK = kind("post_task.sent_back", _l("退回重办：%(reason)s"), facts=("reason",), rules=("P-4",), clause=_CLAUSE)
EXTENSION_ASKED = kind(
    "post_task.extension_asked",
    _l("申请延期至 %(wanted)s：%(reason)s"),
    facts=("wanted", "due", "reason"),
    rules=("P-4", "T-5"),
    clause=_CLAUSE,
)
EXTENSION_GRANTED = kind(
    "post_task.extension_granted",
    _l("同意延期，%(old_due)s → %(due)s。%(answer)s"),
    facts=("old_due", "due", "answer"),
    rules=("P-4", "T-5"),
    clause=_CLAUSE,
)
EXTENSION_REFUSED = kind(
    "post_task.extension_refused",
    _l("不同意延期：%(answer)s"),
    facts=("answer",),
    rules=("P-4", "T-5"),
    clause=_CLAUSE,
)
WITHDRAWN = kind("post_task.withdrawn", _l("撤回交办：%(reason)s"), facts=("reason",), rules=("P-4",), clause=_CLAUSE)
WARNED = kind(
    "post_task.warned", _l("时限提示：%(light)s"), facts=("light", "threshold"), rules=("P-4", "T-6"), clause=_CLAUSE
)
RECOMPUTED = kind(
    "post_task.recomputed",
    _l("日历变动，完成期限 %(old_due)s → %(due)s"),
    facts=("old_due", "due", "provisional"),
    rules=("T-3", "P-4"),
)
