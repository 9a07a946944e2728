"""Words of the message card room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.message_card.models import How
from portal.message_card.rules import Presence

READ = "message_card.read"
READ_ALL = "message_card.read_all"
ANSWER = "message_card.answer"
MARK = "message_card.mark"
PERMISSIONS = (READ, READ_ALL, ANSWER, MARK)

HOW_LABELS = {
    How.PHONE: _l("电话答复"),
    How.MEETING: _l("当面答复"),
    How.WRITING: _l("书面或短信答复"),
    How.UNREACHED: _l("三次联系未果"),
    How.TAKEN: _l("转为首问登记"),
}
#: What a person may choose; taking a message over has a form of its own.
ANSWER_CHOICES = tuple(how for how in How if how is not How.TAKEN)

PRESENCE_LABELS = {
    Presence.HERE: _l("有人在岗"),
    Presence.OUT: _l("全科外出"),
    Presence.EMPTY: _l("此刻无人在岗"),
}

timeline.label("how", HOW_LABELS, of="message_card")

MARKED = kind(
    "message_card.marked",
    _l("%(department)s全科外出：%(from_at)s 至 %(back_at)s，%(reason)s"),
    facts=("department", "from_at", "back_at", "reason"),
    rules=("AB-6",),
    clause="ab_post.8",
)
RESCHEDULED = kind(
    "message_card.rescheduled",
    _l("%(department)s返回时间：%(old)s → %(new)s"),
    facts=("department", "old", "new"),
    rules=("AB-6",),
    clause="ab_post.8",
)
RETURNED = kind(
    "message_card.returned",
    _l("%(department)s已返回，取下留言卡"),
    facts=("department", "at"),
    rules=("AB-6",),
    clause="ab_post.8",
)
LEFT = kind(
    "message_card.left",
    _l("来访者向%(department)s留言 %(number)s，答复期限 %(due_at)s"),
    facts=("department", "number", "due_at"),
    rules=("AB-6",),
    clause="ab_post.8",
)
DUE_MOVED = kind(
    "message_card.due_moved",
    _l("留言 %(number)s 的答复期限：%(old)s → %(new)s"),
    facts=("number", "old", "new"),
    rules=("AB-6",),
)
ANSWERED = kind(
    "message_card.answered",
    _l("答复留言 %(number)s：%(how)s"),
    facts=("number", "how", "late"),
    rules=("AB-6",),
    clause="ab_post.8",
)
TAKEN = kind(
    "message_card.taken",
    _l("留言 %(number)s 转为首问登记 %(entry)s"),
    facts=("number", "entry", "late"),
    rules=("AB-6", "F-1"),
    clause="ab_post.8",
)
OVERDUE = kind(
    "message_card.overdue",
    _l("留言 %(number)s 逾期未答复"),
    facts=("number", "due_at"),
    rules=("AB-6", "A-1"),
    clause="ab_post.8",
)
