"""The year: the average of its months and what counts in the year alone (E-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portal.pure.scoring.counting import PLACES, Disqualified, Scored, disqualified, totals, value, within
from portal.pure.scoring.grammar import ZERO, Category, Line, LineError, Note, Table, weighted


class Missing(StrEnum):
    """What becomes of a month without a result.

    ``LEAVE_OUT``: the average is over the months that there are (a window that opened in May is judged from May on).
    ``ZERO``: the month counts with no points.
    """

    LEAVE_OUT = "leave_out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Year:
    """``average`` of the months, to two places, half up; ``added`` by yearly lines; both in ``total``, within the cap.

    Without any month there is no average and no total. ``scored`` are the yearly lines by key.
    """

    average: Decimal | None
    added: Decimal
    total: Decimal | None
    scored: tuple[Scored, ...] = ()
    disqualified_by: tuple[Disqualified, ...] = ()


def year(
    table: Table,
    months: Sequence[Decimal | None],
    lines: Iterable[Line] = (),
    *,
    earlier: Iterable[tuple[Table, Iterable[Line]]] = (),
    missing: Missing = Missing.LEAVE_OUT,
) -> Year:
    """The score of a year.

    ``months`` are the published totals in any order, None for a month without one. ``lines`` may be all lines of the
    year: those that counted in their month are passed over, so that none counts twice. Yearly lines keep the caps of
    their rule, item and category; those of a category with a base take no more than that. Raises `LineError`.

    ``earlier``: lines of months that were scored by another table than ``table``, each with that one. Whether such a
    line waits for the year and what it is worth, its own table says; a rule that ``table`` still has yearly is summed
    and capped there, any other as its own table does.
    """
    once: dict[str, Scored] = {}
    homes: dict[str, Table] = {}
    equal: dict[Table, Table] = {}
    for held, some in ((table, lines), *earlier):
        home = equal.setdefault(held, held)
        for one in value(home, some):
            known = once.setdefault(one.line.key, one)
            if known.line != one.line:
                raise LineError(one.line.key, "key")
            homes.setdefault(one.line.key, _home(table, home, one.line))
    parts: dict[int, tuple[Table, list[Scored]]] = {}
    for key, one in once.items():
        parts.setdefault(id(homes[key]), (homes[key], []))[1].append(one)
    scored, added, bars = list[Scored](), ZERO, list[Disqualified]()
    for home, found in parts.values():
        waiting = [one for one in found if one.note is Note.YEARLY]
        sums = totals(home, waiting)
        added += sum((weighted(each, _change(each, sums[each.code][0])) for each in home.categories), ZERO)
        scored += waiting
        met = disqualified(home, [one.line for one in found])
        bars += [bar for bar in met if home.rule(bar.rule).yearly]
    average = _average(months, missing)
    total = None if average is None else average + added
    if total is not None and table.total_cap is not None:
        total = min(total, table.total_cap)
    scored.sort(key=lambda one: one.line.key)
    bars.sort(key=lambda bar: (bar.rule, bar.keys))
    return Year(average, added, total, tuple(scored), tuple(bars))


def _home(table: Table, home: Table, line: Line) -> Table:
    """The table in which a line is summed: the year's, where it has the same yearly rule, else its own."""
    if line.rule not in table.places:
        return home
    now, then = table.rule(line.rule), home.rule(line.rule)
    return table if now.yearly and then.yearly and now.kind is then.kind and now.text == then.text else home


def _change(category: Category, change: Decimal) -> Decimal:
    if category.base is None:
        return within(change, category.cap)
    return max(change, -category.base)


def _average(months: Sequence[Decimal | None], missing: Missing) -> Decimal | None:
    there = [month for month in months if month is not None]
    if not there:
        return None
    count = len(there) if missing is Missing.LEAVE_OUT else len(months)
    return (sum(there, ZERO) / count).quantize(PLACES, ROUND_HALF_UP)
