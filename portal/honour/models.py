"""Praise, suggestions adopted, media reports and honours of departments and persons (O-9)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User


class Kind(StrEnum):
    """What is recorded."""

    PRAISE = "praise"
    SUGGESTION = "suggestion"
    MEDIA = "media"
    MEDIA_BAD = "media_bad"
    HONOUR = "honour"


class Level(StrEnum):
    """How high the medium or the giver of an honour stands, the lowest first; praise and suggestions have none."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


class Channel(StrEnum):
    """How praise came."""

    LETTER = "letter"
    CALL = "call"
    BANNER = "banner"
    VISIT = "visit"
    CARD = "card"
    EVALUATION = "evaluation"


class HonourState(StrEnum):
    """Where an entry stands; only a confirmed one counts."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_WAITING = text("state = 'recorded'")
_LINKED = "source_key <> '' AND state IN ('recorded','confirmed')"


class Honour(Recorded, Base):
    """One praise, suggestion, report or honour, of the day on which it happened."""

    __epoch__ = "honour"
    __tablename__ = "honour"
    record_name = "honour"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[Kind] = mapped_column(Words(Kind))
    level: Mapped[Level | None] = mapped_column(Words(Level))
    channel: Mapped[Channel | None] = mapped_column(Words(Channel))
    title: Mapped[str] = mapped_column(String(120))
    #: Who praised, adopted, reported or gave it.
    given_by: Mapped[str] = mapped_column(String(120))
    facts: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    #: Whether it counts for the department, besides for a person: of several persons it does so once.
    for_department: Mapped[bool] = mapped_column(default=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: What in the portal it comes from, such as ``card_message:LY-2026-0003``.
    source_key: Mapped[str] = mapped_column(String(60), default="")

    state: Mapped[HonourState] = mapped_column(Words(HonourState), default=HonourState.RECORDED)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Why it was refused.
    answer: Mapped[str] = mapped_column(String(400), default="")
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal: Mapped[str] = mapped_column(String(400), default="")

    department: Mapped[Department] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        Index("ix_honour_happened", "happened_on", "id"),
        Index("ix_honour_department", "department_id", "happened_on"),
        Index("ix_honour_user", "user_id", "happened_on"),
        Index("ix_honour_recorded_by", "recorded_by_id", "happened_on"),
        Index("ix_honour_waiting", "recorded_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index(
            "uq_honour_source_department",
            "source_key",
            unique=True,
            sqlite_where=text(f"for_department AND {_LINKED}"),
            postgresql_where=text(f"for_department AND {_LINKED}"),
        ),
        Index(
            "uq_honour_source_user",
            "source_key",
            "user_id",
            unique=True,
            sqlite_where=text(_LINKED),
            postgresql_where=text(_LINKED),
        ),
        CheckConstraint("user_id IS NOT NULL OR for_department", name="somebody"),
        CheckConstraint("(level IS NULL) = (kind IN ('praise','suggestion'))", name="level"),
        CheckConstraint("(channel IS NULL) = (kind <> 'praise')", name="channel"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> recorded_by_id", name="second_person"),
        CheckConstraint("decided_by_id IS NULL OR user_id IS NULL OR decided_by_id <> user_id", name="not_concerned"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("state NOT IN ('confirmed','refused') OR decided_at IS NOT NULL", name="decided_state"),
        CheckConstraint("state <> 'refused' OR answer <> ''", name="refused_with_reason"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawal = '')"
            " AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)",
            name="withdrawn_with_reason",
        ),
    )
