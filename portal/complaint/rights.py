"""Who reads what of a complaint, and who may decide, look into and approve it (A-5, AB-4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select

from portal.ab_post import rights as ab_rights
from portal.complaint import rules
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint
from portal.complaint.rules import Subject
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind

#: Whose entries on a case show a hand in it.
_HANDLING = ("cases.", "first_ask.", "one_time_notice.", "denial_filing.", "timed_completion.")


def _whole() -> bool:
    return bool(policy.value("complaint.officer_from_elsewhere"))


def departments_of(actor: Actor) -> frozenset[int]:
    """The departments that somebody belongs to: the own one, and those of the posts answered for now (AB-3)."""
    own = {actor.department_id} if actor.department_id else set()
    return frozenset(own | {held.department_id for held in actor.posts})


def subject(complaint: Complaint) -> Subject:
    """Whom a complaint concerns, with all who had a hand in its case."""
    hands: frozenset[int] = frozenset()
    if complaint.case_id is not None:
        query = select(JournalEntry.actor_id).where(_had_a_hand(complaint.case_id)).distinct()
        hands = frozenset(found for found in db.session.scalars(query) if found is not None)
    return Subject(complaint.person_id, complaint.department_id, hands)


def _had_a_hand(case_id: object) -> ColumnElement[bool]:
    handling = or_(*(JournalEntry.event.startswith(prefix) for prefix in _HANDLING))
    return and_(JournalEntry.case_id == case_id, handling)


def concerned(actor: Actor, complaint: Complaint, whom: Subject | None = None) -> bool:
    """Whether a complaint is about the actor: the person, whoever answers for the post, who had a hand in the case,
    and by policy everybody of the department (A-5). ``whom``: the subject, where it is at hand."""
    if complaint.post_id is not None and actor.answers_for(complaint.post_id) is not None:
        return True
    return rules.concerned(whom or subject(complaint), actor.id, departments_of(actor), _whole())


def is_officer(actor: Actor, complaint: Complaint) -> bool:
    """Whether the complaint is in this person's own hands; never those of who acts for them (AB-4)."""
    return actor.id is not None and complaint.officer_id == actor.id


def reads_all(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may read what was complained, without who complained."""
    if not actor.can(words.READ):
        return False
    if concerned(actor, complaint):
        return False
    if is_officer(actor, complaint) or actor.can(words.READ_ALL):
        return True
    return complaint.department_id in ab_rights.departments_in_charge(actor)


def reads_extract(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may read the edited extract: the head of the department concerned, unless it is about them."""
    return (
        actor.can(words.READ)
        and complaint.extract_at is not None
        and complaint.department_id in actor.departments_headed()
        and complaint.person_id != actor.id
    )


def decides(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may decide about it: the office, the leader in charge or the principal; never its officer, nor
    anybody concerned."""
    return actor.can(words.DECIDE) and not is_officer(actor, complaint) and reads_all(actor, complaint)


def settles(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may find out whom it is about: the office and its officer."""
    able = is_officer(actor, complaint) or actor.can(words.REGISTER) or actor.can(words.DECIDE)
    return able and reads_all(actor, complaint)


def approves(actor: Actor, complaint: Complaint) -> bool:
    """Whether the actor may approve the result: who decides, but not who proposed it."""
    return decides(actor, complaint) and complaint.proposed_by_id != actor.id


def by_post(actor: Actor, complaint: Complaint) -> int | None:
    """The post by whose powers the actor decides; None: as the office."""
    for held in actor.posts:
        if held.kind == PostKind.PRINCIPAL or (
            held.kind == PostKind.LEADER and complaint.department_id in posts.departments_of(held.post_id)
        ):
            return held.post_id
    return None


def head_post(actor: Actor, department_id: int | None) -> int | None:
    """The head's post of a department that the actor answers for now."""
    own = (h.post_id for h in actor.posts if h.kind == PostKind.HEAD and h.department_id == department_id)
    return next(own, None)


def fit_officer(complaint: Complaint, user_id: int, now: datetime, whom: Subject | None = None) -> bool:
    """Whether somebody may be the officer: has to do with complaints, and is not concerned by this one."""
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at is not None:
        return False
    found = people.actor_of(user, now)
    return found.can(words.READ) and not concerned(found, complaint, whom)


# --- the same as conditions of lists ---------------------------------------------------------------------------


def not_concerned(actor: Actor) -> ColumnElement[bool]:
    """The condition of complaints that are not about the actor."""
    found = [
        Complaint.person_id.is_(None) | (Complaint.person_id != actor.id),
        Complaint.post_id.is_(None) | Complaint.post_id.not_in(actor.post_ids),
        Complaint.case_id.is_(None)
        | ~select(JournalEntry.seq)
        .where(_had_a_hand(Complaint.case_id), JournalEntry.actor_id == actor.id)
        .correlate(Complaint)
        .exists(),
    ]
    if _whole():
        found.append(Complaint.department_id.is_(None) | Complaint.department_id.not_in(departments_of(actor)))
    return and_(*found)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition of the complaints that the actor may read without who complained."""
    if actor.can(words.READ_ALL):
        return not_concerned(actor)
    led = ab_rights.departments_in_charge(actor)
    own: ColumnElement[bool] = Complaint.officer_id == actor.id
    return and_(or_(own, Complaint.department_id.in_(led) if led else false()), not_concerned(actor))


def about(actor: Actor) -> ColumnElement[bool]:
    """The condition of the complaints of which the actor reads the extract, as head."""
    return and_(
        Complaint.department_id.in_(actor.departments_headed()),
        Complaint.extract_at.is_not(None),
        Complaint.person_id.is_(None) | (Complaint.person_id != actor.id),
    )
