"""One-time notices and their lines (N-1 … N-4)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import User


class Form(StrEnum):
    """N-3."""

    ORAL = "oral"
    WRITTEN = "written"


class Problem(StrEnum):
    """What is wrong with a material (N-1)."""

    MISSING = "missing"
    WRONG = "wrong"


class Notice(Recorded, Base):
    """One notice: everything that is missing or wrong, told at once."""

    __tablename__ = "notice"
    record_name = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    ordinal: Mapped[int]
    form: Mapped[Form] = mapped_column(Words(Form))
    basis: Mapped[str] = mapped_column(Text)
    limit_text: Mapped[str] = mapped_column(String(120))
    procedure: Mapped[str] = mapped_column(Text)
    next_visit: Mapped[str] = mapped_column(String(200))
    supplement_due_on: Mapped[date]
    #: Number of the denial filing whose decision ordered this notice (D-3), if any.
    ordered_by: Mapped[str] = mapped_column(String(20), default="")
    #: N-4: asks for what stood in the bound checklist and was not in the first notice.
    repeats: Mapped[bool] = mapped_column(default=False)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship()
    issued_by: Mapped[User] = relationship()
    lines: Mapped[list[NoticeLine]] = relationship(back_populates="notice", order_by="NoticeLine.position")

    __table_args__ = (UniqueConstraint("case_id", "ordinal"), Index("ix_notice_issued", "issued_at"))


class NoticeLine(Recorded, Base):
    """One material that is missing or wrong, and why."""

    __tablename__ = "notice_line"
    record_name = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    position: Mapped[int]
    material_id: Mapped[int] = mapped_column(ForeignKey("case_material.id"))
    name: Mapped[str] = mapped_column(String(200))
    problem: Mapped[Problem] = mapped_column(Words(Problem))
    reason: Mapped[str] = mapped_column(String(400))

    notice: Mapped[Notice] = relationship(back_populates="lines")

    __table_args__ = (UniqueConstraint("notice_id", "position"),)

    def record_key(self) -> tuple[str, int | None]:
        """Lines are recorded on their notice."""
        return "notice", self.notice_id
