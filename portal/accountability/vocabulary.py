"""Words of the room of proceedings: permissions, labels, events.

What was said and found is personal: the auditor reads that it happened, never what it was.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.accountability.models import (
    Attitude,
    Bar,
    Cause,
    Conduct,
    Duty,
    Effect,
    MeasureKind,
    Origin,
    Outcome,
    Said,
    Severity,
    State,
)
from portal.accountability.rules import Counts, Standing
from portal.kernel import timeline
from portal.kernel.journal import kind
from portal.policy.accountability_values import LADDER

#: Open what concerns oneself, or for what one is named.
READ = "accountability.read"
#: Begin proceedings and keep their files.
REGISTER = "accountability.register"
#: Figures of all proceedings, without any content.
FIGURES = "accountability.figures"
#: What follows for people and departments (A-4).
EFFECTS = "accountability.effects"
PERMISSIONS = (READ, REGISTER, FIGURES, EFFECTS)

STATE_LABELS = {
    State.REGISTERED: _l("已立案，调查中"),
    State.INVESTIGATED: _l("听取陈述申辩"),
    State.HEARD: _l("待认定"),
    State.FOUND: _l("待决定"),
    State.DECIDED: _l("待告知"),
    State.TOLD: _l("已告知"),
    State.REVIEWING: _l("复核中"),
    State.CLOSED: _l("已结案"),
}
ORIGIN_LABELS = {
    Origin.CLUE: _l("线索"),
    Origin.COMPLAINT: _l("投诉"),
    Origin.INSPECTION: _l("检查"),
    Origin.UPPER: _l("上级交办"),
}
DUTY_LABELS = {
    Duty.SECRETARY: _l("秘书"),
    Duty.INVESTIGATOR: _l("调查人"),
    Duty.DECIDER: _l("决定人"),
    Duty.REVIEWER: _l("复核人"),
}
BAR_LABELS = {
    Bar.SUBJECT: _l("当事人"),
    Bar.DEPARTMENT: _l("涉事科室人员"),
    Bar.COMPLAINANT: _l("投诉人"),
    Bar.RAISER: _l("提出线索的人"),
    Bar.DISMISSER: _l("曾对线索作不予追究处理的人"),
    Bar.SUPERIOR: _l("当事人的直接上级"),
    Bar.RECUSED: _l("已申请回避"),
    Bar.OTHER_DUTY: _l("在本案中担任其他职责"),
}
SAID_LABELS = {
    Said.STATEMENT: _l("陈述申辩"),
    Said.MINUTES: _l("谈话笔录"),
    Said.WAIVER: _l("未听取的说明"),
    Said.OBJECTION: _l("意见"),
    Said.NOTE: _l("内部记录"),
}
CONDUCT_LABELS = {Conduct.NOT_PERFORMING: _l("不履行职责"), Conduct.WRONGLY: _l("不正确履行职责")}
EFFECT_LABELS = {
    Effect.NONE: _l("未造成后果"),
    Effect.DELAY: _l("延误办理"),
    Effect.LOSS: _l("给服务对象造成损失"),
    Effect.REPUTATION: _l("影响单位形象"),
    Effect.SEVERE: _l("后果严重"),
}
CAUSE_LABELS = {
    Cause.OVERSIGHT: _l("疏忽"),
    Cause.ABILITY: _l("业务不熟"),
    Cause.NEGLIGENCE: _l("不负责任"),
    Cause.INTENT: _l("故意"),
    Cause.OBJECTIVE: _l("客观原因"),
}
ATTITUDE_LABELS = {
    Attitude.CORRECTED: _l("主动改正"),
    Attitude.ADMITTED: _l("承认过错"),
    Attitude.EVASIVE: _l("推诿"),
    Attitude.OBSTRUCTIVE: _l("阻碍调查"),
}
SEVERITY_LABELS = {
    Severity.MINOR: _l("情节轻微"),
    Severity.SERIOUS: _l("情节较重"),
    Severity.GRAVE: _l("情节严重"),
}
MEASURE_LABELS = {
    MeasureKind.RECTIFICATION: _l("限期整改"),
    **{MeasureKind(name): label for name, label in LADDER.items()},
}
OUTCOME_LABELS = {
    Outcome.CONFIRMED: _l("维持"),
    Outcome.MITIGATED: _l("减轻"),
    Outcome.LIFTED: _l("撤销"),
}
COUNTS_LABELS = {Counts.SCORE: _l("考评扣分"), Counts.BONUS: _l("奖金扣减"), Counts.AWARD: _l("评先评优资格")}
STANDING_LABELS = {
    Standing.COUNTS: _l("有效"),
    Standing.EXPIRED: _l("影响期已满"),
    Standing.LIFTED: _l("已撤销"),
}
CONFIRMED_LABELS = {True: _l("有效投诉（属实）"), False: _l("不属实")}

for _name, _labels in (
    ("duty", DUTY_LABELS),
    ("bar", BAR_LABELS),
    ("kind", SAID_LABELS),
    ("measure", MEASURE_LABELS),
    ("outcome", OUTCOME_LABELS),
    ("origin", ORIGIN_LABELS),
    ("confirmed", CONFIRMED_LABELS),
):
    timeline.label(_name, _labels, of="accountability")

_A2, _A3 = ("A-2",), ("A-3",)

REGISTERED = kind(
    "accountability.registered",
    _l("立案 %(number)s，来源：%(origin)s"),
    facts=("number", "origin", "source", "clues"),
    personal=("title", "summary"),
    rules=_A2,
    clause="accountability.3",
)
SUBJECT_ADDED = kind(
    "accountability.subject_added",
    _l("列为当事方：%(who)s"),
    facts=("joint",),
    personal=("who",),
    rules=("A-2", "A-3"),
    clause="accountability.7",
)
ASSIGNED = kind(
    "accountability.assigned",
    _l("指定%(who)s为%(duty)s"),
    facts=("who", "duty"),
    rules=_A2,
    clause="accountability.4",
)
RELIEVED = kind("accountability.relieved", _l("%(who)s不再担任%(duty)s"), facts=("who", "duty"), rules=_A2)
RECUSED = kind(
    "accountability.recused",
    _l("%(who)s回避"),
    facts=("who",),
    personal=("reason",),
    rules=_A2,
    clause="accountability.4",
)
NOTED = kind("accountability.noted", _l("内部记录"), personal=("text",), rules=_A2)
REPORTED = kind(
    "accountability.reported", _l("提交调查报告"), facts=("files",), personal=("report",), rules=_A2,
    clause="accountability.3",
)  # fmt: skip
SPOKEN = kind(
    "accountability.spoken",
    _l("%(kind)s"),
    facts=("kind",),
    personal=("text",),
    rules=_A2,
    clause="accountability.5",
)
FOUND = kind(
    "accountability.found",
    _l("认定：%(confirmed)s"),
    facts=("confirmed",),
    personal=("conduct", "effect", "cause", "attitude", "severity", "text"),
    rules=_A2,
    clause="accountability.5",
)
RETURNED = kind("accountability.returned", _l("退回重新认定"), personal=("reason",), rules=_A2)
DECIDED = kind(
    "accountability.decided",
    _l("作出决定"),
    facts=("repeats", "meeting_on"),
    personal=("measures", "opinion"),
    rules=("A-2", "A-3", "P-6"),
    clause="accountability.6",
)
TOLD = kind(
    "accountability.told",
    _l("告知决定，文号 %(letter)s，可于 %(review_by)s 前申请复核"),
    facts=("letter", "review_by"),
    rules=_A2,
    clause="accountability.5",
)
COMPLAINANT_TOLD = kind(
    "accountability.complainant_told", _l("已于 %(on)s 经投诉件告知投诉人"), facts=("on",), rules=("A-2", "A-5")
)
EXECUTED = kind(
    "accountability.executed", _l("处理已执行：%(on)s"), facts=("on",), personal=("measure", "text"), rules=_A3
)
REVIEW_ASKED = kind(
    "accountability.review_asked",
    _l("申请复核"),
    personal=("grounds",),
    rules=_A2,
    clause="accountability.5",
)
REVIEWED = kind(
    "accountability.reviewed",
    _l("复核：%(outcome)s"),
    facts=("outcome",),
    personal=("text", "lifted", "milder"),
    rules=_A2,
    clause="accountability.5",
)
CLOSED = kind("accountability.closed", _l("结案，案卷封存"), rules=_A2)
PASSED_UP = kind(
    "accountability.passed_up", _l("移送%(to)s处理，案卷封存"), facts=("to",), personal=("text",), rules=_A2
)
OPENED = kind("accountability.opened", _l("查阅案卷"), rules=("A-2", "J-1"))
RECTIFICATION_OVERDUE = kind(
    "accountability.rectification_overdue",
    _l("逾期未整改（应于 %(due_on)s 前）"),
    facts=("due_on",),
    rules=("A-3", "O-2"),
    clause="accountability.7",
)
CLUE_CHANGED = kind(
    "accountability.clue_changed",
    _l("线索 %(clue)s 的事实有变动"),
    facts=("clue", "state"),
    rules=("A-1", "A-2"),
)
