"""A year's round, those who are graded in it, who votes, sealed papers, vetoes, objections, corrections (E-5, E-7)."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Exact, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.pure.scoring import Subject
from portal.yearly_grade.rules import Held, Panel


class RoundState(StrEnum):
    """E-6: what has been done with a round; ballots are for persons only."""

    PREPARED = "prepared"
    OPEN = "open"
    COUNTED = "counted"
    COMPUTED = "computed"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    PUBLISHED = "published"


class Ground(StrEnum):
    """What a veto rests on."""

    ETHICS = "ethics"
    INTEGRITY = "integrity"
    SAFETY = "safety"
    TASK = "task"
    OTHER = "other"


_OPEN = text("state <> 'published'")
_UNRULED = text("ruled_at IS NULL")
_UNDECIDED = text("decided_at IS NULL")


class YearlyRound(Recorded, Base):
    """The grades of one year for departments or for persons; ``settings`` are the policy's figures of its first day."""

    __epoch__ = "yearly_grade"
    __tablename__ = "yearly_round"
    record_name = "yearly_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    subject: Mapped[Subject] = mapped_column(Words(Subject))
    state: Mapped[RoundState] = mapped_column(Words(RoundState), default=RoundState.PREPARED)
    settings: Mapped[str] = mapped_column(Text, default="{}")
    vote_by: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Papers that could not be opened any more.
    lost: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Until when those graded may object.
    object_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")
    #: Why it was sent back last.
    return_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The leaders' meeting on which the decision rests.
    meeting_on: Mapped[date | None]
    meeting_record: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: SHA-256 of the rows and of what stands above them.
    digest: Mapped[str] = mapped_column(String(64), default="")

    rows: Mapped[list[YearlyRow]] = relationship(back_populates="round", order_by="YearlyRow.id")

    __table_args__ = (
        UniqueConstraint("year", "subject"),
        Index("ix_yearly_round_open", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("subject = 'person' OR state NOT IN ('open','counted')", name="ballots_of_persons"),
        CheckConstraint("(subject = 'person') = (vote_by IS NOT NULL)", name="vote_by"),
        CheckConstraint(
            "state NOT IN ('reviewed','decided','published') OR"
            " (reviewed_by_id IS NOT NULL AND reviewed_by_id <> computed_by_id)",
            name="reviewed",
        ),
        CheckConstraint(
            "state NOT IN ('decided','published') OR (decided_by_id IS NOT NULL AND meeting_on IS NOT NULL)",
            name="decided",
        ),
        CheckConstraint("(state = 'published') = (digest <> '')", name="digest"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
    )

    @property
    def figures(self) -> dict[str, Any]:
        """The policy's figures by which this round is counted."""
        found: dict[str, Any] = json.loads(self.settings)
        return found


class _Part(Recorded):
    """What belongs to a round: a change is recorded on it."""

    round_id: Mapped[int]

    def record_key(self) -> tuple[str, int | None]:
        """The round."""
        return "yearly_round", self.round_id


class YearlyRow(_Part, Base):
    """One who is graded; what was counted last stands here, ``parts`` with where each figure comes from."""

    __tablename__ = "yearly_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The department that is graded, or the person's when the round was prepared.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: Written when the ballots are counted: the weighted average, and the panels' own where they may be told.
    papers: Mapped[int] = mapped_column(default=0)
    ballots: Mapped[Decimal | None] = mapped_column(Exact)
    panels: Mapped[str] = mapped_column(Text, default="{}")
    parts: Mapped[str] = mapped_column(Text, default="{}")
    total: Mapped[Decimal | None] = mapped_column(Exact)
    place: Mapped[int | None]
    grade: Mapped[str] = mapped_column(String(20), default="")
    held: Mapped[Held | None] = mapped_column(Words(Held))
    #: Why no award is possible, each a sentence with its figures.
    hindrances: Mapped[str] = mapped_column(Text, default="[]")
    #: What is taken from the bonus in percent; 100 where it is lost (A-4).
    bonus_cut: Mapped[int] = mapped_column(default=0)

    round: Mapped[YearlyRound] = relationship(back_populates="rows")
    user: Mapped[User | None] = relationship()
    department: Mapped[Department] = relationship()
    vetoes: Mapped[list[YearlyVeto]] = relationship(back_populates="row", order_by="YearlyVeto.id")
    objections: Mapped[list[YearlyObjection]] = relationship(back_populates="row", order_by="YearlyObjection.id")
    corrections: Mapped[list[YearlyCorrection]] = relationship(back_populates="row", order_by="YearlyCorrection.id")

    __table_args__ = (
        Index("uq_yearly_row_user", "round_id", "user_id", unique=True),
        Index("ix_yearly_row_user", "user_id"),
        Index("ix_yearly_row_department", "department_id"),
        CheckConstraint("bonus_cut BETWEEN 0 AND 100", name="bonus_cut"),
    )

    @property
    def reasons(self) -> list[str]:
        """Why no award is possible."""
        found: list[str] = json.loads(self.hindrances)
        return found

    @property
    def content(self) -> dict[str, Any]:
        """Where the total comes from."""
        found: dict[str, Any] = json.loads(self.parts)
        return found

    @property
    def panel_figures(self) -> dict[str, list[str]]:
        """Average and papers by panel; empty where they may not be told."""
        found: dict[str, list[str]] = json.loads(self.panels)
        return found


class YearlyVoter(Base):
    """Somebody who votes, and whether they have; not when, and never recorded one by one (J-1)."""

    __tablename__ = "yearly_voter"

    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    voted: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("ix_yearly_voter_user", "user_id"), {"sqlite_with_rowid": False})


class YearlyPanel(Base):
    """Whom a voter assesses, and as what: made when the round is prepared."""

    __tablename__ = "yearly_panel"

    row_id: Mapped[int] = mapped_column(ForeignKey("yearly_row.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    panel: Mapped[Panel] = mapped_column(Words(Panel))

    __table_args__ = (Index("ix_yearly_panel_user", "user_id"), {"sqlite_with_rowid": False})


class YearlyPaper(Base):
    """A sealed paper in a round's urn: the key lies outside the database until it is opened, then both are gone."""

    __tablename__ = "yearly_paper"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index("ix_yearly_paper_round", "round_id"), {"sqlite_with_rowid": False})


class _OfRow(_Part):
    """What belongs to a row of a round."""


class YearlyVeto(_OfRow, Base):
    """A one-vote veto: proposed, confirmed by another; a lifted one no longer counts (E-5)."""

    __tablename__ = "yearly_veto"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("yearly_row.id"))
    ground: Mapped[Ground] = mapped_column(Words(Ground))
    #: What happened, and the paper that proves it.
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(String(120))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_reason: Mapped[str] = mapped_column(String(400), default="")

    row: Mapped[YearlyRow] = relationship(back_populates="vetoes")

    __table_args__ = (
        Index("ix_yearly_veto_row", "row_id"),
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> by_id", name="second_person"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name="lifted"),
    )

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.confirmed_at is not None and self.lifted_at is None


class YearlyObjection(_OfRow, Base):
    """An objection of who is graded, ruled on by somebody else."""

    __tablename__ = "yearly_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("yearly_row.id"))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    rule_by: Mapped[datetime] = mapped_column(UtcDateTime)
    upheld: Mapped[bool | None]
    ruling: Mapped[str] = mapped_column(Text, default="")
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    row: Mapped[YearlyRow] = relationship(back_populates="objections")

    __table_args__ = (
        Index("ix_yearly_objection_row", "row_id"),
        Index("ix_yearly_objection_open", "rule_by", sqlite_where=_UNRULED, postgresql_where=_UNRULED),
        Index("uq_yearly_objection_open", "row_id", unique=True, sqlite_where=_UNRULED, postgresql_where=_UNRULED),
        CheckConstraint("ruled_by_id IS NULL OR ruled_by_id <> by_id", name="ruled_by_another"),
        CheckConstraint(
            "(ruled_at IS NULL) = (ruled_by_id IS NULL) AND (ruled_at IS NULL) = (upheld IS NULL)"
            " AND (ruled_at IS NULL) = (ruling = '')",
            name="ruled",
        ),
    )


class YearlyCorrection(_OfRow, Base):
    """What is put right after publication: a later entry linked to the result, which stays as it was (E-6, J-3)."""

    __tablename__ = "yearly_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("yearly_round.id"))
    row_id: Mapped[int] = mapped_column(ForeignKey("yearly_row.id"))
    total: Mapped[Decimal] = mapped_column(Exact)
    grade: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    row: Mapped[YearlyRow] = relationship(back_populates="corrections")

    __table_args__ = (
        Index("ix_yearly_correction_row", "row_id"),
        Index("uq_yearly_correction_open", "row_id", unique=True, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> by_id", name="decided_by_another"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (accepted IS NULL)",
            name="decided",
        ),
    )
