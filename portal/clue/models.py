"""Clues, and how far the journal was read for each of their sources (A-1)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User
from portal.post_duty.models import Post


class ClueKind(StrEnum):
    """What a clue is about (A-1)."""

    OVERDUE = "overdue"
    TACIT_CONSENT = "tacit_consent"
    TACIT_ACCEPTANCE = "tacit_acceptance"
    SECOND_NOTICE = "second_notice"
    UNFILED_DENIAL = "unfiled_denial"
    LATE_DECISION = "late_decision"
    LATE_LETTER = "late_letter"
    DISPUTED_PASSING = "disputed_passing"
    REPEATED_PASSING = "repeated_passing"
    URGENT_UNACKNOWLEDGED = "urgent_unacknowledged"
    LATE_AB_FILING = "late_ab_filing"
    HANDOVER_MISSING = "handover_missing"
    POST_UNCOVERED = "post_uncovered"
    MESSAGE_UNANSWERED = "message_unanswered"
    PAUSE_CAP = "pause_cap"
    LATE_COMPLAINT_ANSWER = "late_complaint_answer"
    CONFIRMED_COMPLAINT = "confirmed_complaint"
    LATE_RECTIFICATION = "late_rectification"
    LATE_CONTACT = "late_contact"
    LATE_ANSWER = "late_answer"
    FEE_DIFFERENCE = "fee_difference"
    RESULT_ERROR = "result_error"
    ATTENDANCE = "attendance"
    OVERDUE_TASK = "overdue_task"
    UNANSWERED_SUPERVISION = "unanswered_supervision"
    BAD_REVIEW = "bad_review"
    LATE_STATISTICS = "late_statistics"
    #: Reported by hand, and of none of the other kinds.
    OTHER = "other"


class ClueState(StrEnum):
    """Where a clue stands."""

    OPEN = "open"
    IN_PROCEEDING = "in_proceeding"
    DISMISSED = "dismissed"
    #: A later fact took the departure back.
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where a clue came from: the journal, or a person who reported it."""

    JOURNAL = "journal"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    CALLBACK = "callback"
    UPPER_BODY = "upper_body"


_OPEN = text("state = 'open'")


class Clue(Recorded, Base):
    """One departure from a rule. ``key`` names its fact once and for all; ``at`` is the instant of the departure."""

    __tablename__ = "clue"
    record_name = "clue"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[ClueKind] = mapped_column(Words(ClueKind))
    rule: Mapped[str] = mapped_column(String(8))
    state: Mapped[ClueState] = mapped_column(Words(ClueState), default=ClueState.OPEN)
    source: Mapped[Source] = mapped_column(Words(Source))
    #: What was reported by hand; empty for a clue of the journal.
    text: Mapped[str] = mapped_column(Text, default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    #: Who answered for the post at that instant (AB-3), and in whose place.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The evidence: the journal entry, and the page that shows it (endpoint, and a JSON object of its values).
    entry_seq: Mapped[int | None]
    endpoint: Mapped[str] = mapped_column(String(64), default="")
    values: Mapped[str] = mapped_column(Text, default="{}")
    #: The points of the office's table when it was raised; None where the table names none.
    points: Mapped[int | None]
    points_per_day: Mapped[bool] = mapped_column(default=False)
    proceeding_number: Mapped[str] = mapped_column(String(20), default="")
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    dismissal: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The journal entry that took the departure back.
    withdrawn_seq: Mapped[int | None]

    department: Mapped[Department | None] = relationship()
    post: Mapped[Post | None] = relationship()
    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    case: Mapped[Case | None] = relationship()

    __table_args__ = (
        Index("ix_clue_open", "raised_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_clue_at", "at"),
        Index("ix_clue_kind", "kind", "at"),
        Index("ix_clue_department", "department_id", "at"),
        Index("ix_clue_person", "person_id", "at"),
        Index("ix_clue_case", "case_id"),
        CheckConstraint(
            "(state = 'dismissed') = (dismissed_at IS NOT NULL) AND (dismissed_at IS NULL) = (dismissed_by_id IS NULL)"
            " AND (dismissed_at IS NULL) = (dismissal = '')",
            name="dismissed_with_reason",
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("state <> 'in_proceeding' OR proceeding_number <> ''", name="proceeding"),
        CheckConstraint("(source = 'journal') = (raised_by_id IS NULL)", name="raised_by"),
        CheckConstraint("source <> 'journal' OR entry_seq IS NOT NULL", name="evidence"),
        CheckConstraint("source = 'journal' OR text <> ''", name="reported"),
        CheckConstraint("dismissed_by_id <> person_id", name="not_by_person_concerned"),
    )

    def record_case(self) -> int | None:
        """Clues are not told on the case's own timeline: the person concerned reads that."""
        return None


class ClueWatermark(Base):
    """How far the journal was read for one source."""

    __tablename__ = "clue_watermark"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int]
