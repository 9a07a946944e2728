"""Parts of joint cases, and what is forwarded to an upper authority (T-9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime
from portal.kernel.journal import Recorded
from portal.people.models import User

_AWAY = text("returned_at IS NULL")


class CasePart(Recorded, Base):
    """What one department gives to a joint case. The part itself is a case of its own: post, limit, clocks, queue."""

    __tablename__ = "case_part"
    record_name = "case"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    gives: Mapped[str] = mapped_column(String(200))
    #: Gives an opinion only (countersigning): what its silence means is a policy, kept as it was then (POL-1).
    opinion: Mapped[bool] = mapped_column(default=False)
    silence_agrees: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship()

    def record_key(self) -> tuple[str, int | None]:
        """What a part gives is recorded on the part."""
        return "case", self.case_id


class Forwarding(Recorded, Base):
    """A case that lies with an upper authority: to whom, since when, who keeps track, what came back."""

    __tablename__ = "case_forwarding"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    authority: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(String(120), default="")
    tracker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case] = relationship()
    tracker: Mapped[User] = relationship(foreign_keys=[tracker_id])

    __table_args__ = (
        Index("uq_case_forwarding_away", "case_id", unique=True, sqlite_where=_AWAY, postgresql_where=_AWAY),
        Index("ix_case_forwarding_case", "case_id"),
        Index("ix_case_forwarding_tracker", "tracker_id", sqlite_where=_AWAY, postgresql_where=_AWAY),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Forwarding is recorded on its case."""
        return "case", self.case_id
