"""Supervision cards as issued (O-5)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded
from portal.people.models import Department

_VALID = text("case_id IS NOT NULL AND withdrawn_at IS NULL")


class SupervisionCard(Recorded, Base):
    """One card: what it says was fixed when it was issued. Without a case it was issued for a visit."""

    __tablename__ = "supervision_card"
    record_name = "supervision_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(8))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    matter: Mapped[str] = mapped_column(String(200))
    #: A limit as the catalogue writes it (``5wd``), or the words of a visit.
    time_limit: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    mind: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40), default="")
    complaint: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")

    case: Mapped[Case | None] = relationship()
    department: Mapped[Department] = relationship()

    __table_args__ = (
        Index("ix_supervision_card_issued", "issued_at"),
        Index("ix_supervision_card_department", "department_id", "issued_at"),
        # One valid card for a case.
        Index("uq_supervision_card_case", "case_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        Index("ix_supervision_card_case", "case_id"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
    )
