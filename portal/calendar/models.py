"""Days that the office entered, from a year's official notice or on its own (T-3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
