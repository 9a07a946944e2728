"""Numbered papers that a case brings by itself (T-7, T-9)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded

_UNTOLD = text("kind = 'deemed_agreed' AND told_on IS NULL")


class PaperKind(StrEnum):
    """Numbered papers that a case brings by itself."""

    PROMISE = "promise"
    DEEMED_AGREED = "deemed_agreed"


class CasePaper(Recorded, Base):
    """A numbered paper to the client: 承诺件通知书 (T-9) or the notice of deemed agreement (T-7); once for a case."""

    __tablename__ = "case_paper"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[PaperKind] = mapped_column(Words(PaperKind))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(12))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Both limits and dates as they stood when it was issued; for the second kind the instant of agreement.
    promised_limit: Mapped[str] = mapped_column(String(8), default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    told_on: Mapped[date | None]
    told_how: Mapped[str] = mapped_column(String(20), default="")
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[Case] = relationship()

    __table_args__ = (
        UniqueConstraint("case_id", "kind"),
        Index("ix_case_paper_untold", "case_id", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Papers are recorded on their case."""
        return "case", self.case_id
