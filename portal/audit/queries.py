"""Reads of the journal for the auditor: filtered lists that never count or scan the whole, one entry, chain heads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.audit import rules
from portal.kernel import clock, journal, timeline
from portal.kernel.db import db
from portal.kernel.journal import EVENTS, JournalEntry, JournalPersonal
from portal.kernel.timeline import Line

PER_PAGE = 50
#: Entries looked through for one page at most; the page then offers to look further back.
WINDOW = 200_000
#: The clock may have been set back: dates are compared exactly within this many entries of where they should lie.
SLACK = 10_000
#: Every so many entries one head is exported, and the newest.
HEAD_STEP = 1_000


@dataclass(frozen=True)
class Wanted:
    """The filters of the list; ``before`` is the sequence number from which to go back."""

    event: str = ""
    user_id: int | None = None
    object_type: str = ""
    object_id: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of the list, newest first. ``older``: where the next page begins, None at the end.

    ``cut`` says that the page is not full although there may be more: only `WINDOW` entries were looked through.
    """

    entries: list[JournalEntry]
    lines: list[Line]
    older: int | None
    cut: bool


def hidden(event: str, fact: str, value: Any) -> bool:
    """Whether a plain fact is withheld from the auditor (R-2)."""
    return rules.is_hidden(event, value, timeline.is_labelled(event, fact, value))


def entries(wanted: Wanted) -> Found:
    """One page of entries that match, without personal facts and without the content of matters."""
    top = journal.head()[0] + 1
    low, high = 1, top if wanted.before is None else min(max(wanted.before, 1), top)
    conditions: list[ColumnElement[bool]] = []
    if wanted.from_on is not None:
        begin = clock.day_start(wanted.from_on)
        low = max(low, _first_at(begin, top) - SLACK)
        conditions.append(JournalEntry.at >= begin)
    if wanted.to_on is not None:
        end = clock.day_start(wanted.to_on + timedelta(1))
        high = min(high, _first_at(end, top) + SLACK)
        conditions.append(JournalEntry.at < end)
    if wanted.event:
        conditions.append(JournalEntry.event == wanted.event)
    if wanted.user_id is not None:
        conditions.append(or_(JournalEntry.actor_id == wanted.user_id, JournalEntry.for_user_id == wanted.user_id))
    if wanted.object_type:
        conditions.append(JournalEntry.object_type == wanted.object_type)
    if wanted.object_id is not None:
        conditions.append(JournalEntry.object_id == wanted.object_id)
    floor = max(low, high - WINDOW)
    rows = list(
        db.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.seq >= floor, JournalEntry.seq < high, *conditions)
            .order_by(JournalEntry.seq.desc())
            .limit(PER_PAGE + 1)
        )
    )
    more = len(rows) > PER_PAGE
    rows = rows[:PER_PAGE]
    cut = not more and floor > low
    older = rows[-1].seq if more else floor if cut else None
    return Found(rows, lines(rows), older, cut)


def lines(rows: list[JournalEntry]) -> list[Line]:
    """Entries as the auditor reads them."""
    return timeline.lines(rows, with_personal=False, hide=hidden)


def _first_at(instant: datetime, top: int) -> int:
    """About the first entry at or after an instant, by halving: exact while the clock never went back."""
    low, high = 1, top
    while low < high:
        middle = (low + high) // 2
        at = db.session.scalar(
            select(JournalEntry.at).where(JournalEntry.seq >= middle).order_by(JournalEntry.seq).limit(1)
        )
        if at is not None and at < instant:
            low = middle + 1
        else:
            high = middle
    return low


@dataclass(frozen=True)
class Fact:
    """One fact of an entry as the auditor sees it; ``value`` is None when it is withheld."""

    name: str
    value: str | None


def facts(entry: JournalEntry) -> list[Fact]:
    """The plain facts of an entry in words, those of matters withheld."""
    stored = entry.fact()
    return [
        Fact(n, None if hidden(entry.event, n, v) else timeline.word(entry.event, n, v, stored))
        for n, v in sorted(stored.items())
    ]


def withheld(entry: JournalEntry) -> list[str]:
    """The names of the personal facts of an entry."""
    return sorted(EVENTS[entry.event].personal) if entry.event in EVENTS else []


def has_personal(seq: int) -> bool:
    """Whether an entry's personal text is still kept."""
    return db.session.scalar(select(JournalPersonal.seq).where(JournalPersonal.seq == seq)) is not None


def erasure_of(seq: int) -> JournalEntry | None:
    """The entry by which an entry's personal text was erased."""
    return db.session.scalar(
        select(JournalEntry)
        .where(JournalEntry.object_type == "journal_entry", JournalEntry.object_id == seq)
        .order_by(JournalEntry.seq)
        .limit(1)
    )


def last_verified() -> JournalEntry | None:
    """The entry of the latest verification."""
    return db.session.scalar(
        select(JournalEntry).where(JournalEntry.event == "audit.verified").order_by(JournalEntry.seq.desc()).limit(1)
    )


def heads() -> Iterator[str]:
    """Chain heads as JSON lines: every `HEAD_STEP`-th entry and the newest (J-2)."""
    last = journal.head()[0]
    columns = select(JournalEntry.seq, JournalEntry.hash, JournalEntry.at, JournalEntry.algorithm)
    for seq in [*range(HEAD_STEP, last, HEAD_STEP), last]:
        row = db.session.execute(columns.where(JournalEntry.seq == seq)).one_or_none()
        if row is not None:
            head = {"seq": row.seq, "hash": row.hash, "at": row.at.isoformat(), "algorithm": row.algorithm}
            yield json.dumps(head) + "\n"


def count() -> int:
    """How many entries there are: the newest sequence number, since none is ever missing."""
    return db.session.scalar(select(func.max(JournalEntry.seq))) or 0
