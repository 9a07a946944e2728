"""What the database itself refuses about attendance and findings (O-3, P-3, J-3)."""

from __future__ import annotations

_OTHER_REQUEST = (
    "NEW.user_id <> OLD.user_id OR NEW.day <> OLD.day OR NEW.slot <> OLD.slot OR NEW.at <> OLD.at"
    " OR NEW.reason <> OLD.reason OR NEW.asked_by_id <> OLD.asked_by_id"
)
_OTHER_FINDING = (
    "NEW.user_id <> OLD.user_id OR NEW.kind <> OLD.kind OR NEW.found_at <> OLD.found_at OR NEW.note <> OLD.note"
    " OR NEW.tenths <> OLD.tenths OR NEW.inspected_by_id <> OLD.inspected_by_id OR NEW.reply_by <> OLD.reply_by"
)

#: Of migration 0005, in the form of `guards.GUARDS`.
ATTENDANCE_GUARDS = (
    ("punch_no_update", "punch", "UPDATE", None, "a punch stays as the clock gave it"),
    ("punch_no_delete", "punch", "DELETE", None, "a punch stays as the clock gave it"),
    ("punch_import_undone_once", "punch_import", "UPDATE", "OLD.undone_at IS NOT NULL", "an import is undone once"),
    ("punch_import_no_delete", "punch_import", "DELETE", None, "an import is undone by a reversal"),
    (
        "correction_not_born_decided",
        "attendance_correction",
        "INSERT",
        "NEW.state <> 'waiting' OR NEW.decided_by_id IS NOT NULL",
        "a correction begins undecided",
    ),
    (
        "correction_decided_by_another",
        "attendance_correction",
        "UPDATE",
        "NEW.state IN ('approved','refused') AND (NEW.decided_by_id IS NULL"
        " OR NEW.decided_by_id = NEW.user_id OR NEW.decided_by_id = NEW.asked_by_id)",
        "a correction is decided by someone else",
    ),
    (
        "correction_decided_once",
        "attendance_correction",
        "UPDATE",
        f"(OLD.state <> 'waiting' AND (NEW.state <> OLD.state OR NEW.decided_by_id <> OLD.decided_by_id))"
        f" OR {_OTHER_REQUEST}",
        "a correction is decided once, on the content it had",
    ),
    ("correction_no_delete", "attendance_correction", "DELETE", None, "corrections are never deleted"),
    ("closing_no_update", "attendance_closing", "UPDATE", None, "a closed month stays as it was"),
    ("closing_no_delete", "attendance_closing", "DELETE", None, "a closed month stays as it was"),
    (
        "finding_not_about_inspector",
        "discipline_finding",
        "INSERT",
        "NEW.user_id = NEW.inspected_by_id OR NEW.concluded_by_id IS NOT NULL OR NEW.upheld IS NOT NULL",
        "a finding is about somebody else and begins open",
    ),
    (
        "finding_concluded_by_another",
        "discipline_finding",
        "UPDATE",
        "NEW.concluded_at IS NOT NULL AND (NEW.concluded_by_id IS NULL OR NEW.upheld IS NULL"
        " OR NEW.concluded_by_id = NEW.user_id OR NEW.concluded_by_id = NEW.inspected_by_id)",
        "a finding is concluded by neither the person concerned nor the inspector",
    ),
    (
        "finding_concluded_once",
        "discipline_finding",
        "UPDATE",
        f"OLD.concluded_at IS NOT NULL OR {_OTHER_FINDING}",
        "a finding is concluded once, on the content it had",
    ),
    ("finding_no_delete", "discipline_finding", "DELETE", None, "findings are never deleted"),
)
