"""What the database itself refuses for evaluation (S-1)."""

from __future__ import annotations

_GRADES = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")
_FEWER = " OR ".join(f"NEW.{grade} < OLD.{grade}" for grade in _GRADES)
_KEPT = "department_id month grade reasons comment contact_name contact_phone case_number at".split()
_CHANGED = " OR ".join(
    [f"NEW.{c} <> OLD.{c}" for c in _KEPT]
    + ["COALESCE(NEW.case_id, 0) <> COALESCE(OLD.case_id, 0)"]
    + ["COALESCE(NEW.opinion_number, '') <> COALESCE(OLD.opinion_number, '')"]
)

#: Of migration 0015, in the form of `guards.GUARDS`.
EVALUATION_GUARDS = (
    (
        "evaluation_tally_only_grows",
        "evaluation_tally",
        "UPDATE",
        f"{_FEWER} OR NEW.department_id <> OLD.department_id OR NEW.month <> OLD.month",
        "counted ballots are never taken away",
    ),
    ("evaluation_tally_no_delete", "evaluation_tally", "DELETE", None, "counted ballots are never taken away"),
    (
        "evaluation_urn_not_thrown_away",
        "evaluation_urn",
        "DELETE",
        "OLD.waiting <> 0",
        "an urn with ballots is not thrown away",
    ),
    (
        "evaluation_used_codes_stay",
        "evaluation_urn",
        "UPDATE",
        "LENGTH(NEW.used) < LENGTH(OLD.used) OR NEW.department_id <> OLD.department_id OR NEW.month <> OLD.month",
        "a used code stays used",
    ),
    (
        "evaluation_signed_not_born_untrue",
        "evaluation_signed",
        "INSERT",
        "NEW.untrue_at IS NOT NULL",
        "a signed ballot counts until it is found untrue",
    ),
    (
        "evaluation_signed_only_untrue_once",
        "evaluation_signed",
        "UPDATE",
        f"OLD.untrue_at IS NOT NULL OR NEW.untrue_at IS NULL OR {_CHANGED}",
        "a signed ballot does not change",
    ),
    ("evaluation_signed_no_delete", "evaluation_signed", "DELETE", None, "signed ballots are never deleted"),
)
