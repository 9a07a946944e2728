"""Yearly plans, their items with progress, more time and amendments, and the reviews of a plan (E-1)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class PlanState(StrEnum):
    """Where a plan stands: drafted, handed in, discussed, approved by the leaders' meeting, ended by its review."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DISCUSSED = "discussed"
    APPROVED = "approved"
    ENDED = "ended"


class ItemState(StrEnum):
    """Where an item stands; the last two are final."""

    PLANNED = "planned"
    RUNNING = "running"
    REPORTED = "reported"
    DONE = "done"
    CANCELLED = "cancelled"


class Change(StrEnum):
    """What an amendment does."""

    ADD = "add"
    CHANGE = "change"
    CANCEL = "cancel"


class Term(StrEnum):
    """Which review of the year."""

    MID = "mid"
    YEAR = "year"


class WorkPlan(Recorded, Base):
    """What a department undertakes in a year."""

    __epoch__ = "work_plan"
    __tablename__ = "work_plan"
    record_name = "work_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    year: Mapped[int]
    goals: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PlanState] = mapped_column(Words(PlanState), default=PlanState.DRAFT)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    discussion: Mapped[str] = mapped_column(Text, default="")
    discussed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    discussed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The leaders' meeting that approved it: its day and its record.
    meeting_on: Mapped[date | None]
    meeting_record: Mapped[str] = mapped_column(Text, default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()
    items: Mapped[list[PlanItem]] = relationship(back_populates="plan", order_by="PlanItem.sort, PlanItem.id")
    reviews: Mapped[list[PlanReview]] = relationship(back_populates="plan", order_by="PlanReview.id")

    __table_args__ = (
        UniqueConstraint("department_id", "year"),
        Index("ix_work_plan_year", "year", "state"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submitted_by"),
        CheckConstraint("(submitted_at IS NULL) = (state = 'draft')", name="submitted"),
        CheckConstraint("(approved_at IS NOT NULL) = (state IN ('approved','ended'))", name="approved"),
        CheckConstraint(
            "approved_at IS NULL OR (meeting_on IS NOT NULL AND meeting_record <> '' AND discussed_at IS NOT NULL)",
            name="by_meeting",
        ),
        CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> drafted_by_id AND approved_by_id <> submitted_by_id)",
            name="by_another",
        ),
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="ended"),
    )


_RUNNING = text("state IN ('running','reported')")
_LATE = text("late_at IS NOT NULL")


class PlanItem(Recorded, Base):
    """One step of a key task: who does what, by which measure, until when."""

    __epoch__ = "work_plan"
    __tablename__ = "work_plan_item"
    record_name = "work_plan_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plan.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    sort: Mapped[int]
    key_task: Mapped[str] = mapped_column(String(120))
    step: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    #: The end of that day, or of the next working day (T-3).
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ItemState] = mapped_column(Words(ItemState), default=ItemState.PLANNED)
    percent: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    #: The date that passed without a report, as it was recorded; taken back when it was found wrong.
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: A date whose lateness was taken back is not recorded a second time.
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    plan: Mapped[WorkPlan] = relationship(back_populates="items")
    progress: Mapped[list[PlanProgress]] = relationship(order_by="PlanProgress.id")
    extensions: Mapped[list[PlanExtension]] = relationship(back_populates="item", order_by="PlanExtension.id")

    __table_args__ = (
        Index("ix_work_plan_item_plan", "plan_id", "sort"),
        Index("ix_work_plan_item_open", "due_at", "department_id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_work_plan_item_person", "person_id", "due_at"),
        Index("ix_work_plan_item_department", "department_id", "due_at"),
        Index("ix_work_plan_item_late", "late_at", sqlite_where=_LATE, postgresql_where=_LATE),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(closed_at IS NOT NULL) = (state IN ('done','cancelled'))", name="closed"),
        CheckConstraint("(reported_at IS NOT NULL) = (state IN ('reported','done'))", name="reported"),
        CheckConstraint(
            "state <> 'done' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> reported_by_id"
            " AND confirmed_by_id <> person_id)",
            name="confirmed_by_another",
        ),
    )

    def record_key(self) -> tuple[str, int | None]:
        """What is not in force yet is recorded on its plan."""
        return ("work_plan", self.plan_id) if self.state is ItemState.PLANNED else ("work_plan_item", self.id)


class PlanProgress(Recorded, Base):
    """How far an item was at an instant; never changed."""

    __tablename__ = "work_plan_progress"
    record_name = "work_plan_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_plan_item.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    percent: Mapped[int]
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_work_plan_progress_item", "item_id"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A report is recorded on its item."""
        return "work_plan_item", self.item_id


_WAITING = text("decided_at IS NULL")


class PlanExtension(Recorded, Base):
    """More time asked for before the date, granted or refused by somebody else (T-5)."""

    __epoch__ = "work_plan"
    __tablename__ = "work_plan_extension"
    record_name = "work_plan_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_plan_item.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    old_due_on: Mapped[date]
    wanted_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    granted: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[PlanItem] = relationship(back_populates="extensions")

    __table_args__ = (
        Index(
            "uq_work_plan_extension_waiting", "item_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        Index("ix_work_plan_extension_item", "item_id"),
        CheckConstraint("wanted_on > old_due_on", name="later"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="by_another"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An extension is recorded on its item."""
        return "work_plan_item", self.item_id


class PlanAmendment(Recorded, Base):
    """A change of an approved plan: asked for with its reason, decided by the leaders' meeting; both texts are kept."""

    __epoch__ = "work_plan"
    __tablename__ = "work_plan_amendment"
    record_name = "work_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plan.id"))
    #: None for an item to be added, until it is approved.
    item_id: Mapped[int | None] = mapped_column(ForeignKey("work_plan_item.id"))
    change: Mapped[Change] = mapped_column(Words(Change))
    #: JSON of the item as it stood, and as it is to stand.
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    meeting_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    approved: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan: Mapped[WorkPlan] = relationship()
    item: Mapped[PlanItem | None] = relationship()

    __table_args__ = (
        Index(
            "uq_work_plan_amendment_waiting", "item_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        Index("ix_work_plan_amendment_open", "plan_id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_work_plan_amendment_plan", "plan_id"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("change = 'add' OR item_id IS NOT NULL", name="of_what"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("NOT approved OR (meeting_on IS NOT NULL AND answer <> '')", name="by_meeting"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="by_another"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An amendment is recorded on its plan."""
        return "work_plan", self.plan_id


class PlanReview(Recorded, Base):
    """The mid-year or year-end review of a plan: summary, opinion, and a conclusion with the figures of its day."""

    __epoch__ = "work_plan"
    __tablename__ = "work_plan_review"
    record_name = "work_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("work_plan.id"))
    term: Mapped[Term] = mapped_column(Words(Term))
    summary: Mapped[str] = mapped_column(Text)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    opinion_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opinion_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    concluded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: JSON of the figures and of every item as it stood; empty until it is concluded.
    figures: Mapped[str] = mapped_column(Text, default="")

    plan: Mapped[WorkPlan] = relationship(back_populates="reviews")

    __table_args__ = (
        UniqueConstraint("plan_id", "term"),
        CheckConstraint("(opinion_at IS NULL) = (opinion_by_id IS NULL)", name="opinion_by"),
        CheckConstraint("(concluded_at IS NULL) = (concluded_by_id IS NULL)", name="concluded_by"),
        CheckConstraint("(concluded_at IS NULL) = (figures = '')", name="frozen"),
        CheckConstraint("concluded_at IS NULL OR (opinion_at IS NOT NULL AND conclusion <> '')", name="after_opinion"),
        CheckConstraint(
            "(opinion_by_id IS NULL OR opinion_by_id <> filed_by_id)"
            " AND (concluded_by_id IS NULL OR concluded_by_id <> filed_by_id)",
            name="by_another",
        ),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A review is recorded on its plan."""
        return "work_plan", self.plan_id
