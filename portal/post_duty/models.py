"""Posts, departments in charge, qualifications of people, departments' representatives (R-1, P-1, R-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User


class PostKind(StrEnum):
    """What a post conveys to whoever answers for it."""

    STAFF = "staff"
    HEAD = "head"
    LEADER = "leader"
    PRINCIPAL = "principal"


class Post(Recorded, Base):
    """A post; cases belong to posts, people answer for posts.

    What it states (P-1) is versioned by the journal: every change keeps old and new text.
    """

    __epoch__ = "posts"
    __tablename__ = "post"
    record_name = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[PostKind] = mapped_column(Words(PostKind), default=PostKind.STAFF)
    place: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    duties: Mapped[str] = mapped_column(Text, default="")
    powers: Mapped[str] = mapped_column(Text, default="")
    standard: Mapped[str] = mapped_column(Text, default="")
    liability: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None]

    department: Mapped[Department] = relationship()

    __table_args__ = (Index("ix_post_department", "department_id", "kind"),)


class LeaderCharge(Recorded, Base):
    """A department and the post of the leader in charge of it."""

    __epoch__ = "posts"
    __tablename__ = "leader_charge"
    record_name = "post"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))

    def record_key(self) -> tuple[str, int | None]:
        """A change of charge is recorded on the leader's post."""
        return "post", self.post_id


class Qualification(Recorded, Base):
    """A certificate that lets a person decide on items of its kind, from a day until a day (R-3)."""

    __tablename__ = "qualification"
    record_name = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    #: None: without an end.
    valid_until: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Not valid from this day on, whatever the certificate says.
    revoked_on: Mapped[date | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        Index("ix_qualification_user", "user_id", "kind"),
        Index("ix_qualification_until", "valid_until"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="order"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A qualification is recorded on the person."""
        return "user", self.user_id


#: Only one person at a time represents a department without an end.
_OPEN = text("until_on IS NULL")


class Representative(Recorded, Base):
    """Who is empowered to act for a department at its window, from a day until a day (R-3)."""

    __tablename__ = "representative"
    record_name = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    #: The paper that empowers.
    basis: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    department: Mapped[Department] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (
        Index("ix_representative_department", "department_id", "from_on"),
        Index("ix_representative_open", "department_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A change of the representative is recorded on the department."""
        return "department", self.department_id
