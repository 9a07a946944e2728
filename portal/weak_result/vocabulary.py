"""Words of the room: permissions, labels, kinds of fact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.kernel.journal import kind
from portal.weak_result.models import OrderState

#: The list and the orders of the departments that one leads.
READ = "weak_result.read"
READ_ALL = "weak_result.read_all"
#: Order, re-check, withdraw.
ORDER = "weak_result.order"
PERMISSIONS = (READ, READ_ALL, ORDER)

STATE_LABELS = {
    OrderState.ORDERED: _l("整改中"),
    OrderState.ANSWERED: _l("待复查"),
    OrderState.IMPROVED: _l("已改进"),
    OrderState.FAILED: _l("未改进"),
    OrderState.WITHDRAWN: _l("已撤回"),
}

_RULES = ("E-8",)
ORDERED = kind(
    "weak_result.ordered",
    _l("因 %(month)s 考评 %(total)s 分（第 %(place)s 名）发出整改通知 %(number)s，%(due_on)s 前整改：%(demand)s"),
    facts=("number", "month", "edition", "total", "place", "due_on", "demand"),
    rules=_RULES,
)
ANSWERED = kind(
    "weak_result.answered", _l("报告整改措施和成效：%(answer)s"), facts=("answer", "late", "files"), rules=_RULES
)
OVERDUE = kind("weak_result.overdue", _l("整改逾期，应于 %(due)s 前报告"), facts=("number", "due"), rules=_RULES)
IMPROVED = kind("weak_result.improved", _l("复查认定已改进：%(opinion)s"), facts=("opinion", "files"), rules=_RULES)
FAILED = kind(
    "weak_result.failed",
    _l("复查认定未改进，已登记问责线索 %(clue)s：%(opinion)s"),
    facts=("opinion", "clue", "files"),
    rules=("E-8", "A-3"),
)
WITHDRAWN = kind("weak_result.withdrawn", _l("撤回整改通知：%(reason)s"), facts=("reason",), rules=("E-8", "J-3"))
RECOMPUTED = kind(
    "weak_result.recomputed", _l("日历变动，整改期限 %(old_due)s → %(due)s"), facts=("number", "old_due", "due"),
    rules=("T-3", "E-8"),
)  # fmt: skip
