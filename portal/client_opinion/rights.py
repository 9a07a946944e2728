"""Who may see and do what about a client's opinion (S-4)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false

from portal.ab_post import rights as ab_rights
from portal.client_opinion import rules
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionKind, OpinionState
from portal.kernel.actor import Actor, Role


def sees_all(actor: Actor) -> bool:
    """The office, the supervision group and the principal."""
    return actor.can(words.READ_ALL) or Role.PRINCIPAL in actor.roles


def departments_seen(actor: Actor) -> frozenset[int]:
    """The departments whose opinions the actor reads: the own ones and those in charge."""
    return ab_rights.own_departments(actor) | ab_rights.departments_led(actor)


def visible(actor: Actor) -> ColumnElement[bool] | None:
    """The condition of the opinions that an actor may read; None: all."""
    if not actor.can(words.READ):
        return false()
    return None if sees_all(actor) else Opinion.department_id.in_(departments_seen(actor))


def may_read(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor may open an opinion: the same people whose lists show it."""
    return actor.can(words.READ) and (sees_all(actor) or opinion.department_id in departments_seen(actor))


def departments_in_charge(actor: Actor) -> frozenset[int]:
    """The departments whose answers the actor may approve as their leader."""
    if not actor.can(words.APPROVE):
        return frozenset()
    return ab_rights.departments_in_charge(actor)


def _heads(actor: Actor, opinion: Opinion) -> bool:
    return actor.can(words.HANDLE) and opinion.department_id in actor.departments_headed()


def handles(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor works on it for the department concerned: its head, or who answers for the post concerned."""
    if not actor.can(words.HANDLE):
        return False
    return _heads(actor, opinion) or (opinion.post_id is not None and actor.answers_for(opinion.post_id) is not None)


def manages(actor: Actor) -> bool:
    """Whether the actor may do the office's share: register, assign, contact, tell."""
    return actor.can(words.MANAGE)


def approves(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor may approve the answer: the leader in charge or the principal, never who drafted it."""
    if not actor.can(words.APPROVE) or actor.id is None or actor.id == opinion.drafted_by_id:
        return False
    return Role.PRINCIPAL in actor.roles or opinion.department_id in departments_in_charge(actor)


def judges(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor may confirm, doubt, re-check and call back: nobody of the department concerned, nobody who
    wrote its answer or rectification, and not who handled the case."""
    if not actor.can(words.JUDGE):
        return False
    handler = opinion.case.answered_by_id if opinion.case is not None else None
    barred = {opinion.drafted_by_id, handler, *(r.rectified_by_id for r in opinion.rounds)} - {None}
    return rules.judges_fairly(actor.id, ab_rights.own_departments(actor), opinion.department_id, barred)


def seconds(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor may decide as the second person whether it is untrue."""
    return judges(actor, opinion) and actor.id != opinion.untrue_proposed_by_id


def entitled(actor: Actor, opinion: Opinion) -> dict[str, bool]:
    """What the actor has the right to do, by verb, whatever the state is."""
    office, department = manages(actor), handles(actor, opinion)
    judge, leader, second = judges(actor, opinion), approves(actor, opinion), seconds(actor, opinion)
    contact = (office or _heads(actor, opinion)) and actor.id != _handler(opinion)
    return {
        "assign": office,
        "contact": contact,
        "draft": department,
        "send_back": leader,
        "approve": leader,
        "answer": contact or department,
        "conclude": judge,
        "confirm": judge,
        "receive": department,
        "rectify": department,
        "fail": judge,
        "accept": judge,
        "try_call": judge,
        "call_back": judge,
        "propose_untrue": judge,
        "find_untrue": second,
        "refuse_untrue": second,
    }


def acts(actor: Actor, opinion: Opinion) -> dict[str, bool]:
    """What the actor may do now, by verb: what the page offers."""
    return {verb: allowed and possible(opinion, verb) for verb, allowed in entitled(actor, opinion).items()}


def _handler(opinion: Opinion) -> int | None:
    return opinion.case.answered_by_id if opinion.case is not None else None


def possible(opinion: Opinion, verb: str) -> bool:
    """Whether the opinion is in a state that knows the verb."""
    if opinion.department_id is None and verb not in ("assign", "contact"):
        return False
    return rules.may(
        verb,
        opinion.state,
        opinion.kind,
        contacted=opinion.contacted_at is not None,
        doubted=opinion.untrue_proposed_by_id is not None,
        verdict=opinion.verdict,
    )


_NEEDS_PHONE = ("contact", "answer", "call_back")


def sees_contact(actor: Actor, opinion: Opinion) -> bool:
    """Whether the client's name and phone are shown: only to who has to speak to the client now."""
    if opinion.kind is not OpinionKind.BAD_REVIEW and opinion.state is OpinionState.REGISTERED:
        return manages(actor)
    allowed = acts(actor, opinion)
    return any(allowed[verb] for verb in _NEEDS_PHONE)
