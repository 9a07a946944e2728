"""What inspections show of departures from the rules, and what was taken back (A-1, O-2, D-6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.pure.breach import Breach
from portal.supervision import vocabulary as words
from portal.supervision.models import InspectionFinding, Severity

_SHOWING = (words.FOUND, words.OVERDUE, words.RECHECKED)
_TAKING_BACK = (words.WITHDRAWN, words.RECOMPUTED)


def _entries(after_seq: int, kinds: Iterable[journal.EventKind]) -> list[JournalEntry]:
    """The entries of some kinds after a number, in order; read by kind."""
    query = select(JournalEntry).where(JournalEntry.event.in_([k.tag for k in kinds]), JournalEntry.seq > after_seq)
    return list(db.session.scalars(query.order_by(JournalEntry.seq)))


def breaches(after_seq: int) -> Iterable[Breach]:
    """The departures that entries after a number show: late rectification, failed re-check, a refusal without filing,
    a serious finding."""
    entries = _entries(after_seq, _SHOWING)
    ids = {each.object_id for each in entries}
    found = (
        {f.id: f for f in db.session.scalars(select(InspectionFinding).where(InspectionFinding.id.in_(ids)))}
        if ids
        else {}
    )
    return [each for entry in entries for each in _of(entry, found[entry.object_id or 0])]


def _of(entry: JournalEntry, found: InspectionFinding) -> Iterator[Breach]:
    facts = entry.fact()
    place: dict[str, Any] = {
        "department_id": found.department_id,
        "case_id": found.case_id,
        "entry_seq": entry.seq,
        "endpoint": "supervision.show_finding",
        "values": (("number", found.number),),
    }
    who: dict[str, Any] = {"post_id": found.post_id, "person_id": found.person_id}
    if entry.event == words.FOUND.tag:
        if facts["unfiled_denial"]:
            yield Breach("unfiled_denial", f"{found.number}/denial", "D-6", found.found_at, **place, **who)
        if facts["severity"] == Severity.SERIOUS:
            yield Breach("other", f"{found.number}/serious", "O-2", found.found_at, **place, **who)
    elif entry.event == words.OVERDUE.tag:
        due = datetime.fromisoformat(facts["due"])
        yield Breach("late_rectification", _late(facts["number"], due), "O-2", due, **place)
    elif facts["escalated"]:
        yield Breach("other", f"{facts['number']}/failed", "O-2", entry.at, **place)


def _late(number: str, due: datetime) -> str:
    """The key of a passed date: a date that the calendar moved is another one."""
    return f"{number}/overdue/{due:%Y%m%d}"


def undone(after_seq: int) -> Iterable[str]:
    """The keys of departures that entries after a number have taken back: of withdrawn findings, of moved dates."""
    keys: list[str] = []
    for entry in _entries(after_seq, _TAKING_BACK):
        facts = entry.fact()
        if entry.event == words.RECOMPUTED.tag:
            if facts["was_overdue"]:
                keys.append(_late(facts["number"], datetime.fromisoformat(facts["old_due"])))
            continue
        found = db.session.get_one(InspectionFinding, entry.object_id)
        shown = [e for e in journal.of_object("inspection_finding", found.id) if e.seq < entry.seq]
        tags = {kind.tag for kind in _SHOWING}
        keys += [each.key for e in shown if e.event in tags for each in _of(e, found)]
    return list(dict.fromkeys(keys))
