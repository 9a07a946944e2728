"""What the database itself refuses about kinds of cases and tacit consent (T-7, T-9): made by migration 0008."""

from __future__ import annotations

_TACIT = "EXISTS (SELECT 1 FROM item_version v WHERE v.id = NEW.promise_version_id AND v.tacit_consent)"
_SILENT = "EXISTS (SELECT 1 FROM case_part p WHERE p.case_id = NEW.id AND p.silence_agrees)"
_NOT_SUBJECT = f"OLD.consent_at IS NULL OR NEW.closed_at <> OLD.consent_at OR NOT ({_TACIT} OR {_SILENT})"
_PAPER = " OR ".join(
    f"NEW.{c} <> OLD.{c}" for c in ("case_id", "kind", "number", "check_code", "issued_at", "promised_limit")
)

#: In the form of `guards.GUARDS`.
KIND_GUARDS = (
    (
        "case_deemed_only_by_silence",
        "case",
        "UPDATE",
        f"NEW.state = 'deemed_agreed' AND ({_NOT_SUBJECT})",
        "only silence on a tacit item counts as consent, at its own instant",
    ),
    (
        "case_deemed_is_deemed",
        "case",
        "UPDATE",
        "OLD.consent_at IS NOT NULL AND NEW.closed_at > OLD.consent_at AND NEW.state <> 'deemed_agreed'",
        "after its instant a case can only be deemed agreed",
    ),
    (
        "case_tacit_never_licence",
        "item_version",
        "INSERT",
        "NEW.tacit_consent AND NEW.licence",
        "a licence is never granted by silence",
    ),
    (
        "case_tacit_never_licence_later",
        "item_version",
        "UPDATE",
        "NEW.tacit_consent AND NEW.licence",
        "a licence is never granted by silence",
    ),
    (
        "filing_not_decided_after_end",
        "denial_filing",
        "UPDATE",
        "OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM \"case\" c WHERE c.id = NEW.case_id AND c.state = 'deemed_agreed')",
        "a filing falls with the case that counts as agreed",
    ),
    (
        "case_lead_waits_for_parts",
        "case",
        "UPDATE",
        "NEW.state = 'completed' AND EXISTS"
        ' (SELECT 1 FROM "case" p WHERE p.lead_id = NEW.id AND p.closed_at IS NULL)',
        "a joint case is completed when every part is done",
    ),
    (
        "case_part_has_no_parts",
        "case",
        "INSERT",
        "NEW.lead_id IS NOT NULL AND EXISTS"
        ' (SELECT 1 FROM "case" l WHERE l.id = NEW.lead_id AND (l.lead_id IS NOT NULL OR l.closed_at IS NOT NULL))',
        "a part belongs to an open case that is no part itself",
    ),
    (
        "case_lead_stays",
        "case",
        "UPDATE",
        "COALESCE(NEW.lead_id, 0) <> COALESCE(OLD.lead_id, 0)",
        "a part stays a part",
    ),
    ("case_paper_kept", "case_paper", "UPDATE", _PAPER, "an issued paper stays as it was"),
    ("case_paper_told_once", "case_paper", "UPDATE", "OLD.told_on IS NOT NULL", "telling is recorded once"),
    ("case_paper_no_delete", "case_paper", "DELETE", None, "issued papers are never deleted"),
    (
        "case_forwarding_returns_once",
        "case_forwarding",
        "UPDATE",
        "OLD.returned_at IS NOT NULL",
        "what came back stays as it was",
    ),
    ("case_forwarding_no_delete", "case_forwarding", "DELETE", None, "forwardings are never deleted"),
)
