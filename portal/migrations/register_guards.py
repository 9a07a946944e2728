"""What the database itself refuses for registers (O-4): nothing disappears, what was filed changes with a trace."""

from __future__ import annotations

_KEPT = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("number", "kind_id", "recorded_by_id"))
_WORDS = " OR ".join(
    f"NEW.{c} <> OLD.{c}"
    for c in ("title", "held_on", "period_on", "place", "agenda", "content", "fields", "answers", "handover")
)
_CORRECTED = (
    "NEW.corrected = OLD.corrected + 1 AND NEW.corrected ="
    " (SELECT COUNT(*) FROM register_correction c WHERE c.entry_id = NEW.id)"
)

#: Of migration 0025, in the form of `guards.GUARDS`.
REGISTER_GUARDS = (
    ("register_kind_no_delete", "register_kind", "DELETE", None, "kinds of register are never deleted"),
    (
        "register_entry_not_born_filed",
        "register_entry",
        "INSERT",
        "NEW.state <> 'draft'",
        "an entry begins as a draft",
    ),
    ("register_entry_stays", "register_entry", "UPDATE", _KEPT, "an entry stays what and whose it is"),
    (
        "register_entry_filed_stays",
        "register_entry",
        "UPDATE",
        "OLD.state = 'struck' OR (OLD.state = 'filed'"
        f" AND (NEW.state = 'draft' OR (({_WORDS}) AND NOT ({_CORRECTED}))))",
        "what was filed changes only with a correction",
    ),
    (
        "register_entry_taken_by_another",
        "register_entry",
        "UPDATE",
        "NEW.taken_at IS NOT NULL AND (OLD.state <> 'filed' OR NEW.handed_to_id = NEW.filed_by_id)",
        "a shift is taken over by somebody else, after it was filed",
    ),
    ("register_entry_no_delete", "register_entry", "DELETE", None, "entries are never deleted"),
    ("register_presence_no_delete", "register_presence", "DELETE", None, "presences are never deleted"),
    (
        "register_presence_stays",
        "register_presence",
        "UPDATE",
        "NEW.entry_id <> OLD.entry_id OR NEW.user_id <> OLD.user_id",
        "a presence stays whose it is",
    ),
    (
        "register_passing_once",
        "register_passing",
        "UPDATE",
        "OLD.passed_at IS NOT NULL OR NEW.entry_id <> OLD.entry_id OR NEW.department_id <> OLD.department_id",
        "what was passed on is passed on once",
    ),
    ("register_passing_no_delete", "register_passing", "DELETE", None, "what is to be passed on stays"),
    (
        "register_hazard_not_born_done",
        "register_hazard",
        "INSERT",
        "NEW.state <> 'open'",
        "a hazard begins open",
    ),
    (
        "register_hazard_stays",
        "register_hazard",
        "UPDATE",
        "OLD.state = 'closed' OR NEW.number <> OLD.number OR NEW.entry_id <> OLD.entry_id OR NEW.seen <> OLD.seen"
        " OR NEW.department_id <> OLD.department_id OR NEW.found_by_id <> OLD.found_by_id"
        " OR (NEW.state = 'closed' AND OLD.state <> 'rectified')",
        "what was seen stays; a hazard closes once, after it was rectified",
    ),
    (
        "register_hazard_by_another",
        "register_hazard",
        "UPDATE",
        "NEW.state = 'closed' AND NEW.checked_by_id = NEW.rectified_by_id",
        "a hazard is checked again by somebody who did not rectify it",
    ),
    ("register_hazard_no_delete", "register_hazard", "DELETE", None, "hazards are never deleted"),
    ("register_correction_no_update", "register_correction", "UPDATE", None, "corrections stay"),
    ("register_correction_no_delete", "register_correction", "DELETE", None, "corrections stay"),
    ("register_check_no_update", "register_check", "UPDATE", None, "a check stays; a later edition corrects it"),
    ("register_check_no_delete", "register_check", "DELETE", None, "a check stays"),
)
