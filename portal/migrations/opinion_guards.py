"""What the database itself refuses about clients' opinions and callbacks (S-4, S-5)."""

from __future__ import annotations

_OF_DEPARTMENT = 'EXISTS (SELECT 1 FROM "user" u WHERE u.id = NEW.{by} AND u.department_id = NEW.department_id)'
_FROZEN = " OR ".join(
    f"COALESCE(NEW.{c}, '') <> COALESCE(OLD.{c}, '')"
    for c in "number kind source text answer leader_opinion contact_said answer_said call_back_said conclusion".split()
)

#: Of migration 0016, in the form of `guards.GUARDS`.
OPINION_GUARDS = (
    (
        "client_opinion_begins_open",
        "client_opinion",
        "INSERT",
        "NEW.state <> 'registered' OR NEW.verdict IS NOT NULL",
        "an opinion begins open",
    ),
    (
        "client_opinion_closed_is_closed",
        "client_opinion",
        "UPDATE",
        f"OLD.closed_at IS NOT NULL AND (NEW.state <> OLD.state OR NEW.closed_at <> OLD.closed_at OR {_FROZEN})",
        "a closed opinion changes in its finding only",
    ),
    (
        "client_opinion_untrue_by_two",
        "client_opinion",
        "UPDATE",
        "NEW.verdict = 'untrue' AND COALESCE(OLD.verdict, '') <> 'untrue'"
        " AND (OLD.untrue_proposed_by_id IS NULL OR NEW.found_by_id = OLD.untrue_proposed_by_id"
        f" OR {_OF_DEPARTMENT.format(by='found_by_id')})",
        "an opinion is found untrue by two persons, none of the department concerned",
    ),
    ("client_opinion_no_delete", "client_opinion", "DELETE", None, "opinions are never deleted"),
    (
        "client_opinion_rectification_rechecked_once",
        "client_opinion_rectification",
        "UPDATE",
        "OLD.rechecked_by_id IS NOT NULL OR (OLD.rectified_at IS NOT NULL AND NEW.text <> OLD.text)",
        "a rectification stays as it was written and is re-checked once",
    ),
    (
        "client_opinion_rectification_no_delete",
        "client_opinion_rectification",
        "DELETE",
        None,
        "rectifications are never deleted",
    ),
    ("callback_draw_no_update", "callback_draw", "UPDATE", None, "a draw never changes"),
    ("callback_draw_no_delete", "callback_draw", "DELETE", None, "draws are never deleted"),
    (
        "callback_call_drawn",
        "callback_call",
        "UPDATE",
        "NEW.draw_id <> OLD.draw_id OR NEW.place <> OLD.place OR NEW.case_id <> OLD.case_id",
        "whom to call is drawn, never chosen",
    ),
    (
        "callback_call_not_by_handler",
        "callback_call",
        "UPDATE",
        "OLD.called_by_id IS NULL AND NEW.called_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM case_handler h"
        " WHERE h.case_id = NEW.case_id AND h.user_id = NEW.called_by_id)",
        "nobody who handled a case calls its client",
    ),
    ("callback_call_no_delete", "callback_call", "DELETE", None, "calls are never deleted"),
)
