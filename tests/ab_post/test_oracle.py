"""AB-3, AB-8: interval arithmetic against a brute-force reading, minute by minute.

The oracle below shares no code with the portal: it walks minutes, not intervals, over plain tuples of small numbers. It
asks at every minute at which any fact begins or ends, one minute before and one after, and at minutes in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ab_post.models import AbsenceKind, Letter
from portal.ab_post.picture import AbsenceFact, CoverFact, Picture, PostFact
from portal.post_duty.models import PostKind

#: Midnight at the office (Asia/Shanghai, UTC+8) of day 0.
ZERO = datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
DAYS = 5
MINUTES = DAYS * 1440
PEOPLE = range(1, 7)
#: Post → (department, kind). 3 and 4 are the heads' posts of department 1, 5 of department 2.
POSTS = {
    1: (1, "staff"),
    2: (1, "staff"),
    3: (1, "head"),
    4: (1, "head"),
    5: (2, "head"),
    6: (2, "staff"),
    7: (2, "leader"),
}


@dataclass
class World:
    """Facts as small numbers: days and minutes since ZERO."""

    #: (post, letter, person, first day, last day or None)
    held: list = field(default_factory=list)
    #: (person, from minute, planned end, early end or None, posts handed over)
    away: list = field(default_factory=list)
    #: (post, person, from minute, end); later ones were named later
    named: list = field(default_factory=list)
    #: post → day on which it is closed
    closed: dict = field(default_factory=dict)
    #: person → minute of the loss of the login
    disabled: dict = field(default_factory=dict)
    #: people who see no business content
    barred: set = field(default_factory=set)


minutes = st.integers(-600, MINUTES + 600)


@st.composite
def worlds(draw):
    world = World()
    for post in POSTS:
        for letter in "AB":
            day = draw(st.integers(-3, 1))
            for _n in range(draw(st.integers(0, 3))):
                last = draw(st.none() | st.integers(day, day + 3))
                world.held.append((post, letter, draw(st.sampled_from(PEOPLE)), day, last))
                if last is None:
                    break
                day = last + draw(st.integers(1, 2))  # adjoining or with a day without anybody
    for person in PEOPLE:
        at = draw(minutes)
        for _n in range(draw(st.integers(0, 3))):
            end = at + draw(st.integers(1, 3000))
            early = draw(st.none() | st.integers(at, end))
            world.away.append((person, at, end, early, draw(st.frozensets(st.sampled_from(sorted(POSTS))))))
            at = (end if early is None else early) + draw(st.integers(0, 900))  # 0: adjoining
    for _n in range(draw(st.integers(0, 6))):
        start = draw(minutes)
        post, person = draw(st.sampled_from(sorted(POSTS))), draw(st.sampled_from(PEOPLE))
        world.named.append((post, person, start, start + draw(st.integers(0, 2500))))
    world.closed = draw(st.dictionaries(st.sampled_from(sorted(POSTS)), st.integers(-1, DAYS), max_size=3))
    world.disabled = draw(st.dictionaries(st.sampled_from(PEOPLE), minutes, max_size=2))
    world.barred = draw(st.sets(st.sampled_from(PEOPLE), max_size=1))
    return world


# --- the oracle -----------------------------------------------------------------------------------------------


def oracle(world: World, post: int, minute: int) -> tuple:
    """(who, reason, for whom, handover missing) in one minute."""
    today = minute // 1440
    if post in world.closed and today >= world.closed[post]:
        return None, "gap", None, False

    def holder(which, letter):
        here = [h for h in world.held if h[0] == which and h[1] == letter]
        now = [h[2] for h in here if h[3] <= today and (h[4] is None or today <= h[4])]
        return now[0] if now else None

    def absence(person):
        for who, start, end, early, handed in world.away:
            real = end if early is None else min(early, end)
            if who == person and start <= minute < real:
                return handed
        return None

    def can(person):
        lost = person in world.disabled and minute >= world.disabled[person]
        return not lost and person not in world.barred and absence(person) is None

    a, b = holder(post, "A"), holder(post, "B")
    if a is not None and can(a):
        return a, "holder", None, False
    gone = absence(a) if a is not None else None
    missing = gone is not None and post not in gone
    queue = [(b, "b_for_a")] if b is not None else []
    for which, person, start, end in world.named[::-1]:
        if which == post and start <= minute < end:
            queue.append((person, "named_cover"))
    department, kind = POSTS[post]
    if kind == "staff":
        for other, (place, of) in POSTS.items():
            if of == "head" and place == department and not (other in world.closed and today >= world.closed[other]):
                head = holder(other, "A")
                if head is not None:
                    queue.append((head, "head"))
    for person, reason in queue:
        if person != a and can(person):
            return person, reason, a, missing
    return None, "gap", a, missing


# --- the portal -----------------------------------------------------------------------------------------------


def at(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


def day(number: int):
    return (ZERO + timedelta(hours=8, days=number)).date()


def picture(world: World) -> Picture:
    """The same facts as the portal keeps them."""
    seen = Picture(at(-10_000))
    for post, (department, kind) in POSTS.items():
        closed = day(world.closed[post]) if post in world.closed else None
        seen.posts[post] = PostFact(post, f"P{post}", f"岗位 {post}", department, "", PostKind(kind), closed)
        if kind == "head":
            seen.heads.setdefault(department, []).append(post)
    for post, letter, person, first, last in world.held:
        ends = None if last is None else day(last)
        seen.holders.setdefault((post, Letter(letter)), []).append((day(first), ends, person))
        seen.by_user.setdefault(person, set()).add(post)
    for n, (person, start, end, early, handed) in enumerate(world.away, 1):
        real = end if early is None else min(end, early)
        if real > start:
            fact = AbsenceFact(n, person, AbsenceKind.OFFICIAL, at(start), at(real), handed)
            seen.absences.setdefault(person, []).append(fact)
    for n, (post, person, start, end) in reversed(list(enumerate(world.named, 1))):
        seen.covers.setdefault(post, []).append(CoverFact(n, person, at(start), at(end)))
        seen.covering.setdefault(person, set()).add(post)
    seen.names = {person: f"人 {person}" for person in PEOPLE}
    seen.disabled = {person: at(minute) for person, minute in world.disabled.items()}
    seen.barred = set(world.barred)
    return seen


def said(answer) -> tuple:
    """An answer of the portal as the oracle gives it; of a holder nothing more is asked."""
    if answer.reason == "holder":
        return answer.user_id, "holder", None, False
    return answer.user_id, str(answer.reason), answer.for_user_id, answer.handover_missing


def edges(world: World) -> set[int]:
    """The minutes around which something changes."""
    found = {m for _p, start, end, early, _h in world.away for m in (start, end, early) if m is not None}
    found |= {m for _p, _u, start, end in world.named for m in (start, end)} | set(world.disabled.values())
    found |= {1440 * n for n in range(DAYS + 1)}
    return {m + d for m in found for d in (-1, 0, 1) if 0 <= m + d < MINUTES}


@settings(max_examples=120, deadline=None)
@given(world=worlds(), more=st.lists(st.integers(0, MINUTES - 1), min_size=1, max_size=30))
def test_segments_are_the_answer_of_every_minute(world, more):
    seen = picture(world)
    asked = sorted(edges(world) | set(more))
    for post in POSTS:
        parts = seen.segments(post, at(0), at(MINUTES))
        assert (parts[0][0], parts[-1][1]) == (at(0), at(MINUTES))
        assert all(a < b for a, b, _answer in parts)
        assert all(one[1] == two[0] and one[2] != two[2] for one, two in pairwise(parts))
        for minute in asked:
            expected = oracle(world, post, minute)
            inside = [answer for a, b, answer in parts if a <= at(minute) < b]
            assert len(inside) == 1
            assert said(inside[0]) == expected, (post, minute)
            assert said(seen.answer(post, at(minute))) == expected, (post, minute)


@settings(max_examples=6, deadline=None)
@given(world=worlds())
def test_every_single_minute_of_two_days(world):
    seen = picture(world)
    for post in (1, 3, 7):
        parts, n = seen.segments(post, at(0), at(2880)), 0
        for minute in range(2880):
            while parts[n][1] <= at(minute):
                n += 1
            assert said(parts[n][2]) == oracle(world, post, minute), (post, minute)


@settings(max_examples=100, deadline=None)
@given(world=worlds(), start=st.integers(0, MINUTES - 2), length=st.integers(1, MINUTES))
def test_a_part_of_a_time_is_cut_out_of_the_whole(world, start, length):
    end, seen = min(start + length, MINUTES), picture(world)
    for post in POSTS:
        whole = [
            (max(a, at(start)), min(b, at(end)), answer)
            for a, b, answer in seen.segments(post, at(0), at(MINUTES))
            if a < at(end) and at(start) < b
        ]
        assert seen.segments(post, at(start), at(end)) == whole
