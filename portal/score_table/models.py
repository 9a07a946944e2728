"""Score tables and their versions (E-2, POL-1)."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.pure import scoring
from portal.pure.scoring import Subject
from portal.score_table.presets import named

__all__ = ["ScoreTable", "Subject", "Version", "VersionState"]

_OPEN = text("state IN ('draft', 'submitted')")


class VersionState(StrEnum):
    """Where a version stands; the last two are final."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    DISCARDED = "discarded"


@lru_cache(maxsize=64)
def _read(content: str) -> scoring.Table:
    return scoring.from_data(json.loads(content))


class ScoreTable(Recorded, Base):
    """One table by its name; what it says stands in its versions."""

    __epoch__ = "score_table"
    __tablename__ = "score_table"
    record_name = "score_table"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    subject: Mapped[Subject] = mapped_column(Words(Subject))
    name: Mapped[str] = mapped_column(String(120))
    #: The code of the shipped table that it was taken over from; empty for one of the office's own.
    preset: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    @property
    def shown_name(self) -> str:
        """Its name as this page shows it."""
        return named(self.name)


class Version(Recorded, Base):
    """One version: a draft that the office writes, sent for approval, then for ever as it stands."""

    __epoch__ = "score_table"
    __tablename__ = "score_table_version"
    record_name = "score_table"

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("score_table.id"))
    score_table: Mapped[ScoreTable] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[int]
    #: The version that it was begun from.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("score_table_version.id"))
    state: Mapped[VersionState] = mapped_column(Words(VersionState), default=VersionState.DRAFT)
    #: JSON of `scoring.to_data`.
    content: Mapped[str] = mapped_column(Text)
    #: JSON: the ids of all who wrote in it; none of them approves it.
    writers: Mapped[str] = mapped_column(Text, default="[]")
    #: Why it is made, as the approver reads it.
    reason: Mapped[str] = mapped_column(String(400), default="")
    #: The first day of the month from which it is to hold.
    month: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: What the approver wrote when it was given back.
    returned: Mapped[str] = mapped_column(String(400), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        UniqueConstraint("table_id", "version"),
        Index("uq_score_table_version_open", "table_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'discarded')", name="state"),
        CheckConstraint("(state IN ('approved', 'discarded')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('submitted', 'approved') OR month IS NOT NULL AND submitted_at IS NOT NULL", name="submitted"
        ),
        CheckConstraint("state <> 'approved' OR decided_by_id <> submitted_by_id", name="second_person"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A version is recorded under its table."""
        return self.record_name, self.table_id

    @property
    def table(self) -> scoring.Table:
        """What it says."""
        return _read(self.content)

    @property
    def subject(self) -> Subject:
        """Who is scored by it."""
        return self.score_table.subject

    def written_by(self) -> frozenset[int]:
        """All who wrote in it."""
        return frozenset(json.loads(self.writers))
