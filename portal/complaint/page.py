"""What a complaint's page offers to whom (A-5)."""

from __future__ import annotations

from portal.complaint import rights
from portal.complaint.models import Complaint, Result
from portal.complaint.rules import MOVES
from portal.kernel import clock
from portal.kernel.actor import Actor


def acts_of(actor: Actor, complaint: Complaint) -> frozenset[str]:
    """What the actor may do with a complaint now: the names of the page's forms."""
    decides, officer = rights.decides(actor, complaint), rights.is_officer(actor, complaint)
    named = complaint.officer_id is not None
    in_time = complaint.extended_at is None and clock.now() <= complaint.due_at
    confirmed = complaint.result in (Result.CONFIRMED, Result.PARTLY) and complaint.reversed_at is None
    able = {
        "decide": (decides, "take_up"),
        "assign": (decides, "reassign" if named else "assign"),
        "extend": (decides and in_time, "extend"),
        "resolve": (rights.settles(actor, complaint), "resolve"),
        "approve": (rights.approves(actor, complaint), "approve"),
        "note": (officer, "note"),
        "extract": (officer, "extract"),
        "propose": (officer, "propose"),
        "tell": (officer, "tell"),
        "reverse": (decides and confirmed, "reverse"),
    }
    return frozenset(name for name, (may, verb) in able.items() if may and MOVES.allowed(complaint.state, verb))


def may_state(complaint: Complaint) -> bool:
    """Whether the department concerned may still say how it was."""
    return MOVES.allowed(complaint.state, "state")
