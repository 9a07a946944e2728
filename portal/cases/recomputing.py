"""What a change of the calendar does to open cases (T-3): told before it is made, and recorded when it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.calendar import vocabulary as calendar_words
from portal.calendar.foresight import Change, Moved
from portal.cases import clocks, service
from portal.cases import vocabulary as words
from portal.cases.models import Case
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue


class Dates(NamedTuple):
    """What is derived from the calendar."""

    due_at: datetime | None
    statutory_due_at: datetime | None
    tacit_at: datetime | None
    soon_at: datetime | None
    red_at: datetime | None
    provisional: bool


def _dates(case: Case) -> Dates:
    return Dates(case.due_at, case.statutory_due_at, case.tacit_at, case.soon_at, case.red_at, case.provisional)


def _open_cases(lock: bool) -> Sequence[Case]:
    """Every open case with its pauses; two questions for all of them."""
    query = select(Case).where(Case.closed_at.is_(None)).order_by(Case.id).options(selectinload(Case.pauses))
    return db.session.scalars(query.with_for_update() if lock else query).all()


def _derive(case: Case) -> Dates:
    """Derive what hangs on the calendar anew; returns the dates before."""
    before = _dates(case)
    if case.tacit_at is not None:
        case.tacit_at = clocks.tacit_at_of(
            case.received_at, catalogue.promise(case.receipt_version_id), case.department_id
        )
    clocks.derive(case)
    return before


def foresee(lock: bool) -> list[Change]:
    """The open cases whose dates the supposed calendar would move; nothing is written."""
    found = []
    with db.session.no_autoflush:
        for case in _open_cases(lock):
            before = _derive(case)
            after = _dates(case)
            db.session.expunge(case)
            if before != after:
                found.append(_change(case, before, after))
    return found


def _change(case: Case, before: Dates, after: Dates) -> Change:
    labels = calendar_words.MOVED_LABELS
    others = [
        Moved(labels[what], old, new)
        for what, old, new in (
            ("statutory", before.statutory_due_at, after.statutory_due_at),
            ("tacit", before.tacit_at, after.tacit_at),
            ("warning", before.soon_at, after.soon_at),
        )
        if old != new and (what != "warning" or before.due_at == after.due_at)
    ]
    return Change(
        case.number,
        case.matter,
        case.department_id,
        before.due_at,
        after.due_at,
        before.provisional,
        after.provisional,
        tuple(others),
    )


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the clocks of every open case anew after a change of the calendar (T-3); returns how many changed.

    What time had done under the old calendar stays done (T-7, T-7a).
    """
    session = db.session()
    changed = []
    for case in _open_cases(lock=True):
        service.settle(case, now)
        if case.closed_at is None:
            with session.no_autoflush:
                before = _derive(case)
                if session.is_modified(case):
                    changed.append((case, before))
    session.flush()
    for case, before in changed:
        _record(case, before, actor, now)
    return len(changed)


def _record(case: Case, before: Dates, actor: Actor, now: datetime) -> None:
    after = _dates(case)
    if after.tacit_at != before.tacit_at:
        journal.record(words.TACIT_RECOMPUTED, case, actor, now, old_tacit=before.tacit_at, tacit=after.tacit_at)
        if before._replace(tacit_at=None) == after._replace(tacit_at=None):
            return
    journal.record(
        words.RECOMPUTED, case, actor, now, old_due=before.due_at, due=after.due_at, provisional=after.provisional
    )
    if after.statutory_due_at != before.statutory_due_at:
        journal.record(
            words.STATUTORY_RECOMPUTED,
            case,
            actor,
            now,
            old_due=before.statutory_due_at,
            due=after.statutory_due_at,
        )
