"""What the database itself refuses of tasks (P-4, T-5): made by migration 0002."""

from __future__ import annotations

#: As in `guards`: (name, table, when, condition, message).
POST_GUARDS = (
    (
        "post_task_not_born_final",
        "post_task",
        "INSERT",
        "NEW.state <> 'assigned' OR NEW.closed_at IS NOT NULL",
        "a task begins as assigned",
    ),
    ("post_task_closed_is_closed", "post_task", "UPDATE", "OLD.closed_at IS NOT NULL", "a closed task never changes"),
    (
        "post_task_confirmed_by_another",
        "post_task",
        "UPDATE",
        "NEW.state = 'confirmed' AND (NEW.confirmed_by_id IS NULL OR NEW.reported_by_id IS NULL"
        " OR NEW.confirmed_by_id = NEW.reported_by_id)",
        "nobody confirms what they have reported as done",
    ),
    ("post_task_no_delete", "post_task", "DELETE", None, "tasks are never deleted"),
    (
        "post_task_extension_decided_once",
        "post_task_extension",
        "UPDATE",
        "OLD.decided_at IS NOT NULL",
        "an extension is decided once",
    ),
    ("post_task_extension_no_delete", "post_task_extension", "DELETE", None, "extensions are never deleted"),
    ("qualification_no_delete", "qualification", "DELETE", None, "qualifications are never deleted"),
)
