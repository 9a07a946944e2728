"""Who may nominate, vote, review, decide and answer: predicates for the verbs and the pages (O-7)."""

from __future__ import annotations

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.award import rules
from portal.award import vocabulary as words
from portal.award.models import AwardRound, Nomination, NominationState, Nominee, RoundState, Voter
from portal.kernel.actor import Actor, Role


def standing(round_: AwardRound) -> list[Nomination]:
    """The nominations that were not withdrawn."""
    return [n for n in round_.nominations if n.state is not NominationState.WITHDRAWN]


def is_concerned(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor is the person nominated, or of the department nominated."""
    return rules.concerned(actor.id, actor.department_id, nomination.user_id, nomination.department_id)


def concerned_by_any(actor: Actor, round_: AwardRound) -> bool:
    """Whether any standing nomination concerns the actor."""
    return any(is_concerned(actor, n) for n in standing(round_))


def nominable(actor: Actor, round_: AwardRound) -> frozenset[int]:
    """Whom the actor may nominate: as head or leader the own people and departments, everybody themselves."""
    if round_.state is not RoundState.NOMINATING or not actor.can(words.READ):
        return frozenset()
    led = ab_rights.departments_led(actor)
    if round_.nominee is Nominee.COLLECTIVE:
        return led
    own = {actor.id} if actor.id else set()
    return frozenset(own | {u for u, d in ab.picture().departments_of_users.items() if d in led})


def may_summarise(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor writes the summary: the person, or head and leader of the department."""
    if nomination.round.state is not RoundState.NOMINATING or nomination.state is not NominationState.PROPOSED:
        return False
    if nomination.user_id is not None:
        return actor.id == nomination.user_id
    return nomination.department_id in ab_rights.departments_led(actor)


def may_withdraw(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor may take a nomination back: who nominated, or the person nominated, before the vote."""
    if nomination.round.state is not RoundState.NOMINATING or nomination.state is not NominationState.PROPOSED:
        return False
    return actor.id in (nomination.nominated_by_id, nomination.user_id)


def place_in(actor: Actor, round_: AwardRound) -> Voter | None:
    """The actor's place in the circle."""
    return next((v for v in round_.circle if v.user_id == actor.id), None)


def votable(voter: Voter, round_: AwardRound) -> list[Nomination]:
    """The nominations on which somebody of the circle votes: never oneself, never the own department."""
    return [
        n
        for n in round_.nominations
        if n.state is NominationState.PROPOSED
        and not rules.concerned(voter.user_id, voter.department_id, n.user_id, n.department_id)
    ]


def may_review(actor: Actor, round_: AwardRound) -> bool:
    """Whether the actor may review a round: of the supervision group, or a leader, and not concerned."""
    return round_.state is RoundState.COUNTED and actor.can(words.REVIEW) and not concerned_by_any(actor, round_)


def may_decide(actor: Actor, round_: AwardRound) -> bool:
    """Whether the actor decides: who answers for the principal's post and is not concerned."""
    return (
        round_.state is RoundState.REVIEWED
        and actor.can(words.DECIDE)
        and Role.PRINCIPAL in actor.roles
        and not concerned_by_any(actor, round_)
    )


def sees_votes(actor: Actor) -> bool:
    """Whether the actor sees how the vote came out: the office, the supervision group, leaders."""
    return actor.can(words.READ_RESULTS)


def may_object(actor: Actor, round_: AwardRound) -> bool:
    """Whether the actor may object during publication."""
    return round_.state is RoundState.PUBLICISED and actor.can(words.READ)


def may_answer(actor: Actor, nomination: Nomination, by_id: int) -> bool:
    """Whether the actor answers an objection: of those who review, not the objector, not concerned."""
    return (
        nomination.round.state is RoundState.PUBLICISED
        and actor.can(words.REVIEW)
        and actor.id != by_id
        and not is_concerned(actor, nomination)
    )


def may_revoke(actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor may revoke an award: who answers for the principal's post and is not concerned."""
    return (
        nomination.state is NominationState.AWARDED
        and actor.can(words.DECIDE)
        and Role.PRINCIPAL in actor.roles
        and not is_concerned(actor, nomination)
    )
