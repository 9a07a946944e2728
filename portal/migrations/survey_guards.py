"""What the database itself refuses about surveys and meetings with clients (S-2): made by migration 0017."""

from __future__ import annotations

_FROZEN = ("number", "title", "introduction", "audience", "opens_at", "closes_at", "least_group", "drop_extremes")
_CHANGED = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in _FROZEN)
_OF_PUBLISHED = "EXISTS (SELECT 1 FROM survey s WHERE s.id = {row}.survey_id AND s.published_at IS NOT NULL)"
_NOT_RUNNING = (
    "NOT EXISTS (SELECT 1 FROM survey s WHERE s.id = NEW.survey_id AND s.published_at IS NOT NULL"
    " AND s.closed_at IS NULL AND s.replaced_at IS NULL)"
)
_ANSWERED = "EXISTS (SELECT 1 FROM survey_paper p WHERE p.survey_id = NEW.id)"
_FIGURES = " OR ".join(
    [
        "NEW.answered <> OLD.answered",
        "NEW.close_reason <> OLD.close_reason",
        "NEW.closed_at IS NULL",
        "NEW.closed_at <> OLD.closed_at",
    ]
)
_DRAW = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("seed", "drawn", "listed", "list_digest"))
_MEETING = " OR ".join(
    f"NEW.{c} <> OLD.{c}" for c in ("number", "held_on", "place", "topic", "participants", "summary")
)
_MEASURE = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("number", "finding", "measure", "department_id", "due_on"))

#: In the form of `guards.GUARDS`.
SURVEY_GUARDS = (
    (
        "survey_not_born_published",
        "survey",
        "INSERT",
        "NEW.published_at IS NOT NULL OR NEW.closed_at IS NOT NULL",
        "a survey begins as a draft",
    ),
    (
        "survey_published_is_frozen",
        "survey",
        "UPDATE",
        f"OLD.published_at IS NOT NULL AND (NEW.published_at IS NULL OR {_CHANGED})",
        "a published survey never changes",
    ),
    (
        "survey_replaced_before_answers",
        "survey",
        "UPDATE",
        f"OLD.replaced_at IS NULL AND NEW.replaced_at IS NOT NULL AND {_ANSWERED}",
        "a survey that somebody has answered is not replaced",
    ),
    (
        "survey_closed_stays",
        "survey",
        "UPDATE",
        f"OLD.closed_at IS NOT NULL AND ({_FIGURES})",
        "a closed survey stays closed",
    ),
    (
        "survey_drawn_once",
        "survey",
        "UPDATE",
        f"OLD.drawn_at IS NOT NULL AND (NEW.drawn_at IS NULL OR {_DRAW})",
        "a sample is drawn once",
    ),
    ("survey_no_delete", "survey", "DELETE", None, "surveys are never deleted"),
    (
        "survey_question_frozen",
        "survey_question",
        "INSERT",
        _OF_PUBLISHED.format(row="NEW"),
        "questions of a published survey never change",
    ),
    (
        "survey_question_stays",
        "survey_question",
        "UPDATE",
        _OF_PUBLISHED.format(row="OLD"),
        "questions of a published survey never change",
    ),
    (
        "survey_question_kept",
        "survey_question",
        "DELETE",
        _OF_PUBLISHED.format(row="OLD"),
        "questions of a published survey never change",
    ),
    ("survey_paper_while_running", "survey_paper", "INSERT", _NOT_RUNNING, "a survey is answered while it runs"),
    ("survey_paper_no_update", "survey_paper", "UPDATE", None, "an answer never changes"),
    ("client_meeting_stays", "client_meeting", "UPDATE", _MEETING, "a recorded meeting stays as it was"),
    ("client_meeting_no_delete", "client_meeting", "DELETE", None, "meetings are never deleted"),
    ("client_meeting_opinion_no_update", "client_meeting_opinion", "UPDATE", None, "what was raised stays as it was"),
    ("client_meeting_opinion_no_delete", "client_meeting_opinion", "DELETE", None, "what was raised stays as it was"),
    (
        "survey_measure_closed_stays",
        "survey_measure",
        "UPDATE",
        f"OLD.state IN ('told', 'withdrawn') OR ({_MEASURE})",
        "a measure stays as it was laid down, a closed one as it ended",
    ),
    ("survey_measure_no_delete", "survey_measure", "DELETE", None, "measures are never deleted"),
)
