"""What the room's entries show of departures from the rules, and what later ones take back (A-1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import joinedload

from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionKind
from portal.kernel import journal
from portal.pure.breach import Breach

_LATE = {
    words.CONTACT_OVERDUE.tag: ("late_contact", "contact"),
    words.ANSWER_OVERDUE.tag: ("late_answer", "answer"),
    words.RECTIFICATION_OVERDUE.tag: ("late_rectification", "rectification"),
}


def _confirmed_key(number: str) -> str:
    return f"{number}/confirmed"


def breaches(after_seq: int) -> Iterable[Breach]:
    """Confirmed bad reviews, and limits of contact, answer and rectification that passed, in the journal's order."""
    for entry, opinion in journal.entries_with(
        Opinion, after_seq, (words.CONFIRMED.tag, *_LATE), joinedload(Opinion.case)
    ):
        facts = entry.fact()
        if entry.event == words.CONFIRMED.tag:
            if opinion.kind is not OpinionKind.BAD_REVIEW:
                continue
            case = opinion.case
            yield Breach(
                "bad_review",
                _confirmed_key(opinion.number),
                "S-4",
                case.closed_at if case is not None and case.closed_at is not None else opinion.opened_at,
                department_id=opinion.department_id,
                post_id=opinion.post_id,
                person_id=case.answered_by_id if case is not None else None,
                case_id=opinion.case_id,
                entry_seq=entry.seq,
                endpoint="client_opinion.show",
                values=(("number", opinion.number),),
            )
            continue
        kind, step = _LATE[entry.event]
        yield Breach(
            kind,
            f"{opinion.number}/{step}/{facts['round']}" if "round" in facts else f"{opinion.number}/{step}",
            "S-4",
            datetime.fromisoformat(facts["due_at"]),
            department_id=opinion.department_id,
            case_id=opinion.case_id,
            entry_seq=entry.seq,
            endpoint="client_opinion.show",
            values=(("number", opinion.number),),
        )


def undone(after_seq: int) -> Iterable[str]:
    """Keys of confirmed bad reviews that were found untrue later."""
    for entry, opinion in journal.entries_with(Opinion, after_seq, (words.FOUND_UNTRUE.tag,)):
        if opinion.kind is OpinionKind.BAD_REVIEW and entry.fact().get("verdict"):
            yield _confirmed_key(opinion.number)
