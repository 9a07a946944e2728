"""Slips by count, urns, what was counted, signed ballots, and the tablets of the counters (S-1, S-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class Grade(StrEnum):
    """The five grades, the best first; the last two are bad reviews."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


class Slips(Base):
    """How many slips of a month a department has handed out for cases, and printed in advance. Nothing else is kept."""

    __tablename__ = "evaluation_slips"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    handed_out: Mapped[int] = mapped_column(default=0)
    printed: Mapped[int] = mapped_column(default=0)


class Urn(Base):
    """The ballots of a department and month that were not counted yet, sealed and shuffled, and the codes used up.

    Written anew as a whole with every ballot; gone once the month's slips are no longer good.
    """

    __tablename__ = "evaluation_urn"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    #: The day on which it was looked into last; at most once a day.
    opened_on: Mapped[date]
    #: Keyed digests of the used codes, sorted, without anything between them.
    used: Mapped[str] = mapped_column(Text, default="")
    waiting: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    __table_args__ = (
        Index("ix_evaluation_urn_opened", "opened_on"),
        CheckConstraint("waiting >= 0", name="waiting"),
    )


class Tally(Base):
    """The anonymous ballots of a department and month that were counted, by grade; reasons as JSON by grade."""

    __tablename__ = "evaluation_tally"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True, autoincrement=False)
    month: Mapped[date] = mapped_column(primary_key=True)
    very_satisfied: Mapped[int] = mapped_column(default=0)
    satisfied: Mapped[int] = mapped_column(default=0)
    basically_satisfied: Mapped[int] = mapped_column(default=0)
    dissatisfied: Mapped[int] = mapped_column(default=0)
    very_dissatisfied: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[str] = mapped_column(Text, default="{}")


class Comment(Base):
    """What an anonymous ballot said, apart from its reasons; joined to the others with its batch."""

    __tablename__ = "evaluation_comment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    month: Mapped[date]
    grade: Mapped[Grade] = mapped_column(Words(Grade))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        Index("ix_evaluation_comment_month", "month", "department_id"),
        {"sqlite_with_rowid": False},
    )


_OF_CASE = text("case_id IS NOT NULL")


class SignedBallot(Recorded, Base):
    """A ballot whose client chose to sign. Name and phone stand with the opinion that it opened, else here."""

    __tablename__ = "evaluation_signed"
    record_name = "evaluation_signed"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    month: Mapped[date]
    grade: Mapped[Grade] = mapped_column(Words(Grade))
    #: One a line.
    reasons: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    #: The number as the client typed it, and the case where there is one.
    case_number: Mapped[str] = mapped_column(String(40), default="")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    #: The opinion that it opened (S-4).
    opinion_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When its bad review was found untrue: it no longer counts.
    untrue_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()
    case: Mapped[Case | None] = relationship()

    __table_args__ = (
        Index("ix_evaluation_signed_month", "month", "department_id"),
        Index("ix_evaluation_signed_case", "case_id", sqlite_where=_OF_CASE, postgresql_where=_OF_CASE),
        CheckConstraint("untrue_at IS NULL OR opinion_number IS NOT NULL", name="untrue_after_opinion"),
    )

    def record_case(self) -> int | None:
        """What a client says of a case does not stand on the case's timeline."""
        return None


class Kiosk(Recorded, Base):
    """A tablet at a counter that may show the ballot and do nothing else; its token's hash only is kept."""

    __tablename__ = "evaluation_kiosk"
    record_name = "evaluation_kiosk"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
