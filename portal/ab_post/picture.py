"""Posts, holders, absences and covers in memory: answers AB-3 for every instant that it reaches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import or_, select, type_coerce
from sqlalchemy.types import NullType

from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Handover, Letter
from portal.ab_post.rules import Answer, Gap, Reason, gaps, who_answers
from portal.kernel import clock, epochs
from portal.kernel.actor import SEPARATED
from portal.kernel.db import connection, db
from portal.people.models import Department, User, UserRole
from portal.post_duty.models import Post, PostKind

K = TypeVar("K")

#: How far back the picture in memory reaches when it is made.
REACH = timedelta(days=2)


@dataclass(frozen=True)
class PostFact:
    """What the resolution needs of a post."""

    id: int
    code: str
    name: str
    department_id: int
    department: str
    kind: PostKind
    closed_on: date | None

    def open_on(self, day: date) -> bool:
        """Whether the post exists on a day."""
        return self.closed_on is None or day < self.closed_on


@dataclass(frozen=True)
class AbsenceFact:
    """What the resolution needs of an absence; ``to_at`` is its real end."""

    id: int
    user_id: int
    kind: AbsenceKind
    from_at: datetime
    to_at: datetime
    handed_over: frozenset[int] = frozenset()
    emergency: bool = False


@dataclass(frozen=True)
class CoverFact:
    """What the resolution needs of a named cover."""

    id: int
    user_id: int
    from_at: datetime
    to_at: datetime


@dataclass
class Picture:
    """The state of the room; answers for every instant from ``since`` on."""

    since: datetime
    posts: dict[int, PostFact] = field(default_factory=dict)
    holders: dict[tuple[int, Letter], list[tuple[date, date | None, int]]] = field(default_factory=dict)
    by_user: dict[int, set[int]] = field(default_factory=dict)
    absences: dict[int, list[AbsenceFact]] = field(default_factory=dict)
    #: Per post, the latest named first.
    covers: dict[int, list[CoverFact]] = field(default_factory=dict)
    covering: dict[int, set[int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    departments_of_users: dict[int, int | None] = field(default_factory=dict)
    disabled: dict[int, datetime] = field(default_factory=dict)
    #: People who see no business content (R-2) and so answer for nothing.
    barred: set[int] = field(default_factory=set)
    heads: dict[int, list[int]] = field(default_factory=dict)
    #: The absences by their rows as read.
    read: dict[tuple[Any, ...], AbsenceFact] = field(default_factory=dict)

    def holder(self, post_id: int, letter: Letter, day: date) -> int | None:
        """Who holds place A or B of a post on a day."""
        for start, end, user_id in self.holders.get((post_id, letter), ()):
            if start <= day and (end is None or day <= end):
                return user_id
        return None

    def absence(self, user_id: int, at: datetime) -> AbsenceFact | None:
        """The absence that a person is in at an instant."""
        for each in self.absences.get(user_id, ()):
            if each.from_at <= at < each.to_at:
                return each
        return None

    def able(self, user_id: int, at: datetime) -> bool:
        """Whether a person has a login for business at an instant."""
        gone = self.disabled.get(user_id)
        return user_id in self.names and user_id not in self.barred and (gone is None or at < gone)

    def present(self, user_id: int, at: datetime) -> bool:
        """Whether a person can act and is not away."""
        return self.able(user_id, at) and self.absence(user_id, at) is None

    def heads_of(self, department_id: int, day: date) -> list[int]:
        """The A holders of a department's head posts on a day."""
        found = [
            self.holder(post_id, Letter.A, day)
            for post_id in self.heads.get(department_id, ())
            if self.posts[post_id].open_on(day)
        ]
        return [user_id for user_id in found if user_id is not None]

    def answer(self, post_id: int, at: datetime) -> Answer:
        """Who answers for a post at an instant (AB-3)."""
        post, day = self.posts.get(post_id), clock.local(at).date()
        if post is None or not post.open_on(day):
            return Answer(None, Reason.GAP)

        def handed_over(user_id: int) -> bool:
            absence = self.absence(user_id, at)
            return absence is None or post_id in absence.handed_over

        return who_answers(
            self.holder(post_id, Letter.A, day),
            self.holder(post_id, Letter.B, day),
            [c.user_id for c in self.covers.get(post_id, ()) if c.from_at <= at < c.to_at],
            self.heads_of(post.department_id, day) if post.kind is PostKind.STAFF else [],
            lambda user_id: self.present(user_id, at),
            handed_over,
        )

    def touching(self, user_id: int) -> set[int]:
        """The posts that a person may ever answer for: as holder, as named cover, as head."""
        found = self.by_user.get(user_id, set()) | self.covering.get(user_id, set())
        headed = {self.posts[p].department_id for p in found if self.posts[p].kind is PostKind.HEAD}
        return found | {p.id for p in self.posts.values() if p.department_id in headed}

    def answered_by(self, user_id: int, at: datetime) -> list[tuple[PostFact, Answer]]:
        """The posts that a person answers for at an instant."""
        found = [(self.posts[p], self.answer(p, at)) for p in sorted(self.touching(user_id))]
        return [(post, answer) for post, answer in found if answer.user_id == user_id]

    def held_as_a(self, user_id: int, from_at: datetime, to_at: datetime) -> list[PostFact]:
        """The posts whose place A a person holds on some day of a time."""
        first, last = clock.local(from_at).date(), clock.local(to_at).date()
        return [
            self.posts[post_id]
            for post_id in sorted(self.by_user.get(user_id, ()))
            if self.posts[post_id].open_on(first)
            and any(
                holder == user_id and start <= last and (end is None or first <= end)
                for start, end, holder in self.holders.get((post_id, Letter.A), ())
            )
        ]

    def lacks(self, post_id: int, at: datetime) -> tuple[Gap, ...]:
        """What the assignment of a post lacks (AB-1); a holder without a usable login counts as none."""
        day = clock.local(at).date()
        a, b = (self.holder(post_id, letter, day) for letter in Letter)
        return gaps(
            a if a is not None and self.able(a, at) else None,
            b if b is not None and self.able(b, at) else None,
        )

    def marks(self, post_id: int, from_at: datetime, to_at: datetime) -> list[datetime]:
        """The instants of ``[from_at, to_at)`` at which the answer for a post can change, the first included."""
        post = self.posts[post_id]
        posts = [post_id, *(self.heads.get(post.department_id, ()) if post.kind is PostKind.STAFF else ())]
        held = [h for p in posts for letter in Letter for h in self.holders.get((p, letter), ())]
        covers = self.covers.get(post_id, ())
        users = {user_id for _start, _end, user_id in held} | {c.user_id for c in covers}
        found = self._marks_of(users, held, [self.posts[p].closed_on for p in posts])
        found |= {m for c in covers for m in (c.from_at, c.to_at)}
        return [from_at, *sorted(m for m in found if from_at < m < to_at)]

    def _marks_of(
        self, users: Iterable[int], held: Iterable[tuple[date, date | None, int]], closed: Iterable[date | None]
    ) -> set[datetime]:
        """When some people leave, return or lose their login, when holdings begin and end, when posts are closed."""
        found = {m for user_id in users for each in self.absences.get(user_id, ()) for m in (each.from_at, each.to_at)}
        found |= {self.disabled[user_id] for user_id in users if user_id in self.disabled}
        days = {start for start, _end, _user in held} | {end + timedelta(days=1) for _start, end, _user in held if end}
        return found | {clock.day_start(day) for day in (*days, *(c for c in closed if c))}

    def segments(self, post_id: int, from_at: datetime, to_at: datetime) -> list[tuple[datetime, datetime, Answer]]:
        """Who answers for a post over a time: consecutive parts with one answer each.

        Cut first where A comes and goes; only a part without A is cut further, by all that can change its answer.
        """
        post, held = self.posts[post_id], self.holders.get((post_id, Letter.A), [])
        own = self._marks_of({user_id for _start, _end, user_id in held}, held, [post.closed_on])
        cuts = [from_at, *sorted(m for m in own if from_at < m < to_at)]
        marks: list[datetime] | None = None
        parts: list[tuple[datetime, datetime, Answer]] = []
        for start, end in zip(cuts, [*cuts[1:], to_at], strict=True):
            day = clock.local(start).date()
            a = self.holder(post_id, Letter.A, day)
            if a is not None and post.open_on(day) and self.present(a, start):
                _append(parts, start, end, Answer(a, Reason.HOLDER))
                continue
            if marks is None:
                marks = self.marks(post_id, from_at, to_at)
            within = [start, *marks[bisect_right(marks, start) : bisect_left(marks, end)]]
            for first, last in zip(within, [*within[1:], end], strict=True):
                _append(parts, first, last, self.answer(post_id, first))
        return parts

    def with_absence(self, fact: AbsenceFact) -> Picture:
        """The same picture with one more absence."""
        return replace(self, absences={**self.absences, fact.user_id: [*self.absences.get(fact.user_id, ()), fact]})

    def without_cover(self, cover_id: int) -> Picture:
        """The same picture without one named cover."""
        return replace(self, covers={p: [c for c in each if c.id != cover_id] for p, each in self.covers.items()})

    def changed_since(self, before: Picture) -> set[int]:
        """The posts for which the answer of some instant may differ from that of an earlier picture."""
        users = self.barred ^ before.barred
        for mine, theirs in (
            (self.absences, before.absences),
            (self.names, before.names),
            (self.disabled, before.disabled),
        ):
            users |= _different(mine, theirs)
        posts = _different(self.posts, before.posts) | _different(self.covers, before.covers)
        posts |= {post_id for post_id, _letter in _different(self.holders, before.holders)}
        for seen in (self, before):
            for user_id in users:
                posts |= seen.touching(user_id)
            headed = {d for d, heads in seen.heads.items() if not posts.isdisjoint(heads)}
            posts |= {post.id for post in seen.posts.values() if post.department_id in headed}
        return posts

    def newly_left(self, other: Picture, post_ids: set[int], from_at: datetime, to_at: datetime) -> list[PostFact]:
        """The posts that somebody answers for here, but at some instant of a time nobody in another picture (AB-2)."""
        return [
            self.posts[p]
            for p in sorted(post_ids)
            if any(
                other.answer(p, m).user_id is None and self.answer(p, m).user_id is not None
                for m in {*self.marks(p, from_at, to_at), *other.marks(p, from_at, to_at)}
            )
        ]


def _different(mine: Mapping[K, object], theirs: Mapping[K, object]) -> set[K]:
    """The keys under which two mappings hold different things."""
    if mine == theirs:
        return set()
    return {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)}


def _append(parts: list[tuple[datetime, datetime, Answer]], start: datetime, end: datetime, answer: Answer) -> None:
    """Add a part; one with the same answer as the last only makes that longer."""
    if parts and parts[-1][2] == answer:
        start = parts.pop()[0]
    parts.append((start, end, answer))


def picture() -> Picture:
    """The picture that answers for now and the future (absences that ended more than two days ago are left out)."""
    since = clock.now() - REACH
    kept = epochs.renewed("ab_post", "picture", lambda before: build(since, before), ("posts", "people"))
    # A clock that was set back must not meet a picture that begins after it.
    return kept if kept.since <= since + REACH / 2 else build(since)


def picture_at(at: datetime) -> Picture:
    """A picture that reaches an instant: the one in memory when it lies within, else one made from the tables."""
    kept = picture()
    return kept if kept.since <= at else build(at)


def build(since: datetime, before: Picture | None = None) -> Picture:
    """Read the tables into a picture that reaches from an instant on.

    Absences that stand in the tables as they did for an earlier picture are taken over from it: of thousands, one or
    two have changed.
    """
    made = Picture(since)
    _read_posts(made)
    _read_people(made)
    rows = (
        select(Assignment.post_id, Assignment.letter, Assignment.from_on, Assignment.until_on, Assignment.user_id)
        .where(or_(Assignment.until_on.is_(None), Assignment.until_on >= clock.local(since).date()))
        .order_by(Assignment.from_on)
    )
    by_user: dict[int, set[int]] = defaultdict(set)
    for row in connection().execute(rows):
        made.holders.setdefault((row.post_id, row.letter), []).append((row.from_on, row.until_on, row.user_id))
        by_user[row.user_id].add(row.post_id)
    made.by_user = dict(by_user)
    _read_absences(made, before.read if before else {})
    named = select(Cover.id, Cover.post_id, Cover.user_id, Cover.from_at, Cover.to_at).where(Cover.to_at > since)
    for cover in db.session.execute(named.order_by(Cover.id.desc())):
        made.covers.setdefault(cover.post_id, []).append(CoverFact(cover.id, cover.user_id, cover.from_at, cover.to_at))
        made.covering.setdefault(cover.user_id, set()).add(cover.post_id)
    return made


_AWAY = (Absence.id, Absence.user_id, Absence.kind, Absence.from_at, Absence.to_at, Absence.ended_at, Absence.emergency)
#: As they stand in the table: turning text into instants is most of the work, and only what is new needs it.
_PLAIN = select(*(type_coerce(column, NullType()) for column in _AWAY)).order_by(Absence.id)


def _read_absences(made: Picture, known: dict[tuple[Any, ...], AbsenceFact]) -> None:
    handed: dict[int, set[int]] = defaultdict(set)
    taken = select(Handover.absence_id, Handover.post_id).join(Absence).where(Absence.to_at > made.since)
    for absence_id, post_id in db.session.execute(taken):
        handed[absence_id].add(post_id)
    rows = [tuple(row) for row in connection().execute(_PLAIN.where(Absence.to_at > made.since))]
    keys = {(*row, *sorted(handed[row[0]])) if row[0] in handed else row: row for row in rows}
    new = [row[0] for key, row in keys.items() if key not in known]
    found = {}
    for start in range(0, len(new), 500):
        for gone in db.session.execute(select(*_AWAY).where(Absence.id.in_(new[start : start + 500]))):
            end = min(gone.to_at, gone.ended_at) if gone.ended_at else gone.to_at
            away = frozenset(handed.get(gone.id, ()))
            found[gone.id] = AbsenceFact(gone.id, gone.user_id, gone.kind, gone.from_at, end, away, gone.emergency)
    for key, row in keys.items():
        fact = made.read[key] = known.get(key) or found[row[0]]
        if fact.to_at > fact.from_at:
            made.absences.setdefault(fact.user_id, []).append(fact)


def _read_posts(made: Picture) -> None:
    departments = dict(db.session.execute(select(Department.id, Department.name)).all())
    rows = select(Post.id, Post.code, Post.name, Post.department_id, Post.kind, Post.closed_on).order_by(Post.id)
    for post in connection().execute(rows):
        made.posts[post.id] = PostFact(
            post.id,
            post.code,
            post.name,
            post.department_id,
            departments[post.department_id],
            post.kind,
            post.closed_on,
        )
        if post.kind is PostKind.HEAD:
            made.heads.setdefault(post.department_id, []).append(post.id)


def _read_people(made: Picture) -> None:
    for user in connection().execute(select(User.id, User.name, User.department_id, User.disabled_at)):
        made.names[user.id] = user.name
        made.departments_of_users[user.id] = user.department_id
        if user.disabled_at is not None:
            made.disabled[user.id] = user.disabled_at
    made.barred = set(db.session.scalars(select(UserRole.user_id).where(UserRole.role.in_(SEPARATED))))
