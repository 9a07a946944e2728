"""Reads of the registers: entries, what is owed and missed, what a month and a year say of people (O-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.kernel.db import db
from portal.pure.months import month_after
from portal.register.models import EntryState, Presence, RegisterEntry, RegisterKind, RegisterPresence


@dataclass(frozen=True)
class Study:
    """What a person did for the registers that count hours or notes: minutes attended, characters of notes."""

    times: int
    minutes: int
    notes: int


def absences(month: date) -> dict[int, int]:
    """How often people were absent without reason in a month (its first day), by person, from filed entries (O-4)."""
    query = (
        select(RegisterPresence.user_id, func.count())
        .join(RegisterEntry, RegisterEntry.id == RegisterPresence.entry_id)
        .where(
            RegisterEntry.held_on >= month,
            RegisterEntry.held_on < month_after(month, 1),
            RegisterEntry.state == EntryState.FILED,
            RegisterPresence.presence == Presence.ABSENT,
        )
        .group_by(RegisterPresence.user_id)
    )
    return {user_id: int(n) for user_id, n in db.session.execute(query)}


def absences_opened(user_id: int, month: date) -> list[tuple[str, str, date]]:
    """What a person's absences of a month open: number, title and day of each entry, the earliest first."""
    query = (
        select(RegisterEntry.number, RegisterEntry.title, RegisterEntry.held_on)
        .join(RegisterPresence, RegisterPresence.entry_id == RegisterEntry.id)
        .where(
            RegisterPresence.user_id == user_id,
            RegisterPresence.presence == Presence.ABSENT,
            RegisterEntry.state == EntryState.FILED,
            RegisterEntry.held_on >= month,
            RegisterEntry.held_on < month_after(month, 1),
        )
        .order_by(RegisterEntry.held_on, RegisterEntry.id)
    )
    return [(number, title, day) for number, title, day in db.session.execute(query)]


def study(first: date, end: date, users: Iterable[int] | None = None) -> dict[int, Study]:
    """Study of people in [first, end): attended times and minutes, characters of notes, from filed entries (O-4)."""
    query = (
        select(
            RegisterPresence.user_id,
            func.count(),
            func.coalesce(func.sum(RegisterEntry.minutes), 0),
            func.coalesce(func.sum(RegisterPresence.notes), 0),
        )
        .join(RegisterEntry, RegisterEntry.id == RegisterPresence.entry_id)
        .join(RegisterKind, RegisterKind.id == RegisterEntry.kind_id)
        .where(
            RegisterEntry.held_on >= first,
            RegisterEntry.held_on < end,
            RegisterEntry.state == EntryState.FILED,
            RegisterPresence.presence == Presence.PRESENT,
            RegisterKind.hours,
        )
        .group_by(RegisterPresence.user_id)
    )
    if users is not None:
        query = query.where(RegisterPresence.user_id.in_(tuple(users)))
    return {
        user_id: Study(n, int(minutes or 0), int(notes or 0))
        for user_id, n, minutes, notes in db.session.execute(query)
    }
