"""Policy values of the reports (O-8)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition
from portal.policy.kinds import IntegerKind, Measure
from portal.policy.source import Source

DEFINITIONS = (
    Definition(
        "completion_report.file_by_day",
        IntegerKind(1, 28, Measure.DAYS),
        5,
        _l("月度统计报送日"),
        _l("各窗口在次月几日以前报送上月统计；当日不是工作日的，顺延到下一个工作日。"),
        Source.SURROUNDING,
        ("O-8", "T-3"),
    ),
)
