"""Reads of the evidence of scores: stored results and lines by month, through indexes; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.kernel import epochs
from portal.kernel.db import db
from portal.pure.scoring import Line, Result, Subject, score
from portal.score_evidence.models import (
    LineState,
    MonthState,
    Objection,
    ObjectionState,
    ScoreChange,
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


def called(line: ScoreLine) -> str:
    """The rule of a line in its own words, as the journal names it."""
    found = line.month.version.table.places.get(line.rule)
    return (found[1].text if found else line.rule)[:80]


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


def listing(score_month_id: int, subject_id: int) -> Select[Any]:
    """All lines of a subject in a month, for pages."""
    rows = select(ScoreLine).where(ScoreLine.score_month_id == score_month_id, ScoreLine.subject_id == subject_id)
    return rows.order_by(ScoreLine.rule, ScoreLine.happened_on, ScoreLine.id)


def lines(subject: str, subject_id: int, month: date) -> list[ScoreLine]:
    """All lines of a subject in a month, whatever their state, in order."""
    found = month_of(subject, month)
    return of_subject(found.id, subject_id) if found is not None else []


def newest(subject: str) -> date | None:
    """The newest month that was opened for a kind of subject, from memory."""

    def read() -> dict[str, date]:
        rows = db.session.execute(select(ScoreMonth.subject, func.max(ScoreMonth.month)).group_by(ScoreMonth.subject))
        return {str(kind): month for kind, month in rows}

    return epochs.cached("score_month", "newest", read).get(subject)


def last_computed(subject: str) -> date | None:
    """The last month that was computed for a kind of subject."""
    query = select(func.max(ScoreMonth.month)).where(
        ScoreMonth.subject == Subject(subject), ScoreMonth.computed_at.is_not(None)
    )
    return db.session.scalar(query)


# --- pages ----------------------------------------------------------------------------------------------------


def months() -> Select[Any]:
    """The months, the newest first."""
    return (
        select(ScoreMonth).options(joinedload(ScoreMonth.version)).order_by(ScoreMonth.month.desc(), ScoreMonth.subject)
    )


def results_of(score_month_id: int, subject_ids: Iterable[int]) -> dict[int, ScoreResult]:
    """The stored results of some subjects."""
    rows = select(ScoreResult).where(
        ScoreResult.score_month_id == score_month_id, ScoreResult.subject_id.in_(list(subject_ids))
    )
    return {row.subject_id: row for row in db.session.scalars(rows)}


def proposed_of(score_month_id: int) -> list[ScoreLine]:
    """The lines of a month that wait for approval."""
    rows = select(ScoreLine).where(ScoreLine.score_month_id == score_month_id, ScoreLine.state == LineState.PROPOSED)
    return list(db.session.scalars(rows.order_by(ScoreLine.id)))


def objections_of_lines(line_ids: list[int]) -> dict[int, list[Objection]]:
    """The objections to some lines, oldest first."""
    found: dict[int, list[Objection]] = {}
    if line_ids:
        rows = select(Objection).where(Objection.line_id.in_(line_ids)).order_by(Objection.id)
        for each in db.session.scalars(rows):
            found.setdefault(each.line_id, []).append(each)
    return found


def objections(state: str) -> Select[Any]:
    """The objections: those that are open, or all; the earliest day of ruling first."""
    query = select(Objection).options(joinedload(Objection.line), joinedload(Objection.month))
    if state == "open":
        return query.where(Objection.state == ObjectionState.OPEN).order_by(Objection.due_on, Objection.id)
    return query.order_by(Objection.id.desc())


def changes(score_month_id: int) -> Any:
    """What changed in a month with its lines, the latest first."""
    return (
        select(ScoreChange, ScoreLine)
        .join(ScoreLine, ScoreLine.id == ScoreChange.line_id)
        .where(ScoreChange.score_month_id == score_month_id)
        .order_by(ScoreChange.revision.desc(), ScoreLine.subject_id, ScoreChange.id)
    )


def count_changes(score_month_id: int) -> int:
    """How many changes a month has seen since it was computed first."""
    query = select(func.count()).select_from(ScoreChange).where(ScoreChange.score_month_id == score_month_id)
    return db.session.scalar(query) or 0


def changes_of_line(line_id: int) -> list[ScoreChange]:
    """What changed of one line, oldest first."""
    return list(db.session.scalars(select(ScoreChange).where(ScoreChange.line_id == line_id).order_by(ScoreChange.id)))


# --- what waits, from memory ----------------------------------------------------------------------------------


class Running(NamedTuple):
    """A month that is not settled."""

    id: int
    month: date
    subject: str
    state: str
    until: date | None


class Proposed(NamedTuple):
    """A line that waits for approval."""

    line_id: int
    month_id: int
    subject: str
    subject_id: int
    by: int | None


class Waiting(NamedTuple):
    """An objection that waits for its ruling."""

    line_id: int
    month_id: int
    due: date
    subject: str
    subject_id: int
    #: Who may not rule: who raised it, who proposed or approved the line.
    barred: frozenset[int | None]
    warned: bool


def running() -> list[Running]:
    """The months that are not settled, the oldest first."""

    def read() -> list[Running]:
        rows = select(
            ScoreMonth.id, ScoreMonth.month, ScoreMonth.subject, ScoreMonth.state, ScoreMonth.objections_until
        ).where(ScoreMonth.settled_at.is_(None))
        return [
            Running(i, m, str(s), str(t), u) for i, m, s, t, u in db.session.execute(rows.order_by(ScoreMonth.month))
        ]

    return epochs.cached("score_month", "running", read)


def proposed() -> list[Proposed]:
    """The lines that wait for approval, in months that are not settled."""

    def read() -> list[Proposed]:
        rows = (
            select(
                ScoreLine.id,
                ScoreLine.score_month_id,
                ScoreLine.subject,
                ScoreLine.subject_id,
                ScoreLine.proposed_by_id,
            )
            .join(ScoreMonth, ScoreMonth.id == ScoreLine.score_month_id)
            .where(ScoreLine.state == LineState.PROPOSED, ScoreMonth.settled_at.is_(None))
            .order_by(ScoreLine.id)
            .limit(500)
        )
        return [Proposed(i, m, str(s), who, by) for i, m, s, who, by in db.session.execute(rows)]

    return epochs.cached("score_month", "proposed", read)


def open_objections() -> list[Waiting]:
    """The objections that wait for their ruling, the earliest day first."""

    def read() -> list[Waiting]:
        rows = (
            select(Objection, ScoreLine)
            .join(ScoreLine, ScoreLine.id == Objection.line_id)
            .where(Objection.state == ObjectionState.OPEN)
            .order_by(Objection.due_on, Objection.id)
            .limit(500)
        )
        return [
            Waiting(
                line.id,
                line.score_month_id,
                each.due_on,
                str(line.subject),
                line.subject_id,
                frozenset({each.raised_by_id, line.proposed_by_id, line.decided_by_id}),
                each.warned_at is not None,
            )
            for each, line in db.session.execute(rows)
        ]

    return epochs.cached("score_objection", "waiting", read, ("score_month",))


def waiting_by_month() -> dict[int, tuple[int, int]]:
    """How many lines wait for approval and objections for a ruling, by month."""
    found: dict[int, list[int]] = {}
    for n, each in [(0, p.month_id) for p in proposed()] + [(1, w.month_id) for w in open_objections()]:
        found.setdefault(each, [0, 0])[n] += 1
    return {month_id: (a, b) for month_id, (a, b) in found.items()}
