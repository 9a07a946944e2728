"""Results of a month by edition, their rows and corrections; lists of those named for a quarter or a year (E-4)."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Exact, UtcDateTime, Words
from portal.kernel.journal import Recorded


class ResultState(StrEnum):
    """E-6: what has been done with an edition."""

    #: A correction that is being written.
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    PUBLISHED = "published"


class Standing(StrEnum):
    """What a correction does to a subject's place in the ranking."""

    SAME = "same"
    EXCLUDED = "excluded"
    INCLUDED = "included"


class RollKind(StrEnum):
    """Lists of those named from published months."""

    QUARTER_PERSONS = "quarter_persons"
    YEAR_PERSONS = "year_persons"
    COLLECTIVES = "collectives"
    WINDOWS = "windows"


class RollState(StrEnum):
    """What has been done with a list."""

    PROPOSED = "proposed"
    RETURNED = "returned"
    SIGNED = "signed"
    PUBLISHED = "published"


_OPEN = text("published_at IS NULL")
_SUBJECT = "subject IN ('department', 'person')"
#: Each step names who did it and when.
_REVIEWED = "(reviewed_at IS NULL) = (reviewed_by_id IS NULL)"
_SIGNED = "(signed_at IS NULL) = (signed_by_id IS NULL)"
_PUBLISHED = "(published_at IS NULL) = (published_by_id IS NULL)"
_DIGEST = "(published_at IS NULL) = (digest = '')"
_CORRECTS = "(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')"


class MonthlyResult(Recorded, Base):
    """One edition of a month's result for departments or for persons."""

    __epoch__ = "monthly_result"
    __tablename__ = "monthly_result"
    record_name = "monthly_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: ``department`` or ``person``.
    subject: Mapped[str] = mapped_column(String(16))
    #: The first day of the month.
    month: Mapped[date]
    edition: Mapped[int]
    #: The edition that this one corrects, and why.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("monthly_result.id"), unique=True)
    correction: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[ResultState] = mapped_column(Words(ResultState))
    #: The score table and its version as they were called.
    table_name: Mapped[str] = mapped_column(String(200), default="")
    #: The number of red flags by the policy of the day on which it was put before the group.
    flags: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")
    #: Why it was sent back last.
    return_reason: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Whose signature it is when somebody answers for the principal (AB-4).
    signed_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: SHA-256 of the rows and of what stands above them.
    digest: Mapped[str] = mapped_column(String(64), default="")

    rows: Mapped[list[ResultRow]] = relationship(
        back_populates="result", order_by="ResultRow.sort", cascade="all, delete-orphan"
    )
    corrections: Mapped[list[ResultCorrection]] = relationship(
        back_populates="result", order_by="ResultCorrection.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("subject", "month", "edition"),
        Index("ix_monthly_result_month", "month", "subject"),
        Index("uq_monthly_result_open", "subject", "month", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_monthly_result_state", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(_SUBJECT, name="subject"),
        CheckConstraint(_CORRECTS, name="corrects"),
        CheckConstraint(_REVIEWED, name="reviewed_by"),
        CheckConstraint(_SIGNED, name="signed_by"),
        CheckConstraint(_PUBLISHED, name="published_by"),
        CheckConstraint(_DIGEST, name="digest_when_published"),
        CheckConstraint("reviewed_by_id <> made_by_id", name="reviewed_by_another"),
        CheckConstraint("signed_by_id <> reviewed_by_id", name="signed_by_another"),
        CheckConstraint("(published_at IS NOT NULL) = (state = 'published')", name="published_state"),
        CheckConstraint("state NOT IN ('signed', 'published') OR signed_at IS NOT NULL", name="signed_state"),
        CheckConstraint(
            "state NOT IN ('reviewed', 'signed', 'published') OR reviewed_at IS NOT NULL", name="reviewed_state"
        ),
    )


class ResultRow(Recorded, Base):
    """A subject's total, place and lines as they stood; ``place`` None: excluded from the ranking, with the reason."""

    __tablename__ = "monthly_result_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("monthly_result.id"))
    #: A department or a person, by ``MonthlyResult.subject``; the name as it was.
    subject_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    #: A person's department as it was called.
    department: Mapped[str] = mapped_column(String(120), default="")
    #: Where the row stands in the list.
    sort: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Exact)
    #: What corrections changed of the total; the lines of ``detail`` do not hold it.
    corrected: Mapped[Decimal] = mapped_column(Exact)
    place: Mapped[int | None]
    excluded: Mapped[str] = mapped_column(String(400), default="")
    flag: Mapped[bool] = mapped_column(default=False)
    #: JSON: categories with their points, and the lines (``rows.Detail``).
    detail: Mapped[str] = mapped_column(Text, default="{}")

    result: Mapped[MonthlyResult] = relationship(back_populates="rows")

    __table_args__ = (
        UniqueConstraint("result_id", "subject_id"),
        Index("ix_monthly_result_row_subject", "subject_id"),
        CheckConstraint("(place IS NULL) = (excluded <> '')", name="excluded_with_reason"),
        CheckConstraint("NOT flag OR place IS NOT NULL", name="flag_in_ranking"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Rows change with their edition."""
        return MonthlyResult.record_name, self.result_id

    def read(self) -> dict[str, Any]:
        """The categories and lines as they were kept."""
        found: dict[str, Any] = json.loads(self.detail)
        return found


class ResultCorrection(Recorded, Base):
    """What a correcting edition changes for one subject, and why."""

    __tablename__ = "monthly_result_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("monthly_result.id"))
    subject_id: Mapped[int]
    points: Mapped[Decimal] = mapped_column(Exact)
    standing: Mapped[Standing] = mapped_column(Words(Standing))
    reason: Mapped[str] = mapped_column(String(400))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    result: Mapped[MonthlyResult] = relationship(back_populates="corrections")

    __table_args__ = (
        UniqueConstraint("result_id", "subject_id"),
        CheckConstraint("reason <> ''", name="with_reason"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Corrections change with their edition."""
        return MonthlyResult.record_name, self.result_id


class Roll(Recorded, Base):
    """Those named for a quarter or a year: proposed by the office, signed by the principal, published (E-4)."""

    __epoch__ = "monthly_result"
    __tablename__ = "result_roll"
    record_name = "result_roll"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RollKind] = mapped_column(Words(RollKind))
    year: Mapped[int]
    #: 1 to 4; 0 for lists of a year.
    quarter: Mapped[int]
    edition: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("result_roll.id"), unique=True)
    correction: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[RollState] = mapped_column(Words(RollState))
    #: How many may be named by the policy of the day, and at least (0: no least number).
    most: Mapped[int]
    least: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    return_reason: Mapped[str] = mapped_column(Text, default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    signed_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    digest: Mapped[str] = mapped_column(String(64), default="")

    entries: Mapped[list[RollEntry]] = relationship(
        back_populates="roll", order_by="RollEntry.sort", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("kind", "year", "quarter", "edition"),
        Index(
            "uq_result_roll_open", "kind", "year", "quarter", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_result_roll_state", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("quarter BETWEEN 0 AND 4 AND (kind = 'quarter_persons') = (quarter > 0)", name="quarter"),
        CheckConstraint(_CORRECTS, name="corrects"),
        CheckConstraint(_SIGNED, name="signed_by"),
        CheckConstraint(_PUBLISHED, name="published_by"),
        CheckConstraint(_DIGEST, name="digest_when_published"),
        CheckConstraint("(published_at IS NOT NULL) = (state = 'published')", name="published_state"),
        CheckConstraint("state NOT IN ('signed', 'published') OR signed_at IS NOT NULL", name="signed_state"),
    )


class RollEntry(Recorded, Base):
    """A person or department on a list: the average as it stood, why it is barred, whether it is named."""

    __tablename__ = "result_roll_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    roll_id: Mapped[int] = mapped_column(ForeignKey("result_roll.id"))
    subject_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(120), default="")
    sort: Mapped[int]
    #: The mean of the published months of the period, and how many there were.
    average: Mapped[Decimal] = mapped_column(Exact)
    months: Mapped[int]
    place: Mapped[int | None]
    #: Why the rules keep it off the list; empty: eligible.
    barred: Mapped[str] = mapped_column(String(400), default="")
    #: What the portal proposes, what stands, and the reason where the two differ.
    proposed: Mapped[bool]
    named: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400), default="")

    roll: Mapped[Roll] = relationship(back_populates="entries")

    __table_args__ = (
        UniqueConstraint("roll_id", "subject_id"),
        CheckConstraint("barred = '' OR (NOT named AND NOT proposed)", name="barred_not_named"),
        CheckConstraint("named = proposed OR reason <> ''", name="differs_with_reason"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Entries change with their list."""
        return Roll.record_name, self.roll_id
