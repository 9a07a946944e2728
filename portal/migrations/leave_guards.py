"""What the database itself refuses about leave (O-3): made by migration 0004, in the form of ``guards.GUARDS``."""

from __future__ import annotations

_OF_ROUND = "SELECT 1 FROM leave_step s WHERE s.request_id = NEW.id AND s.round = NEW.round"
_UNTAKEN = f"EXISTS ({_OF_ROUND} AND s.level <> 'file' AND COALESCE(s.verdict, '') <> 'approved')"
_TAKEN = f"EXISTS ({_OF_ROUND} AND s.verdict IN ('approved', 'filed') AND s.decided_by_id <> NEW.applicant_id)"
_UNREADY = f"OLD.state <> 'waiting' OR {_UNTAKEN} OR NOT {_TAKEN}"
_CHANGED = " OR ".join(
    f"NEW.{c} <> OLD.{c}" for c in ("state", "kind", "from_at", "to_at", "halves", "round", "applicant_id", "number")
)

LEAVE_GUARDS = (
    (
        "leave_not_born_approved",
        "leave_request",
        "INSERT",
        "NEW.state NOT IN ('draft', 'waiting')",
        "a request for leave begins undecided",
    ),
    (
        "leave_approved_by_all_steps",
        "leave_request",
        "UPDATE",
        f"NEW.state = 'approved' AND OLD.state <> 'approved' AND ({_UNREADY})",
        "leave is approved when others have taken every step",
    ),
    (
        "leave_decided_is_final",
        "leave_request",
        "UPDATE",
        f"OLD.state IN ('approved', 'refused', 'withdrawn') AND ({_CHANGED})",
        "a decided request for leave stays as it was",
    ),
    ("leave_request_no_delete", "leave_request", "DELETE", None, "requests for leave are never deleted"),
    (
        "leave_step_not_born_taken",
        "leave_step",
        "INSERT",
        "NEW.decided_at IS NOT NULL OR NEW.verdict IS NOT NULL OR NEW.decided_by_id IS NOT NULL",
        "a step begins untaken",
    ),
    ("leave_step_taken_once", "leave_step", "UPDATE", "OLD.decided_at IS NOT NULL", "a step is taken once"),
    (
        "leave_step_by_another",
        "leave_step",
        "UPDATE",
        "EXISTS (SELECT 1 FROM leave_request r WHERE r.id = NEW.request_id AND r.applicant_id = NEW.decided_by_id)",
        "nobody takes a step of their own leave",
    ),
    ("leave_step_no_delete", "leave_step", "DELETE", None, "steps are never deleted"),
    (
        "leave_handover_by_another",
        "leave_post",
        "UPDATE",
        "EXISTS (SELECT 1 FROM leave_request r WHERE r.id = NEW.request_id AND r.applicant_id = NEW.confirmed_by_id)",
        "nobody takes over from themselves",
    ),
)
