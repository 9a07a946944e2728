"""Words of joint and forwarded cases."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.cases.vocabulary import STATE_LABELS
from portal.kernel import timeline
from portal.kernel.journal import kind

timeline.label("state", STATE_LABELS, of="joint_case")

PART_ASKED = kind(
    "joint_case.part_asked",
    _l("请 %(post)s 分办（%(part)s）：%(gives)s，至 %(due)s"),
    facts=("part", "post", "gives", "due"),
    rules=("T-9",),
)
PART_ENDED = kind(
    "joint_case.part_ended",
    _l("分办件 %(part)s %(state)s"),
    facts=("part", "state", "late"),
    rules=("T-9",),
)
PART_FELL = kind(
    "joint_case.part_fell",
    _l("牵头办件 %(lead)s %(state)s，分办随之终止"),
    facts=("lead", "state"),
    rules=("T-9",),
)
FORWARDED = kind(
    "joint_case.forwarded",
    _l("上报%(authority)s（%(document)s），由%(tracker)s跟踪"),
    facts=("authority", "document", "tracker"),
    rules=("T-9", "T-4"),
)
RETURNED = kind(
    "joint_case.returned",
    _l("%(authority)s已办结返回"),
    facts=("authority",),
    personal=("result",),
    rules=("T-9", "T-4"),
)
TRACKER_CHANGED = kind(
    "joint_case.tracker_changed", _l("上报件改由%(tracker)s跟踪"), facts=("tracker",), rules=("T-9",)
)
AGENT_NAMED = kind("joint_case.agent_named", _l("全程代理人：%(agent)s"), facts=("agent",), rules=("T-9",))
