"""Reads of the evidence of scores: stored results and lines by month, through indexes; nothing is computed here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from portal.kernel import epochs
from portal.kernel.db import db
from portal.pure.scoring import Line, Result, Subject, score
from portal.score_evidence.models import (
    LineState,
    MonthState,
    ScoreLine,
    ScoreMonth,
    ScoreResult,
)


def month_of(subject: str, month: date) -> ScoreMonth | None:
    """The month (its first day) of a kind of subject ("department", "person"); None when it was not opened."""
    return db.session.scalar(
        select(ScoreMonth).where(ScoreMonth.month == month.replace(day=1), ScoreMonth.subject == Subject(subject))
    )


def is_settled(subject: str, month: date) -> bool:
    """Whether the evidence of a month is settled: all objections are ruled, or the time for them is over (E-6)."""
    found = month_of(subject, month)
    return found is not None and found.state is MonthState.SETTLED


def totals(subject: str, month: date) -> dict[int, Decimal]:
    """The totals of a computed month by subject, as stored; empty before it is computed."""
    found = month_of(subject, month)
    if found is None:
        return {}
    rows = select(ScoreResult.subject_id, ScoreResult.total).where(ScoreResult.score_month_id == found.id)
    return dict(db.session.execute(rows).all())


def results(subject: str, month: date) -> dict[int, Result]:
    """The results of a computed month by subject, from the lines as they stand: the same ones as were stored."""
    found = month_of(subject, month)
    if found is None or found.computed_at is None:
        return {}
    by_subject: dict[int, list[Line]] = {subject_id: [] for subject_id in totals(subject, month)}
    for line in counting(found.id):
        by_subject.setdefault(line.subject_id, []).append(as_line(line))
    table = found.version.table
    return {subject_id: score(table, lines) for subject_id, lines in sorted(by_subject.items())}


def as_line(line: ScoreLine) -> Line:
    """A line as the score table's arithmetic takes it."""
    return Line(key=f"{line.rule}|{line.key}", rule=line.rule, quantity=line.quantity, points=line.points)


def counting(score_month_id: int) -> list[ScoreLine]:
    """The lines of a month that count, in order."""
    rows = select(ScoreLine).where(ScoreLine.score_month_id == score_month_id, ScoreLine.state == LineState.APPROVED)
    return list(db.session.scalars(rows.order_by(ScoreLine.subject_id, ScoreLine.id)))


def stored(score_month_id: int) -> list[ScoreResult]:
    """The stored results of a month."""
    return list(db.session.scalars(select(ScoreResult).where(ScoreResult.score_month_id == score_month_id)))


def every_line(score_month_id: int) -> list[ScoreLine]:
    """All lines of a month, whatever their state, in order."""
    rows = select(ScoreLine).where(ScoreLine.score_month_id == score_month_id)
    return list(db.session.scalars(rows.order_by(ScoreLine.subject_id, ScoreLine.id)))


def of_subject(score_month_id: int, subject_id: int) -> list[ScoreLine]:
    """All lines of a subject in a month by the month's id."""
    rows = select(ScoreLine).where(ScoreLine.score_month_id == score_month_id, ScoreLine.subject_id == subject_id)
    return list(db.session.scalars(rows.order_by(ScoreLine.rule, ScoreLine.happened_on, ScoreLine.id)))


def lines(subject: str, subject_id: int, month: date) -> list[ScoreLine]:
    """All lines of a subject in a month, whatever their state, in order."""
    found = month_of(subject, month)
    return of_subject(found.id, subject_id) if found is not None else []


def newest(subject: str) -> date | None:
    """The newest month that was opened for a kind of subject, from memory."""

    def read() -> dict[str, date]:
        rows = db.session.execute(
            select(ScoreMonth.subject, db.func.max(ScoreMonth.month)).group_by(ScoreMonth.subject)
        )
        return {str(kind): month for kind, month in rows}

    return epochs.cached("score_month", "newest", read).get(subject)


def last_computed(subject: str) -> date | None:
    """The last month that was computed for a kind of subject."""
    query = select(db.func.max(ScoreMonth.month)).where(
        ScoreMonth.subject == Subject(subject), ScoreMonth.computed_at.is_not(None)
    )
    return db.session.scalar(query)
