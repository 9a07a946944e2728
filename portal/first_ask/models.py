"""First-ask entries, their passing on, and urgent reports (F-1 … F-5)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.service_commitment.models import ServiceItem


class Disposition(StrEnum):
    """F-3: exactly one at first."""

    ANSWERED = "answered"
    CASE = "case"
    NOTICE = "notice"
    PASSED = "passed"
    OUTSIDE = "outside"
    REFUSAL = "refusal"


class Channel(StrEnum):
    """F-1: how the client came."""

    VISIT = "visit"
    PHONE = "phone"
    LETTER = "letter"
    ONLINE = "online"


class FirstAsk(Recorded, Base):
    """One entry of the first-ask log (F-2)."""

    __tablename__ = "first_ask"
    record_name = "first_ask"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the first-asker signed (F-2: by the login).
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    channel: Mapped[Channel] = mapped_column(Words(Channel))
    matter: Mapped[str] = mapped_column(String(200))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    client_unit: Mapped[str] = mapped_column(String(120), default="")
    client_name: Mapped[str] = mapped_column(String(60), default="")
    client_phone: Mapped[str] = mapped_column(String(40), default="")
    materials_left: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(Text, default="")
    disposition: Mapped[Disposition] = mapped_column(Words(Disposition))
    asker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    outside_authority: Mapped[str] = mapped_column(String(120), default="")
    outside_contact: Mapped[str] = mapped_column(String(120), default="")

    urgent: Mapped[bool] = mapped_column(default=False)
    urgent_reason: Mapped[str] = mapped_column(String(200), default="")
    acknowledge_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When it was recorded that nobody had acknowledged it in time.
    unacknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    acknowledgement: Mapped[str] = mapped_column(String(200), default="")

    #: What the department that took the matter over told the client (F-1: the first-asker is told the result).
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    #: The entry that this one reverses; a mistake is undone by a linked entry, never erased (J-3).
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("first_ask.id"), unique=True)
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[ServiceItem | None] = relationship()
    asker: Mapped[User] = relationship(foreign_keys=[asker_id])
    department: Mapped[Department] = relationship()
    case: Mapped[Case | None] = relationship()
    reverses: Mapped[FirstAsk | None] = relationship(remote_side=[id], foreign_keys=[reverses_id])
    handovers: Mapped[list[HandOver]] = relationship(back_populates="entry", order_by="HandOver.ordinal")

    __table_args__ = (
        Index("ix_first_ask_asked", "asked_at"),
        Index("ix_first_ask_asker", "asker_id", "asked_at"),
        Index("ix_first_ask_department", "department_id", "asked_at"),
        Index("ix_first_ask_case", "case_id", sqlite_where=text("case_id IS NOT NULL")),
        Index(
            "ix_first_ask_unacknowledged",
            "asked_at",
            sqlite_where=text("urgent AND acknowledged_at IS NULL AND reversed_at IS NULL"),
            postgresql_where=text("urgent AND acknowledged_at IS NULL AND reversed_at IS NULL"),
        ),
    )


class HandOver(Recorded, Base):
    """Passing a matter on: accepted, or disputed and ruled by the office (F-4)."""

    __tablename__ = "hand_over"
    record_name = "first_ask"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("first_ask.id"))
    ordinal: Mapped[int]
    from_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    to_department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    passed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    passed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    respond_by: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disputed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    disputed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dispute_reason: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ruled_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    ruling: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[FirstAsk] = relationship(back_populates="handovers")
    to_department: Mapped[Department] = relationship(foreign_keys=[to_department_id])
    from_department: Mapped[Department] = relationship(foreign_keys=[from_department_id])

    __table_args__ = (
        Index("ix_hand_over_entry", "entry_id"),
        Index(
            "ix_hand_over_waiting",
            "to_department_id",
            sqlite_where=text("accepted_at IS NULL AND ruled_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND ruled_at IS NULL"),
        ),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Passing on is recorded on its entry."""
        return "first_ask", self.entry_id
