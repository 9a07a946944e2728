"""Words of the yearly grades: permissions, labels, events (E-5, E-6, E-7)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.pure.scoring import Subject
from portal.yearly_grade.models import Ground, RoundState
from portal.yearly_grade.rules import Held, Panel, Part

#: Read one's own result and what was published, vote; organise; review and rule; decide.
READ = "yearly_grade.read"
MANAGE = "yearly_grade.manage"
REVIEW = "yearly_grade.review"
DECIDE = "yearly_grade.decide"
PERMISSIONS = (READ, MANAGE, REVIEW, DECIDE)
#: Whoever has a part in a round follows it before it is published.
FOLLOWING = (MANAGE, REVIEW, DECIDE)

SUBJECT_LABELS = {Subject.DEPARTMENT: _l("科室（窗口）"), Subject.PERSON: _l("个人")}
STATE_LABELS = {
    RoundState.PREPARED: _l("准备中"),
    RoundState.OPEN: _l("投票中"),
    RoundState.COUNTED: _l("已计票"),
    RoundState.COMPUTED: _l("已核算，可以提出异议"),
    RoundState.REVIEWED: _l("已审核，待决定"),
    RoundState.DECIDED: _l("已决定，待公布"),
    RoundState.PUBLISHED: _l("已公布"),
}
#: Colour and shape of each state.
STATE_MARKS = {
    RoundState.PREPARED: ("grey", "pencil"),
    RoundState.OPEN: ("blue", "player-play"),
    RoundState.COUNTED: ("blue", "list-check"),
    RoundState.COMPUTED: ("amber", "hourglass"),
    RoundState.REVIEWED: ("amber", "signature"),
    RoundState.DECIDED: ("blue", "circle-check"),
    RoundState.PUBLISHED: ("green", "circle-check"),
}
PANEL_LABELS = {
    Panel.SELF: _l("自评"),
    Panel.PEERS: _l("部门内互评"),
    Panel.HEADS: _l("负责人评议"),
    Panel.LEADERS: _l("领导评议"),
    Panel.OTHERS: _l("其他人员评议"),
}
PART_LABELS = {
    Part.MONTHS: _l("月度考评均分"),
    Part.BALLOTS: _l("民主评议"),
    Part.CLIENTS: _l("服务对象评分"),
    Part.DUTY: _l("述职评议"),
}
HELD_LABELS = {
    Held.QUOTA: _l("上一等名额已满"),
    Held.TIE: _l("同分人数超过上一等剩余名额"),
    Held.BARRED: _l("一票否决或者没有评选资格"),
}
GROUND_LABELS = {
    Ground.ETHICS: _l("职业道德"),
    Ground.INTEGRITY: _l("廉洁纪律"),
    Ground.SAFETY: _l("安全责任"),
    Ground.TASK: _l("基本任务没有完成"),
    Ground.OTHER: _l("其他规定情形"),
}
#: Grades by the names of the policy's defaults; an office's own names are shown as it wrote them.
GRADE_LABELS = {
    "优秀": _l("优秀"),
    "合格": _l("合格"),
    "不合格": _l("不合格"),
    "称职": _l("称职"),
    "基本称职": _l("基本称职"),
    "不称职": _l("不称职"),
    "好": _l("好"),
    "良好": _l("良好"),
    "一般": _l("一般"),
    "差": _l("差"),
}


def grade_word(name: str) -> str:
    """A grade in the reader's language, where it is one of the usual ones."""
    return str(GRADE_LABELS.get(name, name))


OUTCOME_LABELS = {"upheld": _l("异议成立"), "rejected": _l("异议不成立")}

timeline.label("subject", SUBJECT_LABELS, of="yearly_grade")
timeline.label("ground", GROUND_LABELS, of="yearly_grade")
timeline.label("outcome", OUTCOME_LABELS, of="yearly_grade")
timeline.label("grade", lambda value, _facts: grade_word(str(value)), of="yearly_grade")

_WHICH = ("year", "subject")
_CLAUSE = "appraisal.5"

PREPARED = kind(
    "yearly_grade.prepared",
    _l("准备 %(year)s 年度%(subject)s考评，参评 %(rows)s 个"),
    facts=(*_WHICH, "rows", "voters", "settings"),
    rules=("E-5", "E-7", "POL-1"),
    clause=_CLAUSE,
)
OPENED = kind(
    "yearly_grade.opened",
    _l("%(year)s 年度%(subject)s考评开始投票，%(voters)s 人可以投票，%(vote_by)s 截止"),
    facts=(*_WHICH, "voters", "vote_by"),
    rules=("E-7",),
    clause="appraisal.7",
)
#: One entry for all ballots: none tells of a single one (J-1).
COUNTED = kind(
    "yearly_grade.counted",
    _l("%(year)s 年度%(subject)s考评计票：%(voted)s 人投票，评议票 %(papers)s 张，无法开启 %(lost)s 份"),
    facts=(*_WHICH, "voted", "papers", "lost", "digest"),
    rules=("E-7", "J-1"),
    clause="appraisal.7",
)
RESTARTED = kind(
    "yearly_grade.restarted",
    _l("%(year)s 年度%(subject)s考评重新投票，作废已投的票：%(reason)s"),
    facts=(*_WHICH, "voted", "reason"),
    rules=("E-7",),
)
COMPUTED = kind(
    "yearly_grade.computed",
    _l("核算 %(year)s 年度%(subject)s考评，变动 %(changed)s 个"),
    facts=(*_WHICH, "changed", "changes"),
    rules=("E-5", "A-4", "P-5"),
    clause=_CLAUSE,
)
VETOED = kind(
    "yearly_grade.vetoed",
    _l("对%(name)s提出一票否决（%(ground)s）：%(reason)s"),
    facts=("name", "ground", "reason", "evidence"),
    rules=("E-5",),
    clause=_CLAUSE,
)
VETO_CONFIRMED = kind(
    "yearly_grade.veto_confirmed", _l("确认对%(name)s的一票否决"), facts=("name",), rules=("E-5",), clause=_CLAUSE
)
VETO_LIFTED = kind(
    "yearly_grade.veto_lifted", _l("撤销对%(name)s的一票否决：%(reason)s"), facts=("name", "reason"), rules=("E-5",)
)
OBJECTED = kind(
    "yearly_grade.objected",
    _l("%(name)s对年度考评结果提出异议"),
    facts=("name",),
    personal=("text",),
    rules=("E-6",),
    clause="appraisal.6",
)
RULED = kind(
    "yearly_grade.ruled",
    _l("裁定%(name)s的异议：%(outcome)s"),
    facts=("name", "outcome"),
    personal=("ruling",),
    rules=("E-6",),
    clause="appraisal.6",
)
REVIEWED = kind(
    "yearly_grade.reviewed",
    _l("督查组审核 %(year)s 年度%(subject)s考评结果：%(opinion)s"),
    facts=(*_WHICH, "opinion"),
    rules=("E-6",),
    clause="appraisal.6",
)
RETURNED = kind(
    "yearly_grade.returned",
    _l("退回 %(year)s 年度%(subject)s考评结果：%(reason)s"),
    facts=(*_WHICH, "reason"),
    rules=("E-6",),
)
DECIDED = kind(
    "yearly_grade.decided",
    _l("班子会议（%(meeting_on)s）研究，决定 %(year)s 年度%(subject)s考评结果"),
    facts=(*_WHICH, "meeting_on", "record"),
    rules=("E-5", "E-6", "AB-4"),
    clause="appraisal.6",
)
PUBLISHED = kind(
    "yearly_grade.published",
    _l("公布 %(year)s 年度%(subject)s考评结果"),
    facts=(*_WHICH, "digest"),
    rules=("E-6",),
    clause="appraisal.6",
)
CORRECTION_PROPOSED = kind(
    "yearly_grade.correction_proposed",
    _l("提出更正%(name)s的 %(year)s 年度考评结果：%(reason)s"),
    facts=(*_WHICH, "name", "total", "grade", "reason"),
    rules=("E-6", "J-3"),
    clause="appraisal.6",
)
CORRECTED = kind(
    "yearly_grade.corrected",
    _l("更正%(name)s的 %(year)s 年度考评结果，总分 %(total)s，等次 %(grade)s"),
    facts=(*_WHICH, "name", "total", "grade"),
    rules=("E-6", "J-3"),
    clause="appraisal.6",
)
CORRECTION_REFUSED = kind(
    "yearly_grade.correction_refused",
    _l("不同意更正%(name)s的 %(year)s 年度考评结果"),
    facts=(*_WHICH, "name"),
    rules=("E-6",),
)
