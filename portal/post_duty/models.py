"""Posts and the departments that a leader is in charge of (R-1, P-1)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


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
