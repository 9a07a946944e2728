"""Requests for leave, their steps and handovers, certificates, and annual leave by person and year (O-3, AB-2)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.leave.rules import Filer, Level, Span, Standing, Verdict
from portal.people.models import User
from portal.post_duty.models import Post


class LeaveState(StrEnum):
    """Where a request stands; what becomes of approved leave is told by its absence."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_OPEN = text("open_level IS NOT NULL")


class LeaveRequest(Recorded, Base):
    """One request. ``round`` grows with every change after it was sent: its steps begin anew (O-3)."""

    __epoch__ = "leave"
    __tablename__ = "leave_request"
    record_name = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    standing: Mapped[Standing] = mapped_column(Words(Standing))
    kind: Mapped[AbsenceKind] = mapped_column(Words(AbsenceKind))
    from_on: Mapped[date]
    from_half: Mapped[Half] = mapped_column(Words(Half))
    to_on: Mapped[date]
    to_half: Mapped[Half] = mapped_column(Words(Half))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime] = mapped_column(UtcDateTime)
    halves: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    destination: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[LeaveState] = mapped_column(Words(LeaveState), default=LeaveState.DRAFT)
    round: Mapped[int] = mapped_column(default=1)
    #: The level of the step that comes next; None when nothing is waited for.
    open_level: Mapped[Level | None] = mapped_column(Words(Level))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The absence that the approval made, or the one on record that this request makes up for.
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id"), unique=True)
    made_up: Mapped[bool] = mapped_column(default=False)
    extends_id: Mapped[int | None] = mapped_column(ForeignKey("leave_request.id"))
    certificate_due_on: Mapped[date | None]
    certificate_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    applicant: Mapped[User] = relationship(foreign_keys=[applicant_id])
    absence: Mapped[Absence | None] = relationship()
    extends: Mapped[LeaveRequest | None] = relationship(remote_side=[id])
    steps: Mapped[list[LeaveStep]] = relationship(
        back_populates="request", order_by="(LeaveStep.round, LeaveStep.position)"
    )
    posts: Mapped[list[LeavePost]] = relationship(back_populates="request", order_by="LeavePost.post_id")

    __table_args__ = (
        Index("ix_leave_request_applicant", "applicant_id", "from_at"),
        Index("ix_leave_request_department", "department_id", "from_at"),
        Index("ix_leave_request_from", "from_at"),
        Index("ix_leave_request_open", "open_level", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("to_at > from_at", name="order"),
        CheckConstraint("halves > 0", name="length"),
    )

    @property
    def span(self) -> Span:
        """The time asked for, in half days."""
        return Span(self.from_on, self.from_half, self.to_on, self.to_half)

    @property
    def current(self) -> list[LeaveStep]:
        """The steps of the present round, in order."""
        return [step for step in self.steps if step.round == self.round]

    @property
    def next_step(self) -> LeaveStep | None:
        """The first step of the present round that nobody has taken."""
        return next((step for step in self.current if step.decided_at is None), None)


class LeaveStep(Recorded, Base):
    """One step of a request's chain: taken once, by somebody else than the applicant."""

    __epoch__ = "leave"
    __tablename__ = "leave_step"
    record_name = "leave"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("leave_request.id"))
    round: Mapped[int]
    position: Mapped[int]
    level: Mapped[Level] = mapped_column(Words(Level))
    filer: Mapped[Filer] = mapped_column(Words(Filer), default=Filer.ANY)
    verdict: Mapped[Verdict | None] = mapped_column(Words(Verdict))
    opinion: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The post under which it was decided, and for whom when somebody acted (AB-4).
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    for_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    request: Mapped[LeaveRequest] = relationship(back_populates="steps")
    post: Mapped[Post | None] = relationship()

    __table_args__ = (
        UniqueConstraint("request_id", "round", "position"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (verdict IS NULL)",
            name="decided",
        ),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A step is recorded on its request."""
        return "leave", self.request_id


class LeavePost(Recorded, Base):
    """One post of the applicant: what is handed over, and who confirmed it before the approval (AB-2)."""

    __epoch__ = "leave"
    __tablename__ = "leave_post"
    record_name = "leave"

    request_id: Mapped[int] = mapped_column(ForeignKey("leave_request.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    note: Mapped[str] = mapped_column(Text, default="")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    request: Mapped[LeaveRequest] = relationship(back_populates="posts")
    post: Mapped[Post] = relationship()

    __table_args__ = (CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),)

    def record_key(self) -> tuple[str, int | None]:
        """A handover is recorded on its request."""
        return "leave", self.request_id


class LeaveService(Recorded, Base):
    """Since when a person has worked: decides the annual leave that the policy's table gives."""

    __epoch__ = "leave"
    __tablename__ = "leave_service"
    record_name = "user"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    working_since: Mapped[date]

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the person."""
        return "user", self.user_id


class LeaveAllowance(Recorded, Base):
    """What the office set for a person and year, in half days: own entitlement (None: by the table), days carried."""

    __epoch__ = "leave"
    __tablename__ = "leave_allowance"
    record_name = "user"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entitled: Mapped[int | None]
    carried: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (CheckConstraint("carried >= 0 AND (entitled IS NULL OR entitled >= 0)", name="amounts"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the person."""
        return "user", self.user_id
