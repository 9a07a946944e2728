"""Proceedings: their subjects, who has which duty, what was said, measures, and who must keep away (A-2, A-3)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clue.models import Clue
from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department, User


class State(StrEnum):
    """Where a proceeding stands; the last one is final."""

    REGISTERED = "registered"
    INVESTIGATED = "investigated"
    HEARD = "heard"
    FOUND = "found"
    DECIDED = "decided"
    TOLD = "told"
    REVIEWING = "reviewing"
    CLOSED = "closed"


class Origin(StrEnum):
    """What a proceeding was opened from."""

    CLUE = "clue"
    COMPLAINT = "complaint"
    INSPECTION = "inspection"
    UPPER = "upper"


class Duty(StrEnum):
    """What somebody has to do in a proceeding."""

    SECRETARY = "secretary"
    INVESTIGATOR = "investigator"
    DECIDER = "decider"
    REVIEWER = "reviewer"


class Bar(StrEnum):
    """Why somebody must keep away."""

    SUBJECT = "subject"
    DEPARTMENT = "department"
    COMPLAINANT = "complainant"
    RAISER = "raiser"
    DISMISSER = "dismisser"
    SUPERIOR = "superior"
    RECUSED = "recused"
    OTHER_DUTY = "other_duty"


class Said(StrEnum):
    """What is kept of the hearing, and later of the person concerned."""

    STATEMENT = "statement"
    MINUTES = "minutes"
    WAIVER = "waiver"
    OBJECTION = "objection"
    NOTE = "note"


class Conduct(StrEnum):
    """In which way a duty was failed."""

    NOT_PERFORMING = "not_performing"
    WRONGLY = "wrongly"


class Effect(StrEnum):
    """What came of it."""

    NONE = "none"
    DELAY = "delay"
    LOSS = "loss"
    REPUTATION = "reputation"
    SEVERE = "severe"


class Cause(StrEnum):
    """Why it came about."""

    OVERSIGHT = "oversight"
    ABILITY = "ability"
    NEGLIGENCE = "negligence"
    INTENT = "intent"
    OBJECTIVE = "objective"


class Attitude(StrEnum):
    """How the person stands to it."""

    CORRECTED = "corrected"
    ADMITTED = "admitted"
    EVASIVE = "evasive"
    OBSTRUCTIVE = "obstructive"


class Severity(StrEnum):
    """How grave it is: what the ladder permits."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


class MeasureKind(StrEnum):
    """The measures in the order of the ladder (A-3, P-6); a rectification order stands beside it."""

    RECTIFICATION = "rectification"
    CRITICISM = "criticism"
    SELF_EXAMINATION = "self_examination"
    ADMONITION = "admonition"
    AWARD_LOST = "award_lost"
    WARNING = "warning"
    EFFICIENCY_WARNING = "efficiency_warning"
    TRAINING = "training"
    TRANSFER = "transfer"
    DEMOTION = "demotion"
    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    SANCTION = "sanction"
    JUSTICE = "justice"


class Outcome(StrEnum):
    """What a review comes to; it never makes anything worse."""

    CONFIRMED = "confirmed"
    MITIGATED = "mitigated"
    LIFTED = "lifted"


_OPEN = text("closed_at IS NULL")
_STANDING = text("ended_at IS NULL")
_DUE = text("due_on IS NOT NULL AND executed_on IS NULL AND lifted_at IS NULL")


class Proceeding(Recorded, Base):
    """One matter that is looked into, with everything that was done (A-2)."""

    __tablename__ = "proceeding"
    record_name = "proceeding"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(Text)
    origin: Mapped[Origin] = mapped_column(Words(Origin))
    #: The number of the complaint, inspection or paper that it was opened from.
    source: Mapped[str] = mapped_column(String(60), default="")
    #: There is a complainant to whom the result is told through the complaint.
    complainant: Mapped[bool] = mapped_column(default=False)
    complainant_told_on: Mapped[date | None]
    #: Unmet tasks among its clues: each counts for itself (A-4).
    unmet_tasks: Mapped[int] = mapped_column(default=0)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(Words(State), default=State.REGISTERED)
    report: Mapped[str] = mapped_column(Text, default="")
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: The upper body that decides, where nobody here may.
    passed_to: Mapped[str] = mapped_column(String(120), default="")

    subjects: Mapped[list[Subject]] = relationship(back_populates="proceeding", order_by="Subject.id")
    assignments: Mapped[list[Appointed]] = relationship(back_populates="proceeding", order_by="Appointed.id")
    clues: Mapped[list[ProceedingClue]] = relationship(back_populates="proceeding", order_by="ProceedingClue.id")
    bars: Mapped[list[Barred]] = relationship(back_populates="proceeding", order_by="Barred.id")

    __table_args__ = (
        Index("ix_proceeding_open", "registered_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_proceeding_registered", "registered_at"),
        Index("ix_proceeding_department", "department_id", "registered_at"),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name="closed"),
        CheckConstraint("passed_to = '' OR state = 'closed'", name="passed"),
    )


class _Part(Recorded):
    """What belongs to a proceeding: a change is recorded on it."""

    proceeding_id: Mapped[int]

    def record_key(self) -> tuple[str, int | None]:
        """The proceeding."""
        return "proceeding", self.proceeding_id


class ProceedingClue(_Part, Base):
    """A clue that became (a part of) a proceeding, once."""

    __tablename__ = "proceeding_clue"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    clue_id: Mapped[int] = mapped_column(ForeignKey("clue.id"), unique=True)

    proceeding: Mapped[Proceeding] = relationship(back_populates="clues")
    clue: Mapped[Clue] = relationship()

    __table_args__ = (Index("ix_proceeding_clue_proceeding", "proceeding_id"),)


class Barred(_Part, Base):
    """Somebody who must keep away for a reason that no other row tells: complained, raised, dismissed, recused."""

    __tablename__ = "proceeding_bar"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    bar: Mapped[Bar] = mapped_column(Words(Bar))

    proceeding: Mapped[Proceeding] = relationship(back_populates="bars")

    __table_args__ = (UniqueConstraint("proceeding_id", "user_id", "bar"),)


class Appointed(_Part, Base):
    """A duty of somebody in a proceeding, by name: it never passes to who acts for them (AB-4)."""

    __tablename__ = "proceeding_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    duty: Mapped[Duty] = mapped_column(Words(Duty))
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proceeding: Mapped[Proceeding] = relationship(back_populates="assignments")

    __table_args__ = (
        Index(
            "uq_proceeding_assignment_standing",
            "proceeding_id",
            "user_id",
            "duty",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_proceeding_assignment_user", "user_id", sqlite_where=_STANDING, postgresql_where=_STANDING),
    )


class Subject(_Part, Base):
    """A person or a department concerned, with the finding, the decision and the review of its own."""

    __tablename__ = "proceeding_subject"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    #: Answers as a leader together with others (A-3).
    joint: Mapped[bool] = mapped_column(default=False)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    confirmed: Mapped[bool | None]
    facts: Mapped[str] = mapped_column(Text, default="")
    conduct: Mapped[Conduct | None] = mapped_column(Words(Conduct))
    effect: Mapped[Effect | None] = mapped_column(Words(Effect))
    cause: Mapped[Cause | None] = mapped_column(Words(Cause))
    attitude: Mapped[Attitude | None] = mapped_column(Words(Attitude))
    severity: Mapped[Severity | None] = mapped_column(Words(Severity))
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    opinion: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The leaders' meeting of a grave decision.
    meeting_on: Mapped[date | None]
    meeting_record: Mapped[str] = mapped_column(Text, default="")
    #: Earlier confirmed matters that counted when it was decided.
    repeats: Mapped[int] = mapped_column(default=0)

    letter_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remedies: Mapped[str] = mapped_column(Text, default="")
    review_by: Mapped[datetime | None] = mapped_column(UtcDateTime)

    review_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    grounds: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[Outcome | None] = mapped_column(Words(Outcome))
    review: Mapped[str] = mapped_column(Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proceeding: Mapped[Proceeding] = relationship(back_populates="subjects")
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    department: Mapped[Department | None] = relationship()
    measures: Mapped[list[Imposed]] = relationship(back_populates="subject", order_by="Imposed.id")
    said: Mapped[list[Utterance]] = relationship(back_populates="subject", order_by="Utterance.id")

    __table_args__ = (
        UniqueConstraint("proceeding_id", "user_id"),
        UniqueConstraint("proceeding_id", "department_id"),
        Index("ix_proceeding_subject_user", "user_id"),
        Index("ix_proceeding_subject_department", "department_id"),
        CheckConstraint("(user_id IS NULL) <> (department_id IS NULL)", name="one"),
        CheckConstraint("confirmed IS NULL OR heard_at IS NOT NULL", name="heard_first"),
        CheckConstraint("decided_at IS NULL OR confirmed IS NOT NULL", name="found_first"),
        CheckConstraint("told_at IS NULL OR decided_at IS NOT NULL", name="decided_first"),
        CheckConstraint("reviewed_at IS NULL OR review_asked_at IS NOT NULL", name="review_asked"),
        CheckConstraint(
            "(user_id IS NULL OR ((found_by_id IS NULL OR found_by_id <> user_id)"
            " AND (decided_by_id IS NULL OR decided_by_id <> user_id)"
            " AND (reviewed_by_id IS NULL OR reviewed_by_id <> user_id)))",
            name="not_by_oneself",
        ),
        CheckConstraint(
            "reviewed_by_id IS NULL OR (reviewed_by_id <> decided_by_id AND reviewed_by_id <> found_by_id)",
            name="reviewed_by_another",
        ),
    )


class Utterance(_Part, Base):
    """What was said: the person's statement, signed minutes, why nobody was heard, an objection, an internal note."""

    __tablename__ = "proceeding_utterance"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    #: None: an internal note on the whole proceeding.
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding_subject.id"))
    kind: Mapped[Said] = mapped_column(Words(Said))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    subject: Mapped[Subject | None] = relationship(back_populates="said")

    __table_args__ = (
        Index("ix_proceeding_utterance_proceeding", "proceeding_id"),
        CheckConstraint("(subject_id IS NULL) = (kind = 'note')", name="of_subject"),
    )


class Imposed(_Part, Base):
    """One measure against a subject, until it expires, is lifted, or was carried out (A-3)."""

    __tablename__ = "proceeding_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("proceeding_subject.id"))
    kind: Mapped[MeasureKind] = mapped_column(Words(MeasureKind))
    #: What a rectification order demands.
    demand: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None]
    decided_on: Mapped[date]
    #: Derived from the decision and the policy of that day; None: without an end.
    expires_on: Mapped[date | None]
    executed_on: Mapped[date | None]
    execution: Mapped[str] = mapped_column(Text, default="")
    executed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Came in the place of a graver one by a review.
    milder: Mapped[bool] = mapped_column(default=False)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    subject: Mapped[Subject] = relationship(back_populates="measures")

    __table_args__ = (
        UniqueConstraint("subject_id", "kind"),
        Index("ix_proceeding_measure_decided", "decided_on"),
        Index("ix_proceeding_measure_due", "due_on", sqlite_where=_DUE, postgresql_where=_DUE),
        CheckConstraint("(kind = 'rectification') = (due_on IS NOT NULL)", name="due"),
        CheckConstraint("expires_on IS NULL OR expires_on >= decided_on", name="order"),
    )


class Reading(Base):
    """That somebody opened a proceeding in an hour: at most one entry of the journal each."""

    __tablename__ = "proceeding_reading"

    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
