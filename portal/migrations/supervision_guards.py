"""What the database itself refuses about inspections (O-2): made by migration 0019, as ``guards.GUARDS``."""

from __future__ import annotations

_INSPECTION_KEPT = " OR ".join(
    f"NEW.{c} <> OLD.{c}" for c in ("number", "department_id", "manner", "inspected_at", "inspected_by_id")
)
_FINDING_KEPT = " OR ".join(
    f"NEW.{c} <> OLD.{c}"
    for c in ("number", "inspection_id", "department_id", "kind", "severity", "seen", "unfiled_denial", "found_at")
)

SUPERVISION_GUARDS = (
    ("inspection_plan_no_delete", "inspection_plan", "DELETE", None, "plans are never deleted"),
    (
        "inspection_plan_final",
        "inspection_plan",
        "UPDATE",
        "OLD.state <> 'planned'",
        "a plan that was carried out or cancelled stays as it was",
    ),
    ("inspection_no_delete", "inspection", "DELETE", None, "inspections are never deleted"),
    ("inspection_seen_stays", "inspection", "UPDATE", _INSPECTION_KEPT, "what was inspected stays as it was"),
    (
        "inspection_not_born_closed",
        "inspection",
        "INSERT",
        "NEW.state <> 'open'",
        "an inspection begins open",
    ),
    ("inspection_finding_no_delete", "inspection_finding", "DELETE", None, "findings are never deleted"),
    ("inspection_finding_stays", "inspection_finding", "UPDATE", _FINDING_KEPT, "what was seen stays as it was"),
    (
        "inspection_finding_not_born_settled",
        "inspection_finding",
        "INSERT",
        "NEW.state <> 'found'",
        "a finding begins open",
    ),
    (
        "inspection_finding_withdrawn_stays",
        "inspection_finding",
        "UPDATE",
        "OLD.state = 'withdrawn'",
        "a withdrawn finding never changes",
    ),
    ("inspection_comment_no_update", "inspection_comment", "UPDATE", None, "what was said stays"),
    ("inspection_comment_no_delete", "inspection_comment", "DELETE", None, "what was said stays"),
    ("inspection_order_no_delete", "inspection_order", "DELETE", None, "orders are never deleted"),
    (
        "inspection_order_not_born_reported",
        "inspection_order",
        "INSERT",
        "NEW.reported_at IS NOT NULL OR NEW.ended_at IS NOT NULL",
        "an order begins unreported",
    ),
    (
        "inspection_order_ended_stays",
        "inspection_order",
        "UPDATE",
        "OLD.ended_at IS NOT NULL",
        "an order that ended stays as it was",
    ),
    ("inspection_discipline_no_update", "inspection_discipline", "UPDATE", None, "a link stays"),
    ("inspection_discipline_no_delete", "inspection_discipline", "DELETE", None, "a link stays"),
)
