"""Words of the results: permissions, labels, events (E-4, E-6)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.monthly_result.models import ResultState, RollKind, RollState, Standing
from portal.score_table.vocabulary import SUBJECT_LABELS

#: Read what was published; put a settled month before the group, publish, correct; review; sign.
READ = "monthly_result.read"
MANAGE = "monthly_result.manage"
REVIEW = "monthly_result.review"
SIGN = "monthly_result.sign"
#: Read what is on its way (everybody who has a part in it).
FOLLOW = "monthly_result.follow"
PERMISSIONS = (READ, MANAGE, REVIEW, SIGN, FOLLOW)

STATE_LABELS = {
    ResultState.DRAFT: _l("更正起草中"),
    ResultState.SUBMITTED: _l("待审核"),
    ResultState.RETURNED: _l("已退回"),
    ResultState.REVIEWED: _l("待签发"),
    ResultState.SIGNED: _l("待公布"),
    ResultState.PUBLISHED: _l("已公布"),
}
#: Colour and shape of each state.
STATE_MARKS = {
    ResultState.DRAFT: ("grey", "pencil"),
    ResultState.SUBMITTED: ("amber", "hourglass"),
    ResultState.RETURNED: ("yellow", "arrow-back-up"),
    ResultState.REVIEWED: ("amber", "signature"),
    ResultState.SIGNED: ("blue", "circle-check"),
    ResultState.PUBLISHED: ("green", "circle-check"),
}
STANDING_LABELS = {
    Standing.SAME: _l("不变"),
    Standing.EXCLUDED: _l("不参加排名"),
    Standing.INCLUDED: _l("恢复参加排名"),
}
ROLL_LABELS = {
    RollKind.QUARTER_PERSONS: _l("季度先进个人"),
    RollKind.YEAR_PERSONS: _l("年度先进个人"),
    RollKind.COLLECTIVES: _l("年度先进集体"),
    RollKind.WINDOWS: _l("年度示范窗口"),
}
ROLL_STATE_LABELS = {
    RollState.PROPOSED: _l("待签发"),
    RollState.RETURNED: _l("已退回"),
    RollState.SIGNED: _l("待公布"),
    RollState.PUBLISHED: _l("已公布"),
}
ROLL_STATE_MARKS = {
    RollState.PROPOSED: ("amber", "signature"),
    RollState.RETURNED: ("yellow", "arrow-back-up"),
    RollState.SIGNED: ("blue", "circle-check"),
    RollState.PUBLISHED: ("green", "circle-check"),
}

timeline.label("subject", SUBJECT_LABELS, of="monthly_result")
timeline.label("standing", STANDING_LABELS, of="monthly_result")
timeline.label("roll", ROLL_LABELS, of="monthly_result")

_WHICH = ("subject", "month", "edition")
SUBMITTED = kind(
    "monthly_result.submitted",
    _l("把 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）提交审核"),
    facts=(*_WHICH, "table", "rows"),
    rules=("E-6",),
    clause="appraisal.6",
)
REVIEWED = kind(
    "monthly_result.reviewed",
    _l("审核 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）：%(opinion)s"),
    facts=(*_WHICH, "opinion"),
    rules=("E-6",),
    clause="appraisal.6",
)
RETURNED = kind(
    "monthly_result.returned",
    _l("退回 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）：%(reason)s"),
    facts=(*_WHICH, "reason"),
    rules=("E-6",),
    clause="appraisal.6",
)
SIGNED = kind(
    "monthly_result.signed",
    _l("签发 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）"),
    facts=_WHICH,
    rules=("E-6", "AB-4"),
    clause="appraisal.6",
)
PUBLISHED = kind(
    "monthly_result.published",
    _l("公布 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）"),
    facts=(*_WHICH, "digest"),
    rules=("E-4", "E-6"),
    clause="appraisal.4",
)
CORRECTION_BEGUN = kind(
    "monthly_result.correction_begun",
    _l("起草 %(month)s 考评结果（%(subject)s）的更正，第 %(edition)s 版：%(reason)s"),
    facts=(*_WHICH, "reason"),
    rules=("E-6", "J-3"),
    clause="appraisal.6",
)
CORRECTED = kind(
    "monthly_result.corrected",
    _l("更正 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）中的 %(name)s：%(reason)s"),
    facts=(*_WHICH, "name", "points", "standing", "reason"),
    rules=("E-6", "J-3"),
    clause="appraisal.6",
)
CORRECTION_DROPPED = kind(
    "monthly_result.correction_dropped",
    _l("去掉 %(month)s 考评结果（%(subject)s，第 %(edition)s 版）中对 %(name)s 的更正"),
    facts=(*_WHICH, "name"),
    rules=("E-6",),
    clause="appraisal.6",
)

_ROLL = ("roll", "period", "edition")
ROLL_PROPOSED = kind(
    "monthly_result.roll_proposed",
    _l("提出%(roll)s建议名单（%(period)s，第 %(edition)s 版）"),
    facts=(*_ROLL, "named", "barred", "reason"),
    rules=("E-4", "E-5"),
    clause="appraisal.4",
)
ROLL_CHANGED = kind(
    "monthly_result.roll_changed",
    _l("调整%(roll)s建议名单（%(period)s，第 %(edition)s 版）中的 %(name)s：%(reason)s"),
    facts=(*_ROLL, "name", "included", "reason"),
    rules=("E-4",),
    clause="appraisal.4",
)
ROLL_RETURNED = kind(
    "monthly_result.roll_returned",
    _l("退回%(roll)s建议名单（%(period)s，第 %(edition)s 版）：%(reason)s"),
    facts=(*_ROLL, "reason"),
    rules=("E-4",),
    clause="appraisal.4",
)
ROLL_SIGNED = kind(
    "monthly_result.roll_signed",
    _l("签发%(roll)s名单（%(period)s，第 %(edition)s 版）"),
    facts=_ROLL,
    rules=("E-4", "AB-4"),
    clause="appraisal.4",
)
ROLL_PUBLISHED = kind(
    "monthly_result.roll_published",
    _l("公布%(roll)s名单（%(period)s，第 %(edition)s 版）"),
    facts=(*_ROLL, "digest"),
    rules=("E-4",),
    clause="appraisal.4",
)
