"""Policy values of joint cases (T-9, POL-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import ChoiceKind
from portal.policy.source import Source

#: What silence of a countersigner means.
WAIT, AGREES = "wait", "agrees"

DEFINITIONS = (
    Definition(
        "timed_completion.countersign_silence",
        ChoiceKind({WAIT: _l("继续等待，提醒牵头岗位催办"), AGREES: _l("到期视为无异议")}),
        WAIT,
        _l("会签科室到期不答复"),
        _l("联办件中只出具意见的科室到分办时限没有答复的，怎样处理。已经开始的分办按开始时的设置。"),
        Source.OWN,
        ("T-9",),
    ),
)
