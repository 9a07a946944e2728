"""Who may stand on a list, read from published months and what is known of eligibility (E-4, E-5, A-4)."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accountability import queries as accountability
from portal.accountability.models import Subject as Judged
from portal.accountability.rules import Counts, Standing
from portal.kernel.db import db
from portal.monthly_result import naming, queries, taking
from portal.monthly_result.models import ResultRow, RollKind
from portal.monthly_result.naming import Candidate, Period
from portal.pure.eligibility import Hindrance
from portal.pure.months import month_after, month_text
from portal.score_evidence import eligibility
from portal.score_evidence.years import of_year
from portal.score_table.models import Subject


def subject_of(kind: RollKind) -> Subject:
    """Whom a list names."""
    return Subject.PERSON if kind in (RollKind.QUARTER_PERSONS, RollKind.YEAR_PERSONS) else Subject.DEPARTMENT


def missing(kind: RollKind, period: Period) -> list[date]:
    """The months of a period that are not published yet."""
    months = [month_after(period.first, n) for n in range((period.last.month - period.first.month) + 1)]
    there = {month for month, _id in queries.newest_results(subject_of(kind), period.first, period.last)}
    return [month for month in months if month not in there]


def of(kind: RollKind, period: Period) -> list[Candidate]:
    """Everybody with a published month in the period, and what bars them."""
    subject = subject_of(kind)
    totals = queries.totals(subject, period.first, period.last)
    called, out = taking.names(subject), _excluded(subject, period)
    against: dict[int, list[str]] = defaultdict(list)
    for subject_id, texts in out.items():
        against[subject_id] += texts
    if subject is Subject.PERSON:
        given = {"month": period.last} if period.quarter else {"year": period.year}
        for user_id, reasons in eligibility.reasons_of(list(totals), **given).items():
            # What the table disqualifies is read from the published rows, corrections among them.
            against[user_id] += [eligibility.words(r) for r in reasons if r.hindrance is not Hindrance.DISQUALIFIED]
    else:
        for subject_id, letters in _departments_barred(period).items():
            against[subject_id].append(_("因责任追究失去评先资格（%(numbers)s）", numbers=_("、").join(letters)))
    plain = {who: [total for _month, total in months] for who, months in totals.items()}
    years = {} if period.quarter else of_year(subject, period.year, plain)
    made = []
    for subject_id, months in plain.items():
        year = years.get(subject_id)
        average = naming.mean(months) if year is None or year.total is None else year.total
        if year is not None and year.disqualified_by and subject_id not in out:
            against[subject_id].append(_("年度一票否决"))
        name, department = called.get(subject_id, (f"#{subject_id}", ""))
        barred = _("；").join(against[subject_id])[:400]
        made.append(Candidate(subject_id, name, department, average, len(months), barred))
    return made


def _excluded(subject: Subject, period: Period) -> dict[int, list[str]]:
    """Who was kept out of a month's ranking: any month bars a quarter, the grave rules bar the year."""
    found: dict[int, list[str]] = defaultdict(list)
    ids = {key: month for month, key in queries.newest_results(subject, period.first, period.last)}
    query = select(ResultRow).where(ResultRow.result_id.in_(ids), ResultRow.place.is_(None))
    for row in db.session.scalars(query.order_by(ResultRow.result_id)):
        bars = json.loads(row.detail).get("bars", [])
        if period.quarter or not bars or any(bar["bar"] in eligibility.YEARLY_BARS for bar in bars):
            text = _("%(month)s %(reason)s", month=month_text(ids[row.result_id]), reason=row.excluded)
            found[row.subject_id].append(text)
    return found


def _departments_barred(period: Period) -> dict[int, list[str]]:
    """Departments that a decision costs the award of the year (A-4)."""
    found: dict[int, list[str]] = defaultdict(list)
    for (_kind, department_id), lines in accountability.effects_of(period.year, Judged.user_id.is_(None)).items():
        for line in lines:
            if line.counts is Counts.AWARD and line.standing is Standing.COUNTS:
                found[department_id or 0].append(line.letter or line.proceeding)
    return found
