"""What plans show of departures from the rules, and what was taken back (A-1, E-1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.kernel import journal
from portal.pure.breach import Breach
from portal.work_plan import vocabulary as words
from portal.work_plan.models import PlanItem

_TAKING_BACK = (words.EXCUSED, words.EXTENSION_DECIDED, words.ITEM_AMENDED, words.ITEM_CANCELLED, words.RECOMPUTED)


def _key(number: str, due: datetime) -> str:
    """The key of a passed date: a date that was moved is another one."""
    return f"{number}/overdue/{due:%Y%m%d}"


def breaches(after_seq: int) -> Iterable[Breach]:
    """The items whose date passed without a report, as entries after a number record it, once each."""
    for entry, item in journal.entries_with(PlanItem, after_seq, [words.OVERDUE.tag]):
        due = datetime.fromisoformat(entry.fact()["due"])
        yield Breach(
            "overdue_task",
            _key(item.number, due),
            "E-1",
            due,
            department_id=item.department_id,
            person_id=item.person_id,
            entry_seq=entry.seq,
            endpoint="work_plan.show_item",
            values=(("number", item.number),),
        )


def undone(after_seq: int) -> Iterable[str]:
    """The keys of dates that entries after a number took back: wrongly recorded, extended, amended, moved."""
    tags = [kind.tag for kind in _TAKING_BACK]
    for entry, item in journal.entries_with(PlanItem, after_seq, tags):
        facts = entry.fact()
        if entry.event == words.EXCUSED.tag:
            yield _key(item.number, datetime.fromisoformat(facts["due"]))
        elif facts["was_late"]:
            yield _key(item.number, datetime.fromisoformat(facts["old_due"]))
