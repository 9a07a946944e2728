"""Reads of evaluation: the figures that may be shown, signed ballots, comments (S-3, W-0)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from portal.cases import queries as cases
from portal.cases.models import Case, CaseState
from portal.completion_report import figures
from portal.completion_report.definitions import Period, Scope
from portal.evaluation import rules
from portal.evaluation import vocabulary as words
from portal.evaluation.models import Comment, Grade, Kiosk, SignedBallot, Slips, Tally
from portal.evaluation.rules import Cell, Level, Released
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.queries import token_hash
from portal.policy import queries as policy
from portal.pure.months import month_after

GRADES = tuple(Grade)
_COLUMNS = tuple(getattr(Tally, str(grade)) for grade in GRADES)
#: A department and the first day of a month.
Key = tuple[int, date]


def least() -> int:
    """Groups of fewer ballots are withheld."""
    found: int = policy.value("evaluation.withheld_below")
    return found


def departments_seen(actor: Actor) -> frozenset[int] | None:
    """The departments whose figures an actor reads; None: all."""
    return None if actor.can(words.READ_ALL) else cases.departments_seen(actor)


def may_see(actor: Actor, department: str) -> bool:
    """Whether an actor reads the figures of a department, named as in an address."""
    seen = departments_seen(actor)
    return seen is None or department in map(str, seen)


# --- figures --------------------------------------------------------------------------------------------------


def cells(months: Collection[date]) -> dict[Key, Cell]:
    """What was counted of some months, by department and month; for `release` only, never for a page as it is."""
    found: dict[Key, Cell] = {}
    for department_id, month, *grades in db.session.execute(
        select(Tally.department_id, Tally.month, *_COLUMNS).where(Tally.month.in_(months))
    ):
        found[department_id, month] = Cell(anonymous=tuple(grades))
    signed: dict[Key, Counter[Grade]] = defaultdict(Counter)
    for department_id, month, grade, count in db.session.execute(
        select(SignedBallot.department_id, SignedBallot.month, SignedBallot.grade, func.count())
        .where(SignedBallot.month.in_(months), SignedBallot.untrue_at.is_(None))
        .group_by(SignedBallot.department_id, SignedBallot.month, SignedBallot.grade)
    ):
        signed[department_id, month][grade] = count
    for key, counts in signed.items():
        found[key] = found.get(key, Cell()) + Cell(signed=tuple(counts[grade] for grade in GRADES))
    return found


@dataclass(frozen=True)
class Line:
    """One line of a table: what may be shown of it, and what it is counted over."""

    cell: Cell
    closed: int
    #: Whether it has ballots that are too few to be shown; then ``cell`` is without them.
    withheld: bool = False
    slips: int = 0
    #: How many ballots there are with those withheld: for the level alone, never shown where something is withheld.
    known: int = 0

    @property
    def shown(self) -> bool:
        """Whether there is something to show."""
        return self.cell.ballots > 0

    @property
    def coverage(self) -> float | None:
        """Percent of the closed cases that were evaluated; None where that is withheld or nothing was closed."""
        return None if self.withheld else rules.coverage(self.cell.ballots, self.closed)

    @property
    def level(self) -> Level | None:
        """How the coverage stands (S-3)."""
        return rules.level(
            self.known, self.closed, policy.value("evaluation.coverage_low"), policy.value("evaluation.coverage_middle")
        )

    def __add__(self, other: Line) -> Line:
        return Line(
            self.cell + other.cell,
            self.closed + other.closed,
            self.withheld or other.withheld,
            self.slips + other.slips,
            self.known + other.known,
        )


def released(months: Collection[date]) -> dict[date, Released[int]]:
    """What may be shown of each month, by department; always from all departments, whoever looks."""
    found, small = cells(months), least()
    return {month: rules.release({d: cell for (d, m), cell in found.items() if m == month}, small) for month in months}


Parts = dict[date, Released[int]]


def _of(months: Collection[date], parts: Parts | None) -> Parts:
    """What may be shown of these months, out of what was read for more of them."""
    return released(months) if parts is None else {month: parts[month] for month in months}


def _period(months: Collection[date]) -> Period:
    return Period(min(months), month_after(max(months), 1) - timedelta(days=1))


def _slips(months: Collection[date]) -> dict[Key, int]:
    rows = select(Slips.department_id, Slips.month, Slips.handed_out + Slips.printed).where(Slips.month.in_(months))
    return {(department_id, month): count for department_id, month, count in db.session.execute(rows)}


def by_department(
    months: Collection[date], seen: frozenset[int] | None, parts: Parts | None = None
) -> tuple[dict[int, Line], Line]:
    """The lines of departments over consecutive months, and the total.

    Withheld months of a department are left out of its line. The total is the unit's, or, for whoever sees some
    departments only, the sum of what is shown of those: two views together tell no more than each. ``parts``: what
    may be shown, for who has read it already.
    """
    parts, slips = _of(months, parts), _slips(months)
    closed = figures.closed(Scope(), _period(months), "department")
    lines: dict[int, Line] = {}
    for department_id in people.department_names():
        if seen is not None and department_id not in seen:
            continue
        line = Line(
            sum((part.shown.get(department_id, Cell()) for part in parts.values()), Cell()),
            closed.get(department_id, 0),
            any(department_id in part.withheld for part in parts.values()),
            sum(slips.get((department_id, month), 0) for month in months),
            sum(part.known.get(department_id, 0) for part in parts.values()),
        )
        if line.closed or line.slips or line.known:
            lines[department_id] = line
    if seen is not None:
        return lines, sum(lines.values(), Line(Cell(), 0))
    total = Line(
        sum((part.total for part in parts.values()), Cell()),
        figures.closed(Scope(), _period(months)).get(0, 0),
        not all(part.whole for part in parts.values()),
        sum(slips.values()),
        sum(sum(part.known.values()) for part in parts.values()),
    )
    return lines, total


def by_month(months: Collection[date], department_id: int | None, parts: Parts | None = None) -> dict[date, Line]:
    """The lines of months, of one department or of the unit."""
    parts, slips = _of(months, parts), _slips(months)
    closed = figures.closed(Scope(department_id=department_id), _period(months), "month")
    found = {}
    for month, part in parts.items():
        if department_id is None:
            cell, withheld, known = part.total, not part.whole, sum(part.known.values())
        else:
            cell, withheld = part.shown.get(department_id, Cell()), department_id in part.withheld
            known = part.known.get(department_id, 0)
        found[month] = Line(
            cell,
            closed.get(figures.month_key(month), 0),
            withheld,
            sum(n for (d, m), n in slips.items() if m == month and department_id in (None, d)),
            known,
        )
    return found


@dataclass(frozen=True)
class Satisfaction:
    """The satisfaction of a department or the unit in a month; figures are None where they are withheld."""

    withheld: bool
    ballots: int | None = None
    satisfied: int | None = None
    percent: float | None = None
    grades: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Coverage:
    """How many of a month's closed cases were evaluated; the level is told in any case (S-3)."""

    withheld: bool
    closed: int
    level: Level | None
    ballots: int | None = None
    percent: float | None = None


def satisfaction(department_id: int | None, month: date) -> Satisfaction:
    """The satisfaction of a month (its first day), of a department or (None) of the unit (S-3).

    The unit's total is what may be shown of it; it is withheld when nothing may.
    """
    part = released([month])[month]
    cell = part.total if department_id is None else part.shown.get(department_id, Cell())
    if not cell.ballots:
        return Satisfaction(bool(part.withheld) if department_id is None else department_id in part.withheld)
    return Satisfaction(False, cell.ballots, cell.satisfied, cell.percent, cell.grades)


def coverage(department_id: int | None, month: date) -> Coverage:
    """The coverage of a month (its first day), of a department or (None) of the unit (S-3)."""
    line = by_month([month], department_id)[month]
    if line.withheld:
        return Coverage(True, line.closed, line.level)
    return Coverage(False, line.closed, line.level, line.cell.ballots, line.coverage)


# --- reasons and comments -------------------------------------------------------------------------------------


def shown_keys(months: Collection[date], departments: Collection[int] | None, parts: Parts | None = None) -> list[Key]:
    """The departments and months whose reasons and comments may be read."""
    return [
        (department_id, month)
        for month, part in _of(months, parts).items()
        for department_id in part.shown
        if departments is None or department_id in departments
    ]


def reasons(keys: Collection[Key]) -> list[tuple[Grade, str, int]]:
    """Reasons with how often they were given, most often first."""
    found: Counter[tuple[str, str]] = Counter()
    if not keys:
        return []
    months = {month for _d, month in keys}
    for department_id, month, said in db.session.execute(
        select(Tally.department_id, Tally.month, Tally.reasons).where(Tally.month.in_(months))
    ):
        if (department_id, month) in keys:
            for grade, counts in json.loads(said).items():
                for reason, count in counts.items():
                    found[grade, reason] += count
    signed = select(SignedBallot.department_id, SignedBallot.month, SignedBallot.grade, SignedBallot.reasons).where(
        SignedBallot.month.in_(months), SignedBallot.untrue_at.is_(None), SignedBallot.reasons != ""
    )
    for department_id, month, grade, said in db.session.execute(signed):
        if (department_id, month) in keys:
            found.update((str(grade), reason) for reason in said.splitlines())
    ranked = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [(Grade(grade), reason, count) for (grade, reason), count in ranked]


def comments(keys: Collection[Key]) -> Select[Any]:
    """Anonymous comments, in an order that tells nothing."""
    by_month_: Mapping[date, list[int]] = defaultdict(list)
    for department_id, month in keys:
        by_month_[month].append(department_id)
    some = [(Comment.month == m) & Comment.department_id.in_(ds) for m, ds in by_month_.items()]
    query = select(Comment).order_by(Comment.id)
    return query.where(db.or_(*some)) if some else query.where(db.false())


# --- signed ballots -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What the list of signed ballots is narrowed to."""

    department: int | None = None
    month: date | None = None
    until: date | None = None
    grade: str = ""
    counts: str = ""


def signed(actor: Actor, wanted: Wanted) -> Select[Any]:
    """The signed ballots that an actor may read, the newest first."""
    query = select(SignedBallot).order_by(SignedBallot.id.desc())
    seen = departments_seen(actor)
    if seen is not None:
        query = query.where(SignedBallot.department_id.in_(seen))
    if wanted.department is not None:
        query = query.where(SignedBallot.department_id == wanted.department)
    if wanted.month is not None:
        query = query.where(SignedBallot.month >= wanted.month)
    if wanted.until is not None:
        query = query.where(SignedBallot.month <= wanted.until)
    if wanted.grade:
        query = query.where(SignedBallot.grade == Grade(wanted.grade))
    if wanted.counts:
        untrue = SignedBallot.untrue_at
        query = query.where(untrue.is_(None) if wanted.counts == "yes" else untrue.is_not(None))
    return query


# --- slips and tablets ----------------------------------------------------------------------------------------


def may_hand_out(actor: Actor, case: Case) -> bool:
    """Whether a slip may be handed out for a case: it has ended with its client served, and is no part (T-9)."""
    served = case.closed_at is not None and case.state is not CaseState.LAPSED and case.lead_id is None
    return served and actor.can(words.HAND_OUT) and cases.may_read(actor, case)


def departments_printed(actor: Actor) -> frozenset[int]:
    """The departments for which an actor may print slips in advance."""
    if not actor.can(words.HAND_OUT):
        return frozenset()
    return frozenset(people.department_names()) if actor.can(words.READ_ALL) else cases.departments_seen(actor)


def kiosk(token: str) -> Kiosk | None:
    """The tablet of a token; None when unknown or revoked."""
    if not token:
        return None
    return db.session.scalar(select(Kiosk).where(Kiosk.token_hash == token_hash(token), Kiosk.revoked_at.is_(None)))


def kiosks(ended: int = 20) -> list[Kiosk]:
    """The tablets in use, by name, then the last ones that were revoked."""
    used = select(Kiosk).where(Kiosk.revoked_at.is_(None)).order_by(Kiosk.name, Kiosk.id)
    gone = select(Kiosk).where(Kiosk.revoked_at.is_not(None)).order_by(Kiosk.revoked_at.desc()).limit(ended)
    return [*db.session.scalars(used), *db.session.scalars(gone)]
