"""Words of the A/B room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind, LapseKind
from portal.ab_post.rules import Gap, Reason
from portal.kernel import timeline
from portal.kernel.journal import kind

READ = "ab_post.read"
MANAGE = "ab_post.manage"
REPORT_ABSENCE = "ab_post.report_absence"
NAME_COVER = "ab_post.name_cover"
PERMISSIONS = (READ, MANAGE, REPORT_ABSENCE, NAME_COVER)

ABSENCE_LABELS = {
    AbsenceKind.OFFICIAL: _l("公出"),
    AbsenceKind.MEETING: _l("会议"),
    AbsenceKind.TRAINING: _l("培训"),
    AbsenceKind.ANNUAL: _l("休假"),
    AbsenceKind.SICK: _l("病假"),
    AbsenceKind.PRIVATE: _l("事假"),
}
LAPSE_LABELS = {LapseKind.NO_HANDOVER: _l("离岗未交接"), LapseKind.UNCOVERED: _l("无人顶岗")}
REASON_LABELS = {
    Reason.HOLDER: _l("A 岗在岗"),
    Reason.B_FOR_A: _l("B 岗顶岗"),
    Reason.NAMED_COVER: _l("指定顶岗"),
    Reason.HEAD: _l("科室负责人顶岗"),
    Reason.GAP: _l("无人顶岗"),
}

GAP_LABELS = {
    Gap.NO_A: _l("没有 A 岗"),
    Gap.NO_B: _l("没有 B 岗"),
    Gap.SAME: _l("A 岗、B 岗为同一人"),
    Gap.B_OF_VACANT: _l("A 岗空缺，仅有 B 岗"),
}

HALF_LABELS = {Half.AM: _l("上午"), Half.PM: _l("下午")}
#: The halves of a year, as publications are named (AB-5).
HALF_YEAR_LABELS = {1: _l("上半年"), 2: _l("下半年")}

timeline.label("kind", ABSENCE_LABELS, of="ab_post")
timeline.label("half", HALF_YEAR_LABELS, of="ab_post")

ASSIGNED = kind(
    "ab_post.assigned",
    _l("%(letter)s 岗责任人：%(old)s → %(new)s，自 %(from_on)s 起，决定于 %(decided_on)s"),
    facts=("letter", "old", "new", "from_on", "decided_on", "late"),
    rules=("AB-1", "AB-5"),
    clause="ab_post.7",
)
ABSENCE_RECORDED = kind(
    "ab_post.absence_recorded",
    _l("登记离岗：%(name)s，%(kind)s，%(from_at)s 至 %(to_at)s"),
    facts=("name", "kind", "from_at", "to_at", "emergency", "handed_over"),
    rules=("AB-2",),
    clause="ab_post.3",
)
HANDED_OVER = kind(
    "ab_post.handed_over",
    _l("确认接手%(name)s的岗位“%(post)s”"),
    facts=("name", "post"),
    rules=("AB-2",),
    clause="ab_post.3",
)
ABSENCE_ENDED = kind(
    "ab_post.absence_ended", _l("%(name)s提前返岗或取消离岗"), facts=("name", "at"), rules=("AB-2", "AB-4")
)
NOTE_WRITTEN = kind(
    "ab_post.note_written",
    _l("%(name)s补充交接说明：%(note)s"),
    facts=("name", "note"),
    rules=("AB-2",),
    clause="ab_post.3",
)
REPORT_READ = kind(
    "ab_post.report_read",
    _l("%(name)s已阅返岗报告，代办记录 %(entries)s 条"),
    facts=("name", "entries"),
    rules=("AB-4",),
    clause="ab_post.5",
)
HANDOVER_MISSING = kind(
    "ab_post.handover_missing",
    _l("%(name)s离岗（%(kind)s），岗位“%(post)s”没有交接"),
    facts=("name", "kind", "post", "at"),
    rules=("AB-3", "A-1"),
    clause="ab_post.3",
)
UNCOVERED = kind(
    "ab_post.uncovered",
    _l("岗位“%(post)s”自 %(at)s 起无人顶岗"),
    facts=("post", "at"),
    rules=("AB-3", "A-1"),
    clause="ab_post.6",
)
COVER_NAMED = kind(
    "ab_post.cover_named",
    _l("指定%(name)s顶岗，%(from_at)s 至 %(to_at)s"),
    facts=("name", "from_at", "to_at", "reason"),
    rules=("AB-3",),
    clause="ab_post.6",
)
COVER_ENDED = kind("ab_post.cover_ended", _l("取消%(name)s的指定顶岗"), facts=("name", "at"), rules=("AB-3",))
PAIRS_PUBLISHED = kind(
    "ab_post.pairs_published",
    _l("公示 %(year)s 年%(half)s AB 岗，第 %(edition)s 版：岗位 %(posts)s 个，迟报 %(late)s 条"),
    facts=("year", "half", "edition", "posts", "late", "digest"),
    rules=("AB-5",),
    clause="ab_post.7",
)
FEED_MADE = kind(
    "ab_post.feed_made",
    _l("开通%(department)s的日历订阅“%(name)s”"),
    facts=("department", "name"),
    rules=("AB-8",),
)
FEED_REVOKED = kind(
    "ab_post.feed_revoked",
    _l("撤销%(department)s的日历订阅“%(name)s”"),
    facts=("department", "name"),
    rules=("AB-8",),
)
