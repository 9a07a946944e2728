"""Policy values of extensions (T-5, POL-1), besides those of licences and joint matters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.policy.definition import Definition, wd
from portal.policy.kinds import BooleanKind, LimitKind
from portal.policy.source import Source
from portal.pure.limits import Unit

DEFINITIONS = (
    Definition(
        "timed_completion.extension_max_other",
        LimitKind({Unit.WORKING_DAYS: 15}),
        wd(5),
        _l("其他事项延期上限"),
        _l("行政许可和联办事项以外的办件，一次延期的最长时间；延期后不得超过法定期限。"),
        Source.OWN,
        ("T-5",),
    ),
    Definition(
        "timed_completion.extension_head_decides",
        BooleanKind(),
        True,
        _l("一般事项的延期可由科室负责人批准"),
        _l("选“是”的，行政许可和联办事项以外的延期，科室负责人也可以批准；选“否”的，一律由分管领导批准。"),
        Source.OWN,
        ("T-5",),
    ),
)
