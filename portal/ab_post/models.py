"""Holders of posts by date, absences, covers that the head named, publications, calendar feeds (AB-1 … AB-5, AB-8)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User
from portal.post_duty.models import Post

#: Only one person at a time holds a place without an end.
_OPEN = text("until_on IS NULL")


class Letter(StrEnum):
    """The two places of a post."""

    A = "A"
    B = "B"


class AbsenceKind(StrEnum):
    """Why somebody is away (O-3)."""

    OFFICIAL = "official"
    MEETING = "meeting"
    TRAINING = "training"
    ANNUAL = "annual"
    SICK = "sick"
    PRIVATE = "private"


class Assignment(Recorded, Base):
    """Who holds place A or B of a post, from a date until a date."""

    __epoch__ = "ab_post"
    __tablename__ = "assignment"
    record_name = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    letter: Mapped[Letter] = mapped_column(Words(Letter))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    decided_on: Mapped[date]
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    post: Mapped[Post] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (
        Index("ix_assignment_post", "post_id", "letter"),
        Index("ix_assignment_open", "post_id", "letter", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_assignment_user", "user_id"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A change of holders is recorded on the post."""
        return "post", self.post_id


class Absence(Recorded, Base):
    """A time in which somebody is away; ended early or cancelled by setting ``ended_at``."""

    __epoch__ = "ab_post"
    __tablename__ = "absence"
    record_name = "absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[AbsenceKind] = mapped_column(Words(AbsenceKind))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    emergency: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the person acknowledged the report of what was done meanwhile (AB-4).
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    handovers: Mapped[list[Handover]] = relationship(back_populates="absence")

    __table_args__ = (
        Index("ix_absence_user", "user_id", "to_at"),
        Index("ix_absence_to", "to_at"),
        CheckConstraint("to_at > from_at", name="order"),
    )


class Handover(Recorded, Base):
    """One post of an absent person, taken over by who answers for it meanwhile (AB-2).

    ``matters`` are the open matters as they were at that instant (a JSON list of title, detail, url), ``note`` what the
    absent person had written by then; the database refuses to change either.
    """

    __epoch__ = "ab_post"
    __tablename__ = "handover"
    record_name = "absence"

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    matters: Mapped[str] = mapped_column(Text, default="[]")
    note: Mapped[str] = mapped_column(Text, default="")

    absence: Mapped[Absence] = relationship(back_populates="handovers")

    def record_key(self) -> tuple[str, int | None]:
        """A handover is recorded on the absence."""
        return "absence", self.absence_id


class Cover(Recorded, Base):
    """Somebody whom the head named to answer for a post for some time."""

    __epoch__ = "ab_post"
    __tablename__ = "cover"
    record_name = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    post: Mapped[Post] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (Index("ix_cover_post", "post_id", "to_at"), Index("ix_cover_user", "user_id", "to_at"))

    def record_key(self) -> tuple[str, int | None]:
        """A named cover is recorded on the post."""
        return "post", self.post_id


class LapseKind(StrEnum):
    """How the cover of a post failed (AB-3)."""

    NO_HANDOVER = "no_handover"
    UNCOVERED = "uncovered"


class Lapse(Base):
    """A failure of cover that was recorded: the handover of an absence, or a working day on which nobody answered."""

    __tablename__ = "cover_lapse"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LapseKind] = mapped_column(Words(LapseKind))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    #: The absence, or none and the day.
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_cover_lapse_absence",
            "absence_id",
            "post_id",
            unique=True,
            sqlite_where=text("absence_id IS NOT NULL"),
            postgresql_where=text("absence_id IS NOT NULL"),
        ),
        Index(
            "ix_cover_lapse_day",
            "day",
            "post_id",
            unique=True,
            sqlite_where=text("absence_id IS NULL"),
            postgresql_where=text("absence_id IS NULL"),
        ),
        CheckConstraint("(kind = 'no_handover') = (absence_id IS NOT NULL)", name="absence"),
    )


class PairPublication(Recorded, Base):
    """The list of A and B of all posts in a half year, as it was published (AB-5); a correction is a new edition."""

    __tablename__ = "pair_publication"
    record_name = "pair_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    half: Mapped[int]
    edition: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The list as a JSON text (see publications.py); never changed.
    content: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("year", "half", "edition"),
        CheckConstraint("half IN (1, 2)", name="half"),
        CheckConstraint("edition >= 1", name="edition"),
    )


class CalendarFeed(Recorded, Base):
    """A secret address under which a calendar program reads who is away in a department; only its hash is kept."""

    __tablename__ = "calendar_feed"
    record_name = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_calendar_feed_department", "department_id"),)
