"""Kinds of register, their entries with attendance, passing on and hazards, and half-yearly checks (O-4)."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded


class Scope(StrEnum):
    """Whether every department keeps a register of its own, or the unit one."""

    DEPARTMENT = "department"
    UNIT = "unit"


class Keeper(StrEnum):
    """Who writes the entries."""

    MEMBER = "member"
    HEAD = "head"
    OFFICE = "office"


class Rhythm(StrEnum):
    """How often an entry is owed."""

    NONE = "none"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    HALF_YEAR = "half_year"


class FieldType(StrEnum):
    """What a field of a kind's own asks for."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    DATE = "date"


class EntryState(StrEnum):
    """Where an entry stands; a struck one stays readable."""

    DRAFT = "draft"
    FILED = "filed"
    STRUCK = "struck"


class Presence(StrEnum):
    """How somebody who was expected was there."""

    PRESENT = "present"
    DELEGATED = "delegated"
    EXCUSED = "excused"
    ABSENT = "absent"


class HazardState(StrEnum):
    """Where a hazard stands."""

    OPEN = "open"
    RECTIFIED = "rectified"
    CLOSED = "closed"


class CheckResult(StrEnum):
    """What a half-yearly check says of a department's registers."""

    GOOD = "good"
    SUFFICIENT = "sufficient"
    POOR = "poor"


class RegisterKind(Recorded, Base):
    """One kind of register. ``fields`` is a JSON list of {key, label, type, needed}."""

    __epoch__ = "register"
    __tablename__ = "register_kind"
    record_name = "register_kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(400), default="")
    scope: Mapped[Scope] = mapped_column(Words(Scope))
    keeper: Mapped[Keeper] = mapped_column(Words(Keeper))
    rhythm: Mapped[Rhythm] = mapped_column(Words(Rhythm))
    #: The last day of the month on which the month's entry is in time; only for monthly ones.
    due_day: Mapped[int | None]
    fields: Mapped[str] = mapped_column(Text, default="[]")
    attendance: Mapped[bool] = mapped_column(default=False)
    #: The expected are the heads, who may send somebody in their place.
    heads_only: Mapped[bool] = mapped_column(default=False)
    agenda: Mapped[bool] = mapped_column(default=False)
    passing_on: Mapped[bool] = mapped_column(default=False)
    hazards: Mapped[bool] = mapped_column(default=False)
    handover: Mapped[bool] = mapped_column(default=False)
    hours: Mapped[bool] = mapped_column(default=False)
    #: The least minutes of one entry; what is shorter is marked.
    minutes_least: Mapped[int | None]
    notes: Mapped[bool] = mapped_column(default=False)
    #: The least characters of notes of a person in a year.
    notes_least: Mapped[int | None]
    #: Entries are owed from this day on.
    since_on: Mapped[date]
    closed_on: Mapped[date | None]
    sort: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("due_day IS NULL OR (rhythm = 'month' AND due_day BETWEEN 1 AND 31)", name="due_day"),
        CheckConstraint("minutes_least IS NULL OR (hours AND minutes_least > 0)", name="minutes"),
        CheckConstraint("notes_least IS NULL OR (notes AND notes_least > 0)", name="notes"),
        CheckConstraint("attendance OR NOT (heads_only OR notes)", name="attendance"),
    )

    def own_fields(self) -> list[dict[str, Any]]:
        """The fields of its own."""
        found: list[dict[str, Any]] = json.loads(self.fields)
        return found


_DRAFT = text("state = 'draft'")
_FILED = text("state = 'filed'")
_UNTAKEN = text("handed_to_id IS NOT NULL AND taken_at IS NULL AND state = 'filed'")


class RegisterEntry(Recorded, Base):
    """One entry. ``fields`` is a copy of what its kind asked when it was begun, ``answers`` what was written."""

    __tablename__ = "register_entry"
    record_name = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("register_kind.id"))
    #: Empty: the register of the whole unit.
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    state: Mapped[EntryState] = mapped_column(Words(EntryState), default=EntryState.DRAFT)
    title: Mapped[str] = mapped_column(String(120))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_on: Mapped[date]
    #: The first day of the week, month or half year for which it counts; the day itself without a rhythm.
    period_on: Mapped[date]
    minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    agenda: Mapped[str] = mapped_column(Text, default="")
    #: The month whose facts filled the agenda in.
    agenda_month: Mapped[date | None]
    content: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[str] = mapped_column(Text, default="[]")
    answers: Mapped[str] = mapped_column(Text, default="{}")
    handed_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    handover: Mapped[str] = mapped_column(Text, default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_note: Mapped[str] = mapped_column(String(400), default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    struck_reason: Mapped[str] = mapped_column(String(400), default="")
    #: How many corrections it had after it was filed.
    corrected: Mapped[int] = mapped_column(default=0)
    #: Counts changes, so that of two people at once the second is told.
    version: Mapped[int] = mapped_column(default=1)

    kind: Mapped[RegisterKind] = relationship()
    presences: Mapped[list[RegisterPresence]] = relationship(order_by="RegisterPresence.id")
    passings: Mapped[list[RegisterPassing]] = relationship(order_by="RegisterPassing.id")
    hazard_rows: Mapped[list[Hazard]] = relationship(order_by="Hazard.id")
    corrections: Mapped[list[RegisterCorrection]] = relationship(order_by="RegisterCorrection.id")

    __table_args__ = (
        Index("ix_register_entry_held", "held_on", "id"),
        Index("ix_register_entry_kind", "kind_id", "period_on"),
        Index("ix_register_entry_department", "department_id", "held_on"),
        Index("ix_register_entry_draft", "recorded_by_id", sqlite_where=_DRAFT, postgresql_where=_DRAFT),
        Index("ix_register_entry_untaken", "handed_to_id", sqlite_where=_UNTAKEN, postgresql_where=_UNTAKEN),
        CheckConstraint("(filed_at IS NULL) = (filed_by_id IS NULL)", name="filed_by"),
        CheckConstraint("state <> 'filed' OR filed_at IS NOT NULL", name="filed"),
        CheckConstraint("state <> 'draft' OR filed_at IS NULL", name="draft"),
        CheckConstraint("(state = 'struck') = (struck_reason <> '')", name="struck"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),
        CheckConstraint("taken_at IS NULL OR handed_to_id IS NOT NULL", name="taken"),
    )

    def answer(self, key: str) -> str:
        """What was written in a field of the kind's own."""
        found: dict[str, Any] = json.loads(self.answers)
        return str(found.get(key, ""))

    def asked(self) -> list[dict[str, Any]]:
        """The fields of its own, as they were asked."""
        found: list[dict[str, Any]] = json.loads(self.fields)
        return found


class RegisterPresence(Recorded, Base):
    """How one expected person was there; ``notes`` counts the characters of notes written."""

    __tablename__ = "register_presence"
    record_name = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: The department for which the person was there.
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    presence: Mapped[Presence] = mapped_column(Words(Presence))
    #: The time away that the portal knew when it was written.
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    #: Who came instead.
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    notes: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("entry_id", "user_id"),
        Index("ix_register_presence_user", "user_id"),
        CheckConstraint("(presence = 'delegated') = (delegate_id IS NOT NULL)", name="delegate"),
        CheckConstraint("delegate_id IS NULL OR delegate_id <> user_id", name="another"),
        CheckConstraint("presence <> 'excused' OR absence_id IS NOT NULL OR reason <> ''", name="excused"),
        CheckConstraint("presence <> 'absent' OR absence_id IS NULL", name="absent"),
        CheckConstraint("notes IS NULL OR notes >= 0", name="notes"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """It is recorded on its entry."""
        return "register_entry", self.entry_id


_UNPASSED = text("passed_at IS NULL")


class RegisterPassing(Recorded, Base):
    """A department has to pass on what a meeting said (O-4)."""

    __tablename__ = "register_passing"
    record_name = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: Who was there for the department and has to pass on; the head when nobody was.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    passed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    passed_on: Mapped[date | None]
    heard: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(400), default="")

    entry: Mapped[RegisterEntry] = relationship(overlaps="passings")

    __table_args__ = (
        UniqueConstraint("entry_id", "department_id"),
        Index("ix_register_passing_open", "department_id", sqlite_where=_UNPASSED, postgresql_where=_UNPASSED),
        CheckConstraint("(passed_at IS NULL) = (passed_by_id IS NULL)", name="passed_by"),
        CheckConstraint("(passed_at IS NULL) = (passed_on IS NULL)", name="passed_on"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """It is recorded on its entry."""
        return "register_entry", self.entry_id


_UNSAFE = text("state <> 'closed'")


class Hazard(Recorded, Base):
    """A hazard found at a check: rectified by a date, then checked again by somebody else (O-4)."""

    __tablename__ = "register_hazard"
    record_name = "register_hazard"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    seen: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    state: Mapped[HazardState] = mapped_column(Words(HazardState), default=HazardState.OPEN)
    found_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rectified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rectified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rectified: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked: Mapped[str] = mapped_column(String(400), default="")
    #: How often a re-check sent it back.
    returned: Mapped[int] = mapped_column(default=0)

    entry: Mapped[RegisterEntry] = relationship(overlaps="hazard_rows")

    __table_args__ = (
        Index("ix_register_hazard_entry", "entry_id"),
        Index("ix_register_hazard_open", "department_id", "due_on", sqlite_where=_UNSAFE, postgresql_where=_UNSAFE),
        Index("ix_register_hazard_found", "found_at", "id"),
        CheckConstraint("(rectified_at IS NULL) = (rectified_by_id IS NULL)", name="rectified_by"),
        CheckConstraint("(state = 'open') = (rectified_at IS NULL)", name="rectified"),
        CheckConstraint("state <> 'closed' OR checked_at IS NOT NULL", name="closed"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="checked_by"),
    )


class RegisterCorrection(Recorded, Base):
    """One correction of a filed entry: why, and what stood before (JSON: label, old, new)."""

    __tablename__ = "register_correction"
    record_name = "register_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    reason: Mapped[str] = mapped_column(String(400))
    changes: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_register_correction_entry", "entry_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """It is recorded on its entry."""
        return "register_entry", self.entry_id


class RegisterCheck(Recorded, Base):
    """What the half-yearly check says of one department (O-4); the figures as they stood. A later edition corrects."""

    __tablename__ = "register_check"
    record_name = "register_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    half: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    edition: Mapped[int]
    result: Mapped[CheckResult] = mapped_column(Words(CheckResult))
    comment: Mapped[str] = mapped_column(Text, default="")
    #: JSON: what each register owed, had, missed, and the department's study.
    figures: Mapped[str] = mapped_column(Text)
    checked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("year", "half", "department_id", "edition"),
        CheckConstraint("half IN (1, 2)", name="half"),
        CheckConstraint("edition >= 1", name="edition"),
    )
