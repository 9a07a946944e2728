"""What the database itself refuses about notices and appointments (O-1, C-6): made by migration 0013."""

from __future__ import annotations

_TEXT = ("scope", "kind", "title", "body", "change", "author_id", "number", "notice_id")
_DAYS = ("until_on", "duty_id", "duty_due_on")
_CHANGED = " OR ".join(
    [f"NEW.{c} <> OLD.{c}" for c in _TEXT]
    + [f"(NEW.{c} IS NULL) <> (OLD.{c} IS NULL) OR NEW.{c} <> OLD.{c}" for c in _DAYS]
)
_UNDECIDED = (
    "NEW.decided_by_id IS NULL OR NEW.decided_at IS NULL OR NEW.publish_on IS NULL"
    " OR NEW.decided_by_id = NEW.author_id OR COALESCE(NEW.reviewed_by_id, 0) = NEW.author_id"
    " OR COALESCE(NEW.reviewed_by_id, 0) = NEW.decided_by_id"
)
_OF_FROZEN = "EXISTS (SELECT 1 FROM openness_version v WHERE v.id = {row}.version_id AND v.state IN {states})"
_PUBLISHED = (
    "NEW.current_version_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM openness_version v"
    " WHERE v.id = NEW.current_version_id AND v.notice_id = NEW.id AND v.state = 'published')"
)
_KEPT = " OR ".join(f"NEW.{c} <> OLD.{c}" for c in ("number", "department_id", "matter", "asked_at", "channel"))

#: In the form of `guards.GUARDS`.
OPENNESS_GUARDS = (
    (
        "openness_version_not_born_approved",
        "openness_version",
        "INSERT",
        "NEW.state <> 'draft' OR NEW.decided_by_id IS NOT NULL OR NEW.reviewed_by_id IS NOT NULL",
        "a version begins as a draft",
    ),
    (
        "openness_published_by_another",
        "openness_version",
        "UPDATE",
        "NEW.state = 'published' AND OLD.state <> 'published'"
        f" AND (OLD.state <> 'waiting' OR {_UNDECIDED} OR {_CHANGED})",
        "a version is published by somebody else than its author, as it was sent",
    ),
    (
        "openness_waiting_stays",
        "openness_version",
        "UPDATE",
        f"OLD.state = 'waiting' AND NEW.state = 'waiting' AND ({_CHANGED})",
        "a version does not change while it waits for approval",
    ),
    (
        "openness_final_stays",
        "openness_version",
        "UPDATE",
        "OLD.state IN ('published', 'dropped')",
        "a published version never changes",
    ),
    ("openness_version_no_delete", "openness_version", "DELETE", None, "versions are never deleted"),
    (
        "openness_file_frozen",
        "openness_file",
        "INSERT",
        _OF_FROZEN.format(row="NEW", states="('waiting', 'published', 'dropped')"),
        "the files of a version that was sent stay as they were",
    ),
    ("openness_file_no_update", "openness_file", "UPDATE", None, "the files of a version are never exchanged"),
    (
        "openness_file_kept",
        "openness_file",
        "DELETE",
        _OF_FROZEN.format(row="OLD", states="('waiting', 'published')"),
        "the files of a version that was sent stay as they were",
    ),
    (
        "openness_shows_published",
        "openness_notice",
        "UPDATE",
        _PUBLISHED,
        "the public sees only a published version",
    ),
    (
        "openness_notice_not_born_published",
        "openness_notice",
        "INSERT",
        "NEW.current_version_id IS NOT NULL OR NEW.withdrawn_at IS NOT NULL",
        "a notice begins unpublished",
    ),
    (
        "openness_withdrawn_stays",
        "openness_notice",
        "UPDATE",
        "OLD.withdrawn_at IS NOT NULL",
        "a withdrawn notice never changes",
    ),
    ("openness_notice_no_delete", "openness_notice", "DELETE", None, "notices are never deleted"),
    ("openness_fulfilment_no_update", "openness_fulfilment", "UPDATE", None, "what was met stays met"),
    ("openness_fulfilment_no_delete", "openness_fulfilment", "DELETE", None, "what was met stays met"),
    (
        "appointment_not_born_answered",
        "appointment",
        "INSERT",
        "NEW.state <> 'asked' OR NEW.answered_at IS NOT NULL",
        "an appointment begins unanswered",
    ),
    (
        "appointment_closed_is_closed",
        "appointment",
        "UPDATE",
        "OLD.closed_at IS NOT NULL",
        "what ended stays as it was",
    ),
    ("appointment_asked_stays", "appointment", "UPDATE", _KEPT, "what was asked for stays as it was"),
    ("appointment_no_delete", "appointment", "DELETE", None, "appointments are never deleted"),
)
