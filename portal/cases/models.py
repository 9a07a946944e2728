"""Cases: the spine. Number, client, clocks, materials, pauses, and acts that need a second person."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.post_duty.models import Post
from portal.service_commitment.models import CaseKind, ItemVersion, ServiceItem


class CaseState(StrEnum):
    """T-11. From COMPLETED on all are final."""

    RECEIVED = "received"
    SUPPLEMENT_BEFORE = "supplement_before"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUPPLEMENT_AFTER = "supplement_after"
    COMPLETED = "completed"
    DENIED = "denied"
    DEEMED_AGREED = "deemed_agreed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    RETURNED = "returned"


class ProposalKind(StrEnum):
    """Endings that need a second person (N-7)."""

    WITHDRAW = "withdraw"
    LAPSE = "lapse"


_OPEN = text("closed_at IS NULL")
_CAPPED = text("to_at IS NULL AND until_at IS NOT NULL")
#: Corrections: few cases have an origin.
_LINKED = text("origin_id IS NOT NULL")
_BOUND = text("promise_version_id IS NOT NULL")
#: Parts of joint cases; open cases whose silence will count as consent, and those with which it cannot yet.
_PART = text("lead_id IS NOT NULL")
#: The kinds of which there are few.
_RARE = text("kind IN ('joint','forwarded')")
_CONSENT = text("consent_at IS NOT NULL AND closed_at IS NULL")
_HELD = text("consent_from IS NOT NULL AND consent_at IS NULL AND closed_at IS NULL")


class Case(Recorded, Base):
    """One matter of one client from receipt to its end."""

    __tablename__ = "case"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    receipt_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    promise_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    kind: Mapped[CaseKind] = mapped_column(Words(CaseKind), default=CaseKind.PROMISED)
    matter: Mapped[str] = mapped_column(String(200))
    client_unit: Mapped[str] = mapped_column(String(120), default="")
    client_name: Mapped[str] = mapped_column(String(60), default="")
    client_phone: Mapped[str] = mapped_column(String(40), default="")
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    #: T-9: the joint case that this one is a part of; a part has no parts.
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    #: T-9: who runs the errands for the client, free of charge (全程代理).
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    state: Mapped[CaseState] = mapped_column(Words(CaseState), default=CaseState.RECEIVED)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Instant from which both clocks run (the day of receipt under tacit acceptance, T-7a).
    clock_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tacit_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tacitly_accepted: Mapped[bool] = mapped_column(default=False)

    promised_limit: Mapped[str] = mapped_column(String(8), default="")
    statutory_limit: Mapped[str] = mapped_column(String(8), default="")
    next_day_after_hours: Mapped[bool] = mapped_column(default=False)
    restarts: Mapped[bool] = mapped_column(default=False)
    # Both clocks are derived by rules.clocks(); the instants are kept so that boards can read them from an index.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    red_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statutory_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The next threshold (T-6) that the sweep has to record, and the last one that it has recorded.
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    #: Whether a pause without a recorded end stops the promised clock, and at the latest until when (T-4).
    stopped: Mapped[bool] = mapped_column(default=False)
    stopped_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Working days granted once (T-5): on the promised limit, and on the statutory one.
    extended_days: Mapped[int] = mapped_column(default=0, server_default="0")
    statutory_extended_days: Mapped[int] = mapped_column(default=0, server_default="0")

    #: T-7: from when silence can count as consent (acceptance, or the day the date became firm); None: never.
    consent_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: T-7: the instant at which it does, kept by clocks.derive; None while the date is provisional or not known.
    consent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: T-7: when the alarm was given that the limit has passed and silence cannot count.
    consent_held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: The last notice's date until which the client is waited for (N-7).
    supplement_due_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_on: Mapped[date | None]
    closed_late: Mapped[bool] = mapped_column(default=False)
    #: Written with the end: how much of the promised limit was used, per mille in the limit's own measure (W-0), and
    #: who answered for the post then (AB-4). Both unknown of cases that ended before they were kept. The person has no
    #: foreign key: columns that came to this table later must be droppable without making it anew.
    share_used: Mapped[int | None]
    answered_by_id: Mapped[int | None]
    result: Mapped[str] = mapped_column(Text, default="")
    outcome_document: Mapped[str] = mapped_column(String(120), default="")
    overdue_statement: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[ServiceItem | None] = relationship()
    receipt_version: Mapped[ItemVersion | None] = relationship(foreign_keys=[receipt_version_id])
    promise_version: Mapped[ItemVersion | None] = relationship(foreign_keys=[promise_version_id])
    post: Mapped[Post] = relationship()
    department: Mapped[Department] = relationship()
    origin: Mapped[Case | None] = relationship(remote_side=[id], foreign_keys=[origin_id])
    lead: Mapped[Case | None] = relationship(remote_side=[id], foreign_keys=[lead_id])
    materials: Mapped[list[CaseMaterial]] = relationship(back_populates="case", order_by="CaseMaterial.position")
    pauses: Mapped[list[CasePause]] = relationship(back_populates="case", order_by="CasePause.id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        # The columns after the first let boards count lights from the index alone, however much work is open.
        Index(
            "ix_case_open_due",
            "due_at",
            "soon_at",
            "red_at",
            "stopped",
            "department_id",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_case_open_post", "post_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_case_open_department", "department_id", "due_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_case_open_warn", "warn_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "ix_case_open_tacit",
            "tacit_at",
            sqlite_where=text("tacit_at IS NOT NULL"),
            postgresql_where=text("tacit_at IS NOT NULL"),
        ),
        Index(
            "ix_case_closed_on",
            "closed_on",
            "department_id",
            # What the figures of closed cases ask for, so that they are counted from the index alone.
            "closed_late",
            "state",
            "share_used",
            "post_id",
            "item_id",
            sqlite_where=text("closed_on IS NOT NULL"),
            postgresql_where=text("closed_on IS NOT NULL"),
        ),
        # The last closed cases of an item, for the average that is published (C-4).
        Index(
            "ix_case_item_closed",
            "item_id",
            "closed_on",
            sqlite_where=text("closed_on IS NOT NULL"),
            postgresql_where=text("closed_on IS NOT NULL"),
        ),
        Index("ix_case_received", "received_at"),
        # The cases that a published version binds (C-3).
        Index(
            "ix_case_promise_version",
            "promise_version_id",
            "received_at",
            sqlite_where=_BOUND,
            postgresql_where=_BOUND,
        ),
        Index("ix_case_rare_kind", "kind", "received_at", sqlite_where=_RARE, postgresql_where=_RARE),
        Index("ix_case_lead", "lead_id", sqlite_where=_PART, postgresql_where=_PART),
        Index("ix_case_part_closed", "closed_on", "closed_late", "state", sqlite_where=_PART, postgresql_where=_PART),
        Index("ix_case_part_due", "due_at", "red_at", "closed_at", sqlite_where=_PART, postgresql_where=_PART),
        Index("ix_case_consent", "consent_at", sqlite_where=_CONSENT, postgresql_where=_CONSENT),
        Index("ix_case_consent_held", "id", sqlite_where=_HELD, postgresql_where=_HELD),
        Index("ix_case_origin", "origin_id", sqlite_where=_LINKED, postgresql_where=_LINKED),
        Index("ix_case_department_received", "department_id", "received_at"),
        CheckConstraint(
            "(closed_at IS NULL) = (state IN"
            " ('received','supplement_before','accepted','in_progress','supplement_after'))",
            name="closed_is_final",
        ),
    )

    def record_case(self) -> int | None:
        """A case stands on its own timeline."""
        return self.id


class CaseMaterial(Recorded, Base):
    """A line of the checklist bound at receipt (C-3, N-2), and what became of the paper (N-6)."""

    __tablename__ = "case_material"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    form: Mapped[str] = mapped_column(String(40), default="")
    copies: Mapped[int] = mapped_column(default=1)
    required: Mapped[bool] = mapped_column(default=True)
    in_checklist: Mapped[bool] = mapped_column(default=True)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_to: Mapped[str] = mapped_column(String(60), default="")

    case: Mapped[Case] = relationship(back_populates="materials")

    __table_args__ = (UniqueConstraint("case_id", "position"),)

    def record_key(self) -> tuple[str, int | None]:
        """Materials are recorded on their case."""
        return "case", self.case_id


class PauseEnd(StrEnum):
    """How a pause ended: somebody ended it, its cap came, or the case ended (T-4)."""

    RESUMED = "resumed"
    CAP = "cap"
    CLOSED = "closed"


class CasePause(Recorded, Base):
    """A time in which a clock of the case is stopped (T-4)."""

    __tablename__ = "case_pause"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    reason: Mapped[str] = mapped_column(String(32))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stops_promised: Mapped[bool] = mapped_column(default=True)
    stops_statutory: Mapped[bool] = mapped_column(default=False)
    #: The instant of its cap, fixed when it begins: there the clocks run again, recorded or not.
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[PauseEnd | None] = mapped_column(Words(PauseEnd))
    #: Both due dates as they stood before it began and after it ended, as they were told then.
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statutory_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statutory_after: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="pauses")

    __table_args__ = (
        Index("ix_case_pause_case", "case_id"),
        Index("ix_case_pause_cap", "until_at", sqlite_where=_CAPPED, postgresql_where=_CAPPED),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Pauses are recorded on their case."""
        return "case", self.case_id


class CaseProposal(Recorded, Base):
    """A withdrawal or lapse waiting for, or decided by, a second person (N-7)."""

    __tablename__ = "case_proposal"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[ProposalKind] = mapped_column(Words(ProposalKind))
    reason: Mapped[str] = mapped_column(Text)
    in_writing: Mapped[bool] = mapped_column(default=False)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed: Mapped[bool | None]

    case: Mapped[Case] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    __table_args__ = (
        Index("ix_case_proposal_case", "case_id"),
        Index(
            "ix_case_proposal_open",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="second_person"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Proposals are recorded on their case."""
        return "case", self.case_id


class CaseHandler(Base):
    """Who has had a hand in a case: nobody of them decides about refusing it (D-4)."""

    __tablename__ = "case_handler"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)


class Consultation(Recorded, Base):
    """An unclear or cross-department question asked for the client, and its answer (N-5)."""

    __tablename__ = "consultation"
    record_name = "case"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    asked_of: Mapped[str] = mapped_column(String(120))
    question: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    client_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship()

    __table_args__ = (Index("ix_consultation_case", "case_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """Consultations are recorded on their case."""
        return "case", self.case_id


class CaseArchive(Recorded, Base):
    """The archive file of a closed case (J-4): made with the closing, filed by a person when it is complete."""

    __tablename__ = "case_archive"
    record_name = "case"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    pages: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")

    case: Mapped[Case] = relationship()

    __table_args__ = (
        Index(
            "ix_case_archive_unfiled",
            "department_id",
            "case_id",
            sqlite_where=text("filed_at IS NULL"),
            postgresql_where=text("filed_at IS NULL"),
        ),
    )

    def record_key(self) -> tuple[str, int | None]:
        """The archive file is recorded on its case."""
        return "case", self.case_id
