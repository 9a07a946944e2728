"""Denial filings: the only road to a refusal (D-1 … D-7)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.post_duty.models import Post


class FilingState(StrEnum):
    """Where a filing stands; from AGREED on it is decided and never changes its decision."""

    WAITING_LEADER = "waiting_leader"
    WAITING_PRINCIPAL = "waiting_principal"
    AGREED = "agreed"
    CORRECTED = "corrected"
    SUPPLEMENT = "supplement"
    RECALLED = "recalled"


class Refusal(StrEnum):
    """What the client would be told (D-1, T-11)."""

    NOT_ACCEPTED = "not_accepted"
    DEFERRED = "deferred"
    NOT_APPROVED = "not_approved"
    NOT_OURS = "not_ours"


class Ground(StrEnum):
    """D-2: why."""

    CONDITIONS = "conditions"
    POWERS = "powers"
    DISAGREEMENT = "disagreement"
    LIMIT = "limit"
    OTHER = "other"


_WAITING = text("state IN ('waiting_leader','waiting_principal')")
#: Agreed, the client not told, and that not recorded as late yet.
_OWED = text("state = 'agreed' AND delivered_on IS NULL AND letter_late_at IS NULL")
_UNDELIVERED = text("letter_number IS NOT NULL AND delivered_on IS NULL")


class Filing(Recorded, Base):
    """A request to be allowed to refuse."""

    __tablename__ = "denial_filing"
    record_name = "denial_filing"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    refusal: Mapped[Refusal] = mapped_column(Words(Refusal))
    ground: Mapped[Ground] = mapped_column(Words(Ground))
    grave: Mapped[bool] = mapped_column(default=False)
    situation: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    alternatives: Mapped[str] = mapped_column(Text, default="")
    authority: Mapped[str] = mapped_column(String(200), default="")
    department_opinion: Mapped[str] = mapped_column(Text, default="")
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    filed_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: D-4: grows with every change of content; a decision names the edition it was made on.
    edition: Mapped[int] = mapped_column(default=1)

    state: Mapped[FilingState] = mapped_column(Words(FilingState), default=FilingState.WAITING_LEADER)
    #: The post that decides now: the leader's in charge, or the principal's.
    decider_post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    decide_by: Mapped[datetime] = mapped_column(UtcDateTime)
    leader_opinion: Mapped[str] = mapped_column(Text, default="")
    escalated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    meeting_on: Mapped[date | None]
    meeting_record: Mapped[str] = mapped_column(Text, default="")

    deliver_by: Mapped[date]
    letter_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    letter_issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    objection: Mapped[str] = mapped_column(String(400), default="")
    delivered_on: Mapped[date | None]
    delivered_how: Mapped[str] = mapped_column(String(120), default="")
    delivered_to: Mapped[str] = mapped_column(String(60), default="")
    materials_returned: Mapped[str] = mapped_column(String(200), default="")
    #: When it was recorded that the decision, or the letter to the client, had not come in time (D-5).
    decision_late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    case: Mapped[Case] = relationship()
    department: Mapped[Department] = relationship()
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    escalated_by: Mapped[User | None] = relationship(foreign_keys=[escalated_by_id])
    decider_post: Mapped[Post] = relationship(foreign_keys=[decider_post_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_denial_filing_case", "case_id"),
        Index(
            "ix_denial_filing_waiting", "decider_post_id", "decide_by", sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
        Index("ix_denial_filing_undelivered", "case_id", sqlite_where=_UNDELIVERED, postgresql_where=_UNDELIVERED),
        Index("ix_denial_filing_owed", "deliver_by", sqlite_where=_OWED, postgresql_where=_OWED),
        Index("ix_denial_filing_department", "department_id", "filed_at"),
        Index("ix_denial_filing_decided", "decider_post_id", "decided_at"),
        Index("ix_denial_filing_filed", "filed_at"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> filed_by_id", name="not_own"),
        CheckConstraint(
            "(state IN ('agreed','corrected','supplement')) = (decided_at IS NOT NULL)", name="decided_has_decider"
        ),
    )
