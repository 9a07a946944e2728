"""Reads of A/B posts; the present is answered from memory, any other instant from the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.ab_post import coverage
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Letter
from portal.ab_post.picture import AbsenceFact, Picture, PostFact
from portal.ab_post.picture import picture as picture
from portal.ab_post.picture import picture_at as picture_at
from portal.ab_post.rules import Answer, Gap, Reason
from portal.kernel import clock
from portal.kernel.actor import Actor, Answering
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty.models import PostKind
from portal.post_duty.seams import Holders

#: The coverage board looks this far ahead (AB-8).
AHEAD = timedelta(days=14)


def who_answers_for(post_id: int, at: datetime) -> Answer:
    """Who answers for a post at an instant, and why (AB-3)."""
    return picture_at(at).answer(post_id, at)


def answering(user_id: int, at: datetime) -> Iterable[Answering]:
    """The posts a person answers for at an instant, as an actor carries them."""
    seen = picture_at(at)
    for post, answer in seen.answered_by(user_id, at):
        yield Answering(
            post_id=post.id,
            post_name=post.name,
            department_id=post.department_id,
            kind=str(post.kind),
            reason=str(answer.reason),
            for_user_id=answer.for_user_id if answer.acting else None,
            for_user_name=seen.names.get(answer.for_user_id or 0, "") if answer.acting else "",
        )


# --- who is away ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AwayRow:
    """Somebody away from a post, and who answers for it at that instant.

    ``post`` is empty for a person who holds no place A; ``cover`` is empty when nobody answers (``gap``).
    """

    department: str
    post: str
    post_code: str
    person: str
    kind: AbsenceKind
    from_at: datetime
    to_at: datetime
    cover: str = ""
    reason: Reason | None = None
    gap: bool = False
    handover_missing: bool = False
    emergency: bool = False
    absence_id: int = 0
    department_id: int | None = None


def away_now(at: datetime) -> list[AwayRow]:
    """Who is away at an instant and who covers: gaps first, then by department and post (W-1)."""
    seen = picture_at(at)
    found = [
        row
        for facts in seen.absences.values()
        for fact in facts
        if fact.from_at <= at < fact.to_at and seen.able(fact.user_id, at)
        for row in _away_rows(seen, fact, at)
    ]
    order = {department_id: n for n, department_id in enumerate(people.department_names())}
    return sorted(found, key=lambda r: (not r.gap, order.get(r.department_id or 0, 0), r.post_code, r.absence_id))


def _away_rows(seen: Picture, fact: AbsenceFact, at: datetime) -> list[AwayRow]:
    day = clock.local(at).date()
    own = [
        seen.posts[p]
        for p in sorted(seen.by_user.get(fact.user_id, ()))
        if seen.holder(p, Letter.A, day) == fact.user_id and seen.posts[p].open_on(day)
    ]
    if not own:
        return [_row(seen, fact, None, None)]
    return [_row(seen, fact, post, seen.answer(post.id, at)) for post in own]


def _row(seen: Picture, fact: AbsenceFact, post: PostFact | None, answer: Answer | None) -> AwayRow:
    department_id = post.department_id if post else seen.departments_of_users.get(fact.user_id)
    return AwayRow(
        department=people.department_names().get(department_id or 0, ""),
        post=post.name if post else "",
        post_code=post.code if post else "",
        person=seen.names[fact.user_id],
        kind=fact.kind,
        from_at=fact.from_at,
        to_at=fact.to_at,
        cover=seen.names.get(answer.user_id or 0, "") if answer else "",
        reason=answer.reason if answer else None,
        gap=answer is not None and answer.user_id is None,
        handover_missing=answer is not None and answer.handover_missing,
        emergency=fact.emergency,
        absence_id=fact.id,
        department_id=department_id,
    )


@dataclass(frozen=True)
class Part:
    """A part of an absence in which one person covers a post (or nobody)."""

    from_at: datetime
    to_at: datetime
    name: str
    reason: Reason


@dataclass(frozen=True)
class Planned:
    """An absence within the coverage board, for one post: who covers when."""

    row: AwayRow
    parts: tuple[Part, ...]

    @property
    def gap(self) -> bool:
        """Whether nobody covers for some of it."""
        return any(p.reason is Reason.GAP for p in self.parts)


def board(at: datetime, ahead: timedelta = AHEAD) -> list[Planned]:
    """Absences that begin or go on within some days, each post with who covers when, by beginning (AB-8)."""
    seen, until = picture(), at + ahead
    found = []
    for facts in seen.absences.values():
        for fact in facts:
            if fact.from_at >= until or fact.to_at <= at or not seen.able(fact.user_id, at):
                continue
            start, end = max(fact.from_at, at), min(fact.to_at, until)
            posts = seen.held_as_a(fact.user_id, start, end)
            if not posts:
                found.append(Planned(_row(seen, fact, None, None), ()))
            for post in posts:
                first = seen.answer(post.id, start)
                found.append(Planned(_row(seen, fact, post, first), parts(seen, post.id, start, end)))
    return sorted(found, key=lambda p: (p.row.from_at, p.row.absence_id, p.row.post_code))


def away_from(post_id: int, at: datetime, ahead: timedelta = AHEAD) -> list[Planned]:
    """Absences of a post's A holder within some days, with who covers when."""
    code = picture().posts[post_id].code
    return [p for p in board(at, ahead) if p.row.post_code == code]


def parts(seen: Picture, post_id: int, start: datetime, end: datetime) -> tuple[Part, ...]:
    """Who covers a post when, in a time in which A is away (parts in which A answers are left out)."""
    return tuple(
        Part(a, b, seen.names.get(answer.user_id or 0, ""), answer.reason)
        for a, b, answer in seen.segments(post_id, start, end)
        if answer.reason is not Reason.HOLDER
    )


@dataclass(frozen=True)
class Acting:
    """One post that somebody answers for in another's place now (AB-4)."""

    post_id: int
    post: str
    code: str
    for_name: str
    reason: Reason
    kind: AbsenceKind | None
    until: datetime | None
    handover_missing: bool


def acting_for(actor: Actor, at: datetime | None = None) -> list[Acting]:
    """The posts that the actor answers for in someone's place: for the banner. ``until`` is when A is expected back."""
    now = at or clock.now()
    seen, found = picture_at(now), []
    for held in actor.posts:
        answer = seen.answer(held.post_id, now)
        if answer.user_id != actor.id or not answer.acting:
            continue
        absence = seen.absence(answer.for_user_id, now) if answer.for_user_id else None
        found.append(
            Acting(
                held.post_id,
                held.post_name,
                seen.posts[held.post_id].code,
                seen.names.get(answer.for_user_id or 0, ""),
                answer.reason,
                absence.kind if absence else None,
                absence.to_at if absence else None,
                answer.handover_missing,
            )
        )
    return found


# --- gaps (AB-1, AB-8) ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GapRow:
    """A post that lacks A or B, or that nobody answers for at some time of the coming days."""

    post: PostFact
    lacks: tuple[Gap, ...]
    uncovered: tuple[Part, ...]


def gap_rows(at: datetime, ahead: timedelta = AHEAD, departments: frozenset[int] | None = None) -> list[GapRow]:
    """Gaps of open posts (of some departments), by department and code: holders now, coverage of the coming days."""
    seen, found = picture(), []
    day = clock.local(at).date()
    for post in seen.posts.values():
        if not post.open_on(day) or (departments is not None and post.department_id not in departments):
            continue
        lacks = seen.lacks(post.id, at)
        empty = tuple(
            Part(a, b, "", answer.reason)
            for a, b, answer in coverage.segments_between(post.id, at, at + ahead)
            if answer.user_id is None and post.open_on(clock.local(a).date())
        )
        if lacks or empty:
            found.append(GapRow(post, lacks, empty))
    order = {department_id: n for n, department_id in enumerate(people.department_names())}
    return sorted(found, key=lambda g: (order.get(g.post.department_id, 0), g.post.code))


# --- handover (AB-2) ------------------------------------------------------------------------------------------


def receiver(seen: Picture, fact: AbsenceFact, post_id: int, now: datetime) -> int | None:
    """Who takes a post over for an absence: who will answer for it when the absence begins (or answers now)."""
    at = min(max(fact.from_at, now), fact.to_at - timedelta(microseconds=1))
    answer = seen.answer(post_id, at)
    return answer.user_id if answer.acting else None


def open_handovers(user_id: int, now: datetime) -> list[tuple[AbsenceFact, PostFact]]:
    """The handovers that a person has yet to confirm, by beginning of the absence."""
    seen = picture()
    posts = seen.touching(user_id)
    # Only who holds place A of a post that comes to this person can leave it to them: asked for every page's menu.
    users = {holder for p in posts for _start, _end, holder in seen.holders.get((p, Letter.A), ())} - {user_id}
    found = [
        (fact, post)
        for each in users
        for fact in seen.absences.get(each, ())
        if fact.to_at > now
        for post in seen.held_as_a(fact.user_id, fact.from_at, fact.to_at)
        if post.id in posts and post.id not in fact.handed_over and receiver(seen, fact, post.id, now) == user_id
    ]
    return sorted(found, key=lambda pair: (pair[0].from_at, pair[1].code))


def fact_of(absence: Absence) -> AbsenceFact:
    """An absence as the picture sees it, with its real end."""
    end = min(absence.to_at, absence.ended_at) if absence.ended_at else absence.to_at
    return AbsenceFact(
        absence.id,
        absence.user_id,
        absence.kind,
        absence.from_at,
        end,
        frozenset(h.post_id for h in absence.handovers),
        absence.emergency,
    )


# --- lists ----------------------------------------------------------------------------------------------------


def absences_of(user_id: int, since: datetime) -> list[Absence]:
    """A person's absences that end after an instant, the latest first."""
    query = select(Absence).where(Absence.user_id == user_id, Absence.to_at > since)
    return list(db.session.scalars(query.order_by(Absence.from_at.desc())))


def assignments(post_id: int) -> list[Assignment]:
    """All holders of a post by date, the latest first."""
    query = select(Assignment).where(Assignment.post_id == post_id)
    return list(db.session.scalars(query.order_by(Assignment.from_on.desc(), Assignment.letter)))


def staff_choices(at: datetime, but: Iterable[int | None] = ()) -> list[tuple[int, str]]:
    """People who can hold or cover a post, as choices with their department, in the office's order."""
    seen, departments = picture(), people.department_names()
    order = {department_id: n for n, department_id in enumerate(departments)}
    left_out = set(but)
    able = [u for u in seen.names if u not in left_out and seen.able(u, at)]
    able.sort(key=lambda u: (order.get(seen.departments_of_users[u] or 0, len(order)), u))
    return [
        (u, " · ".join(filter(None, (seen.names[u], departments.get(seen.departments_of_users[u] or 0, "")))))
        for u in able
    ]


def posts_by_department(at: datetime, closed: bool = False) -> list[tuple[str, list[PostFact]]]:
    """Departments in order with their open (or closed) posts; departments without any are left out."""
    seen, day = picture(), clock.local(at).date()
    rank = {PostKind.PRINCIPAL: 0, PostKind.LEADER: 1, PostKind.HEAD: 2, PostKind.STAFF: 3}
    found = []
    for department_id, name in people.department_names().items():
        here = [p for p in seen.posts.values() if p.department_id == department_id and p.open_on(day) is not closed]
        if here:
            found.append((name, sorted(here, key=lambda p: (rank[p.kind], p.code))))
    return found


def holders_of(post_id: int, at: datetime) -> Holders:
    """The holders of a post and who answers for it at an instant, by name."""
    seen, day = picture_at(at), clock.local(at).date()
    answer = seen.answer(post_id, at)

    def name(user_id: int | None) -> str:
        return seen.names.get(user_id or 0, "")

    return Holders(
        a=name(seen.holder(post_id, Letter.A, day)),
        b=name(seen.holder(post_id, Letter.B, day)),
        now=name(answer.user_id),
        reason=words.REASON_LABELS[answer.reason],
        acting=answer.acting,
    )


def covers_of(post_id: int, since: datetime) -> list[Cover]:
    """The named covers of a post that end after an instant, the next first."""
    query = select(Cover).where(Cover.post_id == post_id, Cover.to_at > since, Cover.to_at > Cover.from_at)
    return list(db.session.scalars(query.order_by(Cover.from_at)))


def colleagues(actor_id: int | None, allowed: Callable[[int], bool], at: datetime) -> list[tuple[int, str]]:
    """The people for whom somebody may record an absence, as choices."""
    return [(user_id, label) for user_id, label in staff_choices(at, (actor_id,)) if allowed(user_id)]
