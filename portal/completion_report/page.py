"""What the pages of reports show, gathered in one place: asked for, counted, compared, addressed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, select

from portal.cases import queries as cases
from portal.cases.models import Case
from portal.completion_report import choices, figures
from portal.completion_report import definitions as define
from portal.completion_report import vocabulary as words
from portal.completion_report.definitions import DEFINITIONS, Definition, Period, Scope
from portal.completion_report.figures import Figures
from portal.completion_report.forms import ReportForm
from portal.completion_report.shares import EDGES
from portal.completion_report.statistics import month_of
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.pure.months import month_after, month_text
from portal.pure.scoring import percent as percent_of
from portal.pure.scoring import rounded

#: A free range at most; beyond it a report is about several offices' lives.
MOST_DAYS = 5 * 366
TREND = 12
#: Where a line leads: into it, broken down further.
DRILL = {"department": "item", "item": "post", "post": "month", "person": "month"}


@dataclass(frozen=True)
class Asked:
    """A report that was asked for, by whom, and how its lines are grouped."""

    form: ReportForm
    period: Period
    scope: Scope
    by: str

    def address(self, **changes: Any) -> dict[str, Any]:
        """The filters as parts of an address, some of them changed (None takes one away)."""
        found: dict[str, Any] = {
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "by": self.by,
            **{name: getattr(self.scope, f"{name}_id") for name in ("department", "item", "post", "person")},
            **changes,
        }
        return {name: value for name, value in found.items() if value is not None}


def scope_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose reports the actor sees; None: all."""
    return None if actor.can(words.READ_ALL) else cases.departments_seen(actor)


def asked(actor: Actor) -> Asked:
    """The report of this request's address; what is nonsense stands refused in the form and does not restrict."""
    departments = scope_seen(actor)
    form = ReportForm(departments, request.args)
    form.validate()
    period = month_of(clock.today())
    first = form.first.data if not form.first.errors else None
    last = form.last.data if not form.last.errors else None
    if first and last and last < first:
        form.last.errors = [*form.last.errors, _("结束日期不能早于开始日期。")]
    elif first and last and (last - first).days >= MOST_DAYS:
        form.last.errors = [*form.last.errors, _("最多五年。")]
    elif first and last:
        period = Period(first, last)
    elif first or last:
        period = month_of(first or last or clock.today())
    for field, day in ((form.first, period.first), (form.last, period.last)):
        if not field.errors:
            field.raw_data, field.data = [], day
    good = {name: form[name].data for name in ("department", "item", "post", "person") if not form[name].errors}
    person = good.get("person")
    by = request.args.get("by", "department")
    return Asked(
        form,
        period,
        Scope(
            good.get("department"),
            good.get("item"),
            good.get("post"),
            person,
            departments,
            figures.posts_of_person(person) if person is not None else (),
        ),
        by if by in figures.GROUPS else "department",
    )


def title(period: Period) -> str:
    """A period in words: a month, a quarter, a year, or its days."""
    if period == month_of(period.first):
        return month_text(period.first)
    first, last = period.first, period.last
    whole = first.day == 1 and (last + timedelta(days=1)).day == 1 and first.year == last.year
    if whole and (first.month, last.month) == (1, 12):
        return _("%(year)s 年", year=first.year)
    if whole and first.month % 3 == 1 and last.month == first.month + 2:
        return _("%(year)s 年第 %(quarter)s 季度", year=first.year, quarter=(first.month + 2) // 3)
    return _("%(a)s 至 %(b)s", a=first.isoformat(), b=last.isoformat())


def presets(today: date) -> list[tuple[str, Period]]:
    """Periods to choose from."""
    month = month_of(today)
    quarter = month_after(month.first, -((month.first.month - 1) % 3))
    year = date(today.year, 1, 1)

    def until(first: date, count: int) -> Period:
        return Period(first, month_after(first, count) - timedelta(days=1))

    return [
        (_("本月"), month),
        (_("上月"), month.before),
        (_("本季度"), until(quarter, 3)),
        (_("上季度"), until(month_after(quarter, -3), 3)),
        (_("本年"), until(year, 12)),
        (_("上年"), until(month_after(year, -12), 12)),
    ]


@dataclass(frozen=True)
class Line:
    """One line of a table: its figures, where its name leads, and where the rows behind its figures are listed.

    ``rows`` is an address with the filters; which figure is added by the page: a table has hundreds of them.
    """

    key: int
    name: str
    figures: Figures
    url: str
    rows: str


def lines(report: Asked, by: str, table: dict[int, Figures]) -> list[Line]:
    """The lines of a table with their names and addresses, in the order of the office or of time."""
    named = choices.names(by)
    found = []
    for key, line in table.items():
        if by == "month":
            month = month_of(date(key // 100, key % 100, 1))
            own = Period(max(month.first, report.period.first), min(month.last, report.period.last))
            changes: dict[str, Any] = {"first": own.first.isoformat(), "last": own.last.isoformat()}
            url = url_for("completion_report.index", **report.address(**changes, by="department"))
            name = month_text(month.first)
        else:
            changes = {by: key}
            url = url_for("completion_report.index", **report.address(**changes, by=DRILL[by]))
            name = named.get(key) or _nameless(by)
        filters = {name: value for name, value in report.address(**changes).items() if name != "by"}
        found.append(Line(key, name, line, url, url_for("completion_report.rows", **filters)))
    order = {key: n for n, key in enumerate(named)}
    if by == "month":
        return sorted(found, key=lambda line: line.key)
    return sorted(found, key=lambda line: (order.get(line.key, len(order)), line.key))


def _nameless(by: str) -> str:
    return _("目录以外的事项") if by == "item" else _("未记录或无人负责") if by == "person" else _("（已不存在）")


def trend(report: Asked, now: datetime) -> tuple[Asked, dict[int, Figures]]:
    """The twelve months up to the end of the period."""
    last = month_of(min(report.period.last, clock.local(now).date()))
    period = Period(month_after(last.first, 1 - TREND), last.last)
    over = Asked(report.form, period, report.scope, "month")
    return over, figures.table(report.scope, period, now, "month")


def rows(figure: Definition, report: Asked, now: datetime) -> Select[Any]:
    """The cases behind a figure: as many as it says."""
    condition = figure.rows(report.period, now)
    query = cases.columns().where(condition)
    if figure is define.AT_END:
        query = query.where(define.judged_at_end_in_scope(_at_end(report, now), report.period, now))
    elif figure.name == "rate":
        query = query.where(define.judged_in_scope(report.scope, report.period, now))
    else:
        query = query.where(*report.scope.conditions(figure.closed))
    if figure.closed:
        return query.order_by(Case.closed_on.desc(), Case.id.desc())
    if figure.name == "received":
        return query.order_by(Case.received_at.desc(), Case.id.desc())
    return query.order_by(Case.due_at.is_(None), Case.due_at, Case.id)


def _at_end(report: Asked, now: datetime) -> Scope:
    """The scope with the posts that its person answered for at noon of the period's last day, of today at most."""
    if report.scope.person_id is None:
        return report.scope
    day = min(report.period.last, clock.local(now).date())
    posts = figures.posts_of_person(report.scope.person_id, clock.day_start(day) + timedelta(hours=12))
    return replace(report.scope, person_posts=posts)


def in_time_of(report: Asked, now: datetime) -> str:
    """The rate that a score counts, in words: how many of all that are listed ended in time; empty of none."""
    listed = rows(define.AT_END, report, now).order_by(None).subquery()
    whole = db.session.scalar(select(func.count()).select_from(listed)) or 0
    ended = and_(define.done(report.period, now), define.in_time(), *report.scope.conditions(closed=True))
    good = db.session.scalar(select(func.count()).select_from(Case).where(ended)) or 0
    rate = percent_of(good, whole)
    if rate is None:
        return ""
    return _("按期 %(good)s 件，共 %(whole)s 件，%(rate)s%%", good=good, whole=whole, rate=rounded(rate))


def narrowed(report: Asked) -> list[str]:
    """What a report is narrowed to, in words."""
    found = []
    for by in ("department", "item", "post", "person"):
        key = getattr(report.scope, f"{by}_id")
        if key is not None:
            found.append(f"{words.GROUP_LABELS[by]}：{choices.names(by).get(key) or _nameless(by)}")
    return found


def percent(value: float | int | None) -> str:
    """A percentage as it is shown; a dash where there is none."""
    return "—" if value is None else f"{value:.1f}%"


def p90(value: float | int | None) -> str:
    """A 90th percentile as it is shown: the bound of its step, or that it lies beyond the last one."""
    if value is None:
        return "—"
    last = EDGES[-1] / 10
    return f"> {last:.0f}%" if value > last else f"≤ {value:.0f}%"


def shown(line: Figures, name: str) -> str:
    """A figure as it is shown."""
    value = line.value(name)
    if value is None:
        return "—"
    if name == "p90":
        return p90(value)
    return percent(value) if DEFINITIONS[name].percent else str(value)


def change(line: Figures, before: Figures, name: str) -> str:
    """The difference from the period before, with its sign; empty where one of them has no figure."""
    new, old = line.value(name), before.value(name)
    if new is None or old is None:
        return ""
    gap = new - old
    sign = "+" if gap > 0 else "−" if gap < 0 else "±"
    if DEFINITIONS[name].percent:
        return _("%(sign)s%(gap)s 个百分点", sign=sign, gap=f"{abs(gap):.1f}")
    return f"{sign}{abs(gap)}"


# --- charts ---------------------------------------------------------------------------------------------------


SERIES = ("early", "on_time", "late", "overdue")


def bars(found: Iterable[Line]) -> dict[str, Any]:
    """Data of the bars: how the cases of each line ended, and what is open and overdue."""
    kept = [line for line in found if not line.figures.empty]
    return {
        "kind": "bars",
        "names": [line.name for line in kept],
        "series": [
            {"key": name, "name": str(DEFINITIONS[name].label), "values": [line.figures.value(name) for line in kept]}
            for name in SERIES
        ],
    }


def curves(found: Iterable[Line]) -> dict[str, Any]:
    """Data of the curves: the rates month by month."""
    kept = list(found)

    def values(name: str) -> list[float | None]:
        each = [line.figures.value(name) for line in kept]
        return [None if value is None else round(value, 1) for value in each]

    return {
        "kind": "curves",
        "names": [line.name for line in kept],
        "series": [
            {"key": name, "name": str(DEFINITIONS[name].label), "values": values(name)}
            for name in ("rate", "completion")
        ],
    }
