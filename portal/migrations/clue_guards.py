"""What the database itself refuses about clues (A-1)."""

from __future__ import annotations

_SAID = ("number", "key", "kind", "source", "text", "raised_at")
_DIFFERS = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _SAID)

#: Of migration 0020, in the form of `guards.GUARDS`.
CLUE_GUARDS = (
    (
        "clue_born_open",
        "clue",
        "INSERT",
        "NEW.state <> 'open' OR NEW.proceeding_number <> ''",
        "a clue begins open",
    ),
    (
        "clue_says_the_same",
        "clue",
        "UPDATE",
        f"{_DIFFERS} OR (OLD.proceeding_number <> '' AND NEW.proceeding_number <> OLD.proceeding_number)",
        "what a clue says never changes, nor the proceeding that took it up",
    ),
    (
        "clue_taken_up_when_open",
        "clue",
        "UPDATE",
        "OLD.proceeding_number = '' AND NEW.proceeding_number <> '' AND OLD.state <> 'open'",
        "only an open clue is taken up by a proceeding",
    ),
    (
        "clue_in_proceeding_not_dismissed",
        "clue",
        "UPDATE",
        "NEW.state = 'dismissed' AND OLD.state NOT IN ('open', 'dismissed')",
        "only an open clue is dismissed",
    ),
    ("clue_no_delete", "clue", "DELETE", None, "clues are never deleted"),
    (
        "clue_watermark_forward",
        "clue_watermark",
        "UPDATE",
        "NEW.seq < OLD.seq",
        "the journal is not read twice",
    ),
)
