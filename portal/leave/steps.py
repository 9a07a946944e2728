"""Who takes the next step of a request now, and who takes over its posts (O-3, AB-2, AB-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.ab_post import halves, superiors
from portal.ab_post import queries as ab
from portal.ab_post.models import AbsenceKind, Letter
from portal.ab_post.picture import AbsenceFact, PostFact
from portal.calendar import queries as calendar
from portal.kernel import epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.leave import rules
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest, LeaveState
from portal.leave.rules import PER_DAY, Filer, Level, Limits, Planned, Standing
from portal.people.models import User
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind

_BY_POST = {
    PostKind.PRINCIPAL: Standing.PRINCIPAL,
    PostKind.LEADER: Standing.LEADER,
    PostKind.HEAD: Standing.HEAD,
}


def limits() -> Limits:
    """The office's limits in force."""
    kinds = [k for k in AbsenceKind if k is not AbsenceKind.SICK]
    return Limits(
        {str(k): PER_DAY * policy.value(f"leave.head_alone_{k}") for k in kinds},
        PER_DAY * policy.value("leave.sick_leader_from"),
    )


def standing_of(user_id: int, day: date) -> Standing:
    """What a person is in the office on a day, by the posts held as A and the roles given."""
    seen = ab.picture()
    kinds = {seen.posts[p].kind for p in seen.by_user.get(user_id, ()) if seen.holder(p, Letter.A, day) == user_id}
    for kind, standing in _BY_POST.items():
        if kind in kinds:
            return standing
    user = db.session.get(User, user_id)
    given = user.role_set if user is not None else frozenset()
    if Role.OFFICE in given:
        return Standing.OFFICE
    return Standing.SUPERVISION if Role.SUPERVISION in given else Standing.STAFF


def chain_of(kind: AbsenceKind, halves: int, user_id: int, day: date) -> tuple[Standing, tuple[Planned, ...]]:
    """The applicant's role and the steps of a request; one post does not sign twice in a row."""
    standing = standing_of(user_id, day)
    found = rules.chain(str(kind), halves, standing, limits())
    department = ab.picture().departments_of_users.get(user_id)
    levels = [p.level for p in found]
    if Level.LEADER in levels and Level.PRINCIPAL in levels:
        leader = posts.leader_post_of(department) if department else None
        if leader in (None, posts.principal_post()):
            found = tuple(p for p in found if p.level is not Level.LEADER)
    return standing, found


def decider(level: Level, department_id: int | None, applicant_id: int, at: datetime) -> tuple[int, int] | None:
    """Who takes a step at an instant and under which post: whoever answers for the approver's post, unless that is the
    applicant, then one level up; None when nobody can (O-3, AB-3)."""
    return superiors.decider(PostKind(level), department_id, (applicant_id,), at)


def may_file(actor: Actor, filer: Filer, applicant_id: int) -> bool:
    """Whether the actor may file a request: of the office or the supervision as the step says, not one's own."""
    if actor.id == applicant_id or not actor.can(words.FILE):
        return False
    wanted = {Filer.OFFICE: {Role.OFFICE}, Filer.SUPERVISION: {Role.SUPERVISION}}
    return bool(actor.roles & wanted.get(filer, {Role.OFFICE, Role.SUPERVISION}))


# --- handover (AB-2) ------------------------------------------------------------------------------------------


def receivers(user_id: int, from_at: datetime, to_at: datetime, now: datetime) -> list[tuple[PostFact, int | None]]:
    """The posts of a person, each with who will answer for it when they are away (None: nobody)."""
    at = min(max(from_at, now), to_at)
    seen = ab.picture_at(min(from_at, now))
    held = seen.held_as_a(user_id, from_at, to_at)
    without = seen.with_absence(AbsenceFact(0, user_id, AbsenceKind.OFFICIAL, from_at, to_at))
    return [(post, without.answer(post.id, at).user_id) for post in held]


# --- what waits -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """A request that waits for somebody: as much of it as menus, to-dos and lists need."""

    number: str
    applicant_id: int
    department_id: int | None
    kind: AbsenceKind
    from_at: datetime
    to_at: datetime
    halves: int
    sent_at: datetime
    state: LeaveState
    level: Level
    filer: Filer
    unconfirmed: tuple[int, ...]
    made_up: bool
    #: Filled when asked for at an instant.
    decider_id: int | None = None


def open_requests() -> list[Open]:
    """All requests that wait for a step, the oldest first."""
    return epochs.cached("leave", "open", _open)


def _open() -> list[Open]:
    rows = (
        select(LeaveRequest)
        .where(LeaveRequest.open_level.is_not(None))
        .options(selectinload(LeaveRequest.steps), selectinload(LeaveRequest.posts))
        .order_by(LeaveRequest.sent_at, LeaveRequest.id)
    )
    found = []
    for r in db.session.scalars(rows):
        step = r.next_step
        if step is None or r.sent_at is None:
            continue
        unconfirmed = tuple(p.post_id for p in r.posts if p.confirmed_at is None)
        found.append(
            Open(
                r.number, r.applicant_id, r.department_id, r.kind, r.from_at, r.to_at, r.halves, r.sent_at, r.state,
                step.level, step.filer, unconfirmed if r.state is LeaveState.WAITING else (), r.made_up,
            )
        )  # fmt: skip
    return found


def resolved(now: datetime) -> list[Open]:
    """The requests that wait for an approver, each with who that is now."""
    found = []
    for each in open_requests():
        if each.level is not Level.FILE:
            who = decider(each.level, each.department_id, each.applicant_id, now)
            found.append(replace(each, decider_id=who[0] if who else None))
    return found


def to_decide(actor: Actor, now: datetime) -> list[Open]:
    """What waits for the actor's approval."""
    return [each for each in resolved(now) if each.decider_id == actor.id] if actor.can(words.DECIDE) else []


def to_file(actor: Actor) -> list[Open]:
    """What the actor may file."""
    return [
        each for each in open_requests() if each.level is Level.FILE and may_file(actor, each.filer, each.applicant_id)
    ]


def to_confirm(user_id: int, now: datetime) -> list[tuple[Open, PostFact]]:
    """The handovers of requests that a person is to confirm before the approval (AB-2)."""
    found = []
    for each in open_requests():
        if not each.unconfirmed or each.applicant_id == user_id:
            continue
        for post, taker in receivers(each.applicant_id, each.from_at, each.to_at, now):
            if post.id in each.unconfirmed and taker == user_id:
                found.append((each, post))
    return found


def wall_clock(span: rules.Span) -> tuple[datetime, datetime]:
    """The instants of a time in half days, by the office hours in force."""
    return halves.span(span.from_on, span.from_half, span.to_on, span.to_half, calendar.work_calendar().hours)
