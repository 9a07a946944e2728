"""Slots that departments offer, what was asked for and became of it, and counted submissions (C-6)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.appointment.rules import State
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department
from portal.post_duty.models import Post
from portal.service_commitment.models import ServiceItem


class Reason(StrEnum):
    """Why somebody needs an appointment."""

    HOURS = "hours"
    DISABLED = "disabled"
    ELDERLY = "elderly"
    URGENT = "urgent"
    FAR = "far"
    OTHER = "other"


class Channel(StrEnum):
    """How it was asked for."""

    PUBLIC = "public"
    PHONE = "phone"
    COUNTER = "counter"


_OPEN = text("closed_at IS NULL")
_UNANSWERED = text("state = 'asked'")


class Hours(Recorded, Base):
    """When a department takes appointments: every week on a day, or on one day; cut into slots of equal length."""

    __epoch__ = "appointment_hours"
    __tablename__ = "appointment_hours"
    record_name = "appointment_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: 0 Monday to 6 Sunday; None: only on the one day.
    weekday: Mapped[int | None]
    only_on: Mapped[date | None]
    #: Minutes after midnight.
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    minutes: Mapped[int]
    capacity: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_appointment_hours_department", "department_id"),
        CheckConstraint("(weekday IS NULL) = (only_on IS NOT NULL)", name="day"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440", name="order"),
        CheckConstraint("minutes > 0 AND capacity > 0", name="amounts"),
    )


class Slot(Base):
    """How many have taken a slot: counted here under the row's lock, and never beyond what it takes."""

    __tablename__ = "appointment_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("department_id", "from_at"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="capacity"),
        CheckConstraint("to_at > from_at", name="order"),
    )


class Appointment(Recorded, Base):
    """What somebody asked for. Personal data stand here alone: neither the journal nor a public page holds them."""

    __epoch__ = "appointment"
    __tablename__ = "appointment"
    record_name = "appointment"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    matter: Mapped[str] = mapped_column(Text)
    reason: Mapped[Reason] = mapped_column(Words(Reason))
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(40))
    #: In the client's words, when no offered slot fits.
    wish: Mapped[str] = mapped_column(String(120), default="")
    channel: Mapped[Channel] = mapped_column(Words(Channel))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: A digest of the form's key: the same submission, sent twice, is one appointment.
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[State] = mapped_column(Words(State), default=State.ASKED)
    #: The time wished, proposed or agreed; None while there is none.
    from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("appointment_slot.id"))
    #: Which post will be there.
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    #: Since when an answer is waited for, and until when.
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The first answer.
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: What is said to the client beside the time; shown by number and code.
    answer: Mapped[str] = mapped_column(String(300), default="")
    moved: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The number of the first-ask entry or case that came of it.
    became: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(String(300), default="")

    department: Mapped[Department] = relationship()
    item: Mapped[ServiceItem | None] = relationship()
    post: Mapped[Post | None] = relationship()

    __table_args__ = (
        Index("ix_appointment_asked", "asked_at"),
        Index("ix_appointment_department", "department_id", "asked_at"),
        Index("ix_appointment_from", "from_at", "department_id"),
        Index("ix_appointment_open", "department_id", "from_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_appointment_due", "due_at", sqlite_where=_UNANSWERED, postgresql_where=_UNANSWERED),
        CheckConstraint("(from_at IS NULL) = (to_at IS NULL) AND (from_at IS NULL OR to_at > from_at)", name="time"),
        CheckConstraint("from_at IS NOT NULL OR wish <> ''", name="wished"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('declined','cancelled','came','missed'))", name="closed"
        ),
        CheckConstraint("state NOT IN ('confirmed','came','missed') OR (from_at IS NOT NULL AND post_id IS NOT NULL)",
                        name="confirmed"),
        CheckConstraint("state <> 'declined' OR answer <> ''", name="declined_with_reason"),
    )  # fmt: skip


class AppointmentSubmission(Base):
    """A request, or a wrong guess of number and code, counted for every server alike; a keyed digest of the day."""

    __tablename__ = "appointment_submission"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(64))
    guess: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_appointment_submission_address", "address", "guess", "at"),)
