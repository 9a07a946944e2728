"""Departments, users, roles, sessions and counted login failures."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.actor import Role
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded


class Unit(Recorded, Base):
    """The institution itself: exactly one row (R-1)."""

    __epoch__ = "people"
    __tablename__ = "unit"
    record_name = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    functions: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    sample: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint("id = 1", name="single"),)


class Department(Recorded, Base):
    """A department or an affiliated unit (R-1)."""

    __epoch__ = "people"
    __tablename__ = "department"
    record_name = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    affiliated: Mapped[bool] = mapped_column(default=False)
    functions: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    sort: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class User(Recorded, Base):
    """A person with a login."""

    __epoch__ = "people"
    __tablename__ = "user"
    record_name = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    staff_number: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="zh")
    shortcuts_off: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    qualified_until: Mapped[date | None]

    department: Mapped[Department | None] = relationship()
    roles: Mapped[list[UserRole]] = relationship(back_populates="user", cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (Index("ix_user_department", "department_id"),)

    @property
    def role_set(self) -> frozenset[Role]:
        """The roles given to this person (posts convey more)."""
        return frozenset(r.role for r in self.roles)


class UserRole(Recorded, Base):
    """A role given to a person (R-2)."""

    __epoch__ = "people"
    __tablename__ = "user_role"
    record_name = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(Words(Role))

    user: Mapped[User] = relationship(back_populates="roles")

    __table_args__ = (UniqueConstraint("user_id", "role"),)

    def record_key(self) -> tuple[str, int | None]:
        """A change of roles is recorded on the person."""
        return "user", self.user_id


class UserSession(Base):
    """A login that is under way; the browser holds a random token, this table its hash only."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (Index("ix_user_session_user", "user_id", "ended_at"),)


class LoginFailure(Base):
    """A failed login, counted for every server alike."""

    __tablename__ = "login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_login_failure_username", "username", "at"),
        Index("ix_login_failure_address", "address", "at"),
    )
