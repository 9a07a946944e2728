"""What the database itself refuses about service days and supervision cards (T-3, O-5)."""

from __future__ import annotations

_SAID = (
    "number", "check_code", "department_id", "post_id", "matter", "time_limit", "mind", "contact", "phone",
    "complaint", "issued_at", "issued_by_id",
)  # fmt: skip
_DIFFERS = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in _SAID)

#: Of migration 0010, in the form of `guards.GUARDS`.
CALENDAR_GUARDS = (
    (
        "service_day_only_ends",
        "service_day",
        "UPDATE",
        "OLD.department_id <> NEW.department_id OR OLD.open <> NEW.open OR OLD.hours <> NEW.hours"
        " OR OLD.from_on <> NEW.from_on OR COALESCE(OLD.weekday, -1) <> COALESCE(NEW.weekday, -1)",
        "a service day can only end",
    ),
    ("service_day_no_delete", "service_day", "DELETE", None, "service days are never deleted"),
    (
        "supervision_card_says_the_same",
        "supervision_card",
        "UPDATE",
        f"OLD.withdrawn_at IS NOT NULL OR {_DIFFERS} OR COALESCE(OLD.case_id, 0) <> COALESCE(NEW.case_id, 0)",
        "an issued card never changes",
    ),
    ("supervision_card_no_delete", "supervision_card", "DELETE", None, "issued cards are never deleted"),
)
