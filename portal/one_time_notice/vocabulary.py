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
#: How a client is reminded (N-7).
REMINDER_LABELS = {"phone": _l("电话"), "message": _l("短信"), "letter": _l("书面"), "in_person": _l("当面")}

timeline.label("form", FORM_LABELS, of="one_time_notice")
timeline.label("how", REMINDER_LABELS, of="cases.reminded")

ISSUED = kind(
    "one_time_notice.issued",
    _l("一次性告知 %(number)s（%(form)s，第 %(ordinal)s 次）。缺少：%(missing)s；不符合要求：%(wrong)s"),
    facts=("number", "ordinal", "form", "missing", "wrong", "until", "ordered_by"),
    personal=("reasons",),
    rules=("N-1", "N-2", "N-3"),
    clause="one_time_notice.1",
)
REPEATED = kind(
    "one_time_notice.repeated",
    _l("再次告知含首次应一并告知的材料：%(names)s"),
    facts=("number", "names"),
    rules=("N-4",),
    clause="one_time_notice.5",
)
ANSWERED = kind(
    "one_time_notice.answered",
    _l("申请人按告知 %(number)s 补交材料，是否齐全：%(complete)s"),
    facts=("number", "complete"),
    rules=("N-4", "N-6"),
)
