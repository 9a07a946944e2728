"""What a year comes to: the average of its months, and what its settled lines add to the year alone (E-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.kernel.db import db
from portal.pure.scoring import Line, Note, Subject, Table, Year, year
from portal.score_evidence import queries
from portal.score_evidence.models import LineState, MonthState, ScoreLine, ScoreMonth
from portal.score_table import queries as tables

#: Lines that waited for the year, or that bar from it; the others counted in their month.
_OF_THE_YEAR = (str(Note.YEARLY), str(Note.DISQUALIFIES))


def of_year(subject: str, of: int, totals: Mapping[int, Sequence[Decimal]]) -> dict[int, Year]:
    """The year of every subject of ``totals``, its published months; empty while no score table is in force.

    The table is the one of the year's last month. Each line counts as the table of its own month says, so that a new
    table gives the lines before it no other meaning, and nothing that counted in a month counts again (E-4, POL-1).
    """
    last = tables.in_force(subject, date(of, 12, 1)) if totals else None
    if last is None:
        return {}
    table, found = last.table, _lines(subject, of)
    return {who: year(table, months, earlier=found.get(who, ())) for who, months in totals.items()}


def _lines(subject: str, of: int) -> dict[int, Iterable[tuple[Table, list[Line]]]]:
    """The lines that matter to the year, by subject and with the table of their month; of settled months alone."""
    months = db.session.scalars(
        select(ScoreMonth)
        .where(
            ScoreMonth.month.between(date(of, 1, 1), date(of, 12, 1)),
            ScoreMonth.subject == Subject(subject),
            ScoreMonth.state == MonthState.SETTLED,
        )
        .options(joinedload(ScoreMonth.version))
        .order_by(ScoreMonth.month)
    )
    by_month = {month.id: month.version.table for month in months}
    found: dict[int, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    query = select(ScoreLine).where(
        ScoreLine.score_month_id.in_(by_month),
        ScoreLine.state == LineState.APPROVED,
        ScoreLine.scoring.in_(_OF_THE_YEAR),
    )
    for line in db.session.scalars(query):
        found[line.subject_id][line.score_month_id].append(queries.as_line(line))
    return {who: [(by_month[month], lines) for month, lines in some.items()] for who, some in found.items()}
