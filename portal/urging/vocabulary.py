"""Words of the urging room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.i18n import limit_words
from portal.kernel.journal import kind
from portal.urging.models import SupervisionState

READ = "urging.read"
READ_ALL = "urging.read_all"
URGE = "urging.urge"
#: Issue and decide numbered supervisions: by the powers of a post, or (the next one) for the office.
SUPERVISE = "urging.supervise"
SUPERVISE_ANY = "urging.supervise_any"
PERMISSIONS = (READ, READ_ALL, URGE, SUPERVISE, SUPERVISE_ANY)

STATE_LABELS = {
    SupervisionState.ISSUED: _l("待答复"),
    SupervisionState.REPLIED: _l("待审核"),
    SupervisionState.CLOSED: _l("已办结"),
}
LEVEL_LABELS = {0: _l("经办人"), 1: _l("科室负责人"), 2: _l("分管领导")}
LIGHT_LABELS = {"due_soon": _l("临期"), "overdue": _l("超期"), "red": _l("严重超期")}

timeline.label("level", LEVEL_LABELS, of="urging")
timeline.label("light", LIGHT_LABELS, of="urging")
timeline.label("time_limit", lambda value, _facts: limit_words(value) if value else _("按日期"), of="urging")

_CLAUSE = "timed_completion.1"

URGED = kind(
    "urging.urged",
    _l("催办 %(to)s：%(text)s（请于 %(reply_by)s 前答复）"),
    facts=("subject", "to", "text", "reply_by"),
    rules=("T-12",),
    clause=_CLAUSE,
)
ANSWERED = kind("urging.answered", _l("答复催办：%(text)s"), facts=("text", "late"), rules=("T-12",), clause=_CLAUSE)
UNANSWERED = kind(
    "urging.unanswered", _l("催办逾期未答复（应于 %(reply_by)s 前）"), facts=("reply_by",), rules=("T-12",)
)
ISSUED = kind(
    "urging.issued",
    _l("督办 %(number)s：%(title)s，交 %(post)s，请于 %(reply_by)s 前答复"),
    facts=("number", "title", "demand", "subject", "post", "to", "time_limit", "reply_by"),
    rules=("T-12",),
    clause=_CLAUSE,
)
REPLIED = kind("urging.replied", _l("答复督办：%(text)s"), facts=("text", "late", "round"), rules=("T-12",))
ACCEPTED = kind("urging.accepted", _l("认可答复，督办办结。%(opinion)s"), facts=("opinion", "round"), rules=("T-12",))
ASKED_AGAIN = kind(
    "urging.asked_again",
    _l("答复不予认可，请于 %(reply_by)s 前再次答复：%(opinion)s"),
    facts=("opinion", "round", "reply_by"),
    rules=("T-12",),
)
WITHDRAWN = kind("urging.withdrawn", _l("撤销督办：%(reason)s"), facts=("reason",), rules=("T-12",))
REPLY_LATE = kind(
    "urging.reply_late", _l("督办逾期未答复（应于 %(reply_by)s 前）"), facts=("reply_by", "round"), rules=("T-12",)
)
RECOMPUTED = kind(
    "urging.recomputed",
    _l("日历变动，答复期限 %(old_due)s → %(due)s"),
    facts=("old_due", "due", "provisional"),
    rules=("T-3", "T-12"),
)
NAGGED = kind(
    "urging.nagged",
    _l("%(light)s后没有办理动作，第 %(step)s 次再提醒，报%(level)s"),
    facts=("light", "step", "level", "at"),
    rules=("T-6",),
)
