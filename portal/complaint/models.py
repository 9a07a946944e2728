"""Complaints; apart from them who complained; what was added, noted and issued (A-5)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.post_duty.models import Post
from portal.service_commitment.models import ServiceItem


class ComplaintState(StrEnum):
    """Where a complaint stands; the last three are final."""

    RECEIVED = "received"
    TAKEN_UP = "taken_up"
    INVESTIGATING = "investigating"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    NOT_TAKEN_UP = "not_taken_up"
    CLOSED = "closed"


class Channel(StrEnum):
    """How a complaint came."""

    PUBLIC = "public"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    BOX = "box"
    WECHAT = "wechat"
    UPPER = "upper"


class About(StrEnum):
    """What a complaint is about."""

    PROMISE = "promise"
    DELAY = "delay"
    REFUSAL = "refusal"
    ATTITUDE = "attitude"
    FEE = "fee"
    CONDUCT = "conduct"
    OTHER = "other"


class Result(StrEnum):
    """What was found: 有效投诉, in part, or not."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    NOT_CONFIRMED = "not_confirmed"


class Told(StrEnum):
    """How the complainant was told."""

    ONLINE = "online"
    PAPER = "paper"


class Satisfaction(StrEnum):
    """What the complainant thinks of the answer."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class PaperKind(StrEnum):
    """The papers that go to the complainant."""

    TAKEN_UP = "taken_up"
    PASSED_ON = "passed_on"
    NOT_TAKEN_UP = "not_taken_up"
    ANSWER = "answer"


_RUNNING = text("told_at IS NULL")
_UNCLOSED = text("closed_at IS NULL AND told_at IS NOT NULL")
_UNERASED = text("identity_erased_at IS NULL AND closed_at IS NOT NULL")


class Complaint(Recorded, Base):
    """One complaint without who complained. It names a case only as the office found it, never on the case's page."""

    __tablename__ = "complaint"
    record_name = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    channel: Mapped[Channel] = mapped_column(Words(Channel))
    about: Mapped[About] = mapped_column(Words(About))
    text: Mapped[str] = mapped_column(Text)
    #: Whom or what it is about, and the number of a slip, in the complainant's own words.
    about_whom: Mapped[str] = mapped_column(String(120), default="")
    slip: Mapped[str] = mapped_column(String(40), default="")
    #: The complainant says that nothing in writing was given (D-6).
    refused_unfiled: Mapped[bool] = mapped_column(default=False)
    named: Mapped[bool] = mapped_column(default=False)
    upper_body: Mapped[str] = mapped_column(String(120), default="")
    upper_number: Mapped[str] = mapped_column(String(60), default="")
    upper_on: Mapped[date | None]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    code_digest: Mapped[str] = mapped_column(String(64))
    #: A digest of the form's key and content: the same submission, sent twice, is one complaint.
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: Binds what was written to the journal; the salt goes with the identity.
    digest: Mapped[str] = mapped_column(String(64))

    # What it is about, as the office has found it.
    item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    state: Mapped[ComplaintState] = mapped_column(Words(ComplaintState), default=ComplaintState.RECEIVED)
    time_limit: Mapped[str] = mapped_column(String(8))
    extra_days: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    soon_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    extended_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str] = mapped_column(String(400), default="")

    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: What was said with the decision; for one not taken up the reasons.
    decision: Mapped[str] = mapped_column(Text, default="")
    passed_to: Mapped[str] = mapped_column(String(120), default="")

    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    #: All that the department concerned ever reads of it, and what it says to that.
    extract: Mapped[str] = mapped_column(Text, default="")
    extract_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement: Mapped[str] = mapped_column(Text, default="")
    statement_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    result: Mapped[Result | None] = mapped_column(Words(Result))
    answer: Mapped[str] = mapped_column(Text, default="")
    rectification: Mapped[str] = mapped_column(Text, default="")
    #: A refusal without filing has come to light (D-6).
    unfiled_denial: Mapped[bool] = mapped_column(default=False)
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sent_back: Mapped[str] = mapped_column(Text, default="")
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_how: Mapped[Told | None] = mapped_column(Words(Told))
    satisfaction: Mapped[Satisfaction | None] = mapped_column(Words(Satisfaction))
    remark: Mapped[str] = mapped_column(String(400), default="")
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: A confirmed result that does not stand (J-3).
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reversal: Mapped[str] = mapped_column(String(400), default="")
    identity_erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[ServiceItem | None] = relationship()
    case: Mapped[Case | None] = relationship()
    department: Mapped[Department | None] = relationship()
    post: Mapped[Post | None] = relationship()
    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    officer: Mapped[User | None] = relationship(foreign_keys=[officer_id])
    notes: Mapped[list[ComplaintNote]] = relationship(order_by="ComplaintNote.id")
    papers: Mapped[list[ComplaintPaper]] = relationship(order_by="ComplaintPaper.id")

    __table_args__ = (
        Index("ix_complaint_running", "due_at", "state", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_complaint_officer", "officer_id", "due_at"),
        Index("ix_complaint_department", "department_id", "received_at"),
        Index("ix_complaint_received", "received_at"),
        Index("ix_complaint_told", "told_at", sqlite_where=_UNCLOSED, postgresql_where=_UNCLOSED),
        Index("ix_complaint_unerased", "closed_at", sqlite_where=_UNERASED, postgresql_where=_UNERASED),
        CheckConstraint("channel <> 'upper' OR (upper_body <> '' AND upper_number <> '')", name="upper_document"),
        CheckConstraint("officer_id IS NULL OR officer_id <> person_id", name="not_oneself"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> officer_id", name="approved_by_another"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="proposed_by_another"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> person_id", name="not_decided_by_oneself"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> person_id", name="not_approved_by_oneself"),
        CheckConstraint("told_at IS NULL OR decided_at IS NOT NULL", name="told_after_decision"),
        CheckConstraint("state <> 'not_taken_up' OR decision <> ''", name="refused_with_reasons"),
        CheckConstraint("state <> 'passed_on' OR passed_to <> ''", name="passed_to_somebody"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('passed_on','not_taken_up','closed'))",
            name="closed",
        ),
        CheckConstraint("(satisfaction IS NULL) = (rated_at IS NULL)", name="rated"),
        CheckConstraint("(extended_at IS NULL) = (extension_reason = '')", name="extended_with_reason"),
        CheckConstraint("extended_at IS NULL OR extended_at <= extended_from", name="extended_before_expiry"),
    )

    def record_case(self) -> int | None:
        """Never on the timeline of the case: its department must not learn that there was a complaint."""
        return None


class ComplaintIdentity(Recorded, Base):
    """Who complained; read by the assigned officer alone, each time with an entry, and erased after its time."""

    __tablename__ = "complaint_identity"
    record_name = "complaint"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    #: Of the digest by which the journal is bound to what was received.
    salt: Mapped[str] = mapped_column(String(32))

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the complaint."""
        return "complaint", self.complaint_id


class ComplaintAddition(Recorded, Base):
    """What the complainant added; it may tell who they are, so that the officer alone reads it."""

    __tablename__ = "complaint_addition"
    record_name = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_complaint_addition_complaint", "complaint_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the complaint."""
        return "complaint", self.complaint_id


class ComplaintNote(Recorded, Base):
    """A note of the investigation; one that is ``told`` is an interim answer that the complainant reads."""

    __tablename__ = "complaint_note"
    record_name = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    text: Mapped[str] = mapped_column(Text)
    told: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (Index("ix_complaint_note_complaint", "complaint_id"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the complaint."""
        return "complaint", self.complaint_id


class ComplaintPaper(Recorded, Base):
    """A numbered paper to the complainant; it names nobody, the officer addresses the envelope."""

    __tablename__ = "complaint_paper"
    record_name = "complaint"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    kind: Mapped[PaperKind] = mapped_column(Words(PaperKind))
    text: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (UniqueConstraint("complaint_id", "kind"),)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the complaint."""
        return "complaint", self.complaint_id


class ComplaintSubmission(Base):
    """How many complaints one address sent within an hour of the clock; the address is a keyed digest of the day.

    No finer time is kept: nobody can tell from it which complaint came from where.
    """

    __tablename__ = "complaint_submission"

    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]

    __table_args__ = (Index("ix_complaint_submission_hour", "hour"),)
