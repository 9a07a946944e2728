"""Questionnaires, their questions, codes and papers; clients drawn; measures; meetings with clients (S-2)."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, UtcDateTime, Words
from portal.kernel.journal import Recorded
from portal.people.models import Department
from portal.survey.rules import Audience, MeasureState, QuestionKind
from portal.survey.tally import Option


class ToldBy(StrEnum):
    """How the clients were told what came of it."""

    NOTICE = "notice"
    MEETING = "meeting"
    PHONE = "phone"
    WRITING = "writing"
    WINDOW = "window"


_RUNNING = text("published_at IS NOT NULL AND closed_at IS NULL AND replaced_at IS NULL")
_SHOWN = text("results_published_at IS NOT NULL")
_OPEN = text("state = 'open'")
_UNTOLD = text("state = 'done'")


class Survey(Recorded, Base):
    """One version of a questionnaire. What clients see of it is frozen with its publication."""

    __epoch__ = "survey"
    __tablename__ = "survey"
    record_name = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    #: The version that this one takes the place of.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    title: Mapped[str] = mapped_column(String(120))
    introduction: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[Audience] = mapped_column(Words(Audience))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    #: What the address of the public page holds; passes to the version that takes this one's place.
    token: Mapped[str | None] = mapped_column(String(16), unique=True)
    #: As policy had them when it was published: the smallest group shown, and whether extremes are dropped.
    least_group: Mapped[int | None]
    drop_extremes: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    close_reason: Mapped[str] = mapped_column(String(200), default="")
    answered: Mapped[int | None]
    codes_issued: Mapped[int] = mapped_column(default=0)
    codes_void: Mapped[int] = mapped_column(default=0)
    results_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    results_published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    results_note: Mapped[str] = mapped_column(Text, default="")

    listed: Mapped[int] = mapped_column(default=0)
    list_digest: Mapped[str] = mapped_column(String(64), default="")
    drawn: Mapped[int | None]
    seed: Mapped[str] = mapped_column(String(96), default="")
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    questions: Mapped[list[SurveyQuestion]] = relationship(order_by="SurveyQuestion.position", viewonly=True)
    departments: Mapped[list[Department]] = relationship(
        secondary="survey_department", order_by="Department.sort", viewonly=True
    )

    __table_args__ = (
        Index("ix_survey_made", "made_at"),
        Index("ix_survey_running", "closes_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        Index("ix_survey_shown", "results_published_at", sqlite_where=_SHOWN, postgresql_where=_SHOWN),
        CheckConstraint("closes_at > opens_at", name="order"),
        CheckConstraint("(published_at IS NULL) = (least_group IS NULL)", name="published"),
        CheckConstraint("(closed_at IS NULL) = (answered IS NULL)", name="closed"),
        CheckConstraint("results_published_at IS NULL OR closed_at IS NOT NULL", name="results"),
        CheckConstraint("dropped_at IS NULL OR published_at IS NULL", name="dropped"),
        CheckConstraint("(drawn IS NULL) = (drawn_at IS NULL)", name="drawn"),
    )


class SurveyDepartment(Recorded, Base):
    """A department whose staff answers."""

    __tablename__ = "survey_department"
    record_name = "survey"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the survey."""
        return "survey", self.survey_id


class SurveyQuestion(Recorded, Base):
    """A question; its options are kept as they were when it was published."""

    __tablename__ = "survey_question"
    record_name = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(Words(QuestionKind))
    text: Mapped[str] = mapped_column(String(200))
    help: Mapped[str] = mapped_column(String(200), default="")
    required: Mapped[bool] = mapped_column(default=True)
    #: Value, text and points of each option as JSON.
    options: Mapped[str] = mapped_column(Text, default="[]")

    __table_args__ = (
        Index("ix_survey_question_survey", "survey_id", "position"),
        CheckConstraint("position > 0", name="position"),
    )

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the survey."""
        return "survey", self.survey_id

    def choices(self) -> tuple[Option, ...]:
        """What can be chosen."""
        return tuple(Option(o["value"], o["text"], o.get("points")) for o in json.loads(self.options))

    def set_choices(self, options: tuple[Option, ...]) -> None:
        """Keep what can be chosen."""
        self.options = json.dumps(
            [{"value": o.value, "text": o.text, **({} if o.points is None else {"points": o.points})} for o in options],
            ensure_ascii=False,
        )


class SurveyCode(Base):
    """A one-time code that still works, as a keyed digest. Using it deletes the row: nothing tells which were used."""

    __tablename__ = "survey_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))

    __table_args__ = (Index("ix_survey_code_survey", "survey_id"), {"sqlite_with_rowid": False})


class SurveyPaper(Base):
    """What somebody answered: all choices of one paper, or one text (``question_id``). In no order, at no time."""

    __tablename__ = "survey_paper"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("survey_question.id"))
    content: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_survey_paper_survey", "survey_id", "question_id"), {"sqlite_with_rowid": False})


class SurveyCount(Base):
    """Answers and wrong codes of one day by subject (an address as a keyed digest of the day), against floods."""

    __tablename__ = "survey_count"

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)

    __table_args__ = ({"sqlite_with_rowid": False},)


class SurveyClient(Recorded, Base):
    """A client of the list from which a sample is drawn; personal, gone some time after the survey has closed."""

    __tablename__ = "survey_client"
    record_name = "survey"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[str] = mapped_column(String(200))
    drawn: Mapped[bool] = mapped_column(default=False)

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the survey."""
        return "survey", self.survey_id


class ClientMeeting(Recorded, Base):
    """A meeting with clients (half-yearly): when, where, how many, what was said."""

    __epoch__ = "survey"
    __tablename__ = "client_meeting"
    record_name = "client_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(120))
    topic: Mapped[str] = mapped_column(String(120))
    participants: Mapped[int]
    summary: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_client_meeting_held", "held_on"),
        CheckConstraint("participants > 0", name="participants"),
    )


class MeetingOpinion(Recorded, Base):
    """What was raised at a meeting, and the opinion as which it goes on (S-4)."""

    __tablename__ = "client_meeting_opinion"
    record_name = "client_meeting"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("client_meeting.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    def record_key(self) -> tuple[str, int | None]:
        """Recorded on the meeting."""
        return "client_meeting", self.meeting_id


class Improvement(Recorded, Base):
    """A measure of improvement: what was found, what is done, by whom until when, and how the clients were told."""

    __epoch__ = "survey"
    __tablename__ = "survey_measure"
    record_name = "survey_measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("client_meeting.id"))
    finding: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    due_on: Mapped[date]
    state: Mapped[MeasureState] = mapped_column(Words(MeasureState))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    overdue_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    done_late: Mapped[bool] = mapped_column(default=False)
    result: Mapped[str] = mapped_column(Text, default="")
    told_on: Mapped[date | None]
    told_by: Mapped[ToldBy | None] = mapped_column(Words(ToldBy))
    told_note: Mapped[str] = mapped_column(String(300), default="")
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdraw_reason: Mapped[str] = mapped_column(String(200), default="")

    department: Mapped[Department] = relationship()
    survey: Mapped[Survey | None] = relationship()
    meeting: Mapped[ClientMeeting | None] = relationship()

    __table_args__ = (
        Index("ix_survey_measure_made", "made_at"),
        Index("ix_survey_measure_survey", "survey_id"),
        Index("ix_survey_measure_meeting", "meeting_id"),
        Index("ix_survey_measure_department", "department_id", "due_on"),
        Index("ix_survey_measure_open", "due_on", "department_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_survey_measure_untold", "done_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        CheckConstraint("(survey_id IS NULL) <> (meeting_id IS NULL)", name="origin"),
        CheckConstraint("(state IN ('done','told')) = (done_at IS NOT NULL)", name="done"),
        CheckConstraint("(state = 'told') = (told_by IS NOT NULL)", name="told"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
    )
