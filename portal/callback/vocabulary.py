"""Words of the room: permissions, labels, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.callback.models import CallState
from portal.kernel import timeline
from portal.kernel.journal import kind

#: The draws and whom they name.
READ = "callback.read"
#: Draw, call, record; never the client of a case that one handled.
CALL = "callback.call"
#: The month's figures.
SUMMARY = "callback.summary"
PERMISSIONS = (READ, CALL, SUMMARY)

STATE_LABELS = {
    CallState.WAITING: _l("待回访"),
    CallState.REACHED: _l("已回访"),
    CallState.UNREACHED: _l("未能接通"),
}
SCALE_LABELS = {1: _l("很好"), 2: _l("好"), 3: _l("一般"), 4: _l("差"), 5: _l("很差")}

for _fact in ("attitude", "efficiency", "rules_kept"):
    timeline.label(_fact, SCALE_LABELS, of="callback")

_RULES = ("S-5",)

DRAWN = kind(
    "callback.drawn",
    _l("抽取 %(week)s 的回访对象：从 %(size)s 人中抽取 %(drawn)s 人，种子取自日志第 %(head)s 条"),
    facts=("week", "size", "drawn", "wanted", "without_phone", "same_client", "head", "seed", "digest"),
    rules=_RULES,
)
CHOSEN = kind("callback.chosen", _l("抽中为 %(week)s 第 %(place)s 号回访对象"), facts=("week", "place"), rules=_RULES)
TRIED = kind("callback.tried", _l("第 %(attempts)s 次联系未接通"), facts=("week", "attempts"), rules=_RULES)
RECORDED = kind(
    "callback.recorded",
    _l("登记回访：服务态度%(attitude)s，办事效率%(efficiency)s，遵守规定%(rules_kept)s"),
    facts=("week", "place", "attitude", "efficiency", "rules_kept", "unfiled_denial", "opinion"),
    rules=("S-5", "D-6"),
)
UNREACHED = kind("callback.unreached", _l("多次联系未果，登记为未能接通"), facts=("week", "attempts"), rules=_RULES)
DENIAL_WITHDRAWN = kind(
    "callback.denial_withdrawn",
    _l("更正：不属于未经报备的否定。%(reason)s"),
    facts=("week", "place", "reason"),
    rules=("D-6", "J-3"),
)
