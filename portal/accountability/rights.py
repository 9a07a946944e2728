"""Who sees what of a proceeding, who has a duty in it, and who must keep away (A-2, AB-4).

Everything here goes by the person, never by a post that somebody answers for in another's place: only posts that are
the actor's own count.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from portal.ab_post.models import Letter
from portal.ab_post.picture import Picture, picture_at
from portal.accountability import rules
from portal.accountability import vocabulary as words
from portal.accountability.models import Appointed, Bar, Duty, Proceeding, Subject
from portal.accountability.rules import Matter, Tier
from portal.kernel import clock
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind


def own_heads(actor: Actor) -> frozenset[int]:
    """The departments that the actor heads by a post of their own: nothing passes to who acts for a head (AB-4)."""
    now = clock.now()
    seen, day = picture_at(now), clock.local(now).date()
    held = (seen.posts[p] for p in seen.by_user.get(actor.id or 0, ()))
    return frozenset(
        post.department_id
        for post in held
        if post.kind is PostKind.HEAD and post.open_on(day) and seen.holder(post.id, Letter.A, day) == actor.id
    )


def represents(actor: Actor, subject: Subject) -> bool:
    """Whether the actor is the person concerned, or heads the department concerned."""
    if subject.user_id is not None:
        return subject.user_id == actor.id
    return subject.department_id in own_heads(actor)


def own_subjects(actor: Actor, proceeding: Proceeding) -> list[Subject]:
    """The subjects for which the actor speaks."""
    return [s for s in proceeding.subjects if represents(actor, s)]


def duties(user_id: int | None, proceeding: Proceeding) -> frozenset[Duty]:
    """The duties that somebody has now."""
    return frozenset(a.duty for a in proceeding.assignments if a.user_id == user_id and a.ended_at is None)


def concerned(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the matter is the actor's own: they read their part only, whatever else they are."""
    return any(s.user_id == actor.id for s in proceeding.subjects) or bool(own_subjects(actor, proceeding))


def works_on(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the actor reads the whole file: named in it, or of the office where policy lets all of it read."""
    if not actor.can(words.READ) or concerned(actor, proceeding):
        return False
    if duties(actor.id, proceeding):
        return True
    return Role.OFFICE in actor.roles and bool(policy.value("accountability.office_reads_all"))


def own(actor: Actor) -> ColumnElement[bool]:
    """The condition of the subjects that are the actor, or a department that they head."""
    heads = own_heads(actor)
    person = Subject.user_id == (actor.id or 0)
    return or_(person, Subject.department_id.in_(sorted(heads))) if heads else person


def visible(actor: Actor) -> ColumnElement[bool]:
    """The condition of the proceedings whose whole file the actor reads."""
    mine = Proceeding.id.in_(
        select(Appointed.proceeding_id).where(Appointed.user_id == (actor.id or 0), Appointed.ended_at.is_(None))
    )
    not_mine = Proceeding.id.not_in(select(Subject.proceeding_id).where(own(actor)))
    if Role.OFFICE in actor.roles and policy.value("accountability.office_reads_all"):
        return not_mine
    return mine & not_mine


# --- conflicts of interest ------------------------------------------------------------------------------------


def superiors(seen: Picture, user_id: int, now: datetime) -> set[int]:
    """The direct superiors of a person by the posts held: the head of a member, the leader in charge of a head."""
    day, found = clock.local(now).date(), set()
    for post_id in seen.by_user.get(user_id, ()):
        post = seen.posts[post_id]
        if not post.open_on(day) or seen.holder(post_id, Letter.A, day) != user_id:
            continue
        if post.kind is PostKind.STAFF:
            found.update(seen.heads_of(post.department_id, day))
        elif post.kind is PostKind.HEAD:
            found.add(seen.holder(posts.leader_post_of(post.department_id) or 0, Letter.A, day) or 0)
        elif post.kind is PostKind.LEADER:
            found.add(seen.holder(posts.principal_post() or 0, Letter.A, day) or 0)
    return found - {0, user_id}


def matter(proceeding: Proceeding, now: datetime) -> Matter:
    """What decides who must keep away."""
    subjects = frozenset(s.user_id for s in proceeding.subjects if s.user_id is not None)
    departments = [s.department_id for s in proceeding.subjects if s.department_id is not None]
    seen = picture_at(now)
    members: set[int] = set()
    above: set[int] = set()
    if departments:
        members.update(db.session.scalars(select(User.id).where(User.department_id.in_(departments))))
        for department_id in departments:
            leader = posts.leader_post_of(department_id)
            above.add(seen.holder(leader or 0, Letter.A, clock.local(now).date()) or 0)
    for user_id in subjects:
        above |= superiors(seen, user_id, now)
    barred: dict[int, set[Bar]] = {}
    for each in proceeding.bars:
        barred.setdefault(each.user_id, set()).add(each.bar)
    had: dict[int, set[Duty]] = {}
    for row in proceeding.assignments:
        had.setdefault(row.user_id, set()).add(row.duty)
    apart = set()
    if policy.value("accountability.superior_barred"):
        apart |= {Duty.INVESTIGATOR, Duty.REVIEWER}
    if policy.value("accountability.superior_barred_deciding"):
        apart.add(Duty.DECIDER)
    return Matter(
        subjects=subjects,
        members=frozenset(members),
        superiors=frozenset(above - {0}),
        barred={k: frozenset(v) for k, v in barred.items()},
        duties={k: frozenset(v) for k, v in had.items()},
        superior_barred=frozenset(apart),
    )


def bar_words(found: Iterable[Bar]) -> str:
    """Why somebody must keep away, in words."""
    return "、".join(str(words.BAR_LABELS[bar]) for bar in sorted(found))


def require(actor: Actor, proceeding: Proceeding, duty: Duty, now: datetime) -> None:
    """The actor has this duty by name and nothing stands against it now. Raises NotAllowed (A-2, AB-4)."""
    if duty not in duties(actor.id, proceeding):
        raise NotAllowed(_("由指定的%(duty)s办理，职责不随顶岗转移。", duty=words.DUTY_LABELS[duty]), "A-2")
    found = rules.bars(matter(proceeding, now), actor.id, duty)
    if found:
        raise NotAllowed(_("应当回避：%(why)s。", why=bar_words(found)), "A-2")


def may(actor: Actor, proceeding: Proceeding, duty: Duty, verb: str, now: datetime) -> bool:
    """Whether the page offers a verb."""
    return (
        rules.MOVES.allowed(proceeding.state, verb)
        and duty in duties(actor.id, proceeding)
        and not rules.bars(matter(proceeding, now), actor.id, duty)
    )


# --- whose decision -------------------------------------------------------------------------------------------


def tier_of(user_id: int, proceeding: Proceeding, now: datetime) -> Tier | None:
    """What somebody may decide in this matter, by posts of their own; None: nothing."""
    seen, day = picture_at(now), clock.local(now).date()
    if seen.holder(posts.principal_post() or 0, Letter.A, day) == user_id:
        return Tier.PRINCIPAL
    departments = {d for s in proceeding.subjects if (d := _department_of(s)) is not None}
    led = {d for d in departments if seen.holder(posts.leader_post_of(d) or 0, Letter.A, day) == user_id}
    leads = any(s.user_id is not None and _leads(seen, s.user_id, day) for s in proceeding.subjects)
    if departments and led == departments and not leads:
        return Tier.LEADER
    return Tier.OFFICE if user_id in people.users_with_role(Role.OFFICE) and not leads else None


def _leads(seen: Picture, user_id: int, day: date) -> bool:
    """Whether a person is a leader: only the principal decides on leaders."""
    return any(
        seen.posts[p].kind in (PostKind.LEADER, PostKind.PRINCIPAL) and seen.holder(p, Letter.A, day) == user_id
        for p in seen.by_user.get(user_id, ())
    )


def _department_of(subject: Subject) -> int | None:
    return subject.department_id if subject.user is None else subject.user.department_id


def candidates(proceeding: Proceeding, duty: Duty, now: datetime) -> list[tuple[int, str]]:
    """Who may be given a duty now: nobody against whom something stands."""
    known, found, registrars = matter(proceeding, now), [], people.users_with_role(Role.OFFICE)
    for user_id, name in people.people_in_service():
        if rules.bars(known, user_id, duty) or duty in duties(user_id, proceeding):
            continue
        if duty is Duty.DECIDER and tier_of(user_id, proceeding, now) is None:
            continue
        if duty is Duty.SECRETARY and user_id not in registrars:
            continue
        found.append((user_id, name))
    return found
