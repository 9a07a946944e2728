"""Opinions of clients and the rounds of their rectification (S-4)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cases.models import Case
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department
from portal.post_duty.models import Post


class OpinionKind(StrEnum):
    """What a client says."""

    PROBLEM = "problem"
    OPINION = "opinion"
    SUGGESTION = "suggestion"
    BAD_REVIEW = "bad_review"


class Source(StrEnum):
    """How it came in."""

    EVALUATION = "evaluation"
    SURVEY = "survey"
    CALLBACK = "callback"
    MEETING = "meeting"
    LETTER = "letter"


class OpinionState(StrEnum):
    """Where an opinion stands; the last one is final."""

    REGISTERED = "registered"
    DRAFTED = "drafted"
    APPROVED = "approved"
    ANSWERED = "answered"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    CALLING_BACK = "calling_back"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What was found: it is so, or it is not; an opinion or suggestion may need neither."""

    CONFIRMED = "confirmed"
    UNTRUE = "untrue"


class How(StrEnum):
    """How a client was spoken to."""

    PHONE = "phone"
    MEETING = "meeting"
    WRITING = "writing"
    UNREACHED = "unreached"


_OPEN = text("closed_at IS NULL")
_TO_CONTACT = text("contact_due_at IS NOT NULL AND contacted_at IS NULL AND contact_warned_at IS NULL")
_TO_ANSWER = text("answer_due_at IS NOT NULL AND answered_at IS NULL AND answer_warned_at IS NULL")
_PROPOSED = text("untrue_proposed_by_id IS NOT NULL")
_OF_CASE = text("case_id IS NOT NULL")


class Opinion(Recorded, Base):
    """One signed opinion. The client's name and phone stand here alone, never in the journal or the search index."""

    __tablename__ = "client_opinion"
    record_name = "client_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[OpinionKind] = mapped_column(Words(OpinionKind))
    source: Mapped[Source] = mapped_column(Words(Source))
    text: Mapped[str] = mapped_column(Text)
    #: The grade of a bad review as the room of evaluation stores it, and its reasons in words, one a line.
    grade: Mapped[str] = mapped_column(String(32), default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    #: Whom it concerns; None until the office has said so.
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    state: Mapped[OpinionState] = mapped_column(Words(OpinionState), default=OpinionState.REGISTERED)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    # A bad review: first the client is spoken to.
    contact_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contacted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contacted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    contact_how: Mapped[How | None] = mapped_column(Words(How))
    contact_said: Mapped[str] = mapped_column(Text, default="")

    answer: Mapped[str] = mapped_column(Text, default="")
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    drafted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the leader said, also when the draft went back.
    leader_opinion: Mapped[str] = mapped_column(Text, default="")
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer_how: Mapped[How | None] = mapped_column(Words(How))
    answer_said: Mapped[str] = mapped_column(Text, default="")

    verdict: Mapped[Verdict | None] = mapped_column(Words(Verdict))
    finding: Mapped[str] = mapped_column(Text, default="")
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    untrue_reason: Mapped[str] = mapped_column(Text, default="")
    #: Who says that it is untrue, while a second person has not decided.
    untrue_proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    untrue_proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    notice_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    notice_text: Mapped[str] = mapped_column(Text, default="")
    noticed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call_back_attempts: Mapped[int] = mapped_column(default=0)
    called_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    call_back_how: Mapped[How | None] = mapped_column(Words(How))
    satisfied: Mapped[bool | None]
    call_back_said: Mapped[str] = mapped_column(Text, default="")

    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    conclusion: Mapped[str] = mapped_column(Text, default="")

    case: Mapped[Case | None] = relationship()
    post: Mapped[Post | None] = relationship()
    department: Mapped[Department | None] = relationship()
    rounds: Mapped[list[OpinionRectification]] = relationship(
        back_populates="opinion", order_by="OpinionRectification.round"
    )

    __table_args__ = (
        Index("ix_client_opinion_open", "state", "department_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_client_opinion_contact", "contact_due_at", sqlite_where=_TO_CONTACT, postgresql_where=_TO_CONTACT),
        Index("ix_client_opinion_answer", "answer_due_at", sqlite_where=_TO_ANSWER, postgresql_where=_TO_ANSWER),
        Index("ix_client_opinion_proposed", "id", sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
        Index("ix_client_opinion_case", "case_id", sqlite_where=_OF_CASE, postgresql_where=_OF_CASE),
        Index("ix_client_opinion_department", "department_id", "opened_at"),
        Index("ix_client_opinion_opened", "opened_at"),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name="closed"),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved"),
        CheckConstraint("answered_at IS NULL OR approved_at IS NOT NULL", name="approved_before_answer"),
        CheckConstraint("(contact_due_at IS NOT NULL) = (kind = 'bad_review')", name="bad_review_is_contacted"),
        CheckConstraint("(contacted_at IS NULL) = (contact_how IS NULL)", name="contacted"),
        CheckConstraint("verdict IS NULL OR (found_by_id IS NOT NULL AND finding <> '')", name="found_with_reasons"),
        CheckConstraint("kind <> 'bad_review' OR closed_at IS NULL OR called_back_at IS NOT NULL", name="called_back"),
    )

    def record_case(self) -> int | None:
        """What a client says of a case stands on the opinion's own timeline."""
        return None

    @property
    def last(self) -> OpinionRectification | None:
        """The newest round of rectification."""
        return self.rounds[-1] if self.rounds else None


_TO_RECTIFY = text("rectified_at IS NULL AND warned_at IS NULL")


class OpinionRectification(Recorded, Base):
    """One round: asked for by a written notice, written by the department, re-checked by the office."""

    __tablename__ = "client_opinion_rectification"
    record_name = "client_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    opinion_id: Mapped[int] = mapped_column(ForeignKey("client_opinion.id"))
    round: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
    rectified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rectified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[bool | None]
    rechecked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rechecked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remark: Mapped[str] = mapped_column(Text, default="")

    opinion: Mapped[Opinion] = relationship(back_populates="rounds")

    __table_args__ = (
        UniqueConstraint("opinion_id", "round"),
        Index("ix_client_opinion_rectification_due", "due_at", sqlite_where=_TO_RECTIFY, postgresql_where=_TO_RECTIFY),
        CheckConstraint("rechecked_by_id IS NULL OR rechecked_by_id <> rectified_by_id", name="by_another"),
        CheckConstraint("(passed IS NULL) = (rechecked_by_id IS NULL)", name="rechecked"),
        CheckConstraint("(rectified_at IS NULL) = (rectified_by_id IS NULL)", name="rectified"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """A round is recorded on its opinion."""
        return "client_opinion", self.opinion_id
