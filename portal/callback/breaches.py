"""Refusals without filing that came to light on the telephone, and those that were corrected (D-6, A-1)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import joinedload

from portal.callback import vocabulary as words
from portal.callback.models import CallbackCall
from portal.kernel import journal
from portal.kernel.journal import JournalEntry
from portal.pure.breach import Breach


def _key(entry: JournalEntry) -> str:
    facts = entry.fact()
    return f"{facts['week']}/{facts['place']}/unfiled_denial"


def breaches(after_seq: int) -> Iterable[Breach]:
    """Ticked refusals without filing, in the journal's order."""
    for entry, call in journal.entries_with(
        CallbackCall, after_seq, (words.RECORDED.tag,), joinedload(CallbackCall.case)
    ):
        facts = entry.fact()
        if facts["unfiled_denial"]:
            yield Breach(
                "unfiled_denial",
                _key(entry),
                "D-6",
                call.case.closed_at or entry.at,
                department_id=call.department_id,
                post_id=call.case.post_id,
                person_id=call.case.answered_by_id,
                case_id=call.case_id,
                entry_seq=entry.seq,
                endpoint="callback.show_call",
                values=(("week", facts["week"]), ("place", str(facts["place"]))),
            )


def undone(after_seq: int) -> Iterable[str]:
    """Keys of ticks that were corrected."""
    return [
        _key(entry) for entry, _call in journal.entries_with(CallbackCall, after_seq, (words.DENIAL_WITHDRAWN.tag,))
    ]
