"""What the database itself refuses about results: steps out of order, and whatever comes after publication (E-6)."""

from __future__ import annotations

_OF_RESULT = (
    "NOT EXISTS (SELECT 1 FROM monthly_result r WHERE r.id = {row}.result_id AND r.state IN ('draft', 'returned'))"
)
_OF_ROLL = "NOT EXISTS (SELECT 1 FROM result_roll r WHERE r.id = {row}.roll_id AND r.state IN ('proposed', 'returned'))"
#: A new hand on the edition that may not be the one it is about.
_ONLY_ABOUT = (
    "NEW.{0} IS NOT NULL AND COALESCE(OLD.{0}, 0) <> NEW.{0} AND NEW.subject = 'person' AND NOT EXISTS"
    " (SELECT 1 FROM monthly_result_row w WHERE w.result_id = NEW.id AND w.subject_id <> NEW.{0})"
)
_PROPOSED = (
    "NEW.reviewed_by_id IS NOT NULL AND COALESCE(OLD.reviewed_by_id, 0) <> NEW.reviewed_by_id AND EXISTS"
    " (SELECT 1 FROM score_line l JOIN score_month m ON m.id = l.score_month_id WHERE m.month = NEW.month"
    " AND m.subject = NEW.subject AND l.proposed_by_id = NEW.reviewed_by_id)"
)
_ROLL_ONLY_ABOUT = (
    "NEW.signed_by_id IS NOT NULL AND OLD.signed_by_id IS NULL AND NEW.kind IN ('quarter_persons', 'year_persons')"
    " AND NOT EXISTS (SELECT 1 FROM result_roll_entry e WHERE e.roll_id = NEW.id AND e.named"
    " AND e.subject_id <> NEW.signed_by_id)"
)


def _step(state: str, before: str) -> str:
    return f"(NEW.state = '{state}' AND OLD.state NOT IN ('{state}', '{before}'))"


def _parts(table: str, condition: str) -> tuple[tuple[str, str, str, str | None, str], ...]:
    return tuple(
        (
            f"{table}_{when.lower()}_open",
            table,
            when,
            condition.format(row="OLD" if when == "DELETE" else "NEW"),
            "what was put forward does not change",
        )
        for when in ("INSERT", "UPDATE", "DELETE")
    )


#: Of migration 0028, in the form of `guards.GUARDS`.
RESULT_GUARDS: tuple[tuple[str, str, str, str | None, str], ...] = (
    (
        "monthly_result_stands",
        "monthly_result",
        "UPDATE",
        "OLD.published_at IS NOT NULL OR NEW.subject <> OLD.subject OR NEW.month <> OLD.month"
        " OR NEW.edition <> OLD.edition OR COALESCE(NEW.replaces_id, 0) <> COALESCE(OLD.replaces_id, 0)",
        "a published result never changes",
    ),
    (
        "monthly_result_born_draft",
        "monthly_result",
        "INSERT",
        "NEW.state <> 'draft' OR NEW.reviewed_at IS NOT NULL OR NEW.signed_at IS NOT NULL"
        " OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM monthly_result b WHERE b.id = NEW.replaces_id"
        " AND b.state = 'published' AND b.month = NEW.month AND b.subject = NEW.subject"
        " AND b.edition = NEW.edition - 1))",
        "an edition begins as a draft, after the one before was published",
    ),
    (
        "monthly_result_in_order",
        "monthly_result",
        "UPDATE",
        " OR ".join((_step("reviewed", "submitted"), _step("signed", "reviewed"), _step("published", "signed"))),
        "a result is reviewed, signed and published in this order",
    ),
    (
        "monthly_result_not_own_review",
        "monthly_result",
        "UPDATE",
        _ONLY_ABOUT.format("reviewed_by_id"),
        "nobody reviews what is about nobody else",
    ),
    (
        "monthly_result_not_own_signature",
        "monthly_result",
        "UPDATE",
        _ONLY_ABOUT.format("signed_by_id"),
        "nobody signs what is about nobody else",
    ),
    (
        "monthly_result_not_by_proposer",
        "monthly_result",
        "UPDATE",
        _PROPOSED,
        "who proposed lines of the month does not review it",
    ),
    ("monthly_result_no_delete", "monthly_result", "DELETE", None, "results are never deleted"),
    *_parts("monthly_result_row", _OF_RESULT),
    *_parts("monthly_result_correction", _OF_RESULT),
    (
        "result_roll_stands",
        "result_roll",
        "UPDATE",
        "OLD.published_at IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.year <> OLD.year OR NEW.quarter <> OLD.quarter"
        " OR NEW.edition <> OLD.edition",
        "a published list never changes",
    ),
    (
        "result_roll_born_proposed",
        "result_roll",
        "INSERT",
        "NEW.state <> 'proposed' OR NEW.signed_at IS NOT NULL OR (NEW.replaces_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM result_roll b WHERE b.id = NEW.replaces_id AND b.state = 'published' AND b.kind = NEW.kind"
        " AND b.year = NEW.year AND b.quarter = NEW.quarter AND b.edition = NEW.edition - 1))",
        "a list begins proposed, after the one before was published",
    ),
    (
        "result_roll_in_order",
        "result_roll",
        "UPDATE",
        " OR ".join((_step("signed", "proposed"), _step("published", "signed"))),
        "a list is signed, then published",
    ),
    (
        "result_roll_not_own_signature",
        "result_roll",
        "UPDATE",
        _ROLL_ONLY_ABOUT,
        "nobody signs a list that names nobody else",
    ),
    ("result_roll_no_delete", "result_roll", "DELETE", None, "lists are never deleted"),
    *_parts("result_roll_entry", _OF_ROLL),
)
