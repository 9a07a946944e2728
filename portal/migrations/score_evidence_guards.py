"""What the database itself refuses about the evidence of scores (E-3, E-6)."""

from __future__ import annotations

_FROZEN = "EXISTS (SELECT 1 FROM score_month m WHERE m.id = {0}.score_month_id AND m.frozen_at IS NOT NULL)"
_KEPT = ("score_month_id", "subject", "year", "rule", "key", "origin", "source", "note", "finder")
_DIFFERS = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _KEPT)
_PROPOSER = "COALESCE(NEW.proposed_by_id, 0) <> COALESCE(OLD.proposed_by_id, 0)"
_LINE = "SELECT 1 FROM score_line l WHERE l.id = NEW.line_id"

#: Of migration 0027, in the form of `guards.GUARDS`.
SCORE_EVIDENCE_GUARDS = (
    (
        "score_month_born_open",
        "score_month",
        "INSERT",
        "NEW.state <> 'open' OR NEW.frozen_at IS NOT NULL",
        "a month begins open",
    ),
    (
        "score_month_frozen",
        "score_month",
        "UPDATE",
        "OLD.frozen_at IS NOT NULL OR NEW.month <> OLD.month OR NEW.subject <> OLD.subject"
        " OR NEW.revision < OLD.revision OR (OLD.computed_at IS NOT NULL AND NEW.version_id <> OLD.version_id)",
        "a published month does not change, a computed one keeps its score table",
    ),
    (
        "score_month_settled_when_ruled",
        "score_month",
        "UPDATE",
        "NEW.state = 'settled' AND EXISTS (SELECT 1 FROM score_objection o"
        " WHERE o.score_month_id = NEW.id AND o.state = 'open')",
        "a month is settled after all objections are ruled",
    ),
    ("score_month_no_delete", "score_month", "DELETE", None, "months of scores are never deleted"),
    (
        "score_line_month_open",
        "score_line",
        "INSERT",
        _FROZEN.format("NEW"),
        "a published month takes no further line",
    ),
    (
        "score_line_not_born_decided",
        "score_line",
        "INSERT",
        "NEW.origin = 'manual' AND (NEW.state <> 'proposed' OR NEW.decided_by_id IS NOT NULL)",
        "a manual line begins proposed",
    ),
    (
        "score_line_says_the_same",
        "score_line",
        "UPDATE",
        f"{_FROZEN.format('OLD')} OR {_DIFFERS} OR {_PROPOSER}",
        "what a line rests on never changes, and nothing of a published month does",
    ),
    (
        "score_line_decided_once",
        "score_line",
        "UPDATE",
        "OLD.decided_by_id IS NOT NULL AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id <> OLD.decided_by_id)",
        "a line is decided once",
    ),
    ("score_line_no_delete", "score_line", "DELETE", None, "lines of evidence are never deleted"),
    ("score_change_no_update", "score_change", "UPDATE", None, "what changed is never rewritten"),
    ("score_change_no_delete", "score_change", "DELETE", None, "what changed is never deleted"),
    (
        "score_result_kept",
        "score_result",
        "UPDATE",
        _FROZEN.format("OLD"),
        "the results of a published month do not change",
    ),
    (
        "score_result_no_delete",
        "score_result",
        "DELETE",
        _FROZEN.format("OLD"),
        "the results of a published month are never deleted",
    ),
    (
        "score_objection_born_open",
        "score_objection",
        "INSERT",
        f"NEW.state <> 'open' OR {_FROZEN.format('NEW')}"
        f" OR NOT EXISTS ({_LINE} AND l.score_month_id = NEW.score_month_id)",
        "an objection begins open, in a month that is not published",
    ),
    (
        "score_objection_ruled_by_another",
        "score_objection",
        "UPDATE",
        f"OLD.state <> 'open' OR NEW.line_id <> OLD.line_id OR NEW.text <> OLD.text"
        f" OR NEW.raised_by_id <> OLD.raised_by_id OR EXISTS ({_LINE} AND NEW.ruled_by_id IS NOT NULL"
        " AND (l.decided_by_id = NEW.ruled_by_id OR l.proposed_by_id = NEW.ruled_by_id"
        " OR (l.subject = 'person' AND l.subject_id = NEW.ruled_by_id)))",
        "an objection is ruled once, by somebody who is not scored and did not propose or approve the line",
    ),
    ("score_objection_no_delete", "score_objection", "DELETE", None, "objections are never deleted"),
)
