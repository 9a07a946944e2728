"""Days are tallied once they are over, and anew when something of theirs has changed since (W-0)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, literal, select, text

from portal.cases.models import Case
from portal.completion_report.definitions import NONE, Period
from portal.completion_report.figures import BUCKETS, closing_columns, month_key
from portal.completion_report.models import ClosingTally, ReceiptTally, TallyMark
from portal.kernel import clock
from portal.kernel.db import connection, db, dialect

#: Days of one sweep at most: a large office that has just been migrated is tallied in some minutes.
DAYS_A_SWEEP = 45
_ONE_AT_A_TIME = 0x74616C6C

_RECEIPTS, _CLOSINGS = cast(Table, ReceiptTally.__table__), cast(Table, ClosingTally.__table__)


def tally(now: datetime, most: int = DAYS_A_SWEEP) -> int:
    """Tally the marked days before today, the newest first; returns how many. Twice changes nothing.

    The marks are taken away before the cases are counted: what is marked meanwhile stays marked, so that its day is
    read from the cases until the next time. One process at a time does it.
    """
    if dialect() == "postgresql":
        taken = db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if not taken:
            return 0
    today = clock.local(now).date()
    found = select(TallyMark.day).where(TallyMark.day < today).distinct().order_by(TallyMark.day.desc()).limit(most)
    days = list(db.session.scalars(found))
    connected = connection()
    for day in days:
        connected.execute(delete(TallyMark).where(TallyMark.day == day))
        for table in (_RECEIPTS, _CLOSINGS):
            connected.execute(delete(table).where(table.c.day == day))
        for statement in _statements(Period(day, day)):
            connected.execute(statement)
    return len(days)


def _statements(period: Period) -> list[Any]:
    day, month = period.first, month_key(period.first)
    item, part = func.coalesce(Case.item_id, NONE), Case.lead_id.is_not(None)
    person = func.coalesce(Case.answered_by_id, NONE)
    keys = [Case.department_id, item, Case.post_id]
    receipts = (
        select(literal(day), *keys, part, literal(month), func.count())
        .where(Case.received_at >= period.start, Case.received_at < period.end)
        .group_by(*keys, part)
    )
    closings = (
        select(literal(day), *keys, person, part, literal(month), *closing_columns())
        .where(Case.closed_on == day)
        .group_by(*keys, person, part)
    )
    own = ["day", "department_id", "item_id", "post_id"]
    counts = ["done", "early", "late", "shared", "share_sum", *(b.key for b in BUCKETS)]
    return [
        insert(_RECEIPTS).from_select([*own, "part", "month", "received"], receipts),
        insert(_CLOSINGS).from_select([*own, "person_id", "part", "month", *counts], closings),
    ]
