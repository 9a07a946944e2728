"""What the database itself refuses about complaints (A-5): made by migration 0018."""

from __future__ import annotations

_RECEIVED = (
    "number",
    "channel",
    "about",
    "text",
    "about_whom",
    "slip",
    "received_at",
    "code_digest",
    "digest",
    "named",
)
_ENDED = (
    "state", "decision", "passed_to", "answer", "extract", "statement", "rectification", "unfiled_denial", "due_at",
)  # fmt: skip
_ENDED_MAYBE = ("result", "told_at", "approved_by_id", "satisfaction", "closed_at", "person_id", "department_id")


def _changed(names: tuple[str, ...], maybe: tuple[str, ...] = ()) -> str:
    return " OR ".join(
        [f"NEW.{c} <> OLD.{c}" for c in names]
        + [f"(NEW.{c} IS NULL) <> (OLD.{c} IS NULL) OR NEW.{c} <> OLD.{c}" for c in maybe]
    )


#: In the form of `guards.GUARDS`.
COMPLAINT_GUARDS = (
    (
        "complaint_not_born_decided",
        "complaint",
        "INSERT",
        "NEW.state <> 'received' OR NEW.officer_id IS NOT NULL OR NEW.decided_at IS NOT NULL"
        " OR NEW.approved_at IS NOT NULL OR NEW.told_at IS NOT NULL",
        "a complaint begins undecided",
    ),
    ("complaint_received_stays", "complaint", "UPDATE", _changed(_RECEIVED), "what was complained stays as it was"),
    (
        "complaint_ended_stays",
        "complaint",
        "UPDATE",
        f"OLD.closed_at IS NOT NULL AND ({_changed(_ENDED, _ENDED_MAYBE)})",
        "an ended complaint never changes",
    ),
    (
        "complaint_rated_once",
        "complaint",
        "UPDATE",
        "OLD.satisfaction IS NOT NULL AND (NEW.satisfaction IS NULL OR NEW.satisfaction <> OLD.satisfaction)",
        "satisfaction is given once",
    ),
    (
        "complaint_extended_once",
        "complaint",
        "UPDATE",
        "OLD.extended_at IS NOT NULL AND (NEW.extended_at IS NULL OR NEW.extended_at <> OLD.extended_at)",
        "a complaint is extended once",
    ),
    (
        "complaint_reversed_once",
        "complaint",
        "UPDATE",
        "OLD.reversed_at IS NOT NULL AND (NEW.reversed_at IS NULL OR NEW.reversal <> OLD.reversal)",
        "a result is reversed once",
    ),
    ("complaint_no_delete", "complaint", "DELETE", None, "complaints are never deleted"),
    ("complaint_identity_no_update", "complaint_identity", "UPDATE", None, "who complained is never exchanged"),
    (
        "complaint_identity_kept",
        "complaint_identity",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM complaint c WHERE c.id = OLD.complaint_id AND c.closed_at IS NOT NULL)",
        "who complained is kept while the complaint runs",
    ),
    (
        "complaint_addition_kept",
        "complaint_addition",
        "DELETE",
        "NOT EXISTS (SELECT 1 FROM complaint c WHERE c.id = OLD.complaint_id AND c.closed_at IS NOT NULL)",
        "what was added is kept while the complaint runs",
    ),
    ("complaint_addition_no_update", "complaint_addition", "UPDATE", None, "what was added stays as it was"),
    ("complaint_note_no_update", "complaint_note", "UPDATE", None, "a note stays as it was"),
    ("complaint_note_no_delete", "complaint_note", "DELETE", None, "notes are never deleted"),
    ("complaint_paper_no_update", "complaint_paper", "UPDATE", None, "a paper that was issued stays as it was"),
    ("complaint_paper_no_delete", "complaint_paper", "DELETE", None, "papers are never deleted"),
)
