"""Facts from complaints, tasks and plans, praise and honours (A-5, P-4, E-1, O-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from portal.clue.models import ClueKind
from portal.complaint.models import Complaint, Result
from portal.honour import queries as honours
from portal.kernel import clock
from portal.kernel.db import db
from portal.score_evidence.facts import clues
from portal.score_evidence.facts.base import ONE, Found, Term


def confirmed_complaint(term: Term, subject: str) -> Iterator[Found]:
    """Complaints of the month that were found justified, wholly or in part, and stand (A-5)."""
    query = (
        select(Complaint.number, Complaint.received_at, Complaint.department_id, Complaint.person_id)
        .where(Complaint.received_at >= term.start, Complaint.received_at < term.end)
        .where(Complaint.result.in_((Result.CONFIRMED, Result.PARTLY)), Complaint.approved_at.is_not(None))
        .where(Complaint.reversed_at.is_(None))
        .order_by(Complaint.received_at, Complaint.id)
    )
    for number, at, department_id, person_id in db.session.execute(query):
        who = department_id if subject == "department" else person_id
        if who is not None:
            key = f"complaint/{number}/confirmed"
            yield Found(who, key, ONE, clock.local(at).date(), number, "complaint.show", {"number": number}, fact=key)


def task_overdue(term: Term, subject: str) -> Iterator[Found]:
    """Tasks and steps of plans past their date (P-4, E-1), as their clues tell them: with what was taken back since."""
    return clues.of_kinds([ClueKind.OVERDUE_TASK], term, subject)


def _honour(kind: str) -> Callable[[Term, str], Iterator[Found]]:
    def read(term: Term, subject: str) -> Iterator[Found]:
        for entry in honours.entries(term.month):
            who = entry.department_id if subject == "department" else entry.user_id
            if entry.kind == kind and who is not None:
                key = f"honour:{entry.number}"
                yield Found(who, key, ONE, entry.on, entry.number, "honour.show", {"number": entry.number})

    return read


_HONOURS = (
    "praise", "suggestion", "media_county", "media_city", "media_bad_county", "media_bad_city", "honour_county",
    "honour_city",
)  # fmt: skip
READERS = {
    "confirmed_complaint": confirmed_complaint,
    "task_overdue": task_overdue,
    **{kind: _honour(kind) for kind in _HONOURS},
}
