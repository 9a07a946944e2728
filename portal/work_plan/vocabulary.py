"""Words of the plan room: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.pure.deadlines import Light
from portal.work_plan.models import Change, ItemState, PlanState, Term

#: Approved plans, the bulletin page, one's own items: everybody who works with matters.
READ = "work_plan.read"
#: Plans of all departments in every state.
READ_ALL = "work_plan.read_all"
#: Draft, amend, confirm, file reviews for the departments that one speaks for.
WRITE = "work_plan.write"
#: Say what the department's plan is worth, decide more time, give the opinion of a review.
DISCUSS = "work_plan.discuss"
#: Record what the leaders' meeting decided of plans, amendments and reviews.
APPROVE = "work_plan.approve"
#: Draft for departments that have nobody of their own, take a wrong record of lateness back.
MANAGE = "work_plan.manage"
PERMISSIONS = (READ, READ_ALL, WRITE, DISCUSS, APPROVE, MANAGE)

PLAN_LABELS = {
    PlanState.DRAFT: _l("起草中"),
    PlanState.SUBMITTED: _l("待讨论"),
    PlanState.DISCUSSED: _l("待班子会审定"),
    PlanState.APPROVED: _l("执行中"),
    PlanState.ENDED: _l("已总结"),
}
ITEM_LABELS = {
    ItemState.PLANNED: _l("待审定"),
    ItemState.RUNNING: _l("进行中"),
    ItemState.REPORTED: _l("待确认"),
    ItemState.DONE: _l("已完成"),
    ItemState.CANCELLED: _l("已取消"),
}
LIGHT_LABELS = {
    Light.NORMAL: _l("按期进行"),
    Light.DUE_SOON: _l("临期"),
    Light.OVERDUE: _l("逾期"),
    Light.RED: _l("逾期"),
}
CHANGE_LABELS = {Change.ADD: _l("增加事项"), Change.CHANGE: _l("修改事项"), Change.CANCEL: _l("取消事项")}
TERM_LABELS = {Term.MID: _l("年中检查"), Term.YEAR: _l("年终总结")}

timeline.label("change", CHANGE_LABELS, of="work_plan")
timeline.label("term", TERM_LABELS, of="work_plan")
timeline.label("granted", {True: _l("同意"), False: _l("不同意")}, of="work_plan")
timeline.label("approved", {True: _l("同意"), False: _l("不同意")}, of="work_plan")

_RULES = ("E-1",)
_ITEM = ("number", "key_task", "step", "measure", "person", "due_on")

DRAFTED = kind(
    "work_plan.drafted",
    _l("起草 %(year)s 年工作计划 %(number)s（%(department)s）"),
    facts=("number", "year", "department"),
    rules=_RULES,
)
GOALS_WRITTEN = kind("work_plan.goals_written", _l("修改工作目标"), facts=("goals",), rules=_RULES)
ITEM_ADDED = kind(
    "work_plan.item_added",
    _l("列入 %(number)s %(step)s（%(key_task)s），责任人 %(person)s，%(due_on)s 前完成"),
    facts=_ITEM,
    rules=_RULES,
)
ITEM_CHANGED = kind(
    "work_plan.item_changed",
    _l("%(number)s 改为：%(step)s（%(key_task)s），责任人 %(person)s，%(due_on)s 前完成"),
    facts=_ITEM,
    rules=_RULES,
)
ITEM_REMOVED = kind("work_plan.item_removed", _l("从草案中删去 %(number)s %(step)s"), facts=_ITEM, rules=_RULES)
IMPORTED = kind(
    "work_plan.items_imported", _l("从表格导入 %(count)s 项（%(file)s）"), facts=("count", "file"), rules=_RULES
)
COPIED = kind(
    "work_plan.items_copied", _l("从 %(year)s 年计划复制 %(count)s 项"), facts=("year", "count"), rules=_RULES
)
SUBMITTED = kind("work_plan.submitted", _l("提交讨论，共 %(count)s 项"), facts=("count",), rules=_RULES)
DISCUSSED = kind("work_plan.discussed", _l("讨论意见：%(discussion)s"), facts=("discussion",), rules=_RULES)
SENT_BACK = kind("work_plan.sent_back", _l("退回修改：%(reason)s"), facts=("reason",), rules=_RULES)
APPROVED = kind(
    "work_plan.approved",
    _l("%(meeting_on)s 班子会审定：%(record)s"),
    facts=("meeting_on", "record", "count", "files"),
    rules=_RULES,
)
ITEM_BEGUN = kind(
    "work_plan.item_begun", _l("计划审定，%(due_on)s 前完成"), facts=("number", "due_on"), rules=("E-1", "T-3")
)
PROGRESSED = kind(
    "work_plan.progressed", _l("进度 %(percent)s%%：%(text)s"), facts=("percent", "text", "files"), rules=_RULES
)
REPORTED = kind(
    "work_plan.reported",
    _l("报告完成：%(result)s"),
    facts=("number", "result", "due", "late", "files"),
    rules=("E-1", "T-6"),
)
RETURNED = kind("work_plan.returned", _l("退回继续办理：%(reason)s"), facts=("reason",), rules=_RULES)
CONFIRMED = kind("work_plan.confirmed", _l("确认完成。%(opinion)s"), facts=("opinion",), rules=_RULES)
EXTENSION_ASKED = kind(
    "work_plan.extension_asked", _l("申请延期至 %(wanted_on)s：%(reason)s"), facts=("wanted_on", "reason"),
    rules=("E-1", "T-5"),
)  # fmt: skip
EXTENSION_DECIDED = kind(
    "work_plan.extension_decided",
    _l("对延期申请答复：%(granted)s。%(answer)s"),
    facts=("number", "granted", "answer", "old_due", "due", "was_late"),
    rules=("E-1", "T-5"),
)
OVERDUE = kind(
    "work_plan.item_overdue", _l("逾期：应于 %(due)s 前完成"), facts=("number", "due"), rules=("E-1", "T-6", "A-1")
)
EXCUSED = kind(
    "work_plan.lateness_taken_back",
    _l("撤销逾期记录（%(due)s）：%(reason)s"),
    facts=("number", "due", "reason"),
    rules=("E-1", "J-3"),
)
RECOMPUTED = kind(
    "work_plan.recomputed",
    _l("日历变动，完成期限 %(old_due)s → %(due)s"),
    facts=("number", "old_due", "due", "was_late"),
    rules=("T-3", "E-1"),
)
AMENDMENT_ASKED = kind(
    "work_plan.amendment_asked",
    _l("提出调整（%(change)s）%(what)s：%(reason)s"),
    facts=("change", "what", "reason", "before", "after"),
    rules=_RULES,
)
AMENDMENT_DECIDED = kind(
    "work_plan.amendment_decided",
    _l("调整（%(change)s）%(what)s：%(approved)s。%(answer)s"),
    facts=("change", "what", "approved", "answer", "meeting_on"),
    rules=_RULES,
)
ITEM_AMENDED = kind(
    "work_plan.item_amended",
    _l("按批准的调整改为：%(step)s，责任人 %(person)s，%(due_on)s 前完成"),
    facts=(*_ITEM, "old_due", "was_late"),
    rules=_RULES,
)
ITEM_CANCELLED = kind(
    "work_plan.item_cancelled",
    _l("按批准的调整取消"),
    facts=("number", "old_due", "was_late"),
    rules=_RULES,
)
REVIEW_FILED = kind(
    "work_plan.review_filed", _l("%(term)s：提交自查"), facts=("term", "summary", "files"), rules=_RULES
)
REVIEW_OPINION = kind(
    "work_plan.review_opinion", _l("%(term)s意见：%(opinion)s"), facts=("term", "opinion"), rules=_RULES
)
REVIEW_CONCLUDED = kind(
    "work_plan.review_concluded",
    _l("%(term)s结论：%(conclusion)s（%(done)s/%(items)s 项完成）"),
    facts=("term", "conclusion", "items", "done", "late", "percent"),
    rules=_RULES,
)
ENDED = kind("work_plan.ended", _l("年终总结完成，计划结束"), rules=_RULES)
