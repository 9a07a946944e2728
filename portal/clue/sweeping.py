"""Reading the journal for departures, in slices: each fact once, however many sweeps run (A-1).

One row, locked by whoever reads, makes the readers take turns; the unique key of a clue is the last word. What was
recorded before this room existed is read by the same code, from the first entry on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select

from portal.clue import service, sources
from portal.clue.models import ClueWatermark
from portal.clue.sources.base import AnySource, News, Outcome, Raised, Seen, Source, new_entries
from portal.kernel import journal
from portal.kernel.db import connection, db, insert_new
from portal.kernel.journal import JournalEntry

#: Entries that one sweep reads at most: no transaction grows long, however much history there is.
SLICE = 300
#: Entries so new that looking at their kinds is cheaper than asking every source.
_NEAR = 2000
#: The mark up to which every source has read is moved only this often, unless there was something to do.
_IDLE = 200
#: The name of the row that all readers lock.
_EVERYBODY = "*"

_MARKS = cast(Table, ClueWatermark.__table__)


def sweep(now: datetime, most: int = SLICE) -> int:
    """Raise and withdraw what the next entries show; returns how many clues changed. Twice changes nothing."""
    head = journal.head()[0]
    if head == 0:
        return 0
    mark = db.session.scalar(select(ClueWatermark.seq).where(ClueWatermark.source == _EVERYBODY))
    if mark is not None and mark >= head:
        return 0
    common = _turn(mark)
    if common is None or common >= head:
        return 0
    marks = {row[0]: row[1] for row in db.session.execute(select(ClueWatermark.source, ClueWatermark.seq))}
    due, new = _due(common, head, marks)
    left, done, size, whole = most, 0, 0, True
    read: dict[str, int] = {}
    for source in due:
        if left <= 0:
            whole = False
            break
        after = max(marks[source.name], common) if source.name in marks else 0
        seen = Seen()
        found = source.outcomes(after, head, left, seen, new if source.name in marks else None)
        done += _apply(found.outcomes, now, seen)
        read[source.name] = found.read
        left, size, whole = left - found.size, size + found.size, whole and found.whole
    for name, seq in read.items():
        if name not in marks or (not whole and seq > marks[name]):
            _set(name, seq)
    if whole and (size or head - common >= _IDLE):
        _set(_EVERYBODY, head)
    return done


def _turn(mark: int | None) -> int | None:
    """Take the turn of reading; how far everybody has read, or None while another process has it."""
    if mark is None:
        _insert(_EVERYBODY, 0)
    row = select(ClueWatermark.seq).where(ClueWatermark.source == _EVERYBODY)
    return db.session.scalar(row.with_for_update(skip_locked=True))


def _due(common: int, head: int, marks: dict[str, int]) -> tuple[list[AnySource], News | None]:
    """The sources that may have something to read, and, while they are few, the new entries of all."""
    if head - common > _NEAR:
        return list(sources.ALL), None
    new = select(JournalEntry.event).where(JournalEntry.seq > common, JournalEntry.seq <= head).distinct()
    tags = set(db.session.scalars(new))
    due = [each for each in sources.ALL if each.name not in marks or each.concerned_by(tags)]
    wanted = {tag for each in due if isinstance(each, Source) for tag in each.events} & tags
    return due, new_entries(common, head, wanted) if wanted else {}


def _apply(outcomes: Iterable[Outcome], now: datetime, seen: Seen) -> int:
    """Do what entries show; how many clues changed."""
    done = 0
    for outcome in outcomes:
        if isinstance(outcome, Raised):
            at = outcome.breach.at
            done += service.raise_from(outcome.breach, now, points_key=outcome.points, seen=seen.picture(at))
        else:
            done += service.withdraw(outcome.key, outcome.entry_seq, outcome.at, now)
    return done


def _insert(source: str, seq: int) -> None:
    connection().execute(insert_new(_MARKS).values(source=source, seq=seq))


def _set(source: str, seq: int) -> None:
    changed = connection().execute(_MARKS.update().where(_MARKS.c.source == source).values(seq=seq))
    if cast(Any, changed).rowcount == 0:
        _insert(source, seq)
