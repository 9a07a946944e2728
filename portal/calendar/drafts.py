"""Changes of the calendar between form and act: what one would do is shown first, then entered in one act (T-3).

A draft is its author's own and holds nothing. Its preview is computed anew whenever it is looked at; the act compares
the fingerprint of what the person saw with how things stand now, and enters nothing when they differ.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import delete, select, text
from werkzeug.exceptions import NotFound

from portal.calendar import foresight, queries, rules, service
from portal.calendar.foresight import Row
from portal.calendar.models import CalendarDraft, CalendarYear
from portal.calendar.rules import NoticeDay, Unusual
from portal.kernel.actor import Actor
from portal.kernel.db import db, dialect, locked
from portal.kernel.errors import Conflict
from portal.policy import catalogue
from portal.pure.workdays import OfficeHours

KEPT = timedelta(days=1)
_PG_LOCK = 0x63616C65  # one change of the calendar at a time on PostgreSQL; SQLite has BEGIN IMMEDIATE


class What(StrEnum):
    """What a draft changes."""

    YEAR = "year"
    WITHDRAW = "withdraw"
    DAY = "day"
    CLEAR = "clear"
    HOURS = "hours"


@dataclass(frozen=True)
class Draft:
    """A change of the calendar as it was typed; only the fields of its kind are set."""

    what: What
    year: int = 0
    notice: str = ""
    days: tuple[NoticeDay, ...] = ()
    day: date | None = None
    workday: bool = False
    hours: str = ""
    seen: str = ""
    reason: str = ""

    def dump(self) -> str:
        """The stored form."""
        return json.dumps(
            {
                "what": self.what,
                "year": self.year,
                "notice": self.notice,
                "days": [[d.day.isoformat(), d.workday, d.reason] for d in self.days],
                "day": self.day.isoformat() if self.day else None,
                "workday": self.workday,
                "hours": self.hours,
                "seen": self.seen,
                "reason": self.reason,
            },
            ensure_ascii=False,
        )

    @staticmethod
    def load(stored: str) -> Draft:
        """The draft of a stored form."""
        found = json.loads(stored)
        found["what"] = What(found["what"])
        found["days"] = tuple(NoticeDay(date.fromisoformat(d), w, r) for d, w, r in found["days"])
        found["day"] = date.fromisoformat(found["day"]) if found["day"] else None
        return Draft(**found)


@dataclass(frozen=True)
class Preview:
    """What a draft would do: the rows that change, and the name of just this state of things."""

    rows: list[Row]
    fingerprint: str
    doubts: list[Unusual] = field(default_factory=list)
    #: The notice that somebody has entered for this year already, and that the act would replace.
    replaces: CalendarYear | None = None

    @property
    def settled(self) -> int:
        """How many provisional marks go."""
        return sum(row.change.settled for row in self.rows)

    @property
    def later(self) -> int:
        """How many would be due later."""
        return sum(row.change.shift > 0 for row in self.rows)

    @property
    def earlier(self) -> int:
        """How many would be due earlier."""
        return sum(row.change.shift < 0 for row in self.rows)

    def by_department(self) -> list[tuple[int | None, str, int]]:
        """Department, name and number of changes, most first."""
        names = foresight.departments()
        counted = Counter(row.change.department_id for row in self.rows)
        return [(d, names.get(d or 0, ""), n) for d, n in sorted(counted.items(), key=lambda c: (-c[1], c[0] or 0))]

    def by_kind(self) -> list[tuple[foresight.Kind, int]]:
        """Every kind of matter that changes, with its number."""
        counted = Counter(row.kind.name for row in self.rows)
        return [(kind, counted[kind.name]) for kind in foresight.kinds() if counted[kind.name]]

    def narrowed(self, department: int | None, kind: str) -> list[Row]:
        """The rows of one department or kind; empty ones do not restrict."""
        return [
            row for row in self.rows if department in (None, row.change.department_id) and kind in ("", row.kind.name)
        ]


class Outdated(Conflict):
    """Since the preview, cases or the calendar have changed: it has to be looked at again."""


def keep(actor: Actor, draft: Draft, now: datetime) -> str:
    """Keep a draft for its author; returns the token that names it in addresses."""
    token = secrets.token_hex(16)
    db.session.add(CalendarDraft(token=token, user_id=actor.id, made_at=now, content=draft.dump()))
    db.session.flush()
    return token


def opened(actor: Actor, token: str, now: datetime) -> Draft:
    """The author's own draft. Raises NotFound when there is none, or no longer."""
    wanted = select(CalendarDraft.content).where(
        CalendarDraft.token == token, CalendarDraft.user_id == actor.id, CalendarDraft.made_at > now - KEPT
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound()
    return Draft.load(found)


def drop(actor: Actor, token: str) -> None:
    """Forget a draft."""
    db.session.execute(delete(CalendarDraft).where(CalendarDraft.token == token, CalendarDraft.user_id == actor.id))


def sweep(now: datetime) -> int:
    """Forget the drafts that nobody confirmed within a day; returns how many."""
    old = db.session.scalars(select(CalendarDraft.id).where(CalendarDraft.made_at < now - KEPT).limit(100)).all()
    if old:
        db.session.execute(delete(CalendarDraft).where(CalendarDraft.id.in_(old)))
    return len(old)


def hours_of(typed: str) -> OfficeHours:
    """Office hours as typed. Raises PolicyError."""
    return cast(OfficeHours, catalogue.definition(service.HOURS).parse(typed))


def supposed(draft: Draft) -> queries.Parts:
    """What the calendar would be made of after the draft."""
    parts = queries.parts()
    match draft.what:
        case What.YEAR:
            parts.days = _without_notice(parts, draft.year)
            parts.days += [(d.day, d.workday, d.reason, False) for d in draft.days]
            parts.years.add(draft.year)
        case What.WITHDRAW:
            parts.days = _without_notice(parts, draft.year)
            parts.years.discard(draft.year)
        case What.HOURS:
            parts.hours = hours_of(draft.hours)
        case _:
            assert draft.day is not None
            parts.days = [row for row in parts.days if row[0] != draft.day or not row[3]]
            if draft.what is What.DAY:
                parts.days.append((draft.day, draft.workday, draft.reason, True))
    return parts


def _without_notice(parts: queries.Parts, year: int) -> list[tuple[date, bool, str, bool]]:
    return [row for row in parts.days if row[3] or row[0].year != year]


def preview(draft: Draft, lock: bool = False) -> Preview:
    """What a draft would do as things stand now; nothing is written. ``lock`` keeps the rows for the act."""
    before = queries.work_calendar()
    with queries.supposing(supposed(draft).calendar()):
        rows = foresight.rows(lock)
    unusual: Sequence[Unusual] = ()
    if draft.what is What.YEAR:
        unusual = rules.doubts(draft.year, draft.days, before)
    replaces = queries.entered_year(draft.year) if draft.what is What.YEAR else None
    return Preview(rows, foresight.fingerprint(rows), list(unusual), replaces)


def enter(actor: Actor, token: str, fingerprint: str, now: datetime) -> Preview:
    """Make the change and recompute every open due date, in one act (T-3); returns what it did.

    Raises NotFound when the draft is gone, Outdated when things stand otherwise than the person saw.
    """
    _alone()
    found = opened(actor, token, now)
    locked(CalendarDraft, token=token, user_id=actor.id)
    seen = preview(found, lock=True)
    if seen.fingerprint != fingerprint:
        raise Outdated(_("预览之后有办件或者日历发生了变动，没有写入任何内容。请按新的预览核对后再确认。"), "T-3")
    _make(actor, found, now)
    drop(actor, token)
    return seen


def _make(actor: Actor, draft: Draft, now: datetime) -> None:
    match draft.what:
        case What.YEAR:
            service.enter_year(actor, draft.year, draft.notice, draft.days, now)
        case What.WITHDRAW:
            service.withdraw_year(actor, draft.year, draft.reason, now)
        case What.HOURS:
            service.set_hours(actor, draft.hours, draft.reason, now, draft.seen)
        case What.DAY:
            assert draft.day is not None
            service.set_day(actor, draft.day, draft.workday, draft.reason, now)
        case What.CLEAR:
            assert draft.day is not None
            service.clear_day(actor, draft.day, draft.reason, now)


def _alone() -> None:
    """Wait until nobody else changes the calendar, and see what they did."""
    if dialect() == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({_PG_LOCK})"))
    db.session().info.pop("epochs", None)
