"""What the database itself refuses about awards (O-7)."""

from __future__ import annotations

_ROUND = "(SELECT r.state FROM award_round r WHERE r.id = {row}.round_id)"
_STANDS = (
    "EXISTS (SELECT 1 FROM award_nomination n WHERE n.id = NEW.nomination_id AND n.round_id = NEW.round_id"
    " AND n.state = 'proposed')"
)
_FIXED = " OR ".join(
    f"NEW.{c} <> OLD.{c}" for c in "number span nominee first_on last_on places opened_by_id opened_at".split()
)

#: Of migration 0030, in the form of `guards.GUARDS`.
AWARD_GUARDS = (
    (
        "award_round_begins_nominating",
        "award_round",
        "INSERT",
        "NEW.state <> 'nominating' OR NEW.decided_at IS NOT NULL",
        "a round begins with nominations",
    ),
    ("award_round_fixed", "award_round", "UPDATE", _FIXED, "what a round is for stays as it was opened"),
    (
        "award_round_final",
        "award_round",
        "UPDATE",
        "OLD.state IN ('awarded','cancelled') OR (OLD.decided_at IS NOT NULL AND"
        " (NEW.decided_at <> OLD.decided_at OR NEW.decided_by_id <> OLD.decided_by_id"
        " OR NEW.decision <> OLD.decision))",
        "a round that has ended, and a decision, stay as they are",
    ),
    (
        "award_round_not_by_nominated",
        "award_round",
        "UPDATE",
        "OLD.decided_at IS NULL AND NEW.decided_at IS NOT NULL AND EXISTS (SELECT 1 FROM award_nomination n"
        " WHERE n.round_id = NEW.id AND n.user_id = NEW.decided_by_id AND n.state <> 'withdrawn')",
        "nobody decides a round in which they are nominated",
    ),
    ("award_round_no_delete", "award_round", "DELETE", None, "rounds are never deleted"),
    (
        "award_nomination_fixed",
        "award_nomination",
        "UPDATE",
        "NEW.round_id <> OLD.round_id OR COALESCE(NEW.user_id, 0) <> COALESCE(OLD.user_id, 0)"
        " OR NEW.department_id <> OLD.department_id OR (OLD.votes IS NOT NULL AND NEW.votes <> OLD.votes)"
        " OR (OLD.certificate IS NOT NULL AND NEW.certificate <> OLD.certificate) OR OLD.state = 'revoked'",
        "whom a nomination is for, its voices and its certificate stay; what was revoked stays so",
    ),
    ("award_nomination_no_delete", "award_nomination", "DELETE", None, "nominations are never deleted"),
    (
        "award_voter_once",
        "award_voter",
        "UPDATE",
        f"OLD.voted OR NEW.user_id <> OLD.user_id OR NEW.round_id <> OLD.round_id OR {_ROUND.format(row='NEW')}"
        " <> 'voting'",
        "somebody of the circle votes once, while the vote is open",
    ),
    ("award_voter_no_delete", "award_voter", "DELETE", None, "a circle stays as it was"),
    (
        "award_ballot_while_open",
        "award_ballot",
        "INSERT",
        f"{_ROUND.format(row='NEW')} <> 'voting' OR NOT {_STANDS}",
        "voices are cast while the vote is open, for who stands in it",
    ),
    (
        "award_objection_once",
        "award_objection",
        "UPDATE",
        "OLD.answered_at IS NOT NULL OR NEW.text <> OLD.text OR NEW.by_id <> OLD.by_id",
        "an objection stays as it was made and is answered once",
    ),
    ("award_objection_no_delete", "award_objection", "DELETE", None, "objections are never deleted"),
)
