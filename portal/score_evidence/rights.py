"""Who sees whose lines, who may object, and who must keep away from a subject's score (E-3)."""

from __future__ import annotations

from portal.ab_post.picture import picture
from portal.kernel.actor import Actor
from portal.pure.scoring import Subject
from portal.score_evidence import vocabulary as words
from portal.score_evidence.models import LineState, MonthState, Objection, ScoreLine, ScoreMonth


def department_of(user_id: int) -> int | None:
    """The department that a person belongs to."""
    return picture().departments_of_users.get(user_id)


def concerned(actor: Actor, subject: str, subject_id: int) -> bool:
    """Whether a score is the actor's own: the person scored and their head, the people of a department and its head."""
    if subject == Subject.PERSON:
        return actor.id == subject_id or department_of(subject_id) in actor.departments_headed()
    return actor.department_id == subject_id or subject_id in actor.departments_headed()


def own(actor: Actor, subject: str) -> frozenset[int]:
    """The subjects whose lines the actor sees as the scored: themselves; their department, and those they head."""
    if subject == Subject.PERSON:
        return frozenset({actor.id} if actor.id is not None else ())
    return actor.departments_headed() | frozenset({actor.department_id} if actor.department_id is not None else ())


def may_read(actor: Actor, subject: str, subject_id: int) -> bool:
    """Whether the actor reads the lines of a subject: everybody's, or the own ones."""
    if actor.can(words.READ_ALL):
        return True
    return actor.can(words.READ) and subject_id in own(actor, subject)


def speaks_for(actor: Actor, subject: str, subject_id: int) -> bool:
    """Whether the actor may object for a subject: the person, or who heads the department."""
    if not actor.can(words.READ):
        return False
    return actor.id == subject_id if subject == Subject.PERSON else subject_id in actor.departments_headed()


def sees_line(actor: Actor, line: ScoreLine) -> bool:
    """Whether the actor sees one line: the scored once their month is computed, and nothing that was not approved."""
    if actor.can(words.READ_ALL) or (line.proposed_by_id is not None and line.proposed_by_id == actor.id):
        return True
    told = line.month.computed_at is not None and line.state in (LineState.APPROVED, LineState.STRUCK)
    return told and may_read(actor, line.subject, line.subject_id)


def may_decide(actor: Actor, line: ScoreLine) -> bool:
    """Whether the actor may approve or refuse a proposed line: neither who proposed it nor whom it concerns."""
    return (
        actor.can(words.APPROVE)
        and line.state is LineState.PROPOSED
        and line.proposed_by_id != actor.id
        and not concerned(actor, line.subject, line.subject_id)
    )


def may_rule(actor: Actor, objection: Objection) -> bool:
    """Whether the actor may rule: not who objected, is scored, or proposed or approved the line."""
    line = objection.line
    return (
        actor.can(words.RULE)
        and actor.id not in (objection.raised_by_id, line.proposed_by_id, line.decided_by_id)
        and not concerned(actor, line.subject, line.subject_id)
    )


def takes_lines(month: ScoreMonth) -> bool:
    """Whether manual lines may still be proposed and decided."""
    return month.state is not MonthState.SETTLED and month.frozen_at is None
