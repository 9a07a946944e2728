"""What a year comes to: the average of its months, and what its settled lines add to the year alone (E-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.kernel.db import db
from portal.pure.scoring import Line, Note, Subject, Table, Year, year
from portal.score_evidence import queries, seams
from portal.score_evidence.models import LineState, MonthState, ScoreLine, ScoreMonth
from portal.score_table import queries as tables

#: Lines that waited for the year, or that bar from it; the others counted in their month.
_OF_THE_YEAR = (str(Note.YEARLY), str(Note.DISQUALIFIES))


def of_year(subject: str, of: int, totals: Mapping[int, Sequence[Decimal]]) -> dict[int, Year]:
    """The year of every subject of ``totals``, its published months; empty while no score table is in force.

    The table is the one of the year's last month. Each line counts as the table of its own month says, so that a new
    table gives the lines before it no other meaning, and nothing that counted in a month counts again (E-4, POL-1).
    What a published correction lifted in a month disqualifies nobody for the year either (E-6).
    """
    last = tables.in_force(subject, date(of, 12, 1)) if totals else None
    if last is None:
        return {}
    table, found = last.table, _lines(subject, of)
    lifted = seams.lifted(subject, date(of, 1, 1), date(of, 12, 1))
    made = {}
    for who, months in totals.items():
        lines = found.get(who, [])
        made[who] = year(table, months, earlier=[each[1:] for each in lines])
        left = [each[1:] for each in lines if (who, each[0]) not in lifted]
        if len(left) < len(lines):
            made[who] = replace(made[who], disqualified_by=year(table, months, earlier=left).disqualified_by)
    return made


def _lines(subject: str, of: int) -> dict[int, list[tuple[date, Table, list[Line]]]]:
    """The lines that matter to the year, by subject, with their month and its table; of settled months alone."""
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
    by_month = {month.id: (month.month, month.version.table) for month in months}
    found: dict[int, dict[int, list[Line]]] = defaultdict(lambda: defaultdict(list))
    query = select(ScoreLine).where(
        ScoreLine.score_month_id.in_(by_month),
        ScoreLine.state == LineState.APPROVED,
        ScoreLine.scoring.in_(_OF_THE_YEAR),
    )
    for line in db.session.scalars(query):
        found[line.subject_id][line.score_month_id].append(queries.as_line(line))
    return {who: [(*by_month[month], lines) for month, lines in some.items()] for who, some in found.items()}
