"""The figures of a period: past days from their tallies, marked days and open work from the cases (W-0)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true

from portal.ab_post import queries as ab
from portal.cases.models import Case
from portal.completion_report import definitions as define
from portal.completion_report.definitions import NONE, Period, Scope
from portal.completion_report.models import ClosingTally, ReceiptTally, ResultError, TallyMark
from portal.completion_report.shares import EDGES, STEPS, WHOLE, percentile
from portal.kernel import clock
from portal.kernel.db import db

#: More marked stretches than these are read as one.
STRETCHES = 12
BUCKETS: tuple[Any, ...] = tuple(getattr(ClosingTally, f"b{n}") for n in range(STEPS))


@dataclass
class Figures:
    """The counts of one line; the rates are derived from them and from nothing else."""

    received: int = 0
    done: int = 0
    early: int = 0
    late: int = 0
    shared: int = 0
    share_sum: int = 0
    histogram: tuple[int, ...] = (0,) * STEPS
    running: int = 0
    overdue: int = 0
    paused: int = 0
    left: int = 0
    wrong: int = 0
    #: False where a person is asked for: receipts are nobody's.
    receipts: bool = True

    @property
    def on_time(self) -> int:
        """Ended in time on the last day."""
        return self.done - self.early - self.late

    @property
    def rate(self) -> float | None:
        """W-0: percent ended in time of what ended or is open and overdue."""
        return _percent(self.done - self.late, self.done + self.overdue)

    @property
    def completion(self) -> float | None:
        """Percent of the receipts that have ended by now."""
        return _percent(self.received - self.left, self.received) if self.receipts else None

    @property
    def accuracy(self) -> float | None:
        """Percent of the ended ones without a result error."""
        return _percent(self.done - self.wrong, self.done)

    @property
    def average(self) -> float | None:
        """The mean share of the promised limit used, percent."""
        return self.share_sum / self.shared / 10 if self.shared else None

    @property
    def p90(self) -> float | None:
        """The share of the limit that nine of ten cases kept within, percent."""
        found = percentile(self.histogram)
        return None if found is None else found / 10

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.received or self.done or self.running or self.overdue)

    def value(self, name: str) -> float | int | None:
        """A figure by its name; None where it does not apply."""
        if not self.receipts and not define.DEFINITIONS[name].personal:
            return None
        found: float | int | None = getattr(self, name)
        return found


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


@dataclass(frozen=True)
class _Days:
    """A period as it is read: from tallies but for the stretches that are marked; those lie within a month each."""

    period: Period
    marked: tuple[Period, ...] = field(default=())

    def clean(self, day: Any) -> list[ColumnElement[bool]]:
        """The condition of days that tallies tell of."""
        found: list[ColumnElement[bool]] = [day >= self.period.first, day <= self.period.last]
        return [*found, *(or_(day < each.first, day > each.last) for each in self.marked)]


def _days(period: Period) -> _Days:
    """Which stretches of a period are read from the cases themselves."""
    query = select(TallyMark.day).where(TallyMark.day >= period.first, TallyMark.day <= period.last).distinct()
    marked = sorted(db.session.scalars(query))
    found: list[Period] = []
    for day in marked:
        if found and day - found[-1].last == timedelta(days=1):
            found[-1] = Period(found[-1].first, day)
        else:
            found.append(Period(day, day))
    if len(found) > STRETCHES:
        found = [Period(found[0].first, found[-1].last)]
    return _Days(period, tuple(part for each in found for part in each.months()))


#: What a table may be broken down by, and the column of each source.
GROUPS = ("department", "item", "post", "person", "month")


def _tally_key(model: Any, by: str) -> Any:
    return literal(0) if not by else model.month if by == "month" else getattr(model, f"{by}_id")


def _case_key(by: str, month: int) -> Any:
    match by:
        case "":
            return literal(0)
        case "month":
            return literal(month)
        case "item":
            return func.coalesce(Case.item_id, NONE)
        case "person":
            return func.coalesce(Case.answered_by_id, NONE)
        case _:
            return getattr(Case, f"{by}_id")


def _tallied(model: Any, scope: Scope, by: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if scope.departments is not None:
        found.append(model.department_id.in_(scope.departments))
    for name in ("department_id", "item_id", "post_id"):
        wanted = getattr(scope, name)
        if wanted is not None:
            found.append(getattr(model, name) == wanted)
    if scope.person_id is not None and model is ClosingTally:
        found.append(ClosingTally.person_id == scope.person_id)
    if not _counts_parts(scope, by):
        found.append(model.part.is_(False))
    return found


def _counts_parts(scope: Scope, by: str) -> bool:
    return scope.with_parts or by in ("department", "post", "person")


def _conditions(scope: Scope, by: str, closed: bool) -> list[ColumnElement[bool]]:
    return scope.conditions(closed, parts=_counts_parts(scope, by))


def table(scope: Scope, period: Period, now: datetime, by: str = "") -> dict[int, Figures]:
    """The figures of a period by one of GROUPS (key 0 alone without one); months are keyed as 202611.

    Lines without anything to tell are left out.
    """
    found: dict[int, Figures] = defaultdict(Figures)
    days = _days(period)
    if by != "person" and scope.person_id is None:
        _receipts(found, scope, days, by)
    _closings(found, scope, days, by)
    _errors(found, scope, period, by)
    _open(found, scope, period, now, by)
    if by == "person" or scope.person_id is not None:
        for line in found.values():
            line.receipts = False
    return dict(found)


def closed(scope: Scope, period: Period, by: str = "") -> dict[int, int]:
    """Only how many cases ended in a period, by one of GROUPS: the denominator of other rooms' figures (S-3)."""
    found: dict[int, Figures] = defaultdict(Figures)
    _closings(found, scope, _days(period), by)
    return {key: line.done for key, line in found.items()}


def total(scope: Scope, period: Period, now: datetime) -> Figures:
    """The figures of a period as a whole."""
    return table(scope, period, now).get(0, Figures(receipts=scope.person_id is None))


#: What a period counts as the sum of its months; what is open counts as of its end.
_SUMMED = ("received", "done", "early", "late", "shared", "share_sum", "left", "wrong")


def of_months(scope: Scope, period: Period, over: Period, months: dict[int, Figures]) -> Figures | None:
    """The figures of a period as a whole from the table by month of ``over``; None where it does not hold them.

    It does for whole months within it; what the period has beyond it must be days to come.
    """
    last = min(period.last, over.last)
    if period.first.day != 1 or (last + timedelta(days=1)).day != 1 or not over.first <= period.first <= last:
        return None
    end = months.get(month_key(last), Figures())
    found = Figures(running=end.running, overdue=end.overdue, paused=end.paused, receipts=scope.person_id is None)
    for key, line in months.items():
        if month_key(period.first) <= key <= month_key(last):
            for name in _SUMMED:
                setattr(found, name, getattr(found, name) + getattr(line, name))
            found.histogram = tuple(a + b for a, b in zip(found.histogram, line.histogram, strict=True))
    return found


def _receipts(found: dict[int, Figures], scope: Scope, days: _Days, by: str) -> None:
    key = _tally_key(ReceiptTally, by)
    query = select(key, func.sum(ReceiptTally.received)).where(
        *days.clean(ReceiptTally.day), *_tallied(ReceiptTally, scope, by)
    )
    queries = [query.group_by(key) if by else query]
    for part in days.marked:
        own = _case_key(by, month_key(part.first))
        live = select(own, func.count()).where(
            Case.received_at >= part.start, Case.received_at < part.end, *_conditions(scope, by, closed=False)
        )
        queries.append(live.group_by(own) if by not in ("", "month") else live)
    for one in queries:
        for name, count in db.session.execute(one):
            if count:
                found[name].received += count


def _closings(found: dict[int, Figures], scope: Scope, days: _Days, by: str) -> None:
    key = _tally_key(ClosingTally, by)
    query = select(key, *_tallied_sums()).where(*days.clean(ClosingTally.day), *_tallied(ClosingTally, scope, by))
    queries: list[Select[Any]] = [query.group_by(key) if by else query]
    for part in days.marked:
        own = _case_key(by, month_key(part.first))
        live = select(own, *closing_columns()).where(
            Case.closed_on >= part.first, Case.closed_on <= part.last, *_conditions(scope, by, closed=True)
        )
        queries.append(live.group_by(own) if by not in ("", "month") else live)
    for one in queries:
        for name, count, early, late, shared, share_sum, *steps in db.session.execute(one):
            if count:
                line = found[name]
                line.done += count
                line.early += early
                line.late += late
                line.shared += shared
                line.share_sum += share_sum or 0
                line.histogram = tuple(a + b for a, b in zip(line.histogram, steps, strict=True))


@cache
def closing_columns() -> tuple[ColumnElement[Any], ...]:
    """What is tallied of closed cases, in the order of the tally's columns; made once."""
    return (
        func.count(),
        func.count().filter(and_(define.in_time(), Case.share_used < WHOLE)),
        func.count().filter(define.is_late()),
        func.count(Case.share_used),
        func.coalesce(func.sum(Case.share_used), 0),
        *(func.count().filter(_in_step(n)) for n in range(STEPS)),
    )


@cache
def _tallied_sums() -> tuple[ColumnElement[Any], ...]:
    """The same read back from the tallies."""
    counts = (ClosingTally.done, ClosingTally.early, ClosingTally.late, ClosingTally.shared, ClosingTally.share_sum)
    return tuple(func.sum(column) for column in (*counts, *BUCKETS))


def _in_step(step: int) -> ColumnElement[bool]:
    above = Case.share_used > EDGES[step - 1] if step else true()
    return and_(above, Case.share_used <= EDGES[step]) if step < len(EDGES) else Case.share_used > EDGES[-1]


def _errors(found: dict[int, Figures], scope: Scope, period: Period, by: str) -> None:
    """Few: read from their own index, the cases by key."""
    key = literal(0) if not by else ResultError.closed_on if by == "month" else _case_key(by, 0)
    query = (
        select(key, func.count(Case.id.distinct()))
        .select_from(ResultError)
        .join(Case, Case.id == ResultError.case_id)
        .where(
            ResultError.withdrawn_at.is_(None),
            ResultError.closed_on >= period.first,
            ResultError.closed_on <= period.last,
            *_conditions(scope, by, closed=True),
        )
    )
    for name, count in db.session.execute(query.group_by(key) if by else query):
        if count:
            found[month_key(name) if by == "month" else name].wrong += count


def _open(found: dict[int, Figures], scope: Scope, period: Period, now: datetime, by: str) -> None:
    """Open work in one pass over it; a month's line counts what had become overdue by its end."""
    if by == "month":
        _open_by_month(found, scope, period, now)
        return
    key = Case.post_id if by == "person" else _case_key(by, 0)
    query = select(
        key,
        func.count().filter(define.running(period, now)),
        func.count().filter(define.overdue(period, now)),
        func.count().filter(define.paused(period, now)),
        func.count().filter(define.left(period, now)),
    ).where(Case.closed_at.is_(None), *_conditions(scope, by, closed=False))
    answering = answers() if by == "person" else {}
    for name, *counts in db.session.execute(query.group_by(key) if by else query):
        _add_open(found, answering.get(name, NONE) if by == "person" else name, *counts)


def _open_by_month(found: dict[int, Figures], scope: Scope, period: Period, now: datetime) -> None:
    """The same for each month at once: cases are sorted into the months of their receipt and of their limit first.

    Four conditions a month would be asked of every open case; so each of its two instants is placed once.
    """
    months = period.months()
    ends = [month.end for month in months]
    placed = (
        select(
            define.place(Case.received_at, [period.start, *ends]).label("received"),
            define.place(Case.due_at, [min(now, end) for end in ends]).label("due"),
            define.standing(now).label("standing"),
        )
        .where(Case.closed_at.is_(None), *_conditions(scope, "month", closed=False))
        .subquery()
    )
    query = select(*placed.c, func.count()).group_by(*placed.c)
    rows: list[tuple[int, int, bool, int]] = [tuple(row) for row in db.session.execute(query)]
    for n, month in enumerate(months):
        _add_open(
            found,
            month_key(month.first),
            sum(count for received, _due, _standing, count in rows if received <= n + 1),
            sum(count for _received, due, _standing, count in rows if due <= n),
            sum(count for received, _due, standing, count in rows if received <= n + 1 and standing),
            sum(count for received, _due, _standing, count in rows if received == n + 1),
        )


def _add_open(found: dict[int, Figures], key: int, running: int, overdue: int, paused: int, left: int) -> None:
    if running or overdue:
        line = found[key]
        line.running += running
        line.overdue += overdue
        line.paused += paused
        line.left += left


def month_key(day: date) -> int:
    """A month as a number: 202611."""
    return 100 * day.year + day.month


def answers(at: datetime | None = None) -> dict[int, int]:
    """Who answers for each post at an instant, now unless given (AB-3): what is open with the post is theirs."""
    at = at or clock.now()
    seen = ab.picture_at(at)
    found = {post_id: seen.answer(post_id, at).user_id for post_id in seen.posts}
    return {post_id: user_id for post_id, user_id in found.items() if user_id is not None}


def posts_of_person(person_id: int, at: datetime | None = None) -> tuple[int, ...]:
    """The posts that a person answers for (now unless given); of 0 those that nobody answers for."""
    at = at or clock.now()
    answering = answers(at)
    return tuple(post_id for post_id in ab.picture_at(at).posts if answering.get(post_id, NONE) == person_id)
