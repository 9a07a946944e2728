"""Half-yearly publications and their editions (F-7)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.editions import Edition
from portal.kernel.journal import Recorded


class HalfYearState(StrEnum):
    """Where an edition stands; published is final."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"


_UNPUBLISHED = text("state <> 'published'")


class HalfYear(Edition, Recorded, Base):
    """One edition of a half year's publication; figures are frozen when it is submitted for approval."""

    __tablename__ = "half_year"
    record_name = "half_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    half: Mapped[int]
    edition: Mapped[int]
    state: Mapped[HalfYearState] = mapped_column(Words(HalfYearState), default=HalfYearState.DRAFT)
    #: The edition that this one corrects, and why.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("half_year.id"), unique=True)
    correction: Mapped[str] = mapped_column(String(400), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    #: JSON: the office's notes by section.
    notes: Mapped[str] = mapped_column(Text, default="{}")
    #: JSON: the sections by language; empty in a draft.
    content: Mapped[str] = mapped_column(Text, default="")
    #: The notice by which it is made public, where the office has begun one (O-1).
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("openness_notice.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was sent back last.
    returned: Mapped[str] = mapped_column(String(400), default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("year", "half", "edition"),
        Index(
            "uq_half_year_draft", "year", "half", unique=True, sqlite_where=_UNPUBLISHED, postgresql_where=_UNPUBLISHED
        ),
        CheckConstraint("half IN (1, 2)", name="half"),
        CheckConstraint("notice_id IS NULL OR state = 'published'", name="notice"),
        CheckConstraint("(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')", name="corrects"),
        CheckConstraint("(state = 'draft') = (content = '')", name="content"),
        CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submitted_by"),
        CheckConstraint("(state IN ('approved','published')) = (approved_at IS NOT NULL)", name="approved"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> submitted_by_id", name="by_another"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by"),
    )
