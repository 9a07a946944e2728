"""Day tallies of receipts and closings, result errors, filed monthly statistics (W-0, O-8)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class ErrorKind(StrEnum):
    """What was wrong with a result."""

    DECISION = "decision"
    DOCUMENT = "document"
    LAW = "law"
    CLIENT = "client"
    PROCEDURE = "procedure"
    OTHER = "other"


class FoundBy(StrEnum):
    """How an error came to light."""

    CLIENT = "client"
    INSPECTION = "inspection"
    CALLBACK = "callback"
    REVIEW = "review"
    UPPER = "upper"


class TallyMark(Base):
    """A day on which a case was received, changed or closed since the day was last tallied.

    The database writes the marks itself, whoever changes a case; the days that have one are read from the cases.
    """

    __tablename__ = "tally_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]

    __table_args__ = (Index("ix_tally_mark_day", "day"),)


class ReceiptTally(Base):
    """How many cases of a day of receipt stand with a department, item and post. ``item_id`` 0: outside the catalogue.

    Derived from the cases and made anew whenever the day is marked; never a second truth.
    """

    __tablename__ = "receipt_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[bool] = mapped_column(primary_key=True)
    month: Mapped[int]
    received: Mapped[int]


class ClosingTally(Base):
    """The same of a day of closing: by person too (0: not recorded), with the share of the limit used as a histogram.

    ``b0`` … ``b23`` count cases by share: steps of 5 % up to 100, then up to 110, 125, 150 and beyond.
    """

    __tablename__ = "closing_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[bool] = mapped_column(primary_key=True)
    month: Mapped[int]
    done: Mapped[int]
    early: Mapped[int]
    late: Mapped[int]
    shared: Mapped[int]
    share_sum: Mapped[int]
    b0: Mapped[int]
    b1: Mapped[int]
    b2: Mapped[int]
    b3: Mapped[int]
    b4: Mapped[int]
    b5: Mapped[int]
    b6: Mapped[int]
    b7: Mapped[int]
    b8: Mapped[int]
    b9: Mapped[int]
    b10: Mapped[int]
    b11: Mapped[int]
    b12: Mapped[int]
    b13: Mapped[int]
    b14: Mapped[int]
    b15: Mapped[int]
    b16: Mapped[int]
    b17: Mapped[int]
    b18: Mapped[int]
    b19: Mapped[int]
    b20: Mapped[int]
    b21: Mapped[int]
    b22: Mapped[int]
    b23: Mapped[int]


class ResultError(Recorded, Base):
    """That the result of a closed case was wrong (W-0). Never deleted; withdrawn with a reason when it was not so."""

    __tablename__ = "result_error"
    record_name = "result_error"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    #: Of the case, so that a period's errors are found without its cases.
    closed_on: Mapped[date]
    kind: Mapped[ErrorKind] = mapped_column(Words(ErrorKind))
    found_by: Mapped[FoundBy] = mapped_column(Words(FoundBy))
    found_on: Mapped[date]
    facts: Mapped[str] = mapped_column(Text)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal: Mapped[str] = mapped_column(String(400), default="")

    case: Mapped[Case] = relationship()

    __table_args__ = (
        Index(
            "uq_result_error_standing",
            "case_id",
            "kind",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_result_error_case", "case_id"),
        Index("ix_result_error_closed", "closed_on"),
        Index("ix_result_error_recorded", "recorded_at"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdrawal = '')",
            name="withdrawn_with_reason",
        ),
    )


class MonthlyStatistics(Recorded, Base):
    """What a department files about a month (O-8): the portal's figures as they stood, and what is entered by hand."""

    __epoch__ = "monthly_statistics"
    __tablename__ = "monthly_statistics"
    record_name = "monthly_statistics"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: The first day of the month.
    month: Mapped[date]
    due_on: Mapped[date]
    #: JSON of the portal's figures; empty until they are filed.
    figures: Mapped[str] = mapped_column(Text, default="")
    phone_enquiries: Mapped[int | None]
    unlogged_visits: Mapped[int | None]
    outside_services: Mapped[int | None]
    remarks: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it was recorded that the day for filing had passed.
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    department: Mapped[Department] = relationship()

    __table_args__ = (
        UniqueConstraint("department_id", "month"),
        Index("ix_monthly_statistics_month", "month"),
        Index(
            "ix_monthly_statistics_unfiled",
            "due_on",
            "department_id",
            sqlite_where=text("filed_at IS NULL"),
            postgresql_where=text("filed_at IS NULL"),
        ),
        CheckConstraint("(filed_at IS NULL) = (filed_by_id IS NULL)", name="filed_by"),
        CheckConstraint("(filed_at IS NULL) = (figures = '')", name="figures_when_filed"),
    )
