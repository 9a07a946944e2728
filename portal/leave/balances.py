"""Annual leave by person and year: what is due, carried over, used and planned (O-3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.ab_post import queries as ab
from portal.ab_post.models import AbsenceKind
from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.sheets import Figure
from portal.leave import rules
from portal.leave import vocabulary as words
from portal.leave.models import LeaveAllowance, LeaveRequest, LeaveService, LeaveState
from portal.leave.rules import Balance, Span
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy

_TIERS = ("first", "second", "third")


def _tiers() -> list[tuple[int, int]]:
    return [(policy.value(f"leave.annual_years_{n}"), policy.value(f"leave.annual_days_{n}")) for n in _TIERS]


def _on(year: int, on: date) -> date:
    """The day on which the years of work are counted for a year: the given day, held within the year."""
    return min(max(on, date(year, 1, 1)), date(year, 12, 31))


def taken_span(request: LeaveRequest) -> Span | None:
    """The time of a request that was or is to be taken: shortened by an early return, None when it was cancelled."""
    absence = request.absence
    if absence is None or absence.ended_at is None:
        return request.span
    if absence.ended_at <= absence.from_at:
        return None
    return rules.span_of(absence.from_at, absence.ended_at, calendar.work_calendar().hours)


def of(user_ids: list[int], year: int, now: datetime, but: int | None = None) -> dict[int, Balance]:
    """The balances of some people for a year; ``but`` leaves one request out."""
    return of_day(user_ids, year, clock.local(now).date(), now, but)


def of_day(user_ids: list[int], year: int, on: date, now: datetime, but: int | None = None) -> dict[int, Balance]:
    """The same with the years of work on a given day."""
    since = {s.user_id: s.working_since for s in _rows(LeaveService, user_ids)}
    allowed = {a.user_id: a for a in _rows(LeaveAllowance, user_ids) if a.year == year}
    spent: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = (
        select(LeaveRequest)
        .where(
            LeaveRequest.kind == AbsenceKind.ANNUAL,
            LeaveRequest.state.in_((LeaveState.APPROVED, LeaveState.WAITING)),
            LeaveRequest.from_on <= last,
            LeaveRequest.to_on >= first,
        )
        .options(joinedload(LeaveRequest.absence))
    )
    if len(user_ids) == 1:
        wanted = wanted.where(LeaveRequest.applicant_id == user_ids[0])
    working = calendar.work_calendar()
    for request in db.session.scalars(wanted):
        whole = taken_span(request)
        span = whole.within(year) if whole is not None else None
        if span is None or request.id == but:
            continue
        ahead = request.state is LeaveState.WAITING or request.from_at > now
        spent[request.applicant_id][ahead] += rules.length(span, working)
    found = {}
    for user_id in user_ids:
        own, began = allowed.get(user_id), since.get(user_id)
        entitled = own.entitled if own is not None else None
        if entitled is None and began is not None:
            entitled = rules.entitled(rules.years_of_work(began, _on(year, on)), _tiers())
        used, planned = spent[user_id]
        found[user_id] = Balance(year, entitled, own.carried if own else 0, used, planned)
    return found


def _rows(model: Any, user_ids: list[int]) -> list[Any]:
    query: Any = select(model)
    if len(user_ids) == 1:
        query = query.where(model.user_id == user_ids[0])
    return list(db.session.scalars(query))


def require(user_id: int, span: Span, now: datetime, but: int | None = None) -> None:
    """Refuse annual leave above the balance of any year that it touches. Raises Invalid."""
    working = calendar.work_calendar()
    for year in range(span.from_on.year, span.to_on.year + 1):
        part = span.within(year)
        if part is None:
            continue
        balance = of_day([user_id], year, part.from_on, now, but)[user_id]
        if balance.left is None:
            raise Invalid("kind", _("还没有登记您的年休假天数，请先联系办公室。"), "O-3")
        asked = rules.length(part, working)
        if asked > balance.left:
            raise Invalid(
                "to_on",
                _(
                    "%(year)s 年年休假还剩 %(left)s 天，这次申请 %(asked)s 天。",
                    year=year, left=days(max(0, balance.left)), asked=days(asked),
                ),
                "O-3",
            )  # fmt: skip


def days(halves: int | None) -> str:
    """Half days as days: 3 → 1.5; a number in a spreadsheet."""
    return "" if halves is None else Figure(f"{halves / rules.PER_DAY:g}", Decimal(halves) / rules.PER_DAY, "0.0")


@dataclass(frozen=True)
class Line:
    """A person in the list of balances."""

    user_id: int
    username: str
    name: str
    department: str
    since: date | None
    own: bool
    balance: Balance


def listing(year: int, now: datetime, department_id: int | None = None) -> list[Line]:
    """Everybody who may take leave with their balance of a year, by department and name."""
    seen, departments = ab.picture(), people.department_names()
    order = {d: n for n, d in enumerate(departments)}
    users = [u for u in db.session.scalars(select(User)) if seen.able(u.id, now)]
    if department_id:
        users = [u for u in users if u.department_id == department_id]
    users.sort(key=lambda u: (order.get(u.department_id or 0, len(order)), u.id))
    ids = [u.id for u in users]
    found = of(ids, year, now) if ids else {}
    since = {s.user_id: s.working_since for s in _rows(LeaveService, ids)}
    own = {a.user_id for a in _rows(LeaveAllowance, ids) if a.year == year and a.entitled is not None}
    return [
        Line(
            u.id, u.username, u.name, departments.get(u.department_id or 0, ""), since.get(u.id), u.id in own,
            found[u.id],
        )
        for u in users
    ]  # fmt: skip


def set_allowance(
    actor: Actor,
    user: User,
    year: int,
    since: date | None,
    entitled: int | None,
    carried: int,
    reason: str,
    now: datetime,
) -> None:
    """The office enters since when a person works and, for a year, an own entitlement and days carried over.

    ``entitled`` None: by the policy's table. Raises Invalid for a day in the future, or where neither is given.
    """
    if since is not None and since > clock.local(now).date():
        raise Invalid("working_since", _("参加工作日期不能晚于今天。"))
    kept = db.session.get(LeaveService, user.id)
    if since is None and entitled is None:
        raise Invalid("working_since", _("请填写参加工作日期，或者直接填写应休天数。"))
    if since is not None:
        if kept is None:
            db.session.add(LeaveService(user_id=user.id, working_since=since))
        else:
            kept.working_since = since
    elif kept is not None:
        db.session.delete(kept)
    row = db.session.get(LeaveAllowance, (user.id, year))
    if row is None:
        db.session.add(row := LeaveAllowance(user_id=user.id, year=year))
    row.entitled, row.carried, row.reason = entitled, carried, reason
    journal.record(
        words.ALLOWANCE_SET, user, actor, now, year=year, entitled=entitled, carried=carried, since=since,
        reason=reason,
    )  # fmt: skip
