"""Tacit consent (T-7): what is not completed by the promised limit counts as agreed from that instant on.

The instant is derived, never set: `clocks.derive` keeps it as ``consent_at``. Whoever touches a case settles it first,
and the sweep records what nobody touched; both find the same instant, however late they come. While the date is
provisional or a pause without an end has stopped the clock there is no such instant: the alarm of `held` instead.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from portal.cases import papers
from portal.cases import vocabulary as words
from portal.cases.models import Case, CasePause
from portal.cases.paper_models import PaperKind
from portal.kernel import journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db

BATCH = 200


def passed(case: Case, now: datetime) -> datetime | None:
    """The instant from which an open case counts as agreed, when it has passed; at the very instant it has not."""
    at = case.consent_at
    return at if at is not None and case.closed_at is None and now > at else None


def record(case: Case, at: datetime, now: datetime) -> None:
    """Record a deemed agreement with the notice that tells both sides (T-7); the case was closed at ``at``."""
    paper = papers.issue(case, PaperKind.DEEMED_AGREED, SYSTEM, now)
    journal.record(
        words.DEEMED_AGREED, case, SYSTEM, now, post_id=case.post_id, at=at, due=case.due_at, notice=paper.number
    )


def unswept(now: datetime) -> ColumnElement[bool]:
    """Open in the database, but agreed already: what lists and counts take for ended late (T-7)."""
    return and_(Case.closed_at.is_(None), Case.consent_at < now)


def is_unswept(now: datetime) -> ColumnElement[bool]:
    """The same with an answer for every case, for what is to be left out of a list."""
    return and_(Case.closed_at.is_(None), func.coalesce(Case.consent_at < now, false()))


def waiting(now: datetime) -> list[Case]:
    """Cases whose deemed agreement has not been recorded yet, locked; those that another process holds are left."""
    query = select(Case).where(unswept(now)).order_by(Case.consent_at).limit(BATCH)
    return list(db.session.scalars(query.with_for_update(skip_locked=True)))


def is_held() -> ColumnElement[bool]:
    """Open, subject to tacit consent, and without an instant for it; the condition of a partial index."""
    return and_(Case.consent_from.is_not(None), Case.consent_at.is_(None), Case.closed_at.is_(None))


def _limit_passed(now: datetime) -> ColumnElement[bool]:
    """A provisional date that has come, or a stopped clock whose date would have come had it run."""
    stands = (CasePause.case_id == Case.id, CasePause.to_at.is_(None), CasePause.due_before < now)
    return or_(Case.due_at < now, exists().where(*stands))


def held(now: datetime) -> int:
    """Give the alarm, once a case: the limit has passed and silence cannot count as consent (T-7)."""
    query = select(Case).where(is_held(), Case.consent_held_at.is_(None), _limit_passed(now)).limit(BATCH)
    found = list(db.session.scalars(query.with_for_update(skip_locked=True)))
    for case in found:
        case.consent_held_at = now
        journal.record(
            words.CONSENT_HELD,
            case,
            SYSTEM,
            now,
            post_id=case.post_id,
            why="stopped" if case.stopped else "provisional",
            due=case.due_at,
        )
    return len(found)
