"""Rounds of awards, nominations, the circle that votes, its ballots, objections (O-7)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User


class Span(StrEnum):
    """The period for which a round chooses."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Nominee(StrEnum):
    """Whom a round chooses."""

    PERSON = "person"
    COLLECTIVE = "collective"


class RoundState(StrEnum):
    """Where a round stands; the last two are final."""

    NOMINATING = "nominating"
    VOTING = "voting"
    COUNTED = "counted"
    REVIEWED = "reviewed"
    PUBLICISED = "publicised"
    AWARDED = "awarded"
    CANCELLED = "cancelled"


class NominationState(StrEnum):
    """Where a nomination stands."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    STRUCK = "struck"
    AWARDED = "awarded"
    REVOKED = "revoked"


_RUNNING = "state NOT IN ('awarded','cancelled')"
_STANDING = "state <> 'withdrawn'"


class AwardRound(Recorded, Base):
    """One round: for a period, persons or collectives, so many places."""

    __epoch__ = "award"
    __tablename__ = "award_round"
    record_name = "award_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    span: Mapped[Span] = mapped_column(Words(Span))
    nominee: Mapped[Nominee] = mapped_column(Words(Nominee))
    #: First and last day of the period.
    first_on: Mapped[date]
    last_on: Mapped[date]
    #: As the policy stood when the round was opened.
    places: Mapped[int]
    nominate_by: Mapped[date]
    vote_by: Mapped[date]
    state: Mapped[RoundState] = mapped_column(Words(RoundState), default=RoundState.NOMINATING)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    voting_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review: Mapped[str] = mapped_column(Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    object_by: Mapped[date | None]
    awarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled: Mapped[str] = mapped_column(String(400), default="")

    nominations: Mapped[list[Nomination]] = relationship(back_populates="round", order_by="Nomination.id")
    circle: Mapped[list[Voter]] = relationship(back_populates="round", order_by="Voter.user_id")
    objections: Mapped[list[AwardObjection]] = relationship(back_populates="round", order_by="AwardObjection.id")

    __table_args__ = (
        Index(
            "uq_award_round_period",
            "span",
            "nominee",
            "first_on",
            unique=True,
            sqlite_where=text("state <> 'cancelled'"),
            postgresql_where=text("state <> 'cancelled'"),
        ),
        Index("ix_award_round_running", "state", sqlite_where=text(_RUNNING), postgresql_where=text(_RUNNING)),
        Index("ix_award_round_opened", "opened_at"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("first_on <= last_on AND nominate_by <= vote_by", name="order"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint(
            "state NOT IN ('publicised','awarded') OR (decided_at IS NOT NULL AND object_by IS NOT NULL)",
            name="decided_before_publication",
        ),
        CheckConstraint("(state = 'cancelled') = (cancelled <> '')", name="cancelled_with_reason"),
    )


class Nomination(Recorded, Base):
    """Somebody (or a department) nominated in a round, with the summary of their own and what became of it."""

    __epoch__ = "award"
    __tablename__ = "award_nomination"
    record_name = "award_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The collective, or the person's department when nominated.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    nominated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    nominated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    summarised_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    state: Mapped[NominationState] = mapped_column(Words(NominationState), default=NominationState.PROPOSED)
    #: Why not eligible, struck, or revoked.
    against: Mapped[str] = mapped_column(String(800), default="")
    votes: Mapped[int | None]
    #: Ballots of those who could vote on it.
    ballots: Mapped[int | None]
    #: How the vote came out: elected, tied, not_elected.
    outcome: Mapped[str] = mapped_column(String(16), default="")
    doubted: Mapped[bool] = mapped_column(default=False)
    certificate: Mapped[str | None] = mapped_column(String(20), unique=True)
    #: When a later decision was found that bars the award, and which.
    barred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    barred: Mapped[str] = mapped_column(String(400), default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[AwardRound] = relationship(back_populates="nominations")
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    department: Mapped[Department] = relationship()

    __table_args__ = (
        Index("ix_award_nomination_round", "round_id"),
        Index("ix_award_nomination_user", "user_id", "state"),
        Index("ix_award_nomination_department", "department_id", "state"),
        Index(
            "uq_award_nomination_user",
            "round_id",
            "user_id",
            unique=True,
            sqlite_where=text(_STANDING),
            postgresql_where=text(_STANDING),
        ),
        Index(
            "uq_award_nomination_department",
            "round_id",
            "department_id",
            unique=True,
            sqlite_where=text(f"user_id IS NULL AND {_STANDING}"),
            postgresql_where=text(f"user_id IS NULL AND {_STANDING}"),
        ),
        CheckConstraint("state NOT IN ('awarded','revoked') OR certificate IS NOT NULL", name="certified"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        CheckConstraint("state NOT IN ('ineligible','struck','revoked') OR against <> ''", name="with_reason"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A nomination is recorded on its round."""
        return "award_round", self.round_id


class Voter(Recorded, Base):
    """Somebody of the circle; ``voted`` says that they have, not how."""

    __epoch__ = "award"
    __tablename__ = "award_voter"
    record_name = "award_round"

    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    #: Of a collective one's own department is not voted on.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    voted: Mapped[bool] = mapped_column(default=False)

    round: Mapped[AwardRound] = relationship(back_populates="circle")

    __table_args__ = (Index("ix_award_voter_user", "user_id", "voted"),)

    def record_key(self) -> tuple[str, int | None]:
        """The circle is recorded on its round."""
        return "award_round", self.round_id


class AwardBallot(Base):
    """One voice for one nomination; nothing tells whose it is, nor which others were cast with it."""

    __tablename__ = "award_ballot"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("award_nomination.id"))

    __table_args__ = (
        Index("ix_award_ballot_round", "round_id", "nomination_id"),
        {"sqlite_with_rowid": False},
    )


class AwardObjection(Recorded, Base):
    """What somebody objects to during publication, and the answer by somebody else."""

    __epoch__ = "award"
    __tablename__ = "award_objection"
    record_name = "award_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("award_round.id"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey("award_nomination.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    upheld: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")

    round: Mapped[AwardRound] = relationship(back_populates="objections")
    nomination: Mapped[Nomination] = relationship()

    __table_args__ = (
        Index("ix_award_objection_round", "round_id"),
        UniqueConstraint("nomination_id", "by_id"),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> by_id", name="by_another"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An objection is recorded on its round."""
        return "award_round", self.round_id
