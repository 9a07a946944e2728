"""What a month says, section by section: every figure is read from the room that counts it (W-0)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.accountability import queries as accountability
from portal.accountability import vocabulary as accountability_words
from portal.bulletin import vocabulary as words
from portal.callback import queries as callback
from portal.clue import queries as clue
from portal.clue import vocabulary as clue_words
from portal.clue.models import ClueKind, ClueState
from portal.complaint import summary as complaint
from portal.completion_report import statistics
from portal.completion_report.definitions import DEFINITIONS
from portal.completion_report.page import percent
from portal.completion_report.statistics import month_of
from portal.evaluation import queries as evaluation
from portal.evaluation import vocabulary as evaluation_words
from portal.kernel.actor import Actor
from portal.kernel.sections import NOTHING, Section, Table, thawed
from portal.people import queries as people
from portal.pure.months import month_after, month_text
from portal.supervision import figures as supervision

__all__ = ["NOTHING", "Section", "Table", "of", "thawed"]

AB_KINDS = (ClueKind.POST_UNCOVERED, ClueKind.HANDOVER_MISSING, ClueKind.LATE_AB_FILING, ClueKind.MESSAGE_UNANSWERED)


@dataclass(frozen=True)
class Span:
    """A month, as the summary of complaints takes it."""

    first: date

    @property
    def end(self) -> date:
        """The first day of the next month."""
        return month_after(self.first, 1)

    @property
    def name(self) -> str:
        """The month in digits."""
        return month_text(self.first)


def of(actor: Actor, month: date, now: datetime) -> list[Section]:
    """The sections of a month as they stand now, in the reader's language. ``actor`` reads for the whole office."""
    departments, found = _departments(month, now), clue.by_kind_and_state(month)
    made: dict[str, Callable[[], tuple[list[str], list[Table]]]] = {
        "cases": lambda: _cases(departments, month, now),
        "registers": lambda: _registers(departments),
        "ab_post": lambda: _ab_post(found),
        "complaints": lambda: _complaints(month, now),
        "evaluation": lambda: _evaluation(month),
        "callbacks": lambda: _callbacks(month),
        "inspections": lambda: _inspections(actor, month, now),
        "clues": lambda: _clues(found),
        "proceedings": lambda: _proceedings(month),
        "praise": lambda: _praise(departments),
    }
    return [Section(key, str(label), *made[key]()) for key, label in words.SECTION_LABELS.items()]


Values = dict[str, float | int | None]
ByKind = dict[ClueKind, dict[ClueState, int]]


def _departments(month: date, now: datetime) -> list[tuple[str, Values]]:
    """The figures of each department that has any, as its monthly statistics state them."""
    names = people.department_names()
    wanted = set(statistics.windows(month))
    return [(name, statistics.current(key, month, now)) for key, name in names.items() if key in wanted]


def _n(value: float | int | None) -> str:
    return NOTHING if value is None else str(value)


def _cases(departments: list[tuple[str, Values]], month: date, now: datetime) -> tuple[list[str], list[Table]]:
    shown = ("received", "done", "late", "overdue", "rate", "wrong")
    whole: Values = statistics.unit_total(month, now)

    def row(name: str, values: Values) -> list[str]:
        return [name, *(percent(values[n]) if DEFINITIONS[n].percent else _n(values[n]) for n in shown)]

    rows = [row(name, values) for name, values in departments]
    rows.append(row(_("全单位（联办部分不重复计算）"), whole))
    return [], [Table("", [_("科室"), *(str(DEFINITIONS[n].label) for n in shown)], rows)]


def _registers(departments: list[tuple[str, Values]]) -> tuple[list[str], list[Table]]:
    def row(name: str, values: Values) -> list[str]:
        received, filings = int(values["received"] or 0), int(values["filings"] or 0)
        rate = 100 * filings / received if received else None
        return [name, _n(values["first_asks"]), _n(values["notices"]), str(filings), percent(rate)]

    total: Values = {
        n: sum(int(v[n] or 0) for _name, v in departments) for n in ("received", "first_asks", "notices", "filings")
    }
    rows = [row(name, values) for name, values in departments] + [row(_("合计"), total)]
    heads = [_("科室"), _("首问登记"), _("一次性告知"), _("否定报备"), _("否定报备占收件")]
    return [], [Table("", heads, rows)]


def _ab_post(found: ByKind) -> tuple[list[str], list[Table]]:
    rows = [
        [str(clue_words.KIND_LABELS[kind]), str(sum(n for s, n in found.get(kind, {}).items() if _stands(s)))]
        for kind in AB_KINDS
    ]
    return [], [Table("", [_("情形"), _("次数")], rows)]


def _stands(state: ClueState) -> bool:
    return state is not ClueState.WITHDRAWN


def _complaints(month: date, now: datetime) -> tuple[list[str], list[Table]]:
    found = complaint.of(Span(month), now)
    if found.total is None:
        return [_("本月收到的投诉少于 %(n)s 件，不公布分组。", n=found.least)], []
    lines = [_("本月收到投诉 %(n)s 件。", n=found.total)]
    if not found.total:
        return lines, []
    tables = [
        Table(
            each.title, [each.title, _("件数")], [[label, complaint.figure(n, found.least)] for label, n in each.lines]
        )
        for each in found.tables
    ]
    return lines, tables


def _evaluation(month: date) -> tuple[list[str], list[Table]]:
    lines, total = evaluation.by_department([month], None)
    names, withheld = people.department_names(), _("不公布")

    def row(name: str, line: evaluation.Line) -> list[str]:
        hidden = line.withheld and not line.shown
        level = str(evaluation_words.LEVEL_LABELS[line.level]) if line.level else NOTHING
        return [
            name,
            str(line.closed),
            withheld if hidden else str(line.cell.ballots),
            withheld if hidden else percent(line.cell.percent),
            withheld if line.withheld else percent(line.coverage),
            level,
        ]

    rows = [row(names.get(key, ""), line) for key, line in lines.items()] + [row(_("全单位"), total)]
    heads = [_("科室"), _("办结数"), _("评议票数"), _("满意率"), _("覆盖率"), _("覆盖情况")]
    note = _("少于 %(n)s 票的科室，以及能由此推算的数字不公布。", n=evaluation.least())
    return [note], [Table("", heads, rows)]


def _callbacks(month: date) -> tuple[list[str], list[Table]]:
    lines, total = callback.summary(month)
    if not lines:
        return [_("本月没有回访。")], []
    names = people.department_names()

    def row(name: str, line: Any) -> list[str]:
        if line.averages is not None:
            averages = [f"{value:.2f}" for value in line.averages]
        else:
            averages = [_("不公布") if line.withheld else NOTHING] * 3
        return [name, str(line.group.called), str(line.group.reached), *averages]

    rows = [row(names.get(line.group.department_id, ""), line) for line in lines] + [row(_("合计"), total)]
    heads = [_("科室"), _("回访"), _("接通"), _("态度"), _("效率"), _("守规")]
    return [_("评价 1 为很好，5 为很差。")], [Table("", heads, rows)]


def _inspections(actor: Actor, month: date, now: datetime) -> tuple[list[str], list[Table]]:
    found = supervision.of_month(actor, month_text(month), now)
    rows = [
        [_("督查"), str(found.inspections)],
        [_("其中暗访"), str(found.covert)],
        [_("发现问题"), str(found.findings)],
        [_("其中严重"), str(found.serious)],
        [_("按期整改"), str(found.in_time)],
        [_("逾期整改"), str(found.late)],
        [_("逾期未整改"), str(found.overdue)],
        [_("整改中"), str(found.running)],
        [_("按期整改率"), percent(found.rate)],
    ]
    tables = [Table("", [_("项目"), _("数值")], rows)]
    if found.lines:
        kinds = [[kind, str(sum(line.by_kind.get(kind, 0) for line in found.lines))] for kind in found.kinds]
        tables.append(Table(_("按问题类型"), [_("类型"), _("件数")], kinds))
    return [], tables


def _clues(found: ByKind) -> tuple[list[str], list[Table]]:
    if not found:
        return [_("本月没有问责线索。")], []
    states = list(ClueState)
    rows = [
        [str(clue_words.KIND_LABELS[kind]), str(sum(n.values())), *(str(n.get(state, 0)) for state in states)]
        for kind, n in found.items()
    ]
    total = [sum(n.get(state, 0) for n in found.values()) for state in states]
    rows.append([_("合计"), str(sum(total)), *(str(n) for n in total)])
    return [], [Table("", [_("类型"), _("合计"), *(str(clue_words.STATE_LABELS[s]) for s in states)], rows)]


def _proceedings(month: date) -> tuple[list[str], list[Table]]:
    period = month_of(month)
    found = accountability.figures_between(period.start, period.end)
    lines = [_("立案 %(a)s 件，其中已结案 %(b)s 件。", a=found.registered, b=found.closed)]
    labels = accountability_words.MEASURE_LABELS
    if not found.measures:
        return [*lines, _("少于 %(n)s 件的处理不公布。", n=found.withheld)] if found.registered else lines, []
    rows = [[str(labels[kind]), str(n)] for kind, n in found.measures.items()]
    lines.append(_("少于 %(n)s 件的处理不公布。", n=found.withheld))
    return lines, [Table("", [_("处理"), _("件数")], rows)]


def _praise(departments: list[tuple[str, Values]]) -> tuple[list[str], list[Table]]:
    good = [name for name, v in departments if v["done"] and v["rate"] == 100.0 and not v["overdue"] and not v["wrong"]]
    if not good:
        return [_("本月没有可列的科室。")], []
    return [_("全部按期办结、没有结果差错的科室：%(names)s。", names=_("、").join(good))], []
