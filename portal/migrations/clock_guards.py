"""What the database itself refuses about clocks (T-4, T-5): of migration 0007, in the form of ``guards.GUARDS``."""

from __future__ import annotations

_PAUSE_CHANGED = " OR ".join(
    [f"NEW.{c} <> OLD.{c}" for c in ("case_id", "reason", "from_at", "stops_promised", "stops_statutory")]
    + ["COALESCE(NEW.until_at, NEW.from_at) <> COALESCE(OLD.until_at, OLD.from_at)"]
    + ["(NEW.until_at IS NULL) <> (OLD.until_at IS NULL)"]
    + ["(OLD.to_at IS NOT NULL AND (NEW.to_at IS NULL OR NEW.to_at <> OLD.to_at))"]
)

CLOCK_GUARDS = (
    ("case_pause_as_begun", "case_pause", "UPDATE", _PAUSE_CHANGED, "a pause keeps its beginning, cap and end"),
    (
        "case_pause_up_to_its_cap",
        "case_pause",
        "UPDATE",
        "NEW.to_at > NEW.until_at OR NEW.to_at < NEW.from_at",
        "a pause ends at its cap at the latest",
    ),
    ("case_pause_no_delete", "case_pause", "DELETE", None, "pauses are never deleted"),
)
