"""Facts about people: attendance, leave, posts without cover, registers (O-3, P-3, AB-3, O-4).

For a department each of its people counts with a line of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.ab_post import halves
from portal.ab_post.models import Absence, AbsenceKind, Letter
from portal.ab_post.rules import Reason
from portal.attendance import queries as attendance
from portal.attendance import sheet
from portal.attendance.models import Finding
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.leave import balances
from portal.leave.models import LeaveRequest, LeaveState
from portal.people import queries as people
from portal.register import queries as register
from portal.score_evidence.facts.base import ONE, Found, Term

_HALF = Decimal("0.5")


def _who(term: Term, user_id: int, subject: str) -> int | None:
    """Whose line it is: the person's, or that of the department they belong to."""
    return user_id if subject == "person" else term.picture.departments_of_users.get(user_id)


def _sheet(term: Term) -> sheet.Sheet:
    """The month's sheet: as it was closed last, else as things stand."""

    def read() -> sheet.Sheet:
        closed = attendance.closings(term.month)
        return sheet.thaw(closed[0].sheet) if closed else sheet.make(term.month, term.last)

    return epochs.while_unchanged(("score_evidence.sheet", term.month), term.now, read)


def _of_sheet(name: str, count: Callable[[sheet.PersonRow], int]) -> Callable[[Term, str], Iterator[Found]]:
    def read(term: Term, subject: str) -> Iterator[Found]:
        for row in _sheet(term).rows:
            who, times = _who(term, row.user_id, subject), count(row)
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

    return read


def _late_early(row: sheet.PersonRow) -> int:
    """Times late or early by the punches: findings of off post are a fact of their own (P-3)."""
    return sum(sum(half.faults(sheet.terms_on(day))) for day, each in row.days.items() for half in each.parts)


def _absent(row: sheet.PersonRow) -> int:
    """Half days absent by the punches alone: what is late or early counts as that."""
    return sum(half.is_absent(sheet.terms_on(day)) for day, each in row.days.items() for half in each.parts)


def off_post(term: Term, subject: str) -> Iterator[Found]:
    """Findings of off post that were upheld, one line each (P-3)."""
    query = (
        select(Finding)
        .where(Finding.found_at >= term.start, Finding.found_at < term.end)
        .where(Finding.upheld.is_(True), Finding.kind.in_(sheet.OFF_POST))
        .order_by(Finding.found_at, Finding.id)
    )
    for each in db.session.scalars(query):
        who = each.user_id if subject == "person" else each.department_id
        if who is not None:
            day = clock.local(each.found_at).date()
            yield Found(
                who, f"finding:{each.number}:{each.user_id}", ONE, day, each.number, "attendance.finding",
                {"number": each.number}, fact=f"finding:{each.number}",
            )  # fmt: skip


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
        who = _who(term, request.applicant_id, subject)
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
            who = _who(term, user_id, subject)
            begin, end = max(_utc(from_at), term.start), min(_utc(to_at), term.end, term.now)
            days = _HALF * len(_gaps(term, user_id, begin, end)) if end > begin else Decimal(0)
            if who is not None and days:
                yield Found(
                    who,
                    f"uncovered:{absence_id}:{term.text}",
                    days,
                    clock.local(begin).date(),
                    people.user_names().get(user_id, ""),
                    "ab_post.show_coverage_day",
                    {"day": clock.local(begin).date().isoformat()},
                )

    return read


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _gaps(term: Term, user_id: int, begin: datetime, end: datetime) -> list[object]:
    """The half days of a time in which a post that the person holds as A had nobody."""
    working, seen = calendar.work_calendar(), term.picture
    found: list[object] = []
    for day, half in halves.worked(begin, end, working):
        at = max(begin, halves.of_day(day, working.hours)[half][0])
        mine = [p for p in seen.by_user.get(user_id, ()) if seen.holder(p, Letter.A, day) == user_id]
        if any(seen.posts[p].open_on(day) and seen.answer(p, at).reason is Reason.GAP for p in mine):
            found.append((day, half))
    return found


def register_absent(term: Term, subject: str) -> Iterator[Found]:
    """Absences without reason from what a register calls people to, one line each (O-4)."""
    for user_id in sorted(register.absences(term.month)):
        who = _who(term, user_id, subject)
        if who is None:
            continue
        for number, _title, day in register.absences_opened(user_id, term.month):
            yield Found(who, f"register:{number}:{user_id}", ONE, day, number, "register.show", {"number": number})


READERS = {
    "late_early": _of_sheet("late_early", _late_early),
    "absent_half_days": _of_sheet("absent_half_days", _absent),
    "off_post": off_post,
    "filed_leave_days": filed_leave_days,
    "uncovered_private_days": _uncovered(AbsenceKind.PRIVATE),
    "uncovered_sick_days": _uncovered(AbsenceKind.SICK),
    "register_absent": register_absent,
}
