"""Departments that are out, what visitors left, and counted submissions (AB-6)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department

_OPEN = text("answered_at IS NULL")


class How(StrEnum):
    """How a message was answered."""

    PHONE = "phone"
    MEETING = "meeting"
    WRITING = "writing"
    UNREACHED = "unreached"
    TAKEN = "taken"


class Outing(Recorded, Base):
    """A whole department marked out, from an instant until it is back; ``ended_at``: back earlier, or cancelled."""

    __epoch__ = "message_card"
    __tablename__ = "department_outing"
    record_name = "department_outing"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()

    __table_args__ = (
        Index("ix_department_outing_department", "department_id", "back_at"),
        Index("ix_department_outing_back", "back_at"),
        CheckConstraint("back_at > from_at", name="order"),
    )


class Message(Recorded, Base):
    """What a visitor left. Personal data stand here alone: neither the journal nor the search index holds them."""

    __tablename__ = "card_message"
    record_name = "card_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    outing_id: Mapped[int | None] = mapped_column(ForeignKey("department_outing.id"))
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)
    matter: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40))
    preferred: Mapped[str] = mapped_column(String(120), default="")
    #: A digest of the form's key: the same submission, sent twice, is one message.
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    how: Mapped[How | None] = mapped_column(Words(How))
    answer: Mapped[str] = mapped_column(Text, default="")
    #: Number of the first-ask entry that took the message over.
    taken_as: Mapped[str] = mapped_column(String(20), default="")

    department: Mapped[Department] = relationship()
    outing: Mapped[Outing | None] = relationship()

    __table_args__ = (
        Index("ix_card_message_left", "left_at"),
        Index("ix_card_message_department", "department_id", "left_at"),
        Index("ix_card_message_open", "due_at", "department_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (how IS NULL)", name="how"),
    )


class CardSubmission(Base):
    """A message counted against floods, for every server alike; the address is a keyed digest of the day."""

    __tablename__ = "card_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_card_submission_address", "address", "at"),
        Index("ix_card_submission_department", "department_id", "at"),
    )
