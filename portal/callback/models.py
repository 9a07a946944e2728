"""Weekly draws and the calls that they make (S-5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class CallState(StrEnum):
    """Where a call stands; the last two are final."""

    WAITING = "waiting"
    REACHED = "reached"
    UNREACHED = "unreached"


class CallbackDraw(Recorded, Base):
    """One week's draw with everything that is needed to make it again."""

    __tablename__ = "callback_draw"
    record_name = "callback_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The Monday of the week whose closed cases were drawn from.
    week_on: Mapped[date] = mapped_column(unique=True)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The journal's last entry of that week: its number and hash give the seed.
    head_seq: Mapped[int]
    head_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    wanted: Mapped[int]
    #: The case numbers that were drawn from, in order, one a line; their count and digest.
    frame: Mapped[str] = mapped_column(Text)
    frame_size: Mapped[int]
    frame_digest: Mapped[str] = mapped_column(String(64))
    #: Closed cases that were left out: without a phone, and further ones of a client who is in the frame already.
    without_phone: Mapped[int]
    same_client: Mapped[int]

    calls: Mapped[list[CallbackCall]] = relationship(back_populates="draw", order_by="CallbackCall.place")


_WAITING = text("state = 'waiting'")


class CallbackCall(Recorded, Base):
    """One client to call, and what they said."""

    __tablename__ = "callback_call"
    record_name = "callback_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("callback_draw.id"))
    place: Mapped[int]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[CallState] = mapped_column(Words(CallState), default=CallState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The day of the office's calendar on which the call ended: the month of the summary.
    called_on: Mapped[date | None]
    called_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    attitude: Mapped[int | None]
    efficiency: Mapped[int | None]
    rules_kept: Mapped[int | None]
    suggestion: Mapped[str] = mapped_column(Text, default="")
    #: D-6: the client was refused something without a filing.
    unfiled_denial: Mapped[bool] = mapped_column(default=False)
    denial_facts: Mapped[str] = mapped_column(Text, default="")
    #: The number of the opinion that a problem became.
    opinion_number: Mapped[str] = mapped_column(String(20), default="")

    draw: Mapped[CallbackDraw] = relationship(back_populates="calls")
    case: Mapped[Case] = relationship()
    department: Mapped[Department] = relationship()

    __table_args__ = (
        UniqueConstraint("draw_id", "place"),
        Index("ix_callback_call_waiting", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_callback_call_month", "called_on", "department_id"),
        CheckConstraint("(called_at IS NULL) = (state = 'waiting')", name="called"),
        CheckConstraint("(called_by_id IS NULL) = (called_at IS NULL)", name="called_by"),
        CheckConstraint(
            "(state = 'reached') = (attitude IS NOT NULL)"
            " AND (attitude IS NULL) = (efficiency IS NULL) AND (attitude IS NULL) = (rules_kept IS NULL)",
            name="graded",
        ),
        CheckConstraint(
            "attitude IS NULL OR (attitude BETWEEN 1 AND 5 AND efficiency BETWEEN 1 AND 5"
            " AND rules_kept BETWEEN 1 AND 5)",
            name="scales",
        ),
    )

    def record_case(self) -> int | None:
        """A callback stands on its own timeline: the handlers of the case need not know who was called."""
        return None
