"""Verification of the journal's chain (J-2): finds any change, gap or reordering and names the first bad entry."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.kernel.db import db
from portal.kernel.journal import GENESIS, JournalEntry, JournalPersonal, columns_of, digest, personal_digest


class Problem(StrEnum):
    """What can be wrong with an entry; the value completes "entry 7 …"."""

    MISSING = "is missing"
    OUT_OF_CHAIN = "does not follow the entry before it"
    ALGORITHM = "names an unknown hash algorithm"
    CHANGED = "was changed"
    PERSONAL_LOST = "has lost its personal text without an erasure entry"
    PERSONAL_CHANGED = "has changed personal text"
    REWRITTEN = "differs from the exported head: the chain was rewritten"
    TAIL_CUT = "is missing: the tail is cut, since an exported head names a later entry or this one"
    ORPHAN = "is missing, but has left its personal text"


@dataclass
class Verdict:
    """What verification found. ``bad_seq`` is the first bad entry, None when the chain holds."""

    entries: int = 0
    head: str = GENESIS
    bad_seq: int | None = None
    problem: Problem | None = None
    erased: int = 0

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return self.bad_seq is None


_WITH_PERSONAL = (
    select(JournalEntry.__table__, JournalPersonal.salt, JournalPersonal.content)
    .outerjoin(JournalPersonal, JournalPersonal.seq == JournalEntry.seq)
    .order_by(JournalEntry.seq)
)


def _rows(batch: int = 5000) -> Iterator[tuple[Any, Any]]:
    last = 0
    while True:
        found = db.session.execute(_WITH_PERSONAL.where(JournalEntry.seq > last).limit(batch)).all()
        if not found:
            return
        for row in found:
            yield row._mapping, row
        last = found[-1].seq


def verify(anchors: Iterable[tuple[int, str]] = ()) -> Verdict:
    """Walk the whole chain and compare it with exported heads (J-2).

    Finds any changed, missing, inserted or reordered entry and changed personal text, and names the first; with
    ``anchors`` (sequence number, hash) also a cut tail and a full re-hash.
    """
    wanted = dict(anchors)
    verdict = Verdict()
    erased = _erased()
    prev, expected = GENESIS, 1

    def bad(seq: int, problem: Problem) -> Verdict:
        verdict.bad_seq, verdict.problem = seq, problem
        return verdict

    for row, _ in _rows():
        seq = row["seq"]
        if seq != expected:
            return bad(expected, Problem.MISSING)
        fault = _fault(row, prev, erased)
        if fault is not None:
            return bad(seq, fault)
        verdict.erased += row["personal_digest"] is not None and row["content"] is None
        if seq in wanted and wanted.pop(seq) != row["hash"]:
            return bad(seq, Problem.REWRITTEN)
        prev, expected = row["hash"], seq + 1
        verdict.entries, verdict.head = seq, prev
    if wanted:
        return bad(verdict.entries + 1, Problem.TAIL_CUT)
    orphan = db.session.scalar(
        select(JournalPersonal.seq)
        .outerjoin(JournalEntry, JournalEntry.seq == JournalPersonal.seq)
        .where(JournalEntry.seq.is_(None))
        .limit(1)
    )
    if orphan is not None:
        return bad(orphan, Problem.ORPHAN)
    return verdict


def _erased() -> set[int]:
    """The entries whose personal text was erased by an erasure entry."""
    facts = select(JournalEntry.facts).where(JournalEntry.event == "audit.personal_erased")
    return {json.loads(stored)["seq"] for stored in db.session.scalars(facts)}


def _fault(row: Any, prev: str, erased: Container[int]) -> Problem | None:
    """What is wrong with one entry, given the hash of the entry before it."""
    if row["prev_hash"] != prev:
        return Problem.OUT_OF_CHAIN
    try:
        now_hash = digest(row["algorithm"], prev, columns_of(row))
    except ValueError:
        return Problem.ALGORITHM
    if now_hash != row["hash"]:
        return Problem.CHANGED
    if row["personal_digest"] is None:
        return None
    if row["content"] is None:
        return None if row["seq"] in erased else Problem.PERSONAL_LOST
    kept = personal_digest(row["salt"], row["content"]) == row["personal_digest"]
    return None if kept else Problem.PERSONAL_CHANGED


def check(seq: int) -> Problem | None:
    """What is wrong with one entry and its link to the entry before it; None when both hold."""
    found = db.session.execute(_WITH_PERSONAL.where(JournalEntry.seq == seq)).one_or_none()
    if found is None:
        return Problem.MISSING
    prev = db.session.scalar(select(JournalEntry.hash).where(JournalEntry.seq == seq - 1)) if seq > 1 else GENESIS
    return Problem.OUT_OF_CHAIN if prev is None else _fault(found._mapping, prev, _erased())
