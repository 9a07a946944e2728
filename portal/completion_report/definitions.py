"""What every figure counts, in one place: its words, and the condition by which its rows are listed (W-0).

A figure that is read from tallies is the number of cases that fit its condition here; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, case, exists, or_

from portal.calendar import queries as calendar
from portal.cases.models import Case, CaseState
from portal.completion_report.models import ResultError
from portal.completion_report.shares import WHOLE
from portal.kernel import clock
from portal.pure.months import month_after

#: Stands in an address for "outside the catalogue" and "not recorded".
NONE = 0


@dataclass(frozen=True)
class Period:
    """Days of a report, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The instant at which it begins."""
        return clock.day_start(self.first)

    @property
    def end(self) -> datetime:
        """The instant at which it is over."""
        return clock.day_start(self.last + timedelta(days=1))

    @property
    def before(self) -> Period:
        """The period before, to compare with: whole months before whole months, else as many days."""
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            months = 12 * (self.last.year - self.first.year) + self.last.month - self.first.month + 1
            return Period(month_after(self.first, -months), self.first - timedelta(days=1))
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))

    def months(self) -> list[Period]:
        """The period cut at the ends of months, oldest first."""
        found, first = [], self.first
        while first <= self.last:
            after = month_after(first.replace(day=1), 1)
            found.append(Period(first, min(self.last, after - timedelta(days=1))))
            first = after
        return found


@dataclass(frozen=True)
class Scope:
    """What a report is narrowed to; None does not restrict. ``item_id`` 0: outside the catalogue; ``person_id`` 0:
    not recorded; ``departments``: those that the reader may see (None: all)."""

    department_id: int | None = None
    item_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None
    departments: frozenset[int] | None = None
    #: The posts that the person answers for now: what is open with them is the person's.
    person_posts: tuple[int, ...] = ()

    @property
    def with_parts(self) -> bool:
        """Whether parts of joint matters count: for who does them, but not once more for the unit (T-9)."""
        alone = self.departments is not None and len(self.departments) == 1
        return alone or self.department_id is not None or self.post_id is not None or self.person_id is not None

    def narrowed(self, by: str, key: int) -> Scope:
        """The scope of one line of a table."""
        change: dict[str, Any] = {f"{by}_id": key}
        return replace(self, **change)

    def conditions(self, closed: bool, parts: bool | None = None) -> list[ColumnElement[bool]]:
        """The cases in scope; ``closed``: for figures of closed cases, whose person was fixed at the end; ``parts``:
        whether parts of joint matters count, unless the scope itself says so."""
        found: list[ColumnElement[bool]] = []
        if self.departments is not None:
            found.append(Case.department_id.in_(self.departments))
        if self.department_id is not None:
            found.append(Case.department_id == self.department_id)
        if self.item_id is not None:
            found.append(Case.item_id == self.item_id if self.item_id else Case.item_id.is_(None))
        if self.post_id is not None:
            found.append(Case.post_id == self.post_id)
        if self.person_id is not None:
            if closed:
                found.append(Case.answered_by_id == self.person_id if self.person_id else Case.answered_by_id.is_(None))
            else:
                found.append(Case.post_id.in_(self.person_posts or (0,)))
        if not (self.with_parts if parts is None else parts):
            found.append(Case.lead_id.is_(None))
        return found


# --- the conditions ------------------------------------------------------------------------------------------


def received(period: Period, _now: datetime) -> ColumnElement[bool]:
    """Received in the period, whatever became of it."""
    return and_(Case.received_at >= period.start, Case.received_at < period.end)


def left(period: Period, now: datetime) -> ColumnElement[bool]:
    """Received in the period and still open now."""
    return and_(Case.closed_at.is_(None), received(period, now))


def done(period: Period, _now: datetime) -> ColumnElement[bool]:
    """Ended in the period, in any of the final states (T-11)."""
    return and_(Case.closed_on >= period.first, Case.closed_on <= period.last)


def is_late() -> ColumnElement[bool]:
    """Ended after its promised limit, or by tacit consent (T-7, W-0)."""
    return or_(Case.closed_late.is_(True), Case.state == CaseState.DEEMED_AGREED)


def in_time() -> ColumnElement[bool]:
    """Ended within its promised limit and not by tacit consent."""
    return and_(Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED)


def late(period: Period, now: datetime) -> ColumnElement[bool]:
    """Ended late in the period."""
    return and_(done(period, now), is_late())


def early(period: Period, now: datetime) -> ColumnElement[bool]:
    """Ended in time with less than the whole limit used: before the last day, or within the last working hour."""
    return and_(done(period, now), in_time(), Case.share_used < WHOLE)


def on_time(period: Period, now: datetime) -> ColumnElement[bool]:
    """Ended in time on the last day, on the spot, or without a share of the limit having been kept."""
    return and_(done(period, now), in_time(), or_(Case.share_used >= WHOLE, Case.share_used.is_(None)))


def running(period: Period, _now: datetime) -> ColumnElement[bool]:
    """Open now and received by the end of the period."""
    return and_(Case.closed_at.is_(None), Case.received_at < period.end)


def overdue(period: Period, now: datetime) -> ColumnElement[bool]:
    """Open now, with a promised limit that had passed by the end of the period (by now, while the period lasts)."""
    return and_(Case.closed_at.is_(None), Case.due_at < min(now, period.end))


def paused(period: Period, now: datetime) -> ColumnElement[bool]:
    """Open, received by the end of the period, its promised clock standing still now (T-4)."""
    return and_(running(period, now), standing(now))


def standing(now: datetime) -> ColumnElement[bool]:
    """Its promised clock stands still now (T-4)."""
    return and_(Case.stopped.is_(True), or_(Case.stopped_until.is_(None), Case.stopped_until > now))


def place(instant: Any, bounds: Sequence[datetime]) -> ColumnElement[int]:
    """Before which of the rising bounds an instant lies, counted from 0; their number where before none, or unset."""
    return case(*((instant < bound, n) for n, bound in enumerate(bounds)), else_=len(bounds))


def shared(period: Period, now: datetime) -> ColumnElement[bool]:
    """Ended in the period with the used share of the promised limit kept."""
    return and_(done(period, now), Case.share_used.is_not(None))


def wrong(period: Period, now: datetime) -> ColumnElement[bool]:
    """Ended in the period with a result error that stands."""
    standing = exists().where(ResultError.case_id == Case.id, ResultError.withdrawn_at.is_(None))
    return and_(done(period, now), standing)


def judged(period: Period, now: datetime) -> ColumnElement[bool]:
    """What the on-time rate is about: ended in the period, or open and overdue."""
    return or_(done(period, now), overdue(period, now))


def judged_in_scope(scope: Scope, period: Period, now: datetime) -> ColumnElement[bool]:
    """`judged`, each half by its own person: who answered at the end, or who answers now."""
    return or_(
        and_(done(period, now), *scope.conditions(closed=True)),
        and_(overdue(period, now), *scope.conditions(closed=False)),
    )


def late_at_end(period: Period, now: datetime) -> ColumnElement[bool]:
    """Over its promised limit when the period ended (now, while it lasts), also where it has ended since: what a score
    of the period counts. A limit of a year whose calendar is not known is none yet (W-0, E-3, T-3)."""
    firm = or_(Case.provisional.is_(False), *(_due_in(year) for year in sorted(calendar.work_calendar().known_years)))
    ended_since = and_(Case.closed_on > period.last, Case.closed_late.is_(True))
    return and_(Case.due_at < min(now, period.end), or_(and_(Case.closed_at.is_(None), firm), ended_since))


def _due_in(year: int) -> ColumnElement[bool]:
    first, after = (clock.day_start(date(each, 1, 1)) for each in (year, year + 1))
    return and_(Case.due_at >= first, Case.due_at < after)


def judged_at_end(period: Period, now: datetime) -> ColumnElement[bool]:
    """What the on-time rate of a score is about: ended in the period, or late at its end."""
    return or_(done(period, now), late_at_end(period, now))


def judged_at_end_in_scope(scope: Scope, period: Period, now: datetime) -> ColumnElement[bool]:
    """`judged_at_end`, each part by its own person: who answered when it ended, else who did at the period's end.

    ``scope.person_posts`` are the posts that the person answered for at the end of the period.
    """
    late = replace(scope, person_id=None).conditions(closed=False, parts=scope.with_parts)
    if scope.person_id is not None:
        own = Case.answered_by_id == scope.person_id
        of_post = and_(
            or_(Case.closed_at.is_(None), Case.answered_by_id.is_(None)), Case.post_id.in_(scope.person_posts or (0,))
        )
        late.append(or_(and_(Case.closed_at.is_not(None), own), of_post))
    return or_(
        and_(done(period, now), *scope.conditions(closed=True)),
        and_(late_at_end(period, now), *late),
    )


Condition = Callable[[Period, datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Definition:
    """A figure: its name, what it counts in words, and the condition of the rows behind it."""

    name: str
    label: Any
    meaning: Any
    rows: Condition
    #: Whether it is about closed cases, whose person was fixed at the end.
    closed: bool = False
    #: Whether a person can be told for it: a receipt is nobody's.
    personal: bool = True
    percent: bool = False
    kind: str = field(default="", kw_only=True)


_FOUND = (
    Definition("received", _l("收件数"), _l("收件日在期间内的办件，不论后来如何。"), received, personal=False),
    Definition(
        "done",
        _l("办结数"),
        _l("期间内结束的办件：已办结、已否定、视为同意、已撤回、已终止、退回。"),
        done,
        closed=True,
    ),
    Definition(
        "early",
        _l("提前"),
        _l("按期结束，且所用时间不到承诺时限的全部（最后一日之前）。"),
        early,
        closed=True,
        kind="green",
    ),
    Definition(
        "on_time",
        _l("按时"),
        _l("在承诺时限的最后一日结束、即办，或者没有留下用时记录的按期办结。"),
        on_time,
        closed=True,
    ),
    Definition("late", _l("超期办结"), _l("超过承诺期限才结束的，以及视为同意的。"), late, closed=True, kind="amber"),
    Definition(
        "overdue",
        _l("超期未结"),
        _l("现在仍未结束，而承诺期限在期末（期间未完时为现在）之前已过的。"),
        overdue,
        kind="red",
    ),
    Definition("running", _l("在办"), _l("期末以前收件、现在仍未结束的。"), running),
    Definition("paused", _l("暂停中"), _l("在办中，承诺时限现在停止计算的。"), paused),
    Definition("left", _l("本期收件未结"), _l("期间内收件、现在仍未结束的。"), left, personal=False),
    Definition("wrong", _l("结果有误"), _l("期间内结束、有未撤销的结果差错记录的。"), wrong, closed=True, kind="amber"),
    Definition(
        "rate",
        _l("按期办结率"),
        _l("（提前＋按时）÷（办结＋超期未结）。视为同意按超期计算。点开是全部分母。"),
        judged,
        percent=True,
    ),
    Definition(
        "completion",
        _l("办结率"),
        _l("期间内收件的办件中，现在已经结束的比例。点开是还没有结束的。"),
        left,
        personal=False,
        percent=True,
    ),
    Definition(
        "accuracy",
        _l("结果准确率"),
        _l("期间内结束的办件中，没有结果差错记录的比例。点开是有差错的。"),
        wrong,
        closed=True,
        percent=True,
    ),
    Definition(
        "average",
        _l("平均用时占比"),
        _l("期间内结束的办件所用时间占承诺时限的平均比例，按时限本身的单位计算。点开是参加计算的办件。"),
        shared,
        closed=True,
        percent=True,
    ),
    Definition(
        "p90",
        _l("九成用时占比"),
        _l("十分之九的办件所用时间不超过承诺时限的这个比例（按百分之五一档向上取）。点开是参加计算的办件。"),
        shared,
        closed=True,
        percent=True,
    ),
)
DEFINITIONS: dict[str, Definition] = {d.name: d for d in _FOUND}
#: The rate that a score counts: it stays as it was when the period ended, and is in no table of the reports.
AT_END = Definition(
    "rate_at_end",
    _l("期末按期办结率"),
    _l("期间内按期结束的办件÷（期间内结束＋期末超期未结）。期末以后才结束的，仍算超期未结。下面是全部分母。"),
    judged_at_end,
    percent=True,
)
#: Every figure whose rows can be listed.
LISTED = {**DEFINITIONS, AT_END.name: AT_END}
#: The columns of a table, in their order.
COUNTS = ("received", "done", "early", "on_time", "late", "overdue", "running", "paused")
RATES = ("rate", "completion", "accuracy", "average", "p90")
