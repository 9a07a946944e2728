"""What the database itself refuses about praise and honours (O-9)."""

from __future__ import annotations

_FROZEN = " OR ".join(
    f"COALESCE(CAST(NEW.{c} AS TEXT), '') <> COALESCE(CAST(OLD.{c} AS TEXT), '')"
    for c in (
        "number kind level channel title given_by facts happened_on department_id for_department user_id source_key"
        " recorded_by_id recorded_at"
    ).split()
)

#: Of migration 0024, in the form of `guards.GUARDS`.
HONOUR_GUARDS = (
    (
        "honour_begins_recorded",
        "honour",
        "INSERT",
        "NEW.state <> 'recorded' OR NEW.decided_at IS NOT NULL",
        "an entry begins unconfirmed",
    ),
    ("honour_as_recorded", "honour", "UPDATE", _FROZEN, "an entry stays as it was recorded"),
    (
        "honour_final",
        "honour",
        "UPDATE",
        "OLD.state IN ('refused','withdrawn') OR (OLD.state = 'confirmed' AND NEW.state <> 'withdrawn')",
        "what was refused or withdrawn stays so, what was confirmed can be withdrawn only",
    ),
    (
        "honour_not_by_own_department",
        "honour",
        "UPDATE",
        "OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL AND NEW.for_department AND EXISTS"
        ' (SELECT 1 FROM "user" u WHERE u.id = NEW.decided_by_id AND u.department_id = NEW.department_id)',
        "nobody of the department that it counts for confirms an entry",
    ),
    ("honour_no_delete", "honour", "DELETE", None, "entries are never deleted"),
)
