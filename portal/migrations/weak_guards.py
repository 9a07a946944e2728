"""What the database itself refuses about orders for weak results (E-8): made by migration 0031."""

from __future__ import annotations

_KEPT = " OR ".join(
    f"NEW.{c} <> OLD.{c}"
    for c in ("number", "department_id", "month", "result_id", "edition", "total", "demand", "due_on", "issued_by_id")
)

WEAK_GUARDS = (
    ("weak_result_no_delete", "weak_result", "DELETE", None, "orders are never deleted"),
    ("weak_result_born_open", "weak_result", "INSERT", "NEW.state <> 'ordered'", "an order begins unanswered"),
    ("weak_result_ended_stays", "weak_result", "UPDATE", "OLD.ended_at IS NOT NULL", "an order that ended stays"),
    ("weak_result_order_stays", "weak_result", "UPDATE", _KEPT, "what was ordered stays as it was"),
)
