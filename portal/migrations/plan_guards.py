"""What the database itself refuses about yearly plans (E-1): made by migration 0026, as ``guards.GUARDS``."""

from __future__ import annotations

_APPROVED = " OR ".join(
    f"NEW.{c} <> OLD.{c}"
    for c in ("number", "department_id", "year", "goals", "discussion", "meeting_on", "meeting_record", "approved_at")
)
_ITEM_KEPT = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("number", "plan_id", "department_id"))
_WHAT_STAYS = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("change", "reason", "asked_by_id", "asked_at", "plan_id"))

PLAN_GUARDS = (
    ("work_plan_no_delete", "work_plan", "DELETE", None, "plans are never deleted"),
    ("work_plan_born_draft", "work_plan", "INSERT", "NEW.state <> 'draft'", "a plan begins as a draft"),
    (
        "work_plan_approved_stays",
        "work_plan",
        "UPDATE",
        f"OLD.state IN ('approved','ended') AND ({_APPROVED} OR NEW.state NOT IN ('approved','ended'))",
        "an approved plan changes by approved amendments only",
    ),
    ("work_plan_ended_stays", "work_plan", "UPDATE", "OLD.state = 'ended'", "a plan that ended stays as it was"),
    ("work_plan_item_stays", "work_plan_item", "UPDATE", _ITEM_KEPT, "an item stays with its plan"),
    (
        "work_plan_item_final",
        "work_plan_item",
        "UPDATE",
        "OLD.state IN ('done','cancelled') AND (NEW.state <> OLD.state OR NEW.due_on <> OLD.due_on"
        " OR NEW.person_id <> OLD.person_id OR NEW.percent <> OLD.percent)",
        "what is done or cancelled stays as it was",
    ),
    (
        "work_plan_item_no_delete",
        "work_plan_item",
        "DELETE",
        "OLD.state <> 'planned'",
        "only what was not approved is removed",
    ),
    ("work_plan_progress_no_update", "work_plan_progress", "UPDATE", None, "reports of progress stay"),
    ("work_plan_progress_no_delete", "work_plan_progress", "DELETE", None, "reports of progress stay"),
    ("work_plan_extension_no_delete", "work_plan_extension", "DELETE", None, "extensions are never deleted"),
    (
        "work_plan_extension_decided_stays",
        "work_plan_extension",
        "UPDATE",
        "OLD.decided_at IS NOT NULL",
        "a decision stays as it was",
    ),
    ("work_plan_amendment_no_delete", "work_plan_amendment", "DELETE", None, "amendments are never deleted"),
    (
        "work_plan_amendment_decided_stays",
        "work_plan_amendment",
        "UPDATE",
        f"OLD.decided_at IS NOT NULL OR {_WHAT_STAYS}",
        "what was asked for, and a decision, stay as they were",
    ),
    ("work_plan_review_no_delete", "work_plan_review", "DELETE", None, "reviews are never deleted"),
    (
        "work_plan_review_concluded_stays",
        "work_plan_review",
        "UPDATE",
        "OLD.concluded_at IS NOT NULL",
        "a concluded review stays as it was",
    ),
)
