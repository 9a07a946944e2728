"""Special procedures, extensions and closing notices (T-4, T-5, T-11)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case, CasePause
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded


class How(StrEnum):
    """How a paper reached the client."""

    HANDED = "handed"
    POST = "post"
    ELECTRONIC = "electronic"


class ExtensionState(StrEnum):
    """Where a request for more time stands (T-5); the last three are final."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    #: Nobody decided before the limit or the case ended.
    FALLEN = "fallen"


_NO_RESULT = text("result_at IS NULL")
_WAITING = text("state = 'waiting'")
_GRANTED = text("state = 'granted'")


class SpecialProcedure(Recorded, Base):
    """A special procedure of a case (T-4): its pause, who carries it out, and the 特别程序通知书 to the client."""

    __tablename__ = "special_procedure"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    pause_id: Mapped[int] = mapped_column(ForeignKey("case_pause.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    reason: Mapped[str] = mapped_column(String(32))
    agency: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(Text)
    expected_on: Mapped[date]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    told_on: Mapped[date | None]
    told_how: Mapped[How | None] = mapped_column(Words(How))
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    result_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[Case] = relationship()
    pause: Mapped[CasePause] = relationship()

    __table_args__ = (
        Index("ix_special_procedure_case", "case_id"),
        Index("ix_special_procedure_started", "started_at"),
        Index("ix_special_procedure_open", "case_id", sqlite_where=_NO_RESULT, postgresql_where=_NO_RESULT),
        CheckConstraint("(result_at IS NULL) = (result_by_id IS NULL)", name="result"),
        CheckConstraint("(told_on IS NULL) = (told_how IS NULL)", name="told"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A special procedure is recorded on its case."""
        return "case", self.case_id


class CaseExtension(Recorded, Base):
    """More working days asked for before the limit ends, granted once by a superior (T-5); with the 延期通知书."""

    __tablename__ = "case_extension"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    days: Mapped[int]
    #: Whether the statutory clock moves as well: that of a licence does (law 42).
    statutory: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[ExtensionState] = mapped_column(Words(ExtensionState), default=ExtensionState.WAITING)
    #: Both due dates before and, when granted, after: as they stood at the decision.
    old_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    old_statutory_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statutory_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    told_on: Mapped[date | None]
    told_how: Mapped[How | None] = mapped_column(Words(How))
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[Case] = relationship()

    __table_args__ = (
        Index("ix_case_extension_case", "case_id"),
        Index("ix_case_extension_asked", "asked_at"),
        Index("ix_case_extension_waiting", "case_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_case_extension_once", "case_id", unique=True, sqlite_where=_GRANTED, postgresql_where=_GRANTED),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="by_another"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state IN ('granted','refused')) = (decided_by_id IS NOT NULL)", name="decider"),
        CheckConstraint("(told_on IS NULL) = (told_how IS NULL)", name="told"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An extension is recorded on its case."""
        return "case", self.case_id


class ClosingNotice(Recorded, Base):
    """The 办结通知书 of a completed case, once (T-11, J-4)."""

    __tablename__ = "closing_notice"
    record_name = "case"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(12))
    collect: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    told_on: Mapped[date | None]
    told_how: Mapped[How | None] = mapped_column(Words(How))
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[Case] = relationship()

    __table_args__ = (CheckConstraint("(told_on IS NULL) = (told_how IS NULL)", name="told"),)

    def record_key(self) -> tuple[str, int | None]:
        """A closing notice is recorded on its case."""
        return "case", self.case_id


Letter = SpecialProcedure | CaseExtension | ClosingNotice
