"""Reads of results: what was published, the totals of a year, flags, the weakest (E-4, E-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import defer, selectinload

from portal.kernel import epochs
from portal.kernel.db import db
from portal.monthly_result import rows
from portal.monthly_result.models import MonthlyResult, ResultCorrection, ResultRow, ResultState, Standing


@dataclass(frozen=True)
class Placed:
    """A subject's published total and place in a month; ``place`` None: excluded, with the reason."""

    subject_id: int
    name: str
    total: Decimal
    place: int | None
    excluded: str
    flag: bool


@dataclass(frozen=True)
class Published:
    """The newest published edition of a month."""

    result_id: int
    subject: str
    month: date
    edition: int
    published_at: datetime
    digest: str
    rows: tuple[Placed, ...]


def published(subject: str, month: date) -> Published | None:
    """The newest published edition of a month for ``department`` or ``person``; None before it is published."""
    query = (
        select(MonthlyResult)
        .where(MonthlyResult.subject == subject, MonthlyResult.month == month)
        .where(MonthlyResult.state == ResultState.PUBLISHED)
        .options(selectinload(MonthlyResult.rows).options(defer(ResultRow.detail)))
    )
    found = db.session.scalar(query.order_by(MonthlyResult.edition.desc()).limit(1))
    if found is None or found.published_at is None:
        return None
    rows = tuple(Placed(r.subject_id, r.name, r.total, r.place, r.excluded, r.flag) for r in found.rows)
    return Published(found.id, subject, month, found.edition, found.published_at, found.digest, rows)


def year_scores(subject: str, year: int) -> dict[int, list[tuple[date, Decimal]]]:
    """The published totals of a year's months by subject, newest editions only, in the order of months."""
    return totals(subject, date(year, 1, 1), date(year, 12, 1))


def totals(subject: str, first: date, last: date) -> dict[int, list[tuple[date, Decimal]]]:
    """The published totals of the months from ``first`` to ``last`` by subject, newest editions only."""
    query = (
        select(ResultRow.subject_id, MonthlyResult.month, ResultRow.total)
        .join(MonthlyResult, MonthlyResult.id == ResultRow.result_id)
        .where(ResultRow.result_id.in_([key for _month, key in newest_results(subject, first, last)]))
        .order_by(MonthlyResult.month)
    )
    found: dict[int, list[tuple[date, Decimal]]] = {}
    for subject_id, month, total in db.session.execute(query):
        found.setdefault(subject_id, []).append((month, total))
    return found


def newest_results(subject: str, first: date, last: date) -> list[tuple[date, int]]:
    """The months from ``first`` to ``last`` that are published, each with the id of its newest edition, in order."""
    query = select(MonthlyResult.month, func.max(MonthlyResult.id)).where(
        MonthlyResult.subject == subject,
        MonthlyResult.month.between(first, last),
        MonthlyResult.published_at.is_not(None),
    )
    rows = db.session.execute(query.group_by(MonthlyResult.month).order_by(MonthlyResult.month))
    return [(month, key) for month, key in rows]


def lifted(subject: str, first: date, last: date) -> frozenset[tuple[int, date]]:
    """Whom a published correction brought back into the ranking of a month, and who is still in it (E-5, E-6)."""
    newest = {key: month for month, key in newest_results(subject, first, last)}
    back = (
        select(ResultCorrection.subject_id, MonthlyResult.month)
        .join(ResultCorrection.result)
        .where(
            MonthlyResult.subject == subject,
            MonthlyResult.month.between(first, last),
            MonthlyResult.published_at.is_not(None),
            ResultCorrection.standing == Standing.INCLUDED,
        )
    )
    found = {(subject_id, month) for subject_id, month in db.session.execute(back)}
    if not found:
        return frozenset()
    ranked = select(ResultRow.subject_id, ResultRow.result_id).where(
        ResultRow.result_id.in_(newest), ResultRow.place.is_not(None)
    )
    return frozenset(found & {(subject_id, newest[key]) for subject_id, key in db.session.execute(ranked)})


def flags(month: date) -> list[Placed]:
    """The departments that hold a red flag of a published month, the best first."""
    found = published("department", month)
    return [row for row in found.rows if row.flag] if found else []


def weakest(month: date, count: int = 3) -> list[Placed]:
    """The departments at the end of a published month's ranking, the last first; those at the same place together."""
    found = published("department", month)
    ranked = [row for row in found.rows if row.place is not None] if found else []
    if not ranked:
        return []
    ranked.sort(key=lambda row: (-(row.place or 0), row.name))
    limit = ranked[min(count, len(ranked)) - 1].place or 0
    return [row for row in ranked if (row.place or 0) >= limit]


def newest_flags() -> tuple[date, tuple[Placed, ...]] | None:
    """The newest published month of departments and who holds its flags; kept in memory."""
    return epochs.cached(MonthlyResult.__epoch__, "flags", _newest_flags)


def _newest_flags() -> tuple[date, tuple[Placed, ...]] | None:
    month = db.session.scalar(
        select(func.max(MonthlyResult.month)).where(
            MonthlyResult.subject == "department", MonthlyResult.state == ResultState.PUBLISHED
        )
    )
    return (month, tuple(flags(month))) if month is not None else None


def open_edition(subject: str, month: date) -> MonthlyResult | None:
    """The edition of a month that is on its way to publication, if there is one."""
    query = select(MonthlyResult).where(MonthlyResult.subject == subject, MonthlyResult.month == month)
    return db.session.scalar(query.where(MonthlyResult.published_at.is_(None)))


def editions(subject: str, month: date) -> list[MonthlyResult]:
    """The published editions of a month, the newest first."""
    query = select(MonthlyResult).where(MonthlyResult.subject == subject, MonthlyResult.month == month)
    query = query.where(MonthlyResult.published_at.is_not(None)).order_by(MonthlyResult.edition.desc())
    return list(db.session.scalars(query))


def digest_of(result: MonthlyResult) -> str:
    """The digest of an edition as it stands: equal to the published one as long as nothing was changed."""
    head = {
        "subject": result.subject,
        "month": result.month.isoformat(),
        "edition": result.edition,
        "correction": result.correction,
        "table": result.table_name,
        "flags": result.flags,
    }
    lines = [
        {
            "id": r.subject_id,
            "name": r.name,
            "department": r.department,
            "total": f"{r.total:f}",
            "corrected": f"{r.corrected:f}",
            "place": r.place,
            "excluded": r.excluded,
            "flag": r.flag,
            "detail": r.detail,
        }
        for r in result.rows
    ]
    return rows.digest(head, lines)
