"""The quarterly summary: counts by channel, department, matter, result, time and satisfaction (A-5).

What would tell who complained is withheld: a group of few, and the one from which it could be had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from portal.complaint import rules
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintState, Result
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.documents import Paper
from portal.people import queries as people
from portal.policy import queries as policy

MOST_QUARTERS = 12


class Span(Protocol):
    """A stretch of whole days that is summed up."""

    @property
    def first(self) -> date:
        """Its first day."""

    @property
    def end(self) -> date:
        """The day after its last one."""

    @property
    def name(self) -> str:
        """As people write it."""


@dataclass(frozen=True)
class Quarter:
    """A quarter of a year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The first day of the next one."""
        return (self.first + timedelta(days=93)).replace(day=1)

    @property
    def name(self) -> str:
        """As people write it."""
        return _("%(year)s 年第 %(n)s 季度", year=self.year, n=self.number)


def quarter_of(day: date) -> Quarter:
    """The quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def parse(typed: str) -> Quarter:
    """A quarter of an address (2026-4). Raises NotFound."""
    year, dash, number = typed.partition("-")
    good = dash and len(typed) == 6 and year.isascii() and year.isdigit() and number in ("1", "2", "3", "4")
    if not good or not 2000 <= int(year) <= 2098:
        raise NotFound()
    return Quarter(int(year), int(number))


def quarters(today: date) -> list[Quarter]:
    """The quarters that have complaints, the newest first; the present one always."""
    first = db.session.scalar(select(func.min(Complaint.received_at)))
    found = [quarter_of(today)]
    oldest = quarter_of(clock.local(first).date()) if first else found[0]
    while found[-1].first > oldest.first and len(found) < MOST_QUARTERS:
        found.append(quarter_of(found[-1].first - timedelta(days=1)))
    return found


@dataclass(frozen=True)
class Table:
    """One table: its name, and lines of a label with a figure (None: withheld)."""

    title: str
    lines: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Summary:
    """A quarter in figures; ``total`` is None and there are no tables when there are too few complaints at all."""

    quarter: Span
    total: int | None
    least: int
    tables: tuple[Table, ...]


def of(quarter: Span, now: datetime) -> Summary:
    """The summary of the complaints received in a quarter (or month), as they stand now."""
    columns = (
        Complaint.channel, Complaint.department_id, Complaint.about, Complaint.result, Complaint.state,
        Complaint.told_at, Complaint.due_at, Complaint.satisfaction, Complaint.approved_at, Complaint.unfiled_denial,
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(
            Complaint.received_at >= clock.day_start(quarter.first),
            Complaint.received_at < clock.day_start(quarter.end),
        )
    ).all()
    least = int(policy.value("complaint.summary_least"))
    if 0 < len(rows) < least:
        return Summary(quarter, None, least, ())
    departments = {**people.department_names(), 0: _("待核定")}
    tables = [
        _table(_("渠道"), words.CHANNEL_LABELS, (r.channel for r in rows), least),
        _table(_("科室"), departments, (r.department_id or 0 for r in rows), least, empty=False),
        _table(_("内容"), words.ABOUT_LABELS, (r.about for r in rows), least),
        _table(_("结果"), _outcomes(), (_outcome(r) for r in rows), least),
        _table(_("答复时限"), _times(), (_time(r, now) for r in rows), least),
        _table(
            _("对答复的满意度"), {**words.SATISFACTION_LABELS, "": _("没有评价")},
            (r.satisfaction or "" for r in rows if r.approved_at and r.told_at), least,
        ),
    ]  # fmt: skip
    return Summary(quarter, len(rows), least, tuple(tables))


def _table(title: str, labels: Mapping[Any, Any], values: Iterable[Hashable], least: int, empty: bool = True) -> Table:
    found = Counter(values)
    counts = {key: found.get(key, 0) for key in labels if empty or found.get(key)}
    shown = rules.withheld(counts, least)
    return Table(title, tuple((str(labels[key]), n) for key, n in shown.items()))


def _outcomes() -> dict[str, Any]:
    return {
        **{str(r): label for r, label in words.RESULT_LABELS.items()},
        "passed_on": words.STATE_LABELS[ComplaintState.PASSED_ON],
        "not_taken_up": words.STATE_LABELS[ComplaintState.NOT_TAKEN_UP],
        "open": _("尚无结果"),
    }


def _outcome(row: Any) -> str:
    if row.state in (ComplaintState.PASSED_ON, ComplaintState.NOT_TAKEN_UP):
        return str(row.state)
    return str(Result(row.result)) if row.result and row.approved_at else "open"


def _times() -> dict[str, str]:
    return {
        "good": _("按期答复"),
        "late": _("逾期答复"),
        "overdue": _("逾期未答复"),
        "open": _("未到期"),
    }


def _time(row: Any, now: datetime) -> str:
    if row.told_at is not None:
        return "good" if row.told_at <= row.due_at else "late"
    return "overdue" if now > row.due_at else "open"


def figure(n: int | None, least: int) -> str:
    """A figure as it is shown; a withheld one says so."""
    return _("不公布") if n is None else str(n)


def docx(summary: Summary) -> Paper:
    """The summary as a DOCX document."""
    paper = Paper(_("投诉情况汇总"), f"{people.unit_name()}　{summary.quarter.name}")
    paper.line(total_line(summary))
    for table in summary.tables:
        paper.line(table.title, bold=True)
        paper.fields([(label, figure(n, summary.least)) for label, n in table.lines])
    paper.line(_("少于 %(n)s 件的分组，以及能由此推算的分组不公布，以保护投诉人。", n=summary.least))
    return paper


def total_line(summary: Summary) -> str:
    """The first line of the summary."""
    if summary.total is None:
        return _("本季度收到的投诉少于 %(n)s 件，不公布分组。", n=summary.least)
    return _("本季度收到投诉 %(n)s 件。", n=summary.total)
