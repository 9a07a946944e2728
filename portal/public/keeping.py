"""How promises were kept: counted per item and department, averaged over an item's last cases (C-4, W-0)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from portal.calendar import queries as calendar
from portal.cases import clocks, keeping
from portal.cases import rules as case_rules
from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.db import db
from portal.public.memory import kept
from portal.public.rules import Kept
from portal.pure.deadlines import Measure, usage
from portal.pure.limits import Limit, LimitError

#: The times that are published: days back from today, by their word in the address.
SPANS = {"90d": 90, "12m": 365}
#: The cases that an average looks at, at most: the last ones.
SAMPLE = 300

#: (item id or 0, department id) → figures
Table = dict[tuple[int, int], Kept]


@dataclass(frozen=True)
class Figures:
    """The figures of a time. A part of a joint case is its department's work and counts there; the client's matter
    counts once, in the lead case: for items and for the whole the parts are left out (T-9, W-0)."""

    all: Table
    parts: Table

    def by_department(self) -> dict[int, Kept]:
        """The figures per department, parts of joint cases among them."""
        return _summed(((d, each) for (_item, d), each in self.all.items()), ())

    def by_item(self) -> dict[int, Kept]:
        """The figures per item (0: cases without one)."""
        return _summed(
            ((i, each) for (i, _d), each in self.all.items()), ((i, each) for (i, _d), each in self.parts.items())
        )

    def whole(self) -> Kept:
        """The figures of all."""
        return sum(self.all.values(), Kept()) - sum(self.parts.values(), Kept())

    def of(self, departments: Iterable[int] | None) -> Figures:
        """The figures of some departments; of all for None."""
        if departments is None:
            return self
        seen = set(departments)
        return Figures(
            {key: each for key, each in self.all.items() if key[1] in seen},
            {key: each for key, each in self.parts.items() if key[1] in seen},
        )


def _summed(more: Iterable[tuple[int, Kept]], less: Iterable[tuple[int, Kept]]) -> dict[int, Kept]:
    found: dict[int, Kept] = {}
    for key, each in more:
        found[key] = found.get(key, Kept()) + each
    for key, each in less:
        found[key] = found.get(key, Kept()) - each
    return found


def days_of(span: str, now: datetime) -> tuple[date, date]:
    """The first and the last day of a published time."""
    last = clock.local(now).date()
    return last - timedelta(days=SPANS[span] - 1), last


def count(first: date, last: date, now: datetime) -> Figures:
    """Closed, closed on time, open and overdue, per item and department (W-0).

    Closed cases are counted from an index by day, so that a time is looked at and never the whole history.
    """
    return Figures(_count(first, last, now), _count(first, last, now, Case.lead_id.is_not(None)))


def _count(first: date, last: date, now: datetime, *which: ColumnElement[bool]) -> Table:
    found: Table = {}
    group = (Case.item_id, Case.department_id)
    closed = select(*group, func.count(), func.count().filter(keeping.on_time(now))).where(*which)
    closed = closed.where(Case.closed_on >= first, Case.closed_on <= last).group_by(*group)
    for item_id, department_id, whole, good in db.session.execute(closed):
        found[item_id or 0, department_id] = Kept(whole, good)
    late = select(*group, func.count()).where(keeping.open_overdue(now), *which).group_by(*group)
    for item_id, department_id, open_late in db.session.execute(late):
        key = item_id or 0, department_id
        found[key] = found.get(key, Kept()) + Kept(open_overdue=open_late)
    return found


def published(span: str, now: datetime) -> Figures:
    """The figures of a published time as strangers see them, some minutes old at most."""
    return kept(("kept", span), now, lambda: count(*days_of(span, now), now))


# --- how long it really takes ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Average:
    """How much of its limit an item really takes: mean use of its last closed cases, pauses left out (T-4)."""

    cases: int
    #: In the unit of the limit; see ``measure``.
    used: float
    measure: Measure
    #: Mean share of the promised limit, percent; None for what is done on the spot.
    share: float | None

    @property
    def words(self) -> str:
        """The mean in words."""
        match self.measure:
            case Measure.OFFICE_MINUTES:
                return _("%(n)s 个工作小时", n=_figure(self.used / 60))
            case Measure.WORKING_DAYS:
                return _("%(n)s 个工作日", n=_figure(self.used)) if self.used >= 0.05 else _("当天")
            case _:
                return _("%(n)s 天", n=_figure(self.used)) if self.used >= 0.05 else _("当天")


def _figure(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def average(item_id: int, promised: str, now: datetime) -> Average | None:
    """The real average of an item over the last 90 days, of the cases with today's promise; None without any."""
    return kept(("average", item_id, promised), now, lambda: _average(item_id, promised, now))


def _average(item_id: int, promised: str, now: datetime) -> Average | None:
    try:
        limit = Limit.parse(promised)
    except LimitError:
        return None
    first, last = days_of("90d", now)
    query = (
        select(Case)
        .where(Case.item_id == item_id, Case.closed_on >= first, Case.closed_on <= last)
        .order_by(Case.closed_on.desc())
        .limit(SAMPLE)
        .options(selectinload(Case.pauses))
    )
    working, gone, shares, measure = calendar.work_calendar(), [], [], Measure.WORKING_DAYS
    for case in db.session.scalars(query):
        if case.clock_from is None or case.closed_at is None or case.promised_limit != promised:
            continue
        start, pauses = case_rules.promised_run(clocks.clock_facts(case), working)
        used = usage(start, case.closed_at, limit, working, pauses, case.next_day_after_hours)
        measure = used.unit
        gone.append(used.used)
        if used.limit:
            shares.append(used.used / used.limit)
    if not gone:
        return None
    share = 100 * sum(shares) / len(shares) if shares else None
    return Average(len(gone), sum(gone) / len(gone), measure, share)
