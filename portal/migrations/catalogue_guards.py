"""What the database itself refuses of drafts, fees and consequences (C-2, C-3, C-8, C-9): made by migration 0011."""

from __future__ import annotations

_WROTE = "EXISTS (SELECT 1 FROM item_draft_text t WHERE t.draft_id = NEW.id AND t.saved_by_id = NEW.decided_by_id)"
_ALONE = f"NEW.second_needed AND (NEW.decided_by_id IS NULL OR {_WROTE})"
_UNREVIEWED = (
    f"OLD.state <> 'submitted' OR NEW.version_id IS NULL OR NEW.second_needed <> OLD.second_needed OR {_ALONE}"
)

#: As in `guards`: (name, table, when, condition, message).
CATALOGUE_GUARDS = (
    (
        "item_draft_not_born_decided",
        "item_draft",
        "INSERT",
        "NEW.state <> 'writing' OR NEW.decided_at IS NOT NULL OR NEW.version_id IS NOT NULL",
        "a draft begins unsubmitted",
    ),
    (
        "item_draft_published_by_another",
        "item_draft",
        "UPDATE",
        f"NEW.state = 'published' AND ({_UNREVIEWED})",
        "a draft that needs a second person is published by somebody who wrote nothing of it",
    ),
    (
        "item_draft_decided_once",
        "item_draft",
        "UPDATE",
        "OLD.state IN ('published', 'refused', 'withdrawn')",
        "a draft is decided once",
    ),
    ("item_draft_no_delete", "item_draft", "DELETE", None, "drafts are never deleted"),
    ("item_draft_text_no_update", "item_draft_text", "UPDATE", None, "a saved edition is never changed"),
    ("item_draft_text_no_delete", "item_draft_text", "DELETE", None, "a saved edition is never deleted"),
)
