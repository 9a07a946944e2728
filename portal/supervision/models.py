"""Plans, inspections, findings with comments, and orders to rectify (O-2)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.attendance.models import Finding as DisciplineFinding
from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department


class Manner(StrEnum):
    """Whether the inspected know of it beforehand."""

    OPEN = "open"
    COVERT = "covert"


class PlanState(StrEnum):
    """Where a plan stands; the last two are final."""

    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
    CANCELLED = "cancelled"


class InspectionState(StrEnum):
    """Where an inspection stands: findings are dealt with, fed back to the leader in charge, noted by them."""

    OPEN = "open"
    FED_BACK = "fed_back"
    CLOSED = "closed"


class Severity(StrEnum):
    """How grave a finding is."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


class FindingState(StrEnum):
    """Where a finding stands; the last three are settled."""

    FOUND = "found"
    ORDERED = "ordered"
    REPORTED = "reported"
    PASSED = "passed"
    NOTED = "noted"
    WITHDRAWN = "withdrawn"


class PlanDepartment(Base):
    """One department that a plan wants inspected."""

    __tablename__ = "inspection_plan_department"

    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)

    __table_args__ = (Index("ix_inspection_plan_department_department", "department_id"),)


class PlanMember(Base):
    """One person of the group who carries a plan out."""

    __tablename__ = "inspection_plan_member"

    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


_PLANNED = text("state = 'planned'")


class InspectionPlan(Recorded, Base):
    """What is to be inspected, where, by whom and when."""

    __tablename__ = "inspection_plan"
    record_name = "inspection_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(Text)
    manner: Mapped[Manner] = mapped_column(Words(Manner))
    from_on: Mapped[date]
    to_on: Mapped[date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[PlanState] = mapped_column(Words(PlanState), default=PlanState.PLANNED)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")

    departments: Mapped[list[PlanDepartment]] = relationship(order_by="PlanDepartment.department_id")
    members: Mapped[list[PlanMember]] = relationship(order_by="PlanMember.user_id")

    __table_args__ = (
        Index("ix_inspection_plan_from", "from_on", "id"),
        Index("ix_inspection_plan_planned", "from_on", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        CheckConstraint("to_on >= from_on", name="days"),
        CheckConstraint("(closed_at IS NOT NULL) = (state <> 'planned')", name="closed"),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="reason"),
    )

    @property
    def department_ids(self) -> list[int]:
        """The departments that it is about."""
        return [each.department_id for each in self.departments]

    @property
    def member_ids(self) -> list[int]:
        """Who carries it out."""
        return [each.user_id for each in self.members]


class InspectionMember(Base):
    """Somebody of the group who was there beside the inspector."""

    __tablename__ = "inspection_member"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


class InspectionDiscipline(Base):
    """A finding of work discipline made at an inspection: it is kept by the attendance room, here is only the link."""

    __tablename__ = "inspection_discipline"

    discipline_id: Mapped[int] = mapped_column(ForeignKey("discipline_finding.id"), primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))

    discipline: Mapped[DisciplineFinding] = relationship(DisciplineFinding)

    __table_args__ = (Index("ix_inspection_discipline_inspection", "inspection_id"),)


_RUNNING = text("state <> 'closed'")


class Inspection(Recorded, Base):
    """One visit to one department, with findings or without."""

    __tablename__ = "inspection"
    record_name = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_plan.id"))
    manner: Mapped[Manner] = mapped_column(Words(Manner))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    inspected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    inspected_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[InspectionState] = mapped_column(Words(InspectionState), default=InspectionState.OPEN)
    feedback: Mapped[str] = mapped_column(Text, default="")
    fed_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    fed_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remark: Mapped[str] = mapped_column(Text, default="")
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan: Mapped[InspectionPlan | None] = relationship()
    department: Mapped[Department] = relationship()
    members: Mapped[list[InspectionMember]] = relationship(order_by="InspectionMember.user_id")
    findings: Mapped[list[InspectionFinding]] = relationship(
        "InspectionFinding",
        back_populates="inspection",
        order_by="InspectionFinding.id",
    )
    disciplines: Mapped[list[InspectionDiscipline]] = relationship(order_by="InspectionDiscipline.discipline_id")

    __table_args__ = (
        Index("ix_inspection_at", "inspected_at", "id"),
        Index("ix_inspection_department", "department_id", "inspected_at"),
        Index("ix_inspection_plan_id", "plan_id"),
        Index("ix_inspection_running", "department_id", "state", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        CheckConstraint("(fed_back_at IS NOT NULL) = (state <> 'open')", name="fed_back"),
        CheckConstraint("(noted_at IS NOT NULL) = (state = 'closed')", name="noted"),
        CheckConstraint("noted_by_id IS NULL OR noted_by_id <> fed_back_by_id", name="by_another"),
    )

    @property
    def inspector_ids(self) -> set[int]:
        """Who was there."""
        return {self.inspected_by_id, *(each.user_id for each in self.members)}


_UNSETTLED = text("settled_at IS NULL")
_ASKED = text("withdraw_asked_at IS NOT NULL AND state <> 'withdrawn'")


class InspectionFinding(Recorded, Base):
    """What was seen at an inspection and is to be dealt with."""

    __tablename__ = "inspection_finding"
    record_name = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(30))
    severity: Mapped[Severity] = mapped_column(Words(Severity))
    seen: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unfiled_denial: Mapped[bool] = mapped_column(default=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    matter: Mapped[str] = mapped_column(String(120), default="")

    state: Mapped[FindingState] = mapped_column(Words(FindingState), default=FindingState.FOUND)
    comment_by: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the department itself had its say.
    commented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    conclusion: Mapped[str] = mapped_column(Text, default="")
    withdraw_reason: Mapped[str] = mapped_column(Text, default="")
    withdraw_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdraw_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    inspection: Mapped[Inspection] = relationship(back_populates="findings")
    case: Mapped[Case | None] = relationship()
    orders: Mapped[list[RectificationOrder]] = relationship(
        back_populates="finding", order_by="RectificationOrder.round"
    )
    comments: Mapped[list[FindingComment]] = relationship(order_by="FindingComment.id")

    __table_args__ = (
        Index("ix_inspection_finding_at", "found_at", "id"),
        Index("ix_inspection_finding_department", "department_id", "found_at"),
        Index("ix_inspection_finding_inspection", "inspection_id"),
        Index("ix_inspection_finding_person", "person_id"),
        Index("ix_inspection_finding_post", "post_id"),
        Index(
            "ix_inspection_finding_open",
            "department_id",
            "state",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index("ix_inspection_finding_asked", "withdraw_asked_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
        CheckConstraint("NOT unfiled_denial OR case_id IS NOT NULL OR matter <> ''", name="denial_of_what"),
        CheckConstraint("(settled_at IS NOT NULL) = (state IN ('passed','noted','withdrawn'))", name="settled"),
        CheckConstraint("state <> 'noted' OR conclusion <> ''", name="noted_with_reason"),
        CheckConstraint("(withdrawn_at IS NOT NULL) = (state = 'withdrawn')", name="withdrawn"),
        CheckConstraint(
            "withdrawn_at IS NULL OR (withdraw_reason <> '' AND withdraw_asked_by_id IS NOT NULL"
            " AND withdrawn_by_id IS NOT NULL AND withdrawn_by_id <> withdraw_asked_by_id)",
            name="withdrawn_by_two",
        ),
    )

    @property
    def order(self) -> RectificationOrder | None:
        """The newest order to rectify."""
        return self.orders[-1] if self.orders else None


class FindingComment(Recorded, Base):
    """What the department, or whom a finding concerns, says to it; each once."""

    __tablename__ = "inspection_comment"
    record_name = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("inspection_finding.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    for_department: Mapped[bool]

    __table_args__ = (UniqueConstraint("finding_id", "by_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """A comment is recorded on its finding."""
        return "inspection_finding", self.finding_id


_UNENDED = text("ended_at IS NULL")


class RectificationOrder(Recorded, Base):
    """A numbered notice to rectify until a date, what the department reports, and the re-check."""

    __tablename__ = "inspection_order"
    record_name = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("inspection_finding.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    round: Mapped[int]
    demand: Mapped[str] = mapped_column(Text)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: As given: a limit, or (empty) the date.
    time_limit: Mapped[str] = mapped_column(String(8), default="")
    due_on: Mapped[date | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    red_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[str] = mapped_column(Text, default="")
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[bool | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Checked, or void because the finding was withdrawn.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    finding: Mapped[InspectionFinding] = relationship(back_populates="orders")

    __table_args__ = (
        UniqueConstraint("finding_id", "round"),
        Index("ix_inspection_order_open", "due_at", sqlite_where=_UNENDED, postgresql_where=_UNENDED),
        Index("ix_inspection_order_due", "due_at", "id"),
        Index("ix_inspection_order_department", "department_id", "due_at"),
        CheckConstraint("time_limit <> '' OR due_on IS NOT NULL", name="given_date"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint("(reported_at IS NULL) = (reported_by_id IS NULL)", name="reported"),
        CheckConstraint("(passed IS NULL) = (checked_at IS NULL)", name="checked"),
        CheckConstraint("checked_at IS NULL OR (reported_at IS NOT NULL AND ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("checked_by_id IS NULL OR (checked_by_id <> reported_by_id)", name="checked_by_another"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """An order is recorded on its finding."""
        return "inspection_finding", self.finding_id

    @property
    def late(self) -> bool:
        """Whether what was reported came after the date."""
        return self.reported_at is not None and self.reported_at > self.due_at
