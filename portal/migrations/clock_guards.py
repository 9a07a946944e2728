"""What the database itself refuses about clocks (T-4, T-5): of migration 0007, in the form of ``guards.GUARDS``."""

from __future__ import annotations

_PAUSE_CHANGED = " OR ".join(
    [f"NEW.{c} <> OLD.{c}" for c in ("case_id", "reason", "from_at", "stops_promised", "stops_statutory")]
    + ["COALESCE(NEW.until_at, NEW.from_at) <> COALESCE(OLD.until_at, OLD.from_at)"]
    + ["(NEW.until_at IS NULL) <> (OLD.until_at IS NULL)"]
    + ["(OLD.to_at IS NOT NULL AND (NEW.to_at IS NULL OR NEW.to_at <> OLD.to_at))"]
)

_DECIDED = (
    "OLD.state <> 'waiting' AND ("
    + " OR ".join(
        f"NEW.{c} <> OLD.{c}" for c in ("state", "days", "statutory", "case_id", "asked_by_id", "decided_at", "number")
    )
    + " OR COALESCE(NEW.decided_by_id, 0) <> COALESCE(OLD.decided_by_id, 0))"
)
_HANDLED = "EXISTS (SELECT 1 FROM case_handler h WHERE h.case_id = NEW.case_id AND h.user_id = NEW.decided_by_id)"
_GRANT = (
    "SELECT 1 FROM case_extension e WHERE e.case_id = NEW.id AND e.state = 'granted' AND e.days = NEW.extended_days"
    " AND e.decided_by_id <> e.asked_by_id"
)
_TOO_LATE = 'SELECT 1 FROM "case" c WHERE c.id = NEW.case_id AND (c.closed_at IS NOT NULL OR c.due_at < NEW.asked_at)'

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
    (
        "case_not_born_extended",
        "case",
        "INSERT",
        "NEW.extended_days <> 0 OR NEW.statutory_extended_days <> 0",
        "a case begins without an extension",
    ),
    (
        "case_extended_only_by_grant",
        "case",
        "UPDATE",
        "(NEW.extended_days <> OLD.extended_days OR NEW.statutory_extended_days <> OLD.statutory_extended_days)"
        f" AND (OLD.extended_days <> 0 OR NEW.statutory_extended_days NOT IN (0, NEW.extended_days)"
        f" OR NOT EXISTS ({_GRANT}))",
        "a case is extended once, by the days that somebody else granted",
    ),
    (
        "case_extension_before_expiry",
        "case_extension",
        "INSERT",
        f"NEW.state <> 'waiting' OR EXISTS ({_TOO_LATE})",
        "an extension is asked for before the limit ends, and begins undecided",
    ),
    (
        "case_extension_by_another",
        "case_extension",
        "UPDATE",
        "OLD.state = 'waiting' AND NEW.state IN ('granted', 'refused')"
        f" AND (NEW.decided_by_id = NEW.asked_by_id OR {_HANDLED})",
        "an extension is decided by someone who neither asked for it nor handled the case",
    ),
    (
        "case_extension_in_time",
        "case_extension",
        "UPDATE",
        "OLD.state = 'waiting' AND NEW.state = 'granted' AND NEW.old_due_at < NEW.decided_at",
        "an extension is granted before the limit ends",
    ),
    ("case_extension_decided_once", "case_extension", "UPDATE", _DECIDED, "an extension is decided once"),
    ("case_extension_no_delete", "case_extension", "DELETE", None, "requests for an extension are never deleted"),
    (
        "special_procedure_result_once",
        "special_procedure",
        "UPDATE",
        "OLD.result_at IS NOT NULL AND (NEW.result <> OLD.result OR NEW.result_at <> OLD.result_at)",
        "the result of a special procedure stays as it was",
    ),
    ("special_procedure_no_delete", "special_procedure", "DELETE", None, "special procedures are never deleted"),
    (
        "closing_notice_of_completed",
        "closing_notice",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM \"case\" c WHERE c.id = NEW.case_id AND c.state = 'completed')",
        "a closing notice is of a completed case",
    ),
    ("closing_notice_no_delete", "closing_notice", "DELETE", None, "closing notices are never deleted"),
)
