"""Orders to rectify a weak published result, what the department answers, and the re-check (E-8)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Exact, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class OrderState(StrEnum):
    """Where an order stands; the last three are final."""

    ORDERED = "ordered"
    ANSWERED = "answered"
    IMPROVED = "improved"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


_OPEN = text("ended_at IS NULL")


class WeakOrder(Recorded, Base):
    """One order: the result as it was published, what is demanded, until when, and what came of it."""

    __epoch__ = "weak_result"
    __tablename__ = "weak_result"
    record_name = "weak_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: The first day of the month, and the result that was published for it.
    month: Mapped[date]
    result_id: Mapped[int] = mapped_column(ForeignKey("monthly_result.id"))
    edition: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Exact)
    place: Mapped[int | None]
    of_places: Mapped[int]
    demand: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    #: The end of that day, or of the next working day (T-3).
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[OrderState] = mapped_column(Words(OrderState), default=OrderState.ORDERED)
    #: When the date passed without an answer.
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The clue that follows where nothing improved.
    clue_number: Mapped[str] = mapped_column(String(20), default="")

    department: Mapped[Department] = relationship()

    __table_args__ = (
        UniqueConstraint("department_id", "month"),
        Index("ix_weak_result_issued", "issued_at", "id"),
        Index("ix_weak_result_open", "due_at", "department_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by"),
        CheckConstraint("(ended_at IS NOT NULL) = (state IN ('improved','failed','withdrawn'))", name="ended"),
        CheckConstraint("state NOT IN ('answered','improved') OR answered_at IS NOT NULL", name="answered"),
        CheckConstraint("ended_at IS NULL OR opinion <> ''", name="with_reason"),
        CheckConstraint("(state = 'failed') = (clue_number <> '')", name="followed"),
        CheckConstraint("state <> 'improved' OR ended_by_id <> answered_by_id", name="checked_by_another"),
    )
