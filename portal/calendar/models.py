"""Days that the office entered itself, over the official calendar (T-3)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded


class CalendarDay(Recorded, Base):
    """One day that differs from the official calendar."""

    __epoch__ = "calendar"
    __tablename__ = "calendar_day"
    record_name = "calendar_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    workday: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(60), default="")


class CalendarYear(Recorded, Base):
    """A year whose official notice the office has entered completely; no longer provisional."""

    __epoch__ = "calendar"
    __tablename__ = "calendar_year"
    record_name = "calendar_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    notice: Mapped[str] = mapped_column(String(120), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
