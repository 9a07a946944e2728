"""Words of the first-ask room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.first_ask.models import Channel, Disposition
from portal.first_ask.rules import Outcome
from portal.kernel import timeline
from portal.kernel.journal import kind

FILE = "first_ask.file"
READ = "first_ask.read"
READ_ALL = "first_ask.read_all"
RULE = "first_ask.rule"
ACKNOWLEDGE = "first_ask.acknowledge"
PERMISSIONS = (FILE, READ, READ_ALL, RULE, ACKNOWLEDGE)

DISPOSITION_LABELS = {
    Disposition.ANSWERED: _l("当场答复"),
    Disposition.CASE: _l("收件办理"),
    Disposition.NOTICE: _l("一次性告知"),
    Disposition.PASSED: _l("转办"),
    Disposition.OUTSIDE: _l("引导到外单位"),
    Disposition.REFUSAL: _l("拟否定"),
}
CHANNEL_LABELS = {
    Channel.VISIT: _l("窗口"),
    Channel.PHONE: _l("电话"),
    Channel.LETTER: _l("来信"),
    Channel.ONLINE: _l("网上"),
}

timeline.label("disposition", DISPOSITION_LABELS, of="first_ask")
timeline.label("channel", CHANNEL_LABELS, of="first_ask")

FILED = kind(
    "first_ask.filed",
    _l("首问登记 %(number)s：%(matter)s"),
    facts=("number", "disposition", "channel", "item", "to_department", "urgent", "outside"),
    personal=("matter", "client_unit", "client_name", "client_phone"),
    rules=("F-1", "F-2", "F-3"),
    clause="first_ask.1",
)
REVERSED = kind(
    "first_ask.reversed", _l("撤销首问登记 %(number)s"), facts=("number", "by"), personal=("reason",), rules=("J-3",)
)
PASSED = kind("first_ask.passed", _l("转办至%(to)s"), facts=("to", "origin", "ordinal", "respond_by"), rules=("F-4",))
ACCEPTED = kind("first_ask.accepted", _l("%(department)s接收转办"), facts=("department", "late"), rules=("F-4",))
DISPUTED = kind(
    "first_ask.disputed",
    _l("%(department)s对转办提出异议"),
    facts=("department", "late"),
    personal=("reason",),
    rules=("F-4",),
)
RULED = kind(
    "first_ask.ruled", _l("办公室裁定由%(department)s办理"), facts=("department",), personal=("ruling",), rules=("F-4",)
)
ACKNOWLEDGED = kind(
    "first_ask.acknowledged", _l("主要负责人已阅紧急事项"), facts=("late",), personal=("note",), rules=("F-5",)
)
UNACKNOWLEDGED = kind(
    "first_ask.unacknowledged",
    _l("紧急事项 %(number)s 逾期未阅（应于 %(acknowledge_by)s 前）"),
    facts=("number", "acknowledge_by"),
    rules=("F-5", "A-1"),
    clause="first_ask.7",
)
CASE_OPENED = kind("first_ask.case_opened", _l("接收后收件办理 %(number)s"), facts=("number",), rules=("F-3",))
ANSWERED = kind("first_ask.answered", _l("接收后答复"), personal=("answer",), rules=("F-3",))
OUTCOME_LABELS = {
    Outcome.DONE: _l("已当场办结"),
    Outcome.OUTSIDE: _l("已引导到外单位"),
    Outcome.WAITING: _l("待接收"),
    Outcome.DISPUTED: _l("异议待裁定"),
    Outcome.TAKEN_OVER: _l("已接收，办理中"),
    Outcome.ANSWERED: _l("已答复"),
    Outcome.CASE_OPEN: _l("办件办理中"),
    Outcome.CASE_CLOSED: _l("办件已结案"),
    Outcome.REVERSED: _l("已撤销"),
}
