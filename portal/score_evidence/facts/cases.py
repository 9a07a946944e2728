"""Facts from cases and their evaluation: days over the limit, share in time, satisfaction, coverage (T-6, W-0, S-3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.calendar import queries as calendar
from portal.cases.models import Case, CaseState
from portal.completion_report import figures
from portal.completion_report.definitions import AT_END, Scope
from portal.evaluation import queries as evaluation
from portal.evaluation.rules import Level
from portal.kernel import clock
from portal.kernel.db import db
from portal.policy import queries as policy
from portal.pure.scoring import percent
from portal.score_evidence.facts.base import Found, Term

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class _Late:
    """A case that was over its promised limit on some day of a month."""

    number: str
    department_id: int
    post_id: int
    due_at: datetime
    state: CaseState
    closed_on: date | None
    answered_by_id: int | None


def _late(term: Term) -> list[_Late]:
    """Ended late in the month, or late at its end: ended since, or still open; each by an index of its own.

    A clock that was stopped after its limit had passed makes nothing timely again; a limit of a year whose calendar is
    not known is not one yet (T-3, T-4).
    """
    columns = (
        Case.number, Case.department_id, Case.post_id, Case.due_at, Case.state, Case.closed_on, Case.answered_by_id,
    )  # fmt: skip
    until, known = min(term.now, term.end), calendar.work_calendar().is_known
    ended = select(*columns, Case.provisional).where(
        Case.closed_on >= term.month,
        Case.closed_late.is_(True),
        Case.due_at < until,
    )
    open_ = select(*columns, Case.provisional).where(Case.closed_at.is_(None), Case.due_at < until)
    rows: list[_Late] = []
    for query in (ended, open_):
        for number, department_id, post_id, due_at, state, closed_on, who, provisional in db.session.execute(query):
            if due_at is None:
                continue
            if closed_on is not None or not provisional or known(clock.local(due_at).date()):
                rows.append(_Late(number, department_id, post_id, due_at, state, closed_on, who))
    return sorted(rows, key=lambda each: each.number)


def _still_late(case: _Late, term: Term) -> bool:
    return case.closed_on is None or case.closed_on > term.last


def days_overdue(term: Term, subject: str) -> Iterator[Found]:
    """The working days of the month on which a case was over its promised limit, one line a case.

    The days of a case that lasts over several months are divided among them; one that was late by hours alone counts
    one day.
    """
    working = calendar.work_calendar()
    for case in _late(term):
        due = clock.local(case.due_at).date()
        end = min(term.last, case.closed_on or clock.local(term.now).date())
        days = working.workdays_between(max(due, term.month - timedelta(days=1)), end)
        if case.closed_on is not None and case.closed_on <= term.last:
            days = days if working.workdays_between(due, case.closed_on) else 1
        who = case.department_id if subject == "department" else _person(case, term)
        if who is None or days <= 0:
            continue
        yield Found(
            who, f"overdue:{case.number}:{term.text}", Decimal(days), max(due, term.month), case.number, "cases.show",
            {"number": case.number}, fact=_fact(case),
        )  # fmt: skip


def _fact(case: _Late) -> str:
    """What its clue is called: silence that counted as consent has one of its own (T-7)."""
    return f"{'tacit_consent' if case.state is CaseState.DEEMED_AGREED else 'overdue'}:{case.number}"


def _person(case: _Late, term: Term) -> int | None:
    """Who answered for it: at its end, else at the end of the month."""
    if not _still_late(case, term) and case.answered_by_id is not None:
        return case.answered_by_id
    day = min(term.last, case.closed_on or term.last, clock.local(term.now).date())
    return term.answering(case.post_id, clock.day_start(day) + timedelta(hours=12))


def on_time_rate(term: Term, subject: str) -> Iterator[Found]:
    """Percent of what ended in the month or was late at its end that ended in time (W-0)."""
    late = Counter(
        case.department_id if subject == "department" else _person(case, term)
        for case in _late(term)
        if _still_late(case, term)
    )
    table = figures.table(Scope(), term.period, term.now, subject)
    for who in sorted({*table, *(k for k in late if k is not None)}):
        line = table.get(who)
        done, done_late = (line.done, line.late) if line else (0, 0)
        rate = percent(done - done_late, done + late[who])
        if not who or rate is None:
            continue
        yield _figure(
            "on_time_rate",
            who,
            rate,
            term,
            "completion_report.rows",
            {"figure": AT_END.name, subject: str(who), "first": term.month.isoformat(), "last": term.last.isoformat()},
        )


def _figure(name: str, who: int, figure: Decimal, term: Term, endpoint: str, values: dict[str, str]) -> Found:
    return Found(who, f"{name}:{term.text}", figure, term.last, term.text, endpoint, values)


#: Where a coverage of too few ballots to be shown is counted: at the lower end of what its level says (S-3).
def _at_level(level: Level | None) -> Decimal | None:
    if level is None:
        return None
    low, middle = policy.value("evaluation.coverage_low"), policy.value("evaluation.coverage_middle")
    return {Level.LOW: Decimal(0), Level.MIDDLE: Decimal(low), Level.ENOUGH: Decimal(middle)}[level]


def _evaluated(term: Term) -> dict[int, evaluation.Line]:
    return evaluation.by_department([term.month], None)[0]


def satisfaction(term: Term, subject: str) -> Iterator[Found]:
    """The satisfaction of a department's month over its closed cases, or, by policy, over the ballots cast (S-3).

    There is none where too few ballots were cast to show one: that costs coverage alone.
    """
    if subject == "department":
        of_closed = policy.value("score_evidence.satisfaction_base") == "closed"
        for who, line in _evaluated(term).items():
            figure = percent(line.cell.satisfied, line.closed if of_closed else line.cell.ballots)
            if figure is not None and line.shown:
                yield _of_evaluation("satisfaction", who, min(HUNDRED, figure), term)


def coverage(term: Term, subject: str) -> Iterator[Found]:
    """The coverage of a department's month; where the figure is withheld, its level alone (S-3)."""
    if subject == "department":
        for who, line in _evaluated(term).items():
            figure = _at_level(line.level) if line.withheld else percent(line.cell.ballots, line.closed)
            if figure is not None:
                yield _of_evaluation("coverage", who, min(HUNDRED, figure), term)


def bad_evaluation(term: Term, subject: str) -> Iterator[Found]:
    """How many bad reviews of a department's month stand, as far as they may be shown (S-3, S-4)."""
    if subject == "department":
        for who, line in _evaluated(term).items():
            if bad := sum(line.cell.grades[3:]):
                yield _of_evaluation("bad_evaluation", who, Decimal(bad), term)


def _of_evaluation(name: str, who: int, figure: Decimal, term: Term) -> Found:
    return _figure(name, who, figure, term, "evaluation.index", {"department": str(who), "month": term.text})


READERS = {
    "days_overdue": days_overdue,
    "on_time_rate": on_time_rate,
    "satisfaction": satisfaction,
    "coverage": coverage,
    "bad_evaluation": bad_evaluation,
}
