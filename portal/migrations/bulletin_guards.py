"""What the database itself refuses for bulletins: a published edition stands for ever (W-0)."""

from __future__ import annotations

#: Of migration 0022, in the form of `guards.GUARDS`.
BULLETIN_GUARDS = (
    (
        "bulletin_published_once",
        "bulletin",
        "UPDATE",
        "OLD.published_at IS NOT NULL OR NEW.month <> OLD.month OR NEW.edition <> OLD.edition",
        "a published bulletin never changes",
    ),
    (
        "bulletin_not_born_published",
        "bulletin",
        "INSERT",
        "NEW.published_at IS NOT NULL OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bulletin b"
        " WHERE b.id = NEW.replaces_id AND b.published_at IS NOT NULL AND b.month = NEW.month"
        " AND b.edition = NEW.edition - 1))",
        "a bulletin begins as a draft, after the edition before was published",
    ),
    ("bulletin_no_delete", "bulletin", "DELETE", None, "bulletins are never deleted"),
)
