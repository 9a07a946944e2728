"""What the database itself refuses about proceedings (A-2, A-3): made by migration 0021."""

from __future__ import annotations

_CLOSED = "EXISTS (SELECT 1 FROM proceeding p WHERE p.id = NEW.proceeding_id AND p.closed_at IS NOT NULL)"
_PARTS = (
    "proceeding_clue",
    "proceeding_bar",
    "proceeding_assignment",
    "proceeding_subject",
    "proceeding_utterance",
    "proceeding_measure",
)
#: Everybody who judged a subject's matter.
_JUDGED_OWN = (
    "EXISTS (SELECT 1 FROM proceeding_subject s WHERE s.proceeding_id = NEW.proceeding_id"
    " AND s.user_id IN (NEW.found_by_id, NEW.decided_by_id, NEW.reviewed_by_id))"
)
_NAMED = (
    "EXISTS (SELECT 1 FROM proceeding_assignment a WHERE a.proceeding_id = NEW.proceeding_id"
    " AND a.user_id = NEW.{0} AND a.duty = '{1}' AND a.ended_at IS NULL)"
)


def _by(column: str, duty: str) -> str:
    """Somebody is newly written down as having done it, without having that duty."""
    new = f"NEW.{column} IS NOT NULL AND COALESCE(OLD.{column}, 0) <> NEW.{column}"
    return f"({new} AND NOT {_NAMED.format(column, duty)})"


def _same(columns: str) -> str:
    """Some of these columns, none of which is a date, differ."""
    return " OR ".join(f"COALESCE(NEW.{c}, {d}) <> COALESCE(OLD.{c}, {d})" for c, d in map(_default, columns.split()))


def _default(column: str) -> tuple[str, str]:
    return column, "0" if column.endswith("_id") or column in ("repeats",) else "''"


_DECIDED = _same(
    "facts conduct effect cause attitude severity opinion found_by_id decided_by_id meeting_record repeats"
)

#: In the form of `guards.GUARDS`.
PROCEEDING_GUARDS = (
    *((f"{t}_of_open_only", t, "INSERT", _CLOSED, "a closed file never changes") for t in _PARTS),
    *((f"{t}_closed_stays", t, "UPDATE", _CLOSED, "a closed file never changes") for t in _PARTS),
    *((f"{t}_no_delete", t, "DELETE", None, "files are never deleted") for t in (*_PARTS, "proceeding")),
    ("proceeding_closed_stays", "proceeding", "UPDATE", "OLD.closed_at IS NOT NULL", "a closed file never changes"),
    (
        "proceeding_begins_registered",
        "proceeding",
        "INSERT",
        "NEW.state <> 'registered'",
        "a proceeding begins registered",
    ),
    (
        "proceeding_assigned_to_the_free",
        "proceeding_assignment",
        "INSERT",
        "EXISTS (SELECT 1 FROM proceeding_subject s WHERE s.proceeding_id = NEW.proceeding_id"
        " AND s.user_id = NEW.user_id)"
        " OR EXISTS (SELECT 1 FROM proceeding_bar b WHERE b.proceeding_id = NEW.proceeding_id"
        " AND b.user_id = NEW.user_id AND (NEW.duty <> 'secretary' OR b.bar = 'recused'))",
        "nobody has a duty in their own matter, or in one that they complained of or raised",
    ),
    (
        "proceeding_assignment_stays",
        "proceeding_assignment",
        "UPDATE",
        "OLD.ended_at IS NOT NULL OR NEW.user_id <> OLD.user_id OR NEW.duty <> OLD.duty"
        " OR NEW.proceeding_id <> OLD.proceeding_id",
        "a duty only ends",
    ),
    (
        "proceeding_subject_not_of_duty",
        "proceeding_subject",
        "INSERT",
        "NEW.user_id IS NOT NULL AND (EXISTS (SELECT 1 FROM proceeding_assignment a"
        " WHERE a.proceeding_id = NEW.proceeding_id AND a.user_id = NEW.user_id AND a.ended_at IS NULL)"
        " OR EXISTS (SELECT 1 FROM proceeding_subject s WHERE s.proceeding_id = NEW.proceeding_id"
        " AND s.found_by_id = NEW.user_id))",
        "nobody has a duty in their own matter",
    ),
    (
        "proceeding_subject_begins_unheard",
        "proceeding_subject",
        "INSERT",
        "NEW.heard_at IS NOT NULL OR NEW.confirmed IS NOT NULL OR NEW.decided_at IS NOT NULL"
        " OR NEW.told_at IS NOT NULL OR NEW.reviewed_at IS NOT NULL",
        "a subject begins unheard",
    ),
    (
        "proceeding_judged_by_the_named",
        "proceeding_subject",
        "UPDATE",
        f"{_by('found_by_id', 'investigator')} OR {_by('decided_by_id', 'decider')}"
        f" OR {_by('reviewed_by_id', 'reviewer')}"
        f" OR {_JUDGED_OWN}",
        "only who is named for it judges a matter, and nobody their own",
    ),
    (
        "proceeding_decided_once",
        "proceeding_subject",
        "UPDATE",
        f"OLD.decided_at IS NOT NULL AND (NEW.decided_at IS NULL OR NEW.confirmed <> OLD.confirmed OR {_DECIDED})",
        "a decision stays as it was; a review stands beside it",
    ),
    (
        "proceeding_reviewed_once",
        "proceeding_subject",
        "UPDATE",
        "OLD.reviewed_at IS NOT NULL",
        "a review is the last word",
    ),
    ("proceeding_utterance_stays", "proceeding_utterance", "UPDATE", None, "what was said stays"),
    (
        "proceeding_measure_stays",
        "proceeding_measure",
        "UPDATE",
        "OLD.lifted_at IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.subject_id <> OLD.subject_id"
        " OR NEW.decided_on <> OLD.decided_on OR NEW.milder <> OLD.milder OR NEW.demand <> OLD.demand"
        " OR (OLD.executed_on IS NOT NULL AND (NEW.executed_on IS NULL OR NEW.executed_on <> OLD.executed_on))"
        " OR (OLD.expires_on IS NOT NULL AND (NEW.expires_on IS NULL OR NEW.expires_on <> OLD.expires_on))"
        " OR (OLD.due_on IS NOT NULL AND NEW.due_on <> OLD.due_on)",
        "a measure is carried out or lifted, and not changed otherwise",
    ),
)
