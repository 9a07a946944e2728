"""What is known of somebody's eligibility for awards and grades, and the reasons against it (E-5, A-4).

Read by whoever proposes persons of a month, quarter or year; nothing here changes anything.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from portal.ab_post.models import Absence, AbsenceKind, Assignment
from portal.accountability import queries as accountability
from portal.accountability.models import Origin, Proceeding, Subject
from portal.accountability.rules import Counts, Standing
from portal.calendar import queries as calendar
from portal.clue.models import Clue, ClueKind
from portal.kernel import clock
from portal.kernel.db import db
from portal.leave import rules as leave
from portal.policy import queries as policy
from portal.pure import eligibility
from portal.pure.eligibility import Facts, Hindrance, Limits, Reason
from portal.pure.months import month_after
from portal.pure.scoring import Bar
from portal.pure.scoring import Subject as Scored
from portal.score_evidence import seams
from portal.score_evidence.models import MonthState, ScoreMonth, ScoreResult
from portal.score_evidence.years import of_year

#: Which rules of a month bar somebody from what is awarded for the year.
YEARLY_BARS = frozenset({Bar.AWARD, Bar.YEAR, Bar.AWARD_AND_BONUS})


@dataclass(frozen=True)
class Term:
    """The month or year for which somebody is to be chosen."""

    first: date
    last: date
    yearly: bool

    @property
    def limits(self) -> Limits:
        """The figures of the policy."""
        value, span = policy.value, "year" if self.yearly else "month"
        return Limits(
            value(f"eligibility.months_{span}"),
            value("eligibility.private_days"),
            value("eligibility.sick_days"),
            value(f"eligibility.complaints_{span}"),
        )


def term(*, month: date | None = None, year: int | None = None) -> Term:
    """The term of a month (any of its days) or of a year. Raises ValueError unless exactly one is given."""
    if (month is None) == (year is None):
        raise ValueError("a month or a year")
    if month is not None:
        return Term(month.replace(day=1), month_after(month, 1) - timedelta(days=1), False)
    assert year is not None
    return Term(date(year, 1, 1), date(year, 12, 31), True)


def reasons(user_id: int, *, month: date | None = None, year: int | None = None) -> list[Reason]:
    """Why a person may not be chosen for a month or a year; empty for who may (E-5)."""
    return reasons_of([user_id], month=month, year=year)[user_id]


def reasons_of(
    user_ids: Collection[int], *, month: date | None = None, year: int | None = None
) -> dict[int, list[Reason]]:
    """The same for some people, each fact read once for all of them.

    Leave is counted from the beginning of the year to the end of the term; a confirmed complaint belongs to the month
    in which it was made; a decision that bars an award does so from its day to the end of its year. A rule of the
    score table that disqualifies counts from settled months: any for its month, the grave ones for the year.
    """
    over, ids = term(month=month, year=year), frozenset(user_ids)
    served, absent = _service(ids), _leave(ids, over)
    complained, barred, limits = _complaints(ids, over), _barred(ids, over), over.limits
    disqualified = _disqualified(ids, over)
    found = {}
    for user_id in ids:
        private, sick = absent.get(user_id, (0, 0))
        facts = Facts(
            eligibility.served_since(served.get(user_id, ()), over.last),
            private,
            sick,
            tuple(sorted(complained.get(user_id, ()))),
            tuple(sorted(barred.get(user_id, ()))),
            disqualified.get(user_id, ()),
        )
        found[user_id] = eligibility.reasons(facts, limits, over.last)
    return found


def _service(ids: frozenset[int]) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    rows = select(Assignment.user_id, Assignment.from_on, Assignment.until_on).where(Assignment.user_id.in_(ids))
    for user_id, begin, end in db.session.execute(rows):
        found[user_id].append((begin, end))
    return found


def _leave(ids: frozenset[int], over: Term) -> dict[int, tuple[int, int]]:
    """Working half days of private and sick leave since the year began, as they were taken."""
    first = clock.day_start(over.first.replace(month=1))
    end, working = clock.day_start(over.last + timedelta(days=1)), calendar.work_calendar()
    spent: dict[int, dict[AbsenceKind, int]] = defaultdict(lambda: defaultdict(int))
    rows = select(Absence.user_id, Absence.kind, Absence.from_at, Absence.to_at, Absence.ended_at).where(
        Absence.user_id.in_(ids),
        Absence.kind.in_((AbsenceKind.PRIVATE, AbsenceKind.SICK)),
        Absence.to_at > first,
        Absence.from_at < end,
    )
    for user_id, kind, from_at, to_at, ended_at in db.session.execute(rows):
        begin, until = max(from_at, first), min(ended_at or to_at, to_at, end)
        if until > begin:
            spent[user_id][kind] += leave.length(leave.span_of(begin, until, working.hours), working)
    return {u: (kinds[AbsenceKind.PRIVATE], kinds[AbsenceKind.SICK]) for u, kinds in spent.items()}


def _complaints(ids: frozenset[int], over: Term) -> dict[int, set[str]]:
    """Confirmed complaints by person: those whose clue stands, and those confirmed by a proceeding of their own.

    A complaint counts once, however many papers tell of it; not where the clue was dismissed or withdrawn, nor where
    the proceeding found the person not at fault.
    """
    begin, end = clock.day_start(over.first), clock.day_start(over.last + timedelta(days=1))
    clues = select(Clue.person_id, Clue.number, Clue.values, Clue.proceeding_number).where(
        Clue.person_id.in_(ids),
        Clue.kind == ClueKind.CONFIRMED_COMPLAINT,
        Clue.at >= begin,
        Clue.at < end,
        Clue.dismissed_at.is_(None),
        Clue.withdrawn_at.is_(None),
    )
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(clues).all()
    cleared = _cleared(ids, {row.proceeding_number for row in rows if row.proceeding_number})
    for person_id, number, values, proceeding in rows:
        if (person_id, proceeding) not in cleared:
            found[person_id or 0].add(json.loads(values).get("number", number))
    for user_id, source in _own_proceedings(ids, begin, end):
        found[user_id].add(source)
    return found


def _cleared(ids: frozenset[int], numbers: Collection[str]) -> set[tuple[int, str]]:
    """Whom a told finding cleared in which proceeding."""
    rows = (
        select(Subject.user_id, Proceeding.number)
        .join(Subject.proceeding)
        .where(Proceeding.number.in_(numbers), Subject.user_id.in_(ids))
        .where(Subject.confirmed.is_(False), Subject.told_at.is_not(None))
    )
    return {(user_id or 0, number) for user_id, number in db.session.execute(rows)} if numbers else set()


def _own_proceedings(ids: frozenset[int], begin: datetime, end: datetime) -> list[tuple[int, str]]:
    """Confirmed complaints that a proceeding was opened from at once: the person and the number of the complaint."""
    rows = (
        select(Subject.user_id, Proceeding.source)
        .join(Subject.proceeding)
        .where(Subject.user_id.in_(ids), Subject.joint.is_(False), Proceeding.origin == Origin.COMPLAINT)
        .where(Subject.confirmed.is_(True), Subject.told_at.is_not(None))
        .where(Subject.decided_at >= begin, Subject.decided_at < end)
    )
    return [(user_id or 0, source) for user_id, source in db.session.execute(rows)]


def _barred(ids: frozenset[int], over: Term) -> dict[int, set[str]]:
    """Decisions told that cost the award of the year, by person: as of the term's last day (A-4)."""
    found: dict[int, set[str]] = defaultdict(set)
    for (_kind, user_id), lines in accountability.effects_of(over.last.year, Subject.user_id.in_(ids)).items():
        for line in lines:
            if line.counts is Counts.AWARD and line.standing is Standing.COUNTS and line.on <= over.last:
                found[user_id or 0].add(line.letter or line.proceeding)
    return found


def _disqualified(ids: frozenset[int], over: Term) -> dict[int, tuple[str, ...]]:
    """The rules of the score table that disqualify each in the term, in their own words, from settled months (E-5).

    Not those of a month in which a published correction lifted them (E-6).
    """
    lifted = seams.lifted(Scored.PERSON, over.first, over.last)
    rows = (
        select(ScoreResult, ScoreMonth)
        .join(ScoreMonth, ScoreMonth.id == ScoreResult.score_month_id)
        .where(
            ScoreMonth.subject == Scored.PERSON,
            ScoreMonth.month.between(over.first, over.last),
            ScoreMonth.state == MonthState.SETTLED,
            ScoreResult.subject_id.in_(ids),
        )
        .order_by(ScoreMonth.month)
    )
    texts: dict[str, str] = {}
    tables: set[int] = set()
    totals: dict[int, list[Decimal]] = defaultdict(list)
    met: dict[int, list[str]] = defaultdict(list)
    for result, month in db.session.execute(rows):
        if month.version_id not in tables:
            tables.add(month.version_id)
            texts |= {code: rule.text for code, (_category, rule) in month.version.table.places.items()}
        totals[result.subject_id].append(result.total)
        if (result.subject_id, month.month) in lifted:
            continue
        rules = [month.version.table.rule(code) for code in filter(None, result.disqualified_by.split(","))]
        met[result.subject_id] += [r.code for r in rules if not over.yearly or r.disqualifies in YEARLY_BARS]
    if over.yearly:
        for who, year in of_year(Scored.PERSON, over.last.year, totals).items():
            met[who] += [bar.rule for bar in year.disqualified_by]
    return {who: tuple(texts.get(code, code) for code in sorted(set(codes))) for who, codes in met.items() if codes}


def words(reason: Reason) -> str:
    """A reason as a sentence that names its figures."""
    amount, limit = f"{reason.amount:f}", f"{reason.limit:f}"
    if "." in amount:
        amount = amount.rstrip("0").rstrip(".")
    numbers = _("、").join(reason.sources)
    match reason.hindrance:
        case Hindrance.NO_SERVICE:
            return _("期末没有任岗记录")
        case Hindrance.SHORT_SERVICE:
            return _("连续任岗 %(amount)s 个月，不满 %(limit)s 个月", amount=amount, limit=limit)
        case Hindrance.PRIVATE_LEAVE:
            return _("全年累计事假 %(amount)s 天，超过 %(limit)s 天", amount=amount, limit=limit)
        case Hindrance.SICK_LEAVE:
            return _("全年累计病假 %(amount)s 天，超过 %(limit)s 天", amount=amount, limit=limit)
        case Hindrance.COMPLAINTS:
            return _(
                "有效投诉 %(amount)s 件（%(numbers)s），达到 %(limit)s 件", amount=amount, limit=limit, numbers=numbers
            )
        case Hindrance.AWARD_LOST:
            return _("因责任追究失去评先资格（%(numbers)s）", numbers=numbers)
        case Hindrance.DISQUALIFIED:
            return _("评分表规定一票否决（%(numbers)s）", numbers=numbers)
