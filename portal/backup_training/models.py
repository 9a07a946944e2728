"""Training plans per post, the sessions held, and who attended (AB-7)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User
from portal.post_duty.models import Post

_OPEN = text("confirmed_at IS NULL AND cancelled_at IS NULL")


class Outcome(StrEnum):
    """Whether the trained person can stand in now."""

    ABLE = "able"
    NOT_YET = "not_yet"


class TrainingPlan(Recorded, Base):
    """Who is to be trained for which post, in what, by whom, and until when."""

    __tablename__ = "training_plan"
    record_name = "training_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    trainee_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    topic: Mapped[str] = mapped_column(String(120))
    trainer: Mapped[str] = mapped_column(String(60))
    planned_by: Mapped[date]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")

    post: Mapped[Post] = relationship()
    trainee: Mapped[User] = relationship(foreign_keys=[trainee_id])
    sessions: Mapped[list[TrainingSession]] = relationship(back_populates="plan", order_by="TrainingSession.held_on")

    __table_args__ = (
        Index("ix_training_plan_planned", "planned_by"),
        Index("ix_training_plan_open", "post_id", "planned_by", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_training_plan_trainee", "trainee_id"),
        CheckConstraint("confirmed_at IS NULL OR cancelled_at IS NULL", name="one_end"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> trainee_id", name="not_oneself"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
    )


class TrainingSession(Recorded, Base):
    """A session held for a post, with or without a plan."""

    __tablename__ = "training_session"
    record_name = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("training_plan.id"))
    held_on: Mapped[date]
    minutes: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    trainer: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[Outcome] = mapped_column(Words(Outcome))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    post: Mapped[Post] = relationship()
    plan: Mapped[TrainingPlan | None] = relationship(back_populates="sessions")
    attendees: Mapped[list[TrainingAttendee]] = relationship(back_populates="session", lazy="selectin")

    __table_args__ = (
        Index("ix_training_session_post", "post_id", "held_on"),
        Index("ix_training_session_held", "held_on"),
        Index("ix_training_session_plan", "plan_id"),
        CheckConstraint("minutes > 0", name="minutes"),
    )


class TrainingAttendee(Recorded, Base):
    """Somebody who attended a session."""

    __tablename__ = "training_attendee"
    record_name = "training_session"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)

    session: Mapped[TrainingSession] = relationship(back_populates="attendees")
    user: Mapped[User] = relationship()

    def record_key(self) -> tuple[str, int | None]:
        """Attendance is recorded on the session."""
        return "training_session", self.session_id
