"""Words of surveys and meetings with clients: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.survey.models import ToldBy
from portal.survey.rules import Audience, MeasureState, QuestionKind, Standing

#: One's own code of a staff survey, measures of one's own department.
TAKE = "survey.take"
#: All surveys and their figures, all measures, meetings.
READ = "survey.read"
#: What was written in own words.
READ_TEXTS = "survey.read_texts"
MANAGE = "survey.manage"
PERMISSIONS = (TAKE, READ, READ_TEXTS, MANAGE)

AUDIENCE_LABELS = {
    Audience.LINK: _l("公开链接"),
    Audience.CODES: _l("服务对象凭答卷码"),
    Audience.STAFF: _l("科室工作人员"),
}
KIND_LABELS = {
    QuestionKind.SCALE: _l("评分"),
    QuestionKind.SINGLE: _l("单选"),
    QuestionKind.MULTIPLE: _l("多选"),
    QuestionKind.TEXT: _l("文字"),
    QuestionKind.DEPARTMENT: _l("选科室"),
}
STANDING_LABELS = {
    Standing.DRAFT: _l("起草中"),
    Standing.AHEAD: _l("待开始"),
    Standing.OPEN: _l("进行中"),
    Standing.CLOSED: _l("已截止"),
    Standing.REPLACED: _l("已由新版代替"),
    Standing.DROPPED: _l("已放弃"),
}
MEASURE_LABELS = {
    MeasureState.OPEN: _l("整改中"),
    MeasureState.DONE: _l("已完成"),
    MeasureState.TOLD: _l("已反馈"),
    MeasureState.WITHDRAWN: _l("已撤销"),
}
TOLD_LABELS = {
    ToldBy.NOTICE: _l("公告"),
    ToldBy.MEETING: _l("座谈会"),
    ToldBy.PHONE: _l("电话"),
    ToldBy.WRITING: _l("书面"),
    ToldBy.WINDOW: _l("窗口张贴"),
}
#: What is raised at a meeting, by the words of the room of opinions.
RAISED_LABELS = {"problem": _l("问题"), "opinion": _l("意见"), "suggestion": _l("建议")}

timeline.label("audience", AUDIENCE_LABELS, of="survey")
timeline.label("told_by", TOLD_LABELS, of="survey")
timeline.label("kind", RAISED_LABELS, of="survey.meeting_raised")
timeline.label("kind", KIND_LABELS, of="survey.question_added")
timeline.label("kind", KIND_LABELS, of="survey.question_changed")
timeline.label("files", lambda value, _facts: "、".join(f["name"] for f in value) or "—", of="survey")

_CLAUSE = "appraisal.8"
_SHAPE = ("number", "title", "audience", "opens_at", "closes_at", "introduction", "departments")
_QUESTION = ("position", "kind", "text", "help", "required", "options")

WRITTEN = kind(
    "survey.written",
    _l("起草问卷 %(number)s：%(title)s"),
    facts=(*_SHAPE, "copied_from"),
    rules=("S-2",),
    clause=_CLAUSE,
)
CHANGED = kind("survey.changed", _l("修改问卷：%(title)s"), facts=_SHAPE, rules=("S-2",), clause=_CLAUSE)
QUESTION_ADDED = kind(
    "survey.question_added",
    _l("加入第 %(position)s 题（%(kind)s）：%(text)s"),
    facts=_QUESTION,
    rules=("S-2",),
    clause=_CLAUSE,
)
QUESTION_CHANGED = kind(
    "survey.question_changed",
    _l("修改第 %(position)s 题（%(kind)s）：%(text)s"),
    facts=_QUESTION,
    rules=("S-2",),
    clause=_CLAUSE,
)
QUESTION_MOVED = kind(
    "survey.question_moved",
    _l("第 %(old)s 题移到第 %(new)s 题：%(text)s"),
    facts=("old", "new", "text"),
    rules=("S-2",),
    clause=_CLAUSE,
)
QUESTION_REMOVED = kind(
    "survey.question_removed",
    _l("删去第 %(position)s 题：%(text)s"),
    facts=("position", "text"),
    rules=("S-2",),
    clause=_CLAUSE,
)
PUBLISHED = kind(
    "survey.published",
    _l("发布问卷第 %(version)s 版，%(opens_at)s 至 %(closes_at)s，共 %(questions)s 题"),
    facts=("version", "opens_at", "closes_at", "questions", "digest", "least_group", "drop_extremes"),
    rules=("S-2",),
    clause=_CLAUSE,
)
REPLACED = kind(
    "survey.replaced", _l("由新版 %(number)s 代替，代替前没有人作答"), facts=("number",), rules=("S-2",), clause=_CLAUSE
)
DROPPED = kind("survey.dropped", _l("放弃问卷 %(number)s"), facts=("number",), rules=("S-2",), clause=_CLAUSE)
CLOSED = kind(
    "survey.closed",
    _l("问卷截止，共收到 %(answered)s 份"),
    facts=("number", "answered", "reason"),
    rules=("S-2",),
    clause=_CLAUSE,
)
CODES_ISSUED = kind(
    "survey.codes_issued",
    _l("生成答卷码 %(count)s 个，作废未使用的 %(void)s 个"),
    facts=("count", "void"),
    rules=("S-2",),
    clause=_CLAUSE,
)
LISTED = kind(
    "survey.clients_listed",
    _l("录入服务对象名单，共 %(count)s 个"),
    facts=("count", "digest"),
    rules=("S-2",),
    clause=_CLAUSE,
)
DRAWN = kind(
    "survey.sample_drawn",
    _l("从名单 %(listed)s 个中随机抽取 %(drawn)s 个"),
    facts=("listed", "drawn", "digest", "seed"),
    rules=("S-2",),
    clause=_CLAUSE,
)
CLIENTS_ERASED = kind(
    "survey.clients_erased",
    _l("名单保留期满，删除 %(count)s 个服务对象"),
    facts=("count",),
    rules=("S-2", "J-1"),
    clause=_CLAUSE,
)
RESULTS_PUBLISHED = kind(
    "survey.results_published",
    _l("公布统计结果：%(note)s"),
    facts=("note", "answered"),
    rules=("S-2",),
    clause=_CLAUSE,
)
RESULTS_WITHDRAWN = kind(
    "survey.results_withdrawn", _l("撤下统计结果：%(reason)s"), facts=("reason",), rules=("S-2",), clause=_CLAUSE
)
MEASURE_LAID = kind(
    "survey.improvement_laid_down",
    _l("%(origin)s 改进措施 %(number)s：%(department)s于 %(due_on)s 前%(measure)s"),
    facts=("number", "origin", "finding", "measure", "department", "post", "due_on"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEASURE_OVERDUE = kind(
    "survey.improvement_overdue",
    _l("改进措施 %(number)s 到 %(due_on)s 没有完成"),
    facts=("number", "due_on"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEASURE_DONE = kind(
    "survey.improvement_done",
    _l("改进措施 %(number)s 完成：%(result)s"),
    facts=("number", "result", "late"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEASURE_RETURNED = kind(
    "survey.improvement_returned",
    _l("改进措施 %(number)s 退回继续整改：%(reason)s"),
    facts=("number", "reason"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEASURE_TOLD = kind(
    "survey.improvement_told",
    _l("改进措施 %(number)s 已以%(told_by)s形式反馈服务对象：%(note)s"),
    facts=("number", "told_by", "told_on", "note"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEASURE_WITHDRAWN = kind(
    "survey.improvement_withdrawn",
    _l("撤销改进措施 %(number)s：%(reason)s"),
    facts=("number", "reason"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEETING_RECORDED = kind(
    "survey.meeting_recorded",
    _l("%(held_on)s 召开服务对象座谈会 %(number)s，%(participants)s 人参加"),
    facts=("number", "held_on", "place", "topic", "participants", "summary", "files"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEETING_FILED = kind(
    "survey.meeting_filed",
    _l("座谈会 %(number)s 补充附件：%(files)s"),
    facts=("number", "files"),
    rules=("S-2",),
    clause=_CLAUSE,
)
MEETING_RAISED = kind(
    "survey.meeting_raised",
    _l("座谈会 %(number)s 上提出的%(kind)s转为 %(opinion)s 办理"),
    facts=("number", "opinion", "kind"),
    rules=("S-2", "S-4"),
    clause=_CLAUSE,
)
