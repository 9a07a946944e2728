"""The year: the average of its months and what counts in the year alone (E-4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portal.pure.scoring.counting import PLACES, Disqualified, Scored, disqualified, totals, value, within
from portal.pure.scoring.grammar import ZERO, Category, Line, Note, Table, weighted


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

    Without any month there is no average and no total.
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
    missing: Missing = Missing.LEAVE_OUT,
) -> Year:
    """The score of a year.

    ``months`` are the published totals in any order, None for a month without one. ``lines`` may be all lines of the
    year: those that counted in their month are passed over, so that none counts twice. Yearly lines keep the caps of
    their rule, item and category; those of a category with a base take no more than that. Raises `LineError`.
    """
    everything = value(table, lines)
    scored = [one for one in everything if one.note is Note.YEARLY]
    sums = totals(table, scored)
    added = sum((weighted(one, _change(one, sums[one.code][0])) for one in table.categories), ZERO)
    average = _average(months, missing)
    total = None if average is None else average + added
    if total is not None and table.total_cap is not None:
        total = min(total, table.total_cap)
    bars = tuple(bar for bar in disqualified(table, [one.line for one in everything]) if table.rule(bar.rule).yearly)
    return Year(average, added, total, tuple(scored), bars)


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
