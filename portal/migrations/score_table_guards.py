"""What the database itself refuses for score tables: what was sent or approved stands as it stood (E-2, POL-1)."""

from __future__ import annotations

#: Of migration 0023, in the form of `guards.GUARDS`.
SCORE_TABLE_GUARDS = (
    ("score_table_no_delete", "score_table", "DELETE", None, "score tables are never deleted"),
    (
        "score_table_stays",
        "score_table",
        "UPDATE",
        "NEW.number <> OLD.number OR NEW.subject <> OLD.subject OR NEW.preset <> OLD.preset",
        "who is scored by a table never changes",
    ),
    ("score_version_no_delete", "score_table_version", "DELETE", None, "versions are never deleted"),
    (
        "score_version_born_draft",
        "score_table_version",
        "INSERT",
        "NEW.state <> 'draft'",
        "a version begins as a draft",
    ),
    (
        "score_version_final",
        "score_table_version",
        "UPDATE",
        "OLD.state IN ('approved', 'discarded')",
        "an approved or discarded version never changes",
    ),
    (
        "score_version_sent",
        "score_table_version",
        "UPDATE",
        "NEW.table_id <> OLD.table_id OR NEW.version <> OLD.version"
        " OR OLD.state = 'submitted' AND NEW.content <> OLD.content"
        " OR NEW.state = 'submitted' AND NEW.content <> OLD.content"
        " OR NEW.state = 'approved' AND (OLD.state <> 'submitted' OR NEW.month <> OLD.month"
        " OR NEW.submitted_by_id <> OLD.submitted_by_id OR NEW.writers <> OLD.writers)",
        "a version is approved as it was sent",
    ),
)
