"""Days that the office entered, from a year's official notice or on its own (T-3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded

#: Both tables are recorded under the year that they belong to.
RECORD_NAME = "calendar"


class CalendarDay(Recorded, Base):
    """One day that differs from the weekday rule or, when ``own``, from the official arrangement.

    A day of the office's own lies over the notice's, so that clearing it brings the official arrangement back.
    """

    __epoch__ = "calendar"
    __tablename__ = "calendar_day"
    record_name = RECORD_NAME

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    workday: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(60), default="")
    own: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("day", "own"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded under its year."""
        return RECORD_NAME, self.day.year


class CalendarYear(Recorded, Base):
    """A year whose official notice the office has entered completely; no longer provisional."""

    __epoch__ = "calendar"
    __tablename__ = "calendar_year"
    record_name = RECORD_NAME

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    notice: Mapped[str] = mapped_column(String(120), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded under its year."""
        return RECORD_NAME, self.year


class CalendarDraft(Base):
    """A change of the calendar between its form and its confirmation: its author's own, a day at most.

    Nothing holds by it. ``content`` is the JSON of `drafts.Draft`.
    """

    __tablename__ = "calendar_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_calendar_draft_made", "made_at"),)


class ServiceDay(Recorded, Base):
    """A department's window open, or closed, otherwise than the office: on a day of the week or on one date.

    Holds from ``from_on`` to ``until_on``; what has been is never changed, so that a receipt can be judged again at
    any time: it may end from a coming day on, and be cancelled before it has begun. ``hours`` is empty for the
    office's own hours.
    """

    __epoch__ = "calendar"
    __tablename__ = "service_day"
    record_name = "service_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    weekday: Mapped[int | None]
    open: Mapped[bool]
    hours: Mapped[str] = mapped_column(String(80), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(60), default="")
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_service_day_department", "department_id", "from_on"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order"),
        CheckConstraint("weekday IS NOT NULL OR until_on = from_on", name="one_date"),
        CheckConstraint("open OR hours = ''", name="closed_all_day"),
    )
