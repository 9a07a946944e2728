"""Notices, their versions and files, and the yearly list of what must be published (O-1)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.files import Attachment
from portal.kernel.journal import Recorded
from portal.openness.rules import Level, Period, Scope
from portal.people.models import Department


class VersionState(StrEnum):
    """Where a version stands; the last two are final."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    PUBLISHED = "published"
    DROPPED = "dropped"


_OPEN = text("open_state IS NOT NULL")
_UNFINISHED = text("state IN ('draft','waiting','returned')")


class OpenNotice(Recorded, Base):
    """One notice. Title, kind and days are those of the version that the public sees, before that of the draft."""

    __epoch__ = "openness"
    __tablename__ = "openness_notice"
    record_name = "openness"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(30))
    publish_on: Mapped[date | None]
    until_on: Mapped[date | None]
    pinned: Mapped[bool] = mapped_column(default=False)
    #: The version that the public sees; no foreign key, since the two tables would need each other first.
    current_version_id: Mapped[int | None]
    #: The state of the version that is being prepared, None when there is none.
    open_state: Mapped[VersionState | None] = mapped_column(Words(VersionState))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdraw_reason: Mapped[str] = mapped_column(String(200), default="")

    department: Mapped[Department] = relationship()
    versions: Mapped[list[NoticeVersion]] = relationship(back_populates="notice", order_by="NoticeVersion.number")

    __table_args__ = (
        Index("ix_openness_notice_publish", "publish_on"),
        Index("ix_openness_notice_department", "department_id", "publish_on"),
        Index("ix_openness_notice_open", "open_state", sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdraw_reason = '')",
            name="withdrawn",
        ),
        CheckConstraint("withdrawn_at IS NULL OR open_state IS NULL", name="withdrawn_is_final"),
    )

    @property
    def current(self) -> NoticeVersion | None:
        """The version that the public sees."""
        return next((v for v in self.versions if v.id == self.current_version_id), None)

    @property
    def open(self) -> NoticeVersion | None:
        """The version that is being prepared."""
        unfinished = (VersionState.DRAFT, VersionState.WAITING, VersionState.RETURNED)
        return next((v for v in self.versions if v.state in unfinished), None)


class NoticeVersion(Recorded, Base):
    """One version of a notice: written by one person, approved by another, unchanged once published."""

    __epoch__ = "openness"
    __tablename__ = "openness_version"
    record_name = "openness"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("openness_notice.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(Words(VersionState), default=VersionState.DRAFT)
    scope: Mapped[Scope] = mapped_column(Words(Scope))
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    #: Why a published notice is changed.
    change: Mapped[str] = mapped_column(String(200), default="")
    publish_on: Mapped[date | None]
    until_on: Mapped[date | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The step that comes next; None when nothing is waited for.
    open_level: Mapped[Level | None] = mapped_column(Words(Level))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    #: The entry of the yearly list that this version fulfils, and its due day.
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("openness_duty.id"))
    duty_due_on: Mapped[date | None]

    notice: Mapped[OpenNotice] = relationship(back_populates="versions")
    files: Mapped[list[Attachment]] = relationship(secondary="openness_file", order_by="Attachment.id", viewonly=True)

    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        Index(
            "ix_openness_version_open",
            "notice_id",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        CheckConstraint("until_on IS NULL OR publish_on IS NULL OR until_on >= publish_on", name="days"),
        CheckConstraint("(open_level IS NOT NULL) = (state = 'waiting')", name="waiting"),
        CheckConstraint("(duty_id IS NULL) = (duty_due_on IS NULL)", name="duty"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A version is recorded on its notice."""
        return "openness", self.notice_id


class VersionFile(Base):
    """Which of a notice's files belong to a version."""

    __tablename__ = "openness_file"

    version_id: Mapped[int] = mapped_column(ForeignKey("openness_version.id"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), primary_key=True)


class Duty(Recorded, Base):
    """An entry of the yearly list: what must be published, by whom, how often, first on which day."""

    __epoch__ = "openness"
    __tablename__ = "openness_duty"
    record_name = "openness_duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(30))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    period: Mapped[Period] = mapped_column(Words(Period))
    first_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("year", "department_id", "title"),
        Index("ix_openness_duty_year", "year", "department_id"),
        CheckConstraint("(ended_on IS NULL) = (end_reason = '')", name="ended"),
    )


class Fulfilment(Recorded, Base):
    """That a due day of the yearly list was met, and by which notice; once."""

    __epoch__ = "openness"
    __tablename__ = "openness_fulfilment"
    record_name = "openness_duty"

    duty_id: Mapped[int] = mapped_column(ForeignKey("openness_duty.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("openness_notice.id"))
    published_on: Mapped[date]

    __table_args__ = (Index("ix_openness_fulfilment_notice", "notice_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the entry of the list."""
        return "openness_duty", self.duty_id
