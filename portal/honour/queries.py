"""Reads of praise and honours: what a person may see, and the entries of a month for the score tables (O-9, E-3)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.honour import rules
from portal.honour.models import Honour, HonourState
from portal.kernel.db import db
from portal.pure.months import month_after


@dataclass(frozen=True)
class Entry:
    """One confirmed entry as the score tables count it: ``kind`` is the name of the fact, such as ``media_city``.

    ``department_id`` is None when it counts for the person alone, ``user_id`` when it counts for the department alone.
    """

    kind: str
    department_id: int | None
    user_id: int | None
    number: str
    on: date
    level: str = ""


def entries(month: date) -> list[Entry]:
    """The confirmed entries of a month, in the order of their days and numbers."""
    return _between(month_after(month, 0), month_after(month, 1))


def entries_of_year(year: int) -> list[Entry]:
    """The confirmed entries of a year."""
    return _between(date(year, 1, 1), date(year + 1, 1, 1))


def counts(month: date, subject: str) -> dict[int, dict[str, int]]:
    """How often each fact happened in a month, by department (``subject`` "department") or person ("person")."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries(month):
        who = entry.department_id if subject == "department" else entry.user_id
        if who is not None:
            found[who][entry.kind] += 1
    return {who: dict(kinds) for who, kinds in found.items()}


def _between(first: date, end: date) -> list[Entry]:
    columns = (
        Honour.kind,
        Honour.level,
        Honour.department_id,
        Honour.for_department,
        Honour.user_id,
        Honour.number,
        Honour.happened_on,
    )
    query = (
        select(*columns)
        .where(Honour.state == HonourState.CONFIRMED, Honour.happened_on >= first, Honour.happened_on < end)
        .order_by(Honour.happened_on, Honour.number)
    )
    return [
        Entry(
            rules.fact_of(kind, level),
            department if counts_for else None,
            user,
            number,
            on,
            str(level) if level else "",
        )
        for kind, level, department, counts_for, user, number, on in db.session.execute(query)
    ]
