"""A year's round, the reports, their circles of assessors, and the grades given (P-5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User
from portal.post_duty.models import Post


class RoundState(StrEnum):
    """Where a round stands."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """Why somebody belongs to a circle."""

    COLLEAGUE = "colleague"
    HEAD = "head"
    LEADER = "leader"
    ADDED = "added"


class Grade(StrEnum):
    """The four grades."""

    EXCELLENT = "excellent"
    COMPETENT = "competent"
    BASIC = "basic"
    INCOMPETENT = "incompetent"


class DutyRound(Recorded, Base):
    """The reports of one year."""

    __epoch__ = "duty_report"
    __tablename__ = "duty_round"
    record_name = "duty_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    report_by: Mapped[date]
    assess_by: Mapped[date]
    state: Mapped[RoundState] = mapped_column(Words(RoundState), default=RoundState.PREPARED)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_duty_round_open",
            "state",
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        CheckConstraint("assess_by >= report_by", name="order"),
    )


class DutyReport(Recorded, Base):
    """One person's report on the posts held; ``figures`` are kept as they stood when it was submitted."""

    __tablename__ = "duty_report"
    record_name = "duty_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("duty_round.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    duties: Mapped[str] = mapped_column(Text, default="")
    limits: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[str] = mapped_column(Text, default="[]")
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[DutyRound] = relationship()
    user: Mapped[User] = relationship()
    post: Mapped[Post] = relationship()
    circle: Mapped[list[Assessor]] = relationship(back_populates="report", cascade="all, delete-orphan")

    __table_args__ = (UniqueConstraint("round_id", "user_id"), Index("ix_duty_report_user", "user_id"))


class Assessor(Recorded, Base):
    """Somebody who is to assess a report; ``assessed_at`` says that they have, not how."""

    __tablename__ = "duty_assessor"
    record_name = "duty_report"

    report_id: Mapped[int] = mapped_column(ForeignKey("duty_report.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    standing: Mapped[Standing] = mapped_column(Words(Standing))
    assessed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    report: Mapped[DutyReport] = relationship(back_populates="circle")
    user: Mapped[User] = relationship()

    __table_args__ = (Index("ix_duty_assessor_user", "user_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """A change of the circle is recorded on the report."""
        return "duty_report", self.report_id


class Assessment(Base):
    """A grade with its remark. Not tied to who gave it: the circle alone remembers that somebody has assessed.

    The key is random, so that the order of the rows does not tell the order in which they were given.
    """

    __tablename__ = "duty_assessment"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("duty_report.id"))
    grade: Mapped[Grade] = mapped_column(Words(Grade))
    remark: Mapped[str] = mapped_column(String(400), default="")

    __table_args__ = (Index("ix_duty_assessment_report", "report_id", "grade"),)
