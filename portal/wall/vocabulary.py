"""Words of the wall: permissions, events, labels (W-1, W-2)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.models import AbsenceKind
from portal.ab_post.vocabulary import ABSENCE_LABELS
from portal.kernel.journal import kind
from portal.wall.rules import State

PAIR = "wall.pair"
SHOW = "wall.show"
PERMISSIONS = (PAIR, SHOW)

STATE_LABELS = {
    State.OK: _l("正常"),
    State.WATCH: _l("需关注"),
    State.LATE: _l("有超期"),
    State.ABSENT: _l("未启用"),
}

#: A screen that everybody sees does not tell who is ill.
AWAY_LABELS = {**ABSENCE_LABELS, AbsenceKind.SICK: _l("请假"), AbsenceKind.PRIVATE: _l("请假")}

PAIRED = kind("wall.paired", _l("连接大屏“%(name)s”"), facts=("name", "large"), rules=("W-2",))
RESIZED = kind("wall.resized", _l("更改大屏“%(name)s”的字号"), facts=("name", "large"), rules=("W-1",))
REVOKED = kind("wall.revoked", _l("撤销大屏“%(name)s”"), facts=("name",), rules=("W-2",))
