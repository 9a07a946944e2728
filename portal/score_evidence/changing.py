"""What a computation or a ruling changed of a line: points and quantity before and after, in words (E-3)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from portal.kernel import journal
from portal.pure.scoring import Table, plain
from portal.score_evidence import vocabulary as words
from portal.score_evidence.amounts import amount
from portal.score_evidence.models import ScoreChange, ScoreLine, ScoreMonth

#: The quantities of lines before and after, as the journal keeps them: by the line's id.
Kept = Mapping[str, list[str]]


def kept(line: ScoreLine, before: Decimal) -> dict[str, list[str]]:
    """The quantities of a line for the journal; empty while it counts as much as before."""
    return {str(line.id): [plain(before), plain(line.quantity)]} if line.quantity != before else {}


@dataclass(frozen=True)
class Shown:
    """A change as its page tells it; the quantity is empty on the side on which the line did not count."""

    change: ScoreChange
    line: ScoreLine
    old: str
    new: str


def shown(month: ScoreMonth, found: Iterable[tuple[ScoreChange, ScoreLine]]) -> list[Shown]:
    """Changes of a month with the quantities of their lines before and after."""
    table, recorded = month.version.table, _recorded(month)
    return [_shown(table, change, line, recorded.get(line.id, [])) for change, line in found]


def _recorded(month: ScoreMonth) -> dict[int, list[tuple[int, Decimal, Decimal]]]:
    """What the journal knows of quantities that changed: (revision, before, after) by line, oldest first."""
    found: dict[int, list[tuple[int, Decimal, Decimal]]] = {}
    for entry in journal.of_object("score_month", month.id):
        if entry.event not in (words.COMPUTED.tag, words.LINE_CHANGED.tag):
            continue
        facts = json.loads(entry.facts)
        quantities: Kept = facts.get("quantities") or {}
        for line_id, (before, after) in quantities.items():
            found.setdefault(int(line_id), []).append((facts["revision"], Decimal(before), Decimal(after)))
    return found


def _shown(table: Table, change: ScoreChange, line: ScoreLine, recorded: list[tuple[int, Decimal, Decimal]]) -> Shown:
    kind = table.places[line.rule][1].kind if line.rule in table.places else ""

    def said(quantity: Decimal | None, counted: Decimal | None) -> str:
        return "" if quantity is None or counted is None else amount(quantity, kind, line.source)

    # Where nothing is recorded it was as much as until the next change that is, else as much as now.
    before: Decimal | None
    after = next((old for revision, old, _new in recorded if revision > change.revision), line.quantity)
    # A fact that changed before quantities were kept: what it was is not known any more.
    before = None if change.why == "fact_changed" else after
    for revision, old, new in recorded:
        if revision == change.revision:
            before, after = old, new
    return Shown(change, line, said(before, change.old), said(after, change.new))
