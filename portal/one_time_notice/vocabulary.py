"""Words of the one-time notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.one_time_notice.models import Form, Problem

ISSUE = "one_time_notice.issue"
READ = "one_time_notice.read"
PERMISSIONS = (ISSUE, READ)

FORM_LABELS = {Form.ORAL: _l("口头"), Form.WRITTEN: _l("书面")}
PROBLEM_LABELS = {Problem.MISSING: _l("缺少"), Problem.WRONG: _l("不符合要求")}

timeline.label("form", FORM_LABELS, of="one_time_notice")

ISSUED = kind(
    "one_time_notice.issued",
    _l("一次性告知 %(number)s（%(form)s，第 %(ordinal)s 次）"),
    facts=("number", "ordinal", "form", "lines", "until", "ordered_by"),
    rules=("N-1", "N-2", "N-3"),
    clause="one_time_notice.1",
)
REPEATED = kind(
    "one_time_notice.repeated",
    _l("第二次告知含首次应一并告知的材料：%(names)s"),
    facts=("number", "names"),
    rules=("N-4",),
)
