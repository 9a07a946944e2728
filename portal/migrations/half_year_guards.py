"""What the database itself refuses for half-yearly publications: what was approved is published, and stands (F-7)."""

from __future__ import annotations

_KEPT = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("introduction", "notes", "content"))
_FIXED = " OR ".join(
    f"NEW.{c} <> OLD.{c}"
    for c in ("state", "introduction", "notes", "content", "correction", "published_at", "published_by_id")
)

#: Of migration 0032, in the form of `guards.GUARDS`.
HALF_YEAR_GUARDS = (
    (
        "half_year_published_once",
        "half_year",
        "UPDATE",
        f"(OLD.state = 'published' AND (OLD.notice_id IS NOT NULL OR {_FIXED}))"
        " OR NEW.year <> OLD.year OR NEW.half <> OLD.half OR NEW.edition <> OLD.edition",
        "a published edition never changes",
    ),
    (
        "half_year_as_approved",
        "half_year",
        "UPDATE",
        "(NEW.state = 'published' AND OLD.state NOT IN ('approved','published'))"
        " OR (NEW.state = 'approved' AND OLD.state <> 'submitted')"
        f" OR (OLD.state IN ('submitted','approved') AND NEW.state <> 'draft' AND ({_KEPT}))",
        "what is published is what was approved",
    ),
    (
        "half_year_not_born_published",
        "half_year",
        "INSERT",
        "NEW.state <> 'draft' OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM half_year h"
        " WHERE h.id = NEW.replaces_id AND h.state = 'published' AND h.year = NEW.year AND h.half = NEW.half"
        " AND h.edition = NEW.edition - 1))",
        "an edition begins as a draft, after the one before was published",
    ),
    ("half_year_no_delete", "half_year", "DELETE", None, "editions are never deleted"),
)
