"""Urges, supervisions with their replies, and the ladder of repeated reminders (T-12, T-6)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department
from portal.post_duty.models import Post
from portal.post_task.models import Task

_UNANSWERED = text("ended_at IS NULL")


class Urge(Recorded, Base):
    """One urging of a case or a task; ``ended_at``: answered, or the matter has ended."""

    __tablename__ = "urge"
    record_name = "urge"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("post_task.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    text: Mapped[str] = mapped_column(Text)
    urged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    #: The post by whose powers it was said. None: as the office.
    by_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    urged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who answered for the post then; None: nobody did.
    to_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reply_by: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reply: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case | None] = relationship()
    task: Mapped[Task | None] = relationship()
    post: Mapped[Post] = relationship(foreign_keys=[post_id])

    __table_args__ = (
        Index("ix_urge_open", "post_id", "reply_by", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
        Index("ix_urge_case", "case_id"),
        Index("ix_urge_task", "task_id"),
        Index("ix_urge_department", "department_id", "urged_at"),
        Index("ix_urge_urged_by", "urged_by_id"),
        Index("ix_urge_urged_at", "urged_at"),
        CheckConstraint("(case_id IS NULL) <> (task_id IS NULL)", name="one_subject"),
        CheckConstraint("replied_by_id IS NULL OR replied_by_id <> urged_by_id", name="by_another"),
        CheckConstraint("replied_by_id IS NULL OR (ended_at IS NOT NULL AND reply <> '')", name="reply_said"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An urge is recorded on what it urges."""
        return ("case", self.case_id) if self.case_id is not None else ("post_task", self.task_id)


class SupervisionState(StrEnum):
    """Where a supervision stands; the last one is final."""

    ISSUED = "issued"
    REPLIED = "replied"
    CLOSED = "closed"


_OPEN = text("closed_at IS NULL")


class Supervision(Recorded, Base):
    """A numbered 督办单: what is to be answered for, by which post, until when."""

    __tablename__ = "supervision"
    record_name = "supervision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    demand: Mapped[str] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("post_task.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    issued_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)

    state: Mapped[SupervisionState] = mapped_column(Words(SupervisionState), default=SupervisionState.ISSUED)
    #: How often a reply was asked for; the present one since ``asked_at``, by a limit or (empty) a date.
    round: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    time_limit: Mapped[str] = mapped_column(String(8), default="")
    reply_on: Mapped[date | None]
    reply_by: Mapped[datetime] = mapped_column(UtcDateTime)
    soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How often the reply came late or not at all by its date.
    unanswered: Mapped[int] = mapped_column(default=0)

    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    conclusion: Mapped[str] = mapped_column(Text, default="")
    #: Ended without an accepted reply.
    withdrawn: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case | None] = relationship()
    task: Mapped[Task | None] = relationship()
    post: Mapped[Post] = relationship(foreign_keys=[post_id])
    issued_post: Mapped[Post | None] = relationship(foreign_keys=[issued_post_id])
    department: Mapped[Department] = relationship()
    replies: Mapped[list[SupervisionReply]] = relationship(
        back_populates="supervision", order_by="SupervisionReply.round"
    )

    __table_args__ = (
        Index("ix_supervision_open", "post_id", "reply_by", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_supervision_open_by", "reply_by", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_supervision_case", "case_id"),
        Index("ix_supervision_task", "task_id"),
        Index("ix_supervision_department", "department_id", "issued_at"),
        Index("ix_supervision_issued_post", "issued_post_id"),
        Index("ix_supervision_issued_by", "issued_by_id"),
        Index("ix_supervision_issued_at", "issued_at"),
        CheckConstraint("case_id IS NULL OR task_id IS NULL", name="one_subject"),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name="closed"),
        CheckConstraint("time_limit <> '' OR reply_on IS NOT NULL", name="given_date"),
    )

    @property
    def last(self) -> SupervisionReply | None:
        """The newest reply."""
        return self.replies[-1] if self.replies else None


class SupervisionReply(Recorded, Base):
    """One reply to a supervision, and what the issuing side said to it."""

    __tablename__ = "supervision_reply"
    record_name = "supervision"

    id: Mapped[int] = mapped_column(primary_key=True)
    supervision_id: Mapped[int] = mapped_column(ForeignKey("supervision.id"))
    round: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late: Mapped[bool] = mapped_column(default=False)
    accepted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")

    supervision: Mapped[Supervision] = relationship(back_populates="replies")

    __table_args__ = (
        UniqueConstraint("supervision_id", "round"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> replied_by_id", name="by_another"),
        CheckConstraint("(accepted IS NULL) = (decided_by_id IS NULL)", name="decided"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A reply is recorded on its supervision."""
        return "supervision", self.supervision_id


class Nag(Base):
    """The ladder of one passed threshold: when it is said again, and how often it was."""

    __tablename__ = "nag"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    light: Mapped[str] = mapped_column(String(12))
    threshold_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The journal's newest entry when it began: what the handler did after it ends the ladder.
    since_seq: Mapped[int]
    step: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship()

    __table_args__ = (
        UniqueConstraint("case_id", "threshold_at"),
        Index("ix_nag_open", "next_at", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
    )
