"""What complaints show of departures from the rules, for the clues: from journal entries alone (A-1, A-5, D-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint
from portal.kernel import journal
from portal.kernel.actor import Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import User
from portal.pure.breach import Breach

_KEYS = {"late": "complaint/{}/late", "confirmed": "complaint/{}/confirmed", "unfiled": "complaint/{}/unfiled"}
_SHOWN = (words.OVERDUE, words.CONFIRMED, words.UNFILED_FOUND)
_TAKEN_BACK = (words.OVERDUE_REVERSED, words.REVERSED)


def breaches(after_seq: int) -> Iterable[Breach]:
    """What the entries after a number show: a late answer, a confirmed complaint, a refusal without filing."""
    for entry, complaint in journal.entries_with(Complaint, after_seq, (kind.tag for kind in _SHOWN)):
        common: dict[str, Any] = {
            "entry_seq": entry.seq,
            "endpoint": "complaint.show",
            "values": (("number", complaint.number),),
        }
        if entry.event == words.OVERDUE.tag:
            yield Breach(
                "late_complaint_answer", _KEYS["late"].format(complaint.number), "A-5",
                datetime.fromisoformat(entry.fact()["due"]), department_id=_answering(complaint),
                person_id=complaint.officer_id, **common,
            )  # fmt: skip
            continue
        kind, key, rule = (
            ("confirmed_complaint", "confirmed", "A-5")
            if entry.event == words.CONFIRMED.tag
            else ("unfiled_denial", "unfiled", "D-6")
        )
        yield Breach(
            kind, _KEYS[key].format(complaint.number), rule, complaint.received_at,
            department_id=complaint.department_id, post_id=complaint.post_id, person_id=complaint.person_id,
            case_id=complaint.case_id, **common,
        )  # fmt: skip


def _answering(complaint: Complaint) -> int | None:
    """The department that owes the answer: the officer's, else the office's."""
    users = [complaint.officer_id, *people.users_with_role(Role.OFFICE)]
    found = next((u for u in users if u is not None), None)
    user = db.session.get(User, found) if found is not None else None
    return user.department_id if user else None


def undone(after_seq: int) -> Iterable[str]:
    """The keys of breaches that entries after a number have taken back (J-3)."""
    for entry, complaint in journal.entries_with(Complaint, after_seq, (kind.tag for kind in _TAKEN_BACK)):
        if entry.event == words.OVERDUE_REVERSED.tag:
            yield _KEYS["late"].format(complaint.number)
        else:
            yield _KEYS["confirmed"].format(complaint.number)
            if complaint.unfiled_denial:
                yield _KEYS["unfiled"].format(complaint.number)
