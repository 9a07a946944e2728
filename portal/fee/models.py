"""Fees charged on cases, and consequences of broken promises granted on them (C-8, C-9)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.service_commitment.models import BreachKind


class CaseFee(Recorded, Base):
    """One payment of a client, beside what is published; never changed, corrected by a further one."""

    __tablename__ = "case_fee"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    #: The version whose fee was compared; none where the case has no item.
    version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    #: The department of the case on that day.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: Amounts in fen. ``published_fen`` is for one ``unit``; 0: nothing is published.
    published_fen: Mapped[int]
    unit: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[int] = mapped_column(default=1)
    expected_fen: Mapped[int]
    charged_fen: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300), default="")
    receipt: Mapped[str] = mapped_column(String(60), default="")
    charged_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The earlier record that this one takes the place of.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("case_fee.id"))

    case: Mapped[Case] = relationship()

    __table_args__ = (
        CheckConstraint("charged_fen >= 0 AND published_fen >= 0 AND quantity > 0", name="amounts"),
        CheckConstraint("expected_fen = published_fen * quantity", name="expected"),
        CheckConstraint("charged_fen = expected_fen OR reason <> ''", name="reason"),
        UniqueConstraint("corrects_id"),
        Index("ix_case_fee_case", "case_id"),
        Index("ix_case_fee_charged", "charged_on", "id"),
        Index("ix_case_fee_department", "department_id", "charged_on"),
    )

    @property
    def difference_fen(self) -> int:
        """How much more (or, negative, less) was charged than is published, in fen."""
        return self.charged_fen - self.expected_fen

    def record_key(self) -> tuple[str, int | None]:
        """A fee is recorded on its case."""
        return "case", self.case_id


class ConsequenceState(StrEnum):
    """The way of a consequence: proposed, approved, given; or refused, or withdrawn."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_OPEN = text("state IN ('proposed', 'approved')")


class Consequence(Recorded, Base):
    """What a client gets for a broken promise, as its version publishes it (C-8)."""

    __tablename__ = "case_consequence"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[BreachKind] = mapped_column(Words(BreachKind))
    #: In what the promise was broken.
    breach: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int | None]
    state: Mapped[ConsequenceState] = mapped_column(Words(ConsequenceState), default=ConsequenceState.PROPOSED)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")
    given_on: Mapped[date | None]
    given_how: Mapped[str] = mapped_column(String(300), default="")
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[Case] = relationship()

    __table_args__ = (
        CheckConstraint("(kind = 'compensation') = (amount_fen IS NOT NULL)", name="amount"),
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint("state <> 'given' OR given_on IS NOT NULL", name="given"),
        Index("ix_case_consequence_case", "case_id"),
        Index("ix_case_consequence_proposed", "proposed_at", "id"),
        Index("ix_case_consequence_open", "department_id", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A consequence is recorded on its case."""
        return "case", self.case_id
