"""What each role's home shows: all of it read from open work and today, never from history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from portal.ab_post import queries as ab_post
from portal.cases import narrowing
from portal.cases import queries as cases
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.first_ask import queries as first_ask
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people


@dataclass(frozen=True)
class DepartmentLine:
    """One department's open work."""

    id: int
    name: str
    open: int
    red: int
    overdue: int
    soon: int
    asked: int


def departments_led(actor: Actor) -> frozenset[int]:
    """Departments whose whole work the actor looks after: headed, in charge of, or all (principal, office)."""
    if actor.can(case_words.READ_ALL) or any(p.kind == "principal" for p in actor.posts):
        return frozenset(d for d, _name in people.open_departments())
    led = {p.department_id for p in actor.posts if p.kind == "head"}
    if any(p.kind == "leader" for p in actor.posts):
        led |= cases.departments_seen(actor) - {actor.department_id or 0}
    return frozenset(led)


def department_lines(department_ids: frozenset[int], now: datetime) -> list[DepartmentLine]:
    """Open work by department in one pass over the partial index, worst first."""
    found = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(
                Case.department_id,
                func.count(),
                func.count().filter(narrowing.red(now)),
                func.count().filter(narrowing.late(now)),
                func.count().filter(narrowing.soon(now)),
            )
            .where(cases.is_open(), Case.department_id.in_(department_ids))
            .group_by(Case.department_id)
        )
    }
    asked = first_ask.count_today_by_department()
    names = people.department_names()
    lines = [
        DepartmentLine(d, names[d], *found.get(d, (0, 0, 0, 0)), asked=asked.get(d, 0))
        for d in names
        if d in department_ids
    ]
    return sorted(lines, key=lambda x: (-x.red, -x.overdue, -x.soon))


def urgent_cases(department_ids: frozenset[int], limit: int = 10) -> list[cases.Row]:
    """The most urgent open cases of some departments."""
    late_or_soon: ColumnElement[bool] = Case.soon_at <= clock.now()
    return cases.rows(
        cases.columns()
        .where(cases.is_open(), Case.department_id.in_(department_ids), late_or_soon)
        .order_by(Case.due_at)
        .limit(limit)
    )


def own(actor: Actor, now: datetime, tab: str) -> dict[str, Any]:
    """The queue of a person who answers for posts; without a post that handles cases there is none."""
    acting = tuple(p.post_id for p in actor.posts if p.for_user_id is not None)
    post_ids = narrowing.handled_posts(actor)
    tab = tab if tab == "acting" or tab in narrowing.TABS else ""

    def figures() -> dict[str, Any]:
        return {
            "rows": cases.queue(acting if tab == "acting" else post_ids, tab, limit=20),
            "counts": cases.counts(Case.post_id.in_(post_ids), now) if post_ids or acting else None,
            "acting_count": cases.counts(Case.post_id.in_(acting), now).open if acting else 0,
            "closed_today": cases.closed_today(Case.post_id.in_(post_ids)) if post_ids else 0,
            "today_count": first_ask.count_today(actor.id),
        }

    return {
        **epochs.while_unchanged(("desk.own", actor.id, post_ids, acting, tab), now, figures),
        "tab": tab,
        "acting": [p for p in actor.posts if p.for_user_id is not None],
        "entries": first_ask.today(actor.id or 0),
    }


def away(department_ids: frozenset[int], now: datetime) -> list[ab_post.AwayRow]:
    """Who of some departments is away from a post now, and who covers."""
    names = {people.department_names()[d] for d in department_ids}
    return [row for row in ab_post.away_now(now) if row.post and row.department in names]
