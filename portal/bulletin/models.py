"""Bulletins and their editions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime
from portal.kernel.editions import Edition
from portal.kernel.journal import Recorded

_DRAFT = text("published_at IS NULL")


class Bulletin(Edition, Recorded, Base):
    """One edition of a month's bulletin: a draft with notes, then frozen with the figures as they stood."""

    __tablename__ = "bulletin"
    record_name = "bulletin"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The first day of the month.
    month: Mapped[date]
    edition: Mapped[int]
    #: The edition that this one corrects, and why.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("bulletin.id"), unique=True)
    correction: Mapped[str] = mapped_column(String(400), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    #: JSON: the office's notes by section.
    notes: Mapped[str] = mapped_column(Text, default="{}")
    #: JSON: the sections by language; empty until it is published.
    content: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        UniqueConstraint("month", "edition"),
        Index("uq_bulletin_draft", "month", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by"),
        CheckConstraint("(published_at IS NULL) = (content = '')", name="content_when_published"),
        CheckConstraint("(edition = 1) = (replaces_id IS NULL) AND (edition = 1) = (correction = '')", name="corrects"),
    )
