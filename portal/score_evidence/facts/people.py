"""Facts about people: attendance, leave, posts without cover, registers (O-3, P-3, AB-3, O-4).

For a department each of its people counts with a line of their own: those who were of it when it happened, however
they were moved since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.ab_post import halves
from portal.ab_post.models import Absence, AbsenceKind, Letter
from portal.ab_post.rules import Reason
from portal.attendance import queries as attendance
from portal.attendance import sheet
from portal.attendance.models import Finding, FindingKind
from portal.attendance.rules import Day
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.leave import balances
from portal.leave.models import LeaveRequest, LeaveState
from portal.people import queries as people
from portal.register import queries as register
from portal.score_evidence.facts.base import ONE, Found, Term

_HALF = Decimal("0.5")


def _sheet(term: Term) -> sheet.Sheet:
    """The month's sheet: as it was closed last, else as things stand."""

    def read() -> sheet.Sheet:
        closed = attendance.closings(term.month)
        return sheet.thaw(closed[0].sheet) if closed else sheet.make(term.month, term.last)

    return epochs.while_unchanged(("score_evidence.sheet", term.month), term.now, read)


def _of_sheet(
    name: str, count: Callable[[sheet.PersonRow], int], kinds: Collection[FindingKind]
) -> Callable[[Term, str], Iterator[Found]]:
    """What the punches of the month show, one line a person, and the findings of the same, one line each (P-3)."""

    def read(term: Term, subject: str) -> Iterator[Found]:
        rows = _sheet(term).rows
        for row in rows:
            who, times = row.user_id if subject == "person" else row.department_id, count(row)
            if who is not None and times > 0:
                yield Found(
                    who,
                    f"{name}:{row.user_id}:{term.text}",
                    Decimal(times),
                    term.last,
                    row.name,
                    "attendance.index",
                    {"month": term.text},
                )
        days = {row.user_id: row.days for row in rows}
        for finding in _findings(term, kinds):
            if not _punched(days.get(finding.user_id, {}), finding.found_at):
                yield from _of_finding(finding, subject)

    return read


def _late_early(row: sheet.PersonRow) -> int:
    """Times late or early by the punches: findings of off post are a fact of their own (P-3)."""
    return sum(sum(half.faults(sheet.terms_on(day))) for day, each in row.days.items() for half in each.parts)


def _absent(row: sheet.PersonRow) -> int:
    """Half days absent by the punches alone: what is late or early counts as that."""
    return sum(half.is_absent(sheet.terms_on(day)) for day, each in row.days.items() for half in each.parts)


def _punched(days: Mapping[date, Day], at: datetime) -> bool:
    """Whether the punches tell of a fault in the half day of a finding: the same half day never counts twice."""
    day = clock.local(at).date()
    if day not in days:
        return False
    half = halves.half_of(at, calendar.work_calendar().hours)
    part, terms = days[day].am if half is halves.Half.AM else days[day].pm, sheet.terms_on(day)
    return part.is_absent(terms) or any(part.faults(terms))


def _findings(term: Term, kinds: Collection[FindingKind]) -> Sequence[Finding]:
    """The upheld findings of some kinds in the month."""
    query = (
        select(Finding)
        .where(Finding.found_at >= term.start, Finding.found_at < term.end)
        .where(Finding.upheld.is_(True), Finding.kind.in_(kinds))
        .order_by(Finding.found_at, Finding.id)
    )
    return db.session.scalars(query).all()


def _of_finding(finding: Finding, subject: str) -> Iterator[Found]:
    who = finding.user_id if subject == "person" else finding.department_id
    if who is not None:
        yield Found(
            who, f"finding:{finding.number}:{finding.user_id}", ONE, clock.local(finding.found_at).date(),
            finding.number, "attendance.finding", {"number": finding.number}, fact=f"finding:{finding.number}",
        )  # fmt: skip


def off_post(term: Term, subject: str) -> Iterator[Found]:
    """Findings of off post that were upheld, one line each (P-3)."""
    for each in _findings(term, sheet.OFF_POST):
        yield from _of_finding(each, subject)


# --- leave and cover ------------------------------------------------------------------------------------------


def filed_leave_days(term: Term, subject: str) -> Iterator[Found]:
    """The working days of approved leave that lie in the month, one line a request (O-3)."""
    query = (
        select(LeaveRequest)
        .where(LeaveRequest.state == LeaveState.APPROVED, LeaveRequest.from_at < term.end)
        .where(LeaveRequest.from_at >= term.start - timedelta(days=366), LeaveRequest.to_at > term.start)
        .options(joinedload(LeaveRequest.absence))
        .order_by(LeaveRequest.from_at, LeaveRequest.id)
    )
    working = calendar.work_calendar()
    for request in db.session.scalars(query):
        who = request.applicant_id if subject == "person" else request.department_id
        span = balances.taken_span(request)
        if who is None or span is None:
            continue
        begin, end = halves.span(span.from_on, span.from_half, span.to_on, span.to_half, working.hours)
        days = (
            _HALF * len(halves.worked(max(begin, term.start), min(end, term.end), working)) if end > term.start else 0
        )
        if days:
            yield Found(
                who, f"leave:{request.number}:{term.text}", Decimal(days), max(span.from_on, term.month),
                request.number, "leave.show", {"number": request.number},
            )  # fmt: skip


def _uncovered(kind: AbsenceKind) -> Callable[[Term, str], Iterator[Found]]:
    """Working days on which nobody answered for a post of somebody who was away for this reason (AB-3)."""

    def read(term: Term, subject: str) -> Iterator[Found]:
        until = func.coalesce(Absence.ended_at, Absence.to_at)
        query = (
            select(Absence.id, Absence.user_id, Absence.from_at, until)
            .where(Absence.kind == kind, Absence.to_at > term.start, Absence.from_at < term.end, until > term.start)
            .order_by(Absence.from_at, Absence.id)
        )
        for absence_id, user_id, from_at, to_at in db.session.execute(query):
            begin, end = max(_utc(from_at), term.start), min(_utc(to_at), term.end, term.now)
            left = _gaps(term, user_id, begin, end) if end > begin else []
            by_person = subject == "person"
            for who in sorted({user_id if by_person else department_id for _half, department_id in left}):
                times = {half for half, department_id in left if by_person or department_id == who}
                day = min(on for on, _half in times)
                yield Found(
                    who,
                    f"uncovered:{absence_id}:{term.text}",
                    _HALF * len(times),
                    day,
                    people.user_names().get(user_id, ""),
                    "ab_post.show_coverage_day",
                    {"day": day.isoformat()},
                )

    return read


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _gaps(term: Term, user_id: int, begin: datetime, end: datetime) -> list[tuple[tuple[date, halves.Half], int]]:
    """The half days of a time in which posts that the person holds as A had nobody, with the department of each."""
    working, seen = calendar.work_calendar(), term.picture
    found = []
    for day, half in halves.worked(begin, end, working):
        at = max(begin, halves.of_day(day, working.hours)[half][0])
        for post_id in sorted(seen.by_user.get(user_id, ())):
            post = seen.posts[post_id]
            mine = post.open_on(day) and seen.holder(post_id, Letter.A, day) == user_id
            if mine and seen.answer(post_id, at).reason is Reason.GAP:
                found.append(((day, half), post.department_id))
    return found


def register_absent(term: Term, subject: str) -> Iterator[Found]:
    """Absences without reason from what a register calls people to, one line each (O-4)."""
    for number, day, user_id, department_id in register.absences_opened(term.month):
        who = user_id if subject == "person" else department_id
        if who is not None:
            yield Found(who, f"register:{number}:{user_id}", ONE, day, number, "register.show", {"number": number})


READERS = {
    "late_early": _of_sheet("late_early", _late_early, (FindingKind.LATE, FindingKind.EARLY)),
    "absent_half_days": _of_sheet("absent_half_days", _absent, (FindingKind.ABSENT,)),
    "off_post": off_post,
    "filed_leave_days": filed_leave_days,
    "uncovered_private_days": _uncovered(AbsenceKind.PRIVATE),
    "uncovered_sick_days": _uncovered(AbsenceKind.SICK),
    "register_absent": register_absent,
}
