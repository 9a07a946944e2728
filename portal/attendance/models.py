"""Punches as the clock gave them, who is who on the clock, corrections, closed months, findings (O-3, P-3, J-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User


class CorrectionState(StrEnum):
    """Where a correction stands; only an approved one counts."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Slot(StrEnum):
    """The four punches of a day."""

    AM_IN = "am_in"
    AM_OUT = "am_out"
    PM_IN = "pm_in"
    PM_OUT = "pm_out"


class FindingKind(StrEnum):
    """What an inspection finds (P-3)."""

    LATE = "late"
    EARLY = "early"
    ABSENT = "absent"
    OFF_POST = "off_post"
    GAMES = "games"
    PRIVATE_WORK = "private_work"
    OTHER = "other"


class PunchCode(Recorded, Base):
    """A person under the number (or name) by which a punch clock knows them; who has one takes part in attendance."""

    __tablename__ = "punch_code"
    record_name = "punch_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_punch_code_user", "user_id"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order"),
    )


class PunchLayout(Base):
    """What the columns of an export mean, remembered by their headings."""

    __tablename__ = "punch_layout"

    id: Mapped[int] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), unique=True)
    roles: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PunchImport(Recorded, Base):
    """One imported file; undone by a linked reversal, never deleted (J-3)."""

    __tablename__ = "punch_import"
    record_name = "punch_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int]
    punches: Mapped[int]
    added: Mapped[int]
    repeated: Mapped[int]
    faults: Mapped[int]
    people: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    departments: Mapped[str] = mapped_column(Text)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        Index("ix_punch_import_days", "last_at", "first_at"),
        Index("ix_punch_import_sha256", "sha256"),
        CheckConstraint("last_at >= first_at", name="order"),
    )


class Punch(Base):
    """One punch as one file gave it. Never changed, never deleted; repeated files repeat it, which changes nothing."""

    __tablename__ = "punch"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("punch_import.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("import_id", "user_id", "at"),
        Index("ix_punch_at", "at", "user_id"),
        Index("ix_punch_user", "user_id", "at"),
    )


_WAITING = text("state = 'waiting'")
_TO_FILE = text("state = 'approved' AND filed_at IS NULL")


class Correction(Recorded, Base):
    """A missed punch that somebody asks to be counted: a fact beside the punches (O-3, J-3)."""

    __tablename__ = "attendance_correction"
    record_name = "attendance_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    day: Mapped[date]
    slot: Mapped[Slot] = mapped_column(Words(Slot))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[CorrectionState] = mapped_column(Words(CorrectionState))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        Index("ix_attendance_correction_day", "day", "user_id"),
        Index("ix_attendance_correction_user", "user_id", "day"),
        Index("ix_attendance_correction_waiting", "department_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_attendance_correction_to_file", "decided_at", sqlite_where=_TO_FILE, postgresql_where=_TO_FILE),
    )


class Closing(Recorded, Base):
    """A month's sheet as it was closed; a later change is a further version that names its reason (J-3)."""

    __tablename__ = "attendance_closing"
    record_name = "attendance_closing"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date]
    version: Mapped[int]
    sheet: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(200), default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("month", "version"), CheckConstraint("version >= 1", name="version"))


_OPEN = text("concluded_at IS NULL")


class Finding(Recorded, Base):
    """What an inspection found about somebody's work discipline, their reply, and the conclusion (P-3)."""

    __tablename__ = "discipline_finding"
    record_name = "discipline_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    kind: Mapped[FindingKind] = mapped_column(Words(FindingKind))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text)
    #: Tenths of a point, as the policy had it on the day.
    tenths: Mapped[int]
    inspected_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply_by: Mapped[date]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    upheld: Mapped[bool | None]
    conclusion: Mapped[str] = mapped_column(Text, default="")
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        Index("ix_discipline_finding_found", "found_at"),
        Index("ix_discipline_finding_user", "user_id", "found_at"),
        Index("ix_discipline_finding_open", "recorded_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("tenths >= 0", name="tenths"),
    )
