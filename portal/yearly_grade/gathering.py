"""What a year is counted from: months, yearly lines, clients, reports on duty, honours, decisions (E-5, E-7, A-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.accountability import queries as accountability
from portal.accountability.rules import Counts, Line, Standing
from portal.accountability.rules import total as sum_of
from portal.duty_report import queries as duty_reports
from portal.duty_report.models import Grade as DutyGrade
from portal.evaluation import queries as evaluation
from portal.evaluation import rules as evaluation_rules
from portal.evaluation.models import Grade as ClientGrade
from portal.honour import queries as honours
from portal.kernel import clock
from portal.kernel.db import db
from portal.monthly_result import queries as monthly
from portal.policy import queries as policy
from portal.pure.eligibility import Hindrance, Reason
from portal.pure.months import month_after, month_text
from portal.pure.scoring import Subject, Year
from portal.score_evidence import eligibility
from portal.score_evidence.years import of_year
from portal.yearly_grade import rules, settings
from portal.yearly_grade.models import RoundState, YearlyRound, YearlyRow, YearlyVeto
from portal.yearly_grade.rules import Part
from portal.yearly_grade.settings import Settings
from portal.yearly_grade.vocabulary import GROUND_LABELS

FOUR = ("1", "2", "3", "4")


@dataclass
class Counted:
    """What was found out of one row; ``total`` None: nothing to be graded by."""

    total: Decimal | None
    content: dict[str, Any] = field(default_factory=dict)
    hindrances: list[str] = field(default_factory=list)
    bonus_cut: int = 0
    compared: tuple[Decimal, ...] = ()
    #: By a veto that stands, or by a rule of the score table: no place (E-5).
    vetoed: bool = False


def count(round_: YearlyRound, rows: Sequence[YearlyRow]) -> dict[int, Counted]:
    """Everything by row, as the facts are now."""
    years, bars, vetoes = _years(round_), _effects(round_), _vetoes(round_)
    found = _persons(round_, rows, years) if round_.subject is Subject.PERSON else _departments(rows, years)
    for row in rows:
        one, who = found[row.id], _who(row)
        lines = bars.get(who, [])
        disqualified = _disqualified(years.get(who))
        one.vetoed = bool(disqualified or vetoes.get(row.id))
        one.hindrances += disqualified
        one.hindrances += [
            _("一票否决（%(ground)s）：%(reason)s", ground=GROUND_LABELS[v.ground], reason=v.reason)
            for v in vetoes.get(row.id, ())
        ]
        if round_.subject is Subject.DEPARTMENT and _lost(lines):
            numbers = tuple(sorted({each.letter or each.proceeding for each in _lost(lines)}))
            reason = Reason(Hindrance.AWARD_LOST, Decimal(len(numbers)), Decimal(1), numbers)
            one.hindrances.append(eligibility.words(reason))
        one.bonus_cut = 100 - rules.bonus_left(sum_of(lines, Counts.BONUS), bool(_lost(lines)))
        one.content["bonus"] = [
            [each.letter or each.proceeding, str(each.kind or ""), each.amount]
            for each in lines
            if each.standing is Standing.COUNTS and each.counts is Counts.BONUS
        ]
        one.content["award_lost"] = sorted({each.letter or each.proceeding for each in _lost(lines)})
    return found


def missing(round_: YearlyRound, voters: tuple[int, int] | None, now: datetime) -> list[str]:
    """What is not there yet before a round that was not computed gives a result, in words (E-4, E-7, P-5).

    ``voters``: how many may vote and how many have. Months count up to the present one.
    """
    last = min(date(round_.year, 12, 1), month_after(clock.local(now).date().replace(day=1), -1))
    wanted = [date(round_.year, n, 1) for n in range(1, 13) if date(round_.year, n, 1) <= last]
    there = {month for month, _id in monthly.newest_results(str(round_.subject), date(round_.year, 1, 1), last)}
    found = []
    if not there:
        found.append(_("这一年没有公布的月度成绩"))
    elif len(there) < len(wanted):
        found.append(_("月度成绩公布了 %(n)s 个月，应有 %(all)s 个月", n=len(there), all=len(wanted)))
    if round_.subject is Subject.PERSON:
        if round_.state is RoundState.PREPARED:
            found.append(_("民主评议还没有开始投票"))
        elif round_.state is RoundState.OPEN and voters is not None:
            found.append(_("民主评议还没有计票，已投 %(a)s / %(b)s 人", a=voters[1], b=voters[0]))
        if not duty_reports.results(round_.year):
            found.append(_("年终述职还没有评议结果"))
    return found


def _vetoes(round_: YearlyRound) -> dict[int, list[YearlyVeto]]:
    """The vetoes that stand, by row."""
    found: dict[int, list[YearlyVeto]] = defaultdict(list)
    for each in db.session.scalars(select(YearlyVeto).where(YearlyVeto.round_id == round_.id).order_by(YearlyVeto.id)):
        if each.stands:
            found[each.row_id].append(each)
    return found


def _who(row: YearlyRow) -> int:
    return row.department_id if row.user_id is None else row.user_id


def _effects(round_: YearlyRound) -> dict[int, list[Line]]:
    found = accountability.effects_of(round_.year)
    return {who: lines for (kind, who), lines in found.items() if kind == str(round_.subject) and who is not None}


def _lost(lines: Sequence[Line]) -> list[Line]:
    return [each for each in lines if each.counts is Counts.AWARD and each.standing is Standing.COUNTS]


def _years(round_: YearlyRound) -> dict[int, tuple[list[tuple[date, Decimal]], Year]]:
    """The published months of the year and what they come to with the yearly lines, by department or person (E-4)."""
    scores = monthly.year_scores(str(round_.subject), round_.year)
    totals = {who: [total for _month, total in months] for who, months in scores.items()}
    return {who: (scores[who], made) for who, made in of_year(str(round_.subject), round_.year, totals).items()}


def _disqualified(found: tuple[Any, Year] | None) -> list[str]:
    if found is None:
        return []
    codes = tuple(bar.rule for bar in found[1].disqualified_by)
    return [eligibility.words(Reason(Hindrance.DISQUALIFIED, Decimal(len(codes)), Decimal(1), codes))] if codes else []


def _months(found: tuple[list[tuple[date, Decimal]], Year] | None) -> dict[str, Any]:
    if found is None:
        return {"months": [], "average": None, "added": "0"}
    months, year = found
    return {
        "months": [[month_text(month), f"{total:f}"] for month, total in months],
        "average": None if year.average is None else f"{year.average:f}",
        "added": f"{year.added:f}",
    }


def _departments(rows: Sequence[YearlyRow], years: Mapping[int, Any]) -> dict[int, Counted]:
    found = {}
    for row in rows:
        year = years.get(row.department_id)
        found[row.id] = Counted(year[1].total if year else None, _months(year))
        if year and year[1].average is not None:
            found[row.id].compared = (year[1].average,)
    return found


# --- persons --------------------------------------------------------------------------------------------------


def _persons(round_: YearlyRound, rows: Sequence[YearlyRow], years: Mapping[int, Any]) -> dict[int, Counted]:
    by = settings.of(round_)
    ids = [row.user_id or 0 for row in rows]
    barred = eligibility.reasons_of(ids, year=round_.year)
    clients, duty, honoured = _clients(round_.year, rows, by), _duty(round_.year, by), _honours(round_.year)
    found = {}
    for row in rows:
        who, year = row.user_id or 0, years.get(row.user_id or 0)
        client, averaged = clients[row.id]
        parts: dict[Part, Decimal | None] = {
            Part.MONTHS: year[1].total if year else None,
            Part.BALLOTS: row.ballots,
            Part.CLIENTS: client,
            Part.DUTY: duty.get(who),
        }
        levels, numbers = honoured.get(who, ([], []))
        points = rules.honour_points(levels, by.honours)
        there = any(parts[part] is not None and by.shares.get(part, 0) for part in parts)
        content = _months(year) | {
            "parts": {str(part): None if mark is None else f"{mark:f}" for part, mark in parts.items()},
            "client_average": averaged,
            "honours": f"{min(points, by.honour_cap):f}",
            "honour_numbers": numbers,
        }
        found[row.id] = Counted(
            rules.total(parts, by.shares, points, by.honour_cap) if there else None,
            content,
            [eligibility.words(reason) for reason in barred[who] if reason.hindrance is not Hindrance.DISQUALIFIED],
            compared=(client or rules.ZERO, parts[Part.MONTHS] or rules.ZERO),
        )
    return found


def _clients(year: int, rows: Sequence[YearlyRow], by: Settings) -> dict[int, tuple[Decimal | None, bool]]:
    """The clients' part of each: that of the department's released ballots of the year, else the average (E-7)."""
    months = [date(year, month, 1) for month in range(1, 13)]
    lines, _total = evaluation.by_department(months, None)
    places = [policy.value(f"evaluation.four_{grade}") for grade in ClientGrade]
    own: dict[int, Decimal | None] = {}
    for row in rows:
        line = lines.get(row.department_id)
        four = evaluation_rules.four(line.cell.grades, places) if line is not None else dict.fromkeys(FOUR, 0)
        own[row.id] = rules.client_mark([four[place] for place in FOUR], by.marks)
    return rules.with_average(own)


def _duty(year: int, by: Settings) -> dict[int, Decimal]:
    """What the circle made of the report on duty, by person; not where so few assessed that it tells one (P-5)."""
    found = {}
    for who, result in duty_reports.results(year).items():
        mark = rules.client_mark([result.counts.get(str(grade), 0) for grade in DutyGrade], by.marks)
        if mark is not None and result.given >= by.least:
            found[who] = mark
    return found


def _honours(year: int) -> dict[int, tuple[list[str], list[str]]]:
    """Levels and numbers of the honours of a year by person."""
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for entry in honours.entries_of_year(year):
        if entry.user_id is not None and entry.level and entry.kind.startswith("honour"):
            found[entry.user_id][0].append(entry.level)
            found[entry.user_id][1].append(entry.number)
    return found
