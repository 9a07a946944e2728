"""Months of scores, their lines, results and changes, and the objections to lines (E-3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Exact, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.pure.scoring import Subject
from portal.score_table.models import Version


class MonthState(StrEnum):
    """Where the evidence of a month stands (E-6)."""

    #: Manual lines are collected; nothing is computed.
    OPEN = "open"
    #: Computed and shown to the scored, who may object.
    COMPUTED = "computed"
    #: At least one objection waits for its ruling.
    OBJECTIONS = "objections"
    SETTLED = "settled"


class LineOrigin(StrEnum):
    """Whether the portal derived a line or somebody proposed it."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class LineState(StrEnum):
    """Only approved lines count."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    STRUCK = "struck"


class ObjectionState(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


_OPEN = text("state = 'open'")


class ScoreMonth(Recorded, Base):
    """A month of scores of one kind of subject, under the table that was in force then."""

    __epoch__ = "score_month"
    __tablename__ = "score_month"
    record_name = "score_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The first day of the month.
    month: Mapped[date]
    subject: Mapped[Subject] = mapped_column(Words(Subject))
    state: Mapped[MonthState] = mapped_column(Words(MonthState), default=MonthState.OPEN)
    #: The score table that was in force; an approved version never changes (POL-1).
    version_id: Mapped[int] = mapped_column(ForeignKey("score_table_version.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: How often lines or results have changed since the month was opened.
    revision: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    #: Until when the scored may object (the end of that day).
    objections_until: Mapped[date | None]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: From when on nothing here changes any more: the month is published (E-6).
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    version: Mapped[Version] = relationship()

    __table_args__ = (
        UniqueConstraint("month", "subject"),
        Index(
            "ix_score_month_unsettled",
            "month",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        CheckConstraint("(state = 'open') = (computed_at IS NULL)", name="computed"),
        CheckConstraint("(computed_at IS NULL) = (objections_until IS NULL)", name="shown_when_computed"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("frozen_at IS NULL OR state = 'settled'", name="frozen_when_settled"),
    )


class ScoreLine(Recorded, Base):
    """One line of evidence of one subject. ``key`` names its fact once and for all within the year."""

    __epoch__ = "score_month"
    __tablename__ = "score_line"
    record_name = "score_month"

    id: Mapped[int] = mapped_column(primary_key=True)
    score_month_id: Mapped[int] = mapped_column(ForeignKey("score_month.id"))
    subject: Mapped[Subject] = mapped_column(Words(Subject))
    #: A department's or a person's id.
    subject_id: Mapped[int]
    year: Mapped[int]
    rule: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160))
    origin: Mapped[LineOrigin] = mapped_column(Words(LineOrigin))
    state: Mapped[LineState] = mapped_column(Words(LineState))
    #: How often, how many days or points, or the figure itself (E-2).
    quantity: Mapped[Decimal] = mapped_column(Exact)
    #: The points of a discretionary rule; None where the rule says them.
    points: Mapped[Decimal | None] = mapped_column(Exact)
    #: What the line comes to under the table, and how, written when it was last computed.
    scored: Mapped[Decimal | None] = mapped_column(Exact)
    scoring: Mapped[str] = mapped_column(String(200), default="")
    happened_on: Mapped[date]
    #: The source of an automatic line (``clue:overdue``, ``fact:satisfaction``); empty for a manual one.
    source: Mapped[str] = mapped_column(String(60), default="")
    #: The evidence: the matter's number or name, and the page that shows it (endpoint, JSON of its values).
    matter: Mapped[str] = mapped_column(String(120), default="")
    endpoint: Mapped[str] = mapped_column(String(64), default="")
    values: Mapped[str] = mapped_column("page_values", Text, default="{}")
    clue_number: Mapped[str] = mapped_column(String(20), default="")
    #: Of a manual line: what happened, and who found it.
    note: Mapped[str] = mapped_column(Text, default="")
    finder: Mapped[str] = mapped_column(String(60), default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(400), default="")
    #: What a ruling made of it; recomputing leaves that alone.
    ruled: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    month: Mapped[ScoreMonth] = relationship()

    __table_args__ = (
        # A fact counts once in a year for a subject under a rule; what was refused or struck may be stated anew.
        Index(
            "uq_score_line_once",
            "year",
            "subject",
            "subject_id",
            "rule",
            "key",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'approved')"),
            postgresql_where=text("state IN ('proposed', 'approved')"),
        ),
        Index("ix_score_line_month", "score_month_id", "subject_id"),
        Index(
            "ix_score_line_proposed",
            "score_month_id",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        CheckConstraint("origin = 'manual' OR (proposed_by_id IS NULL AND source <> '')", name="automatic"),
        CheckConstraint(
            "origin = 'automatic' OR (proposed_by_id IS NOT NULL AND proposed_at IS NOT NULL AND note <> ''"
            " AND finder <> '')",
            name="manual_with_note",
        ),
        CheckConstraint(
            "origin = 'automatic' OR state = 'proposed' OR decided_by_id IS NOT NULL", name="manual_decided"
        ),
        CheckConstraint("decided_by_id <> proposed_by_id", name="not_by_proposer"),
        CheckConstraint("subject <> 'person' OR decided_by_id <> subject_id", name="not_by_scored"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Lines are recorded on their month."""
        return "score_month", self.score_month_id


class ScoreResult(Base):
    """What a subject's lines come to: written with every computation, read by every page."""

    __tablename__ = "score_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    score_month_id: Mapped[int] = mapped_column(ForeignKey("score_month.id"))
    subject_id: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Exact)
    #: Points by category as JSON, each as text.
    categories: Mapped[str] = mapped_column(Text)
    disqualified_by: Mapped[str] = mapped_column(Text, default="")
    lines: Mapped[int]

    __table_args__ = (UniqueConstraint("score_month_id", "subject_id"),)


class ScoreChange(Base):
    """What a computation or a ruling changed of a line, and why (E-3). Never changed, never deleted."""

    __tablename__ = "score_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    score_month_id: Mapped[int] = mapped_column(ForeignKey("score_month.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("score_line.id"))
    #: The revision of the month that it made.
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What it counted before and after; None: it did not count.
    old: Mapped[Decimal | None] = mapped_column(Exact)
    new: Mapped[Decimal | None] = mapped_column(Exact)
    #: A word of `vocabulary.WHY_LABELS`.
    why: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        Index("ix_score_change_month", "score_month_id", "revision"),
        Index("ix_score_change_line", "line_id"),
    )


class Objection(Recorded, Base):
    """An objection of the scored to one line, and its ruling by somebody else (E-3)."""

    __epoch__ = "score_objection"
    __tablename__ = "score_objection"
    record_name = "score_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    score_month_id: Mapped[int] = mapped_column(ForeignKey("score_month.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("score_line.id"))
    text: Mapped[str] = mapped_column(Text)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The day by which somebody rules.
    due_on: Mapped[date]
    #: When it was recorded that this day had passed.
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[ObjectionState] = mapped_column(Words(ObjectionState), default=ObjectionState.OPEN)
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ruling: Mapped[str] = mapped_column(Text, default="")
    #: Of an upheld one: the quantity or the points that count instead; None for both: the line is struck.
    new_quantity: Mapped[Decimal | None] = mapped_column(Exact)
    new_points: Mapped[Decimal | None] = mapped_column(Exact)

    line: Mapped[ScoreLine] = relationship()
    month: Mapped[ScoreMonth] = relationship()

    __table_args__ = (
        Index(
            "uq_score_objection_open",
            "line_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_score_objection_due",
            "due_on",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_score_objection_month", "score_month_id"),
        Index("ix_score_objection_line", "line_id"),
        CheckConstraint(
            "(state = 'open') = (ruled_at IS NULL) AND (ruled_at IS NULL) = (ruled_by_id IS NULL)"
            " AND (ruled_at IS NULL) = (ruling = '')",
            name="ruled_with_reason",
        ),
        CheckConstraint("ruled_by_id <> raised_by_id", name="ruled_by_another"),
        CheckConstraint(
            "state = 'upheld' OR (new_quantity IS NULL AND new_points IS NULL)", name="changed_when_upheld"
        ),
    )
