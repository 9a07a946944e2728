"""Reads of score tables: which version holds when, the list, the versions of one table."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.kernel import epochs
from portal.kernel.db import db
from portal.score_table.models import ScoreTable, Version, VersionState


class Held(NamedTuple):
    """An approved version: from which month on, for whom."""

    month: date
    decided: str
    id: int
    table_id: int
    subject: str


def _approved() -> tuple[Held, ...]:
    query = (
        select(Version.month, Version.decided_at, Version.id, Version.table_id, ScoreTable.subject)
        .join(ScoreTable, ScoreTable.id == Version.table_id)
        .where(Version.state == VersionState.APPROVED)
    )
    rows = db.session.execute(query).all()
    return tuple(sorted(Held(m, at.isoformat(), v, t, str(s)) for m, at, v, t, s in rows))


def held(subject: str, month: date) -> Held | None:
    """Which version holds for a month; of two from the same month the one approved later."""
    known = epochs.cached("score_table", "approved", _approved)
    found = [each for each in known if each.subject == subject and each.month <= month.replace(day=1)]
    return found[-1] if found else None


def in_force(subject: str, month: date) -> Version | None:
    """The version by which a kind of subject ("department", "person") is scored in a month (E-2)."""
    found = held(subject, month)
    return db.session.get(Version, found.id) if found else None
