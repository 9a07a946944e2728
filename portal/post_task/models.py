"""Tasks of posts and the extensions asked for them (P-4, T-5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department
from portal.post_duty.models import Post


class TaskState(StrEnum):
    """Where a task stands; the last two are final."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Who wants it done (P-4)."""

    LEADER = "leader"
    UPPER = "upper"


_OPEN = text("closed_at IS NULL")


class Task(Recorded, Base):
    """A matter handed to a post, with the date by which it is to be done."""

    __tablename__ = "post_task"
    record_name = "post_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    source: Mapped[Source] = mapped_column(Words(Source))
    authority: Mapped[str] = mapped_column(String(120), default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: The post by whose powers it was handed out: whoever answers for it confirms. None: the office.
    assigned_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    state: Mapped[TaskState] = mapped_column(Words(TaskState), default=TaskState.ASSIGNED)
    #: As given: a limit, or (empty) the date.
    time_limit: Mapped[str] = mapped_column(String(8), default="")
    due_on: Mapped[date | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    red_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    overdue_statement: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    post: Mapped[Post] = relationship(foreign_keys=[post_id])
    assigned_post: Mapped[Post | None] = relationship(foreign_keys=[assigned_post_id])
    department: Mapped[Department] = relationship()
    extensions: Mapped[list[Extension]] = relationship(back_populates="task", order_by="Extension.id")

    __table_args__ = (
        Index("ix_post_task_open", "post_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_post_task_warn", "warn_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_post_task_department", "department_id", "assigned_at"),
        Index("ix_post_task_assigned_post", "assigned_post_id"),
        Index("ix_post_task_assigned_by", "assigned_by_id"),
        Index("ix_post_task_assigned_at", "assigned_at"),
        CheckConstraint("time_limit <> '' OR due_on IS NOT NULL", name="given_date"),
        CheckConstraint("source <> 'upper' OR (authority <> '' AND document_number <> '')", name="upper_document"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('confirmed','withdrawn'))",
            name="closed",
        ),
    )


_WAITING = text("decided_at IS NULL")


class Extension(Recorded, Base):
    """More time asked for before expiry, granted or refused by who handed the task out (T-5)."""

    __tablename__ = "post_task_extension"
    record_name = "post_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("post_task.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    wanted_on: Mapped[date]
    old_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")

    task: Mapped[Task] = relationship(back_populates="extensions")

    __table_args__ = (
        Index(
            "ix_post_task_extension_waiting", "task_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        Index("ix_post_task_extension_task", "task_id"),
        CheckConstraint("asked_at <= old_due_at", name="before_expiry"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="by_another"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An extension is recorded on its task."""
        return "post_task", self.task_id
