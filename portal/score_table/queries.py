"""Reads of score tables: which version holds when, the list, the versions of one table."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.pure.months import month_after
from portal.score_table import seams
from portal.score_table.models import ScoreTable, Version, VersionState

#: Months ahead and back from which a version may hold.
MONTHS = 12


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
    return tuple(sorted(Held(m, at.isoformat(), v, t, str(s)) for m, at, v, t, s in rows if m and at))


def held(subject: str, month: date) -> Held | None:
    """Which version holds for a month; of two from the same month the one approved later."""
    known = epochs.cached("score_table", "approved", _approved)
    found = [each for each in known if each.subject == subject and each.month <= month.replace(day=1)]
    return found[-1] if found else None


def in_force(subject: str, month: date) -> Version | None:
    """The version by which a kind of subject ("department", "person") is scored in a month (E-2)."""
    found = held(subject, month)
    return db.session.get(Version, found.id) if found else None


def named(name: str) -> ScoreTable | None:
    """A table by its name."""
    return db.session.scalar(select(ScoreTable).where(ScoreTable.name == name).limit(1))


def tables() -> list[ScoreTable]:
    """All tables, the newest first: an office has a handful."""
    return list(db.session.scalars(select(ScoreTable).order_by(ScoreTable.id.desc())))


def by_number(number: str) -> ScoreTable:
    """A table by its public number. Raises NotFound."""
    found = db.session.scalar(select(ScoreTable).where(ScoreTable.number == number))
    if found is None:
        raise NotFound()
    return found


def versions(table: ScoreTable) -> list[Version]:
    """The versions of a table, the newest first."""
    return list(
        db.session.scalars(select(Version).where(Version.table_id == table.id).order_by(Version.version.desc()))
    )


def standing(table: ScoreTable) -> Version:
    """The version from which writing goes on: the open one, else the last approved one, else the last."""
    found = versions(table)
    for states in ((VersionState.DRAFT, VersionState.SUBMITTED), (VersionState.APPROVED,)):
        for each in found:
            if each.state in states:
                return each
    return found[0]


def version(number: str, n: int) -> Version:
    """A version by its table's public number and its own. Raises NotFound."""
    table = by_number(number)
    asked = select(Version).where(Version.table_id == table.id, Version.version == n)
    found = db.session.scalar(asked) if n < 2**31 else None
    if found is None:
        raise NotFound()
    return found


def codes(table_id: int) -> set[str]:
    """The codes of all categories and rules that a table ever had: none is given to another (a line names its rule)."""
    found: set[str] = set()
    for each in db.session.scalars(select(Version).where(Version.table_id == table_id)):
        found |= each.table.places.keys() | {category.code for category in each.table.categories}
    return found


def texts(table_id: int) -> dict[str, str]:
    """The text of every rule that a table ever had by its code, the newest of each."""
    found: dict[str, str] = {}
    for each in db.session.scalars(select(Version).where(Version.table_id == table_id).order_by(Version.version)):
        found |= {code: rule.text for code, (_category, rule) in each.table.places.items()}
    return found


def latest() -> dict[int, Version]:
    """The newest version of every table by the table's id."""
    newest = select(func.max(Version.id)).group_by(Version.table_id)
    return {each.table_id: each for each in db.session.scalars(select(Version).where(Version.id.in_(newest)))}


def _waiting() -> tuple[tuple[int, frozenset[int]], ...]:
    query = select(Version.id, Version.writers).where(Version.state == VersionState.SUBMITTED)
    return tuple((key, frozenset(json.loads(writers))) for key, writers in db.session.execute(query))


def waiting_for(user_id: int | None) -> list[int]:
    """The versions that a person may approve: sent, and not written by them."""
    known = epochs.cached("score_table", "waiting", _waiting)
    return [key for key, writers in known if user_id not in writers]


def months(subject: str, now: datetime) -> list[date]:
    """The months from which a new version may hold: none that was computed, a year back and ahead, this one first."""
    this, last = clock.local(now).date().replace(day=1), seams.last_computed(subject)
    found = [month_after(this, n) for n in (*range(MONTHS), *range(-1, -MONTHS - 1, -1))]
    return [each for each in found if last is None or each > last]


def schedule(subject: str) -> list[tuple[date, date | None, Version]]:
    """Which version holds from when to when, the newest first; what never held is left out."""
    known = epochs.cached("score_table", "approved", _approved)
    last: dict[date, Held] = {each.month: each for each in known if each.subject == subject}
    found: list[tuple[date, date | None, Version]] = []
    end: date | None = None
    for month in sorted(last, reverse=True):
        version_ = db.session.get(Version, last[month].id)
        if version_ is not None:
            found.append((month, end, version_))
        end = month_after(month, -1)
    return found


def points_of(subject: str, fact: str, month: date) -> Decimal | None:
    """What the table in force in a month gives for one happening of a fact; None where it counts none or no figure."""
    found = in_force(subject, month)
    rules = [rule for category in found.table.categories for rule in category.rules] if found else []
    return next((rule.points for rule in rules if f"fact:{fact}" in rule.source and rule.points is not None), None)
