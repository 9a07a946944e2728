"""Words of the half-yearly publication: permissions, sections, states, events."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.vocabulary import HALF_YEAR_LABELS
from portal.half_year.models import HalfYearState
from portal.kernel import timeline
from portal.kernel.journal import kind

#: Read what was published.
READ = "half_year.read"
#: Draft, submit, publish, correct.
MANAGE = "half_year.manage"
#: Approve what somebody else submitted.
APPROVE = "half_year.approve"
PERMISSIONS = (READ, MANAGE, APPROVE)

#: The sections in their order.
SECTION_LABELS = {
    "first_ask": _l("首问责任落实和登记"),
    "ab_post": _l("AB 岗"),
    "registers": _l("台账检查"),
    "appraisal": _l("效能考评"),
}
STATE_LABELS = {
    HalfYearState.DRAFT: _l("草稿"),
    HalfYearState.SUBMITTED: _l("待批准"),
    HalfYearState.APPROVED: _l("待公示"),
    HalfYearState.PUBLISHED: _l("已公示"),
}

timeline.label("half", HALF_YEAR_LABELS, of="half_year")

_WHICH = ("year", "half", "edition")

BEGUN = kind("half_year.begun", _l("起草 %(year)s 年%(half)s效能公示第 %(edition)s 版"), facts=_WHICH, rules=("F-7",))
WRITTEN = kind(
    "half_year.written",
    _l("修改 %(year)s 年%(half)s效能公示的前言和说明"),
    facts=(*_WHICH, "introduction", "notes"),
    rules=("F-7",),
)
SUBMITTED = kind(
    "half_year.submitted",
    _l("提交 %(year)s 年%(half)s效能公示第 %(edition)s 版，数字定格"),
    facts=(*_WHICH, "digest"),
    rules=("F-7",),
)
RETURNED = kind(
    "half_year.returned",
    _l("退回 %(year)s 年%(half)s效能公示第 %(edition)s 版：%(reason)s"),
    facts=(*_WHICH, "reason"),
    rules=("F-7",),
)
APPROVED = kind(
    "half_year.approved",
    _l("批准 %(year)s 年%(half)s效能公示第 %(edition)s 版"),
    facts=(*_WHICH, "digest"),
    rules=("F-7",),
)
PUBLISHED = kind(
    "half_year.published",
    _l("公示 %(year)s 年%(half)s效能情况第 %(edition)s 版"),
    facts=(*_WHICH, "digest"),
    rules=("F-7", "O-1"),
)
CORRECTED = kind(
    "half_year.corrected",
    _l("更正 %(year)s 年%(half)s效能公示，起草第 %(edition)s 版：%(reason)s"),
    facts=(*_WHICH, "reason"),
    rules=("F-7", "J-3"),
)
MADE_PUBLIC = kind(
    "half_year.made_public",
    _l("为 %(year)s 年%(half)s效能公示起草对外公开信息 %(number)s"),
    facts=(*_WHICH, "number"),
    rules=("F-7", "O-1"),
)
