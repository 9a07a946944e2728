"""Reads of A/B posts; the present is answered from memory, any other instant from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Letter
from portal.ab_post.rules import Answer, Reason, who_answers
from portal.kernel import clock, epochs
from portal.kernel.actor import Answering
from portal.kernel.db import db
from portal.people.models import Department, User
from portal.post_duty.models import Post, PostKind


@dataclass(frozen=True)
class PostFact:
    """What the resolution needs of a post."""

    id: int
    name: str
    department_id: int
    department: str
    kind: PostKind
    closed_on: date | None


@dataclass(frozen=True)
class AbsenceFact:
    """What the resolution needs of an absence."""

    id: int
    user_id: int
    kind: AbsenceKind
    from_at: datetime
    to_at: datetime
    handed_over: bool


@dataclass
class Picture:
    """Posts, holders, absences and covers as they stand; answers for any instant that its absences reach."""

    posts: dict[int, PostFact] = field(default_factory=dict)
    holders: dict[tuple[int, Letter], list[tuple[date, date | None, int]]] = field(default_factory=dict)
    by_user: dict[int, set[int]] = field(default_factory=dict)
    absences: dict[int, list[AbsenceFact]] = field(default_factory=dict)
    covers: dict[int, list[tuple[datetime, datetime, int]]] = field(default_factory=dict)
    covering: dict[int, set[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    heads: dict[int, list[int]] = field(default_factory=dict)

    def holder(self, post_id: int, letter: Letter, day: date) -> int | None:
        """Who holds place A or B of a post on a day."""
        for start, end, user_id in self.holders.get((post_id, letter), ()):
            if start <= day and (end is None or day <= end):
                return user_id
        return None

    def absence(self, user_id: int, at: datetime) -> AbsenceFact | None:
        """The absence that a person is in at an instant."""
        return next((x for x in self.absences.get(user_id, ()) if x.from_at <= at < x.to_at), None)

    def present(self, user_id: int, at: datetime) -> bool:
        """Whether a person has a login and is not away."""
        return user_id in self.names and self.absence(user_id, at) is None

    def head_of(self, department_id: int, at: datetime) -> int | None:
        """Who holds the head's post of a department."""
        for post_id in self.heads.get(department_id, ()):
            if (user_id := self.holder(post_id, Letter.A, clock.local(at).date())) is not None:
                return user_id
        return None

    def answer(self, post_id: int, at: datetime) -> Answer:
        """Who answers for a post at an instant (AB-3)."""
        post, day = self.posts.get(post_id), clock.local(at).date()
        if post is None or (post.closed_on is not None and post.closed_on <= day):
            return Answer(None, Reason.GAP)
        cover = next((u for start, end, u in self.covers.get(post_id, ()) if start <= at < end), None)
        head = None if post.kind is not PostKind.STAFF else self.head_of(post.department_id, at)

        def handed_over(user_id: int) -> bool:
            absence = self.absence(user_id, at)
            return absence is None or absence.handed_over

        return who_answers(
            self.holder(post_id, Letter.A, day),
            self.holder(post_id, Letter.B, day),
            cover,
            head,
            lambda user_id: self.present(user_id, at),
            handed_over,
        )

    def answered_by(self, user_id: int, at: datetime) -> list[tuple[PostFact, Answer]]:
        """The posts that a person answers for at an instant."""
        candidates = set(self.by_user.get(user_id, ())) | set(self.covering.get(user_id, ()))
        for department_id in {self.posts[p].department_id for p in candidates if self.posts[p].kind is PostKind.HEAD}:
            candidates |= {p.id for p in self.posts.values() if p.department_id == department_id}
        found = [(self.posts[p], self.answer(p, at)) for p in sorted(candidates)]
        return [(post, answer) for post, answer in found if answer.user_id == user_id]


def picture() -> Picture:
    """The picture that answers for now and the future (absences that ended more than two days ago are left out)."""
    return epochs.cached("ab_post", "picture", lambda: _build(clock.now() - timedelta(days=2)), ("posts", "people"))


def picture_at(at: datetime) -> Picture:
    """A picture that reaches an instant: the one in memory when it lies within, else one made from the tables."""
    return picture() if at > clock.now() - timedelta(days=1) else _build(at)


def _build(since: datetime) -> Picture:
    made = Picture()
    departments = dict(db.session.execute(select(Department.id, Department.name)).all())
    for post in db.session.execute(select(Post.id, Post.name, Post.department_id, Post.kind, Post.closed_on)):
        made.posts[post.id] = PostFact(
            post.id, post.name, post.department_id, departments[post.department_id], post.kind, post.closed_on
        )
        if post.kind is PostKind.HEAD:
            made.heads.setdefault(post.department_id, []).append(post.id)
    made.names = dict(db.session.execute(select(User.id, User.name).where(User.disabled_at.is_(None))).all())
    rows = select(
        Assignment.post_id, Assignment.letter, Assignment.from_on, Assignment.until_on, Assignment.user_id
    ).where(or_(Assignment.until_on.is_(None), Assignment.until_on >= clock.local(since).date()))
    by_user: dict[int, set[int]] = defaultdict(set)
    for row in db.session.execute(rows):
        made.holders.setdefault((row.post_id, row.letter), []).append((row.from_on, row.until_on, row.user_id))
        by_user[row.user_id].add(row.post_id)
    made.by_user = dict(by_user)
    away = select(Absence).where(Absence.to_at >= since)
    for absence in db.session.scalars(away):
        end = min(absence.to_at, absence.ended_at) if absence.ended_at else absence.to_at
        if end > absence.from_at:
            made.absences.setdefault(absence.user_id, []).append(
                AbsenceFact(
                    absence.id,
                    absence.user_id,
                    absence.kind,
                    absence.from_at,
                    end,
                    absence.handed_over_at is not None,
                )
            )
    for cover in db.session.scalars(select(Cover).where(Cover.to_at >= since)):
        made.covers.setdefault(cover.post_id, []).append((cover.from_at, cover.to_at, cover.user_id))
        made.covering.setdefault(cover.user_id, set()).add(cover.post_id)
    return made


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
