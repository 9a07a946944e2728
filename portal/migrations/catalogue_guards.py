"""What the database itself refuses of drafts, fees and consequences (C-2, C-3, C-8, C-9): made by migration 0011."""

from __future__ import annotations

_WROTE = "EXISTS (SELECT 1 FROM item_draft_text t WHERE t.draft_id = NEW.id AND t.saved_by_id = NEW.decided_by_id)"
_ALONE = f"NEW.second_needed AND (NEW.decided_by_id IS NULL OR {_WROTE})"
_UNREVIEWED = (
    f"OLD.state <> 'submitted' OR NEW.version_id IS NULL OR NEW.second_needed <> OLD.second_needed OR {_ALONE}"
)
_BY_PROPOSER = "NEW.decided_by_id IS NULL OR NEW.decided_by_id = NEW.proposed_by_id OR NEW.state = 'given'"
_ALTERED = "NEW.kind <> OLD.kind OR COALESCE(NEW.amount_fen, 0) <> COALESCE(OLD.amount_fen, 0)"

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
    ("case_fee_no_update", "case_fee", "UPDATE", None, "a fee as charged is never changed"),
    ("case_fee_no_delete", "case_fee", "DELETE", None, "a fee as charged is never deleted"),
    (
        "case_consequence_not_born_decided",
        "case_consequence",
        "INSERT",
        "NEW.state <> 'proposed' OR NEW.decided_at IS NOT NULL OR NEW.given_on IS NOT NULL",
        "a consequence begins as a proposal",
    ),
    (
        "case_consequence_approved_by_another",
        "case_consequence",
        "UPDATE",
        f"OLD.state = 'proposed' AND NEW.state NOT IN ('proposed', 'withdrawn') AND ({_BY_PROPOSER})",
        "nobody approves the consequence that they proposed",
    ),
    (
        "case_consequence_given_when_approved",
        "case_consequence",
        "UPDATE",
        f"NEW.state = 'given' AND (OLD.state <> 'approved' OR {_ALTERED})",
        "what is given was approved as it is",
    ),
    (
        "case_consequence_final",
        "case_consequence",
        "UPDATE",
        "OLD.state IN ('given', 'refused', 'withdrawn')",
        "a consequence that has ended never changes",
    ),
    ("case_consequence_no_delete", "case_consequence", "DELETE", None, "consequences are never deleted"),
)
