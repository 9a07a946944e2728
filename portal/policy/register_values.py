"""Policy values of the registers (O-4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "register.pass_on_workdays",
        IntegerKind(1, 30, Measure.WORKING_DAYS),
        3,
        _l("会议精神传达时限"),
        _l("要求传达的会议记入台账后，科室在几个工作日内传达并确认。"),
        Source.OWN,
        ("O-4",),
    ),
    Definition(
        "register.late_by_days",
        IntegerKind(0, 30, Measure.DAYS),
        2,
        _l("补记宽限天数"),
        _l("活动之后超过几天才记入台账的，标明补记。"),
        Source.OWN,
        ("O-4",),
    ),
)
