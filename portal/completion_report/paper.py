"""A month as it is filed: one content for print page, DOCX and XLSX (O-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from portal.completion_report import statistics
from portal.completion_report import vocabulary as words
from portal.completion_report.definitions import DEFINITIONS
from portal.completion_report.models import MonthlyStatistics
from portal.completion_report.page import p90, percent
from portal.kernel import clock, documents
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.kernel.sheets import Figure
from portal.people import queries as people
from portal.pure.months import month_text

Values = Mapping[str, float | int | None]


@dataclass(frozen=True)
class Content:
    """Everything that the paper says, in the reader's language."""

    unit: str
    title: str
    subtitle: str
    #: Title, headings, rows.
    tables: list[tuple[str, list[str], list[list[str]]]]
    remarks: list[tuple[str, str]]
    signed: str
    day: str


def value_text(values: Values, name: str) -> str:
    """A figure of a month as text, a number in a spreadsheet; a percentile is a bound and stays text."""
    value = values.get(name)
    if name in DEFINITIONS and DEFINITIONS[name].percent:
        if name == "p90" or value is None:
            return p90(value)
        return Figure(percent(value), Decimal(str(value)) / 100, "0.0%")
    return _number(value)


def hand_text(sheet: MonthlyStatistics, name: str) -> str:
    """A figure entered by hand as text; a dash where nothing was entered."""
    return _number(getattr(sheet, name))


def _number(value: float | int | None) -> str:
    if value is None:
        return "—"
    return Figure(str(value), value if isinstance(value, int) else Decimal(str(value)))


def of_sheet(sheet: MonthlyStatistics, now: datetime) -> Content:
    """A department's month."""
    values = statistics.read(sheet, now).figures
    counted = [[str(statistics.stated(n)), value_text(values, n)] for n in statistics.STATED]
    rates = [[str(statistics.stated(n)), value_text(values, n)] for n in statistics.RATES]
    logs = [[str(label), value_text(values, n)] for n, label in words.FACT_LABELS.items()]
    hand = [[str(label), hand_text(sheet, n)] for n, label in words.HAND_LABELS.items()]
    heads = [_("指标"), _("数值")]
    filed = (
        _("%(who)s于 %(at)s 报送", who=_name(sheet.filed_by_id), at=local_dt(sheet.filed_at))
        if sheet.filed_at
        else _("尚未报送，数字为 %(at)s 时的情况", at=local_dt(now))
    )
    return Content(
        unit=people.unit_name(),
        title=_("%(month)s 月度统计表", month=month_text(sheet.month)),
        subtitle=sheet.department.name,
        tables=[
            (_("办件（由办件记录生成）"), heads, [*counted, *rates]),
            (_("其他登记（由登记生成）"), heads, logs),
            (_("人工填报"), heads, hand),
        ],
        remarks=[(_("说明"), sheet.remarks)] if sheet.remarks else [],
        signed=filed,
        day=local_date(clock.local(now).date(), "formal"),
    )


def of_unit(sheets: Sequence[MonthlyStatistics], now: datetime) -> Content:
    """The unit's summary of a month: a line for each department, and the unit as a whole."""
    month = sheets[0].month
    read = [(sheet, statistics.read(sheet, now).figures) for sheet in sheets]
    shown = (*statistics.STATED, "rate", "completion", "accuracy")
    whole = statistics.unit_total(month, now)
    cases_of = [[s.department.name, *(value_text(v, n) for n in shown)] for s, v in read]
    cases_of.append([_("全单位（联办部分不重复计算）"), *(value_text(whole, n) for n in shown)])
    logs = [
        [
            s.department.name,
            *(value_text(v, n) for n in words.FACT_LABELS),
            *(hand_text(s, n) for n in words.HAND_LABELS),
        ]
        for s, v in read
    ]
    sums = [sum(int(v.get(n) or 0) for _s, v in read) for n in words.FACT_LABELS]
    hands = [sum(getattr(s, n) or 0 for s, _v in read) for n in words.HAND_LABELS]
    logs.append([_("合计"), *(_number(n) for n in (*sums, *hands))])
    filed = [
        [
            s.department.name,
            local_date(s.due_on),
            local_dt(s.filed_at) if s.filed_at else _("未报"),
            _name(s.filed_by_id),
            _("逾期") if statistics.is_late(s, clock.local(now).date()) else "",
        ]
        for s, _v in read
    ]
    hand_heads = [_("%(what)s（人工填报）", what=label) for label in words.HAND_LABELS.values()]
    return Content(
        unit=people.unit_name(),
        title=_("%(month)s 月度统计汇总", month=month_text(month)),
        subtitle=_("已报送的为报送时的数字，未报送的和全单位合计为 %(at)s 时的情况。", at=local_dt(now)),
        tables=[
            (_("办件"), [_("科室"), *(str(statistics.stated(n)) for n in shown)], cases_of),
            (
                _("其他登记和人工填报"),
                [_("科室"), *(str(label) for label in words.FACT_LABELS.values()), *hand_heads],
                logs,
            ),
            (_("报送情况"), [_("科室"), _("应报日期"), _("报送时间"), _("报送人"), _("逾期")], filed),
        ],
        remarks=[(s.department.name, s.remarks) for s, _v in read if s.remarks],
        signed="",
        day=local_date(clock.local(now).date(), "formal"),
    )


def _name(user_id: int | None) -> str:
    return people.user_names().get(user_id or 0, "")


#: More columns than this need the paper on its side.
MOST_UPRIGHT = 6


def docx(content: Content) -> Paper:
    """The same as DOCX."""
    wide = any(len(headings) > MOST_UPRIGHT for _title, headings, _rows in content.tables)
    made = Paper(content.title, content.unit, wide)
    made.line(content.subtitle)
    full, size = (documents.LYING, 10) if wide else (documents.UPRIGHT, 12)
    for title, headings, rows in content.tables:
        made.line(title, bold=True)
        made.table(headings, rows, documents.fitted(headings, rows, full, size), size=size)
    for title, text in content.remarks:
        made.line(title, bold=True)
        made.line(text, indent=True)
    if content.signed:
        made.line(content.signed)
    made.line(content.day, right=True)
    return made
