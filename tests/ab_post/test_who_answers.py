"""AB-3: every post and instant has exactly one answer with its reason, the same as a naive reading of the rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from portal.ab_post import queries, service
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Handover, Letter
from portal.ab_post.picture import build
from portal.ab_post.rules import Gap, Reason, gaps, who_answers
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people.models import User
from portal.post_duty.models import Post
from tests.office import NOW

PEOPLE = ("clerk", "clerk2", "head", "leader", "auditor")
POSTS = ("YW-1", "YW-2", "YW-H", "LD-1")
KINDS = {"YW-1": "staff", "YW-2": "staff", "YW-H": "head", "LD-1": "leader"}
FIRST, LAST = -240, 480  # hours around NOW


@dataclass(frozen=True)
class World:
    """Rows as they are generated; hours are counted from NOW, days from its date."""

    holders: list[tuple[str, str, str, int, int | None]]  # post, letter, person, first day, last day
    absences: list[tuple[str, int, int, int | None, frozenset[str]]]  # person, from, to, ended, handed over
    covers: list[tuple[str, str, int, int]]  # post, person, from, to; later ones were named later
    closed: dict[str, int]
    disabled: dict[str, int]


@st.composite
def worlds(draw):
    holders = []
    for post in POSTS:
        for letter in "AB":
            cuts = sorted(draw(st.sets(st.integers(-10, 20), max_size=3)))
            for n, first in enumerate(cuts):
                last = cuts[n + 1] - 1 if n + 1 < len(cuts) else draw(st.none() | st.integers(first, 22))
                if draw(st.booleans()) or n == len(cuts) - 1:
                    holders.append((post, letter, draw(st.sampled_from(PEOPLE)), first, last))
    absences = []
    for person in PEOPLE:
        marks = sorted(draw(st.sets(st.integers(FIRST, LAST), max_size=4)))
        for start, end in zip(marks[::2], marks[1::2], strict=False):
            ended = draw(st.none() | st.integers(start, end))
            handed = draw(st.frozensets(st.sampled_from(POSTS)))
            absences.append((person, start, end, ended, handed))
    covers = draw(
        st.lists(
            st.tuples(
                st.sampled_from(POSTS),
                st.sampled_from(PEOPLE),
                st.integers(FIRST, LAST - 1),
                st.integers(1, 200),
            ),
            max_size=5,
        )
    )
    return World(
        holders,
        absences,
        [(post, person, start, start + length) for post, person, start, length in covers],
        draw(st.dictionaries(st.sampled_from(POSTS), st.integers(-8, 18), max_size=1)),
        draw(st.dictionaries(st.sampled_from(PEOPLE), st.integers(FIRST, LAST), max_size=1)),
    )


def hour(n: int) -> datetime:
    return NOW + timedelta(hours=n)


def day(n: int) -> date:
    return clock.local(NOW).date() + timedelta(days=n)


def naive(world: World, post: str, at: datetime) -> tuple[str | None, Reason, bool]:
    """The rule read aloud: A, else B, else whom the head named, else the head, else a gap."""
    today = clock.local(at).date()
    closed = {p for p, n in world.closed.items() if day(n) <= today}
    if post in closed:
        return None, Reason.GAP, False

    def holding(which: str, letter: str) -> str | None:
        for p, where, person, first, last in world.holders:
            if p == which and where == letter and day(first) <= today and (last is None or today <= day(last)):
                return person
        return None

    def away(person: str) -> tuple[bool, bool]:
        for who, start, end, ended, handed in world.absences:
            stop = end if ended is None else min(end, ended)
            if who == person and hour(start) <= at < hour(stop):
                return True, post in handed
        return False, True

    def here(person: str | None) -> bool:
        if person is None or person == "auditor":
            return False
        if person in world.disabled and at >= hour(world.disabled[person]):
            return False
        return not away(person)[0]

    a = holding(post, "A")
    if here(a):
        return a, Reason.HOLDER, False
    missing = a is not None and not away(a)[1]
    b = holding(post, "B")
    if here(b) and b != a:
        return b, Reason.B_FOR_A, missing
    for p, person, start, end in reversed(world.covers):
        if p == post and hour(start) <= at < hour(end) and person != a and here(person):
            return person, Reason.NAMED_COVER, missing
    if KINDS[post] == "staff" and "YW-H" not in closed:
        head = holding("YW-H", "A")
        if here(head) and head != a:
            return head, Reason.HEAD, missing
    return None, Reason.GAP, missing


def _write(world: World, ids) -> None:
    for model in (Handover, Cover, Absence, Assignment):
        db.session.execute(delete(model))
    for post, letter, person, first, last in world.holders:
        db.session.execute(
            insert(Assignment).values(
                post_id=ids.posts[post],
                letter=Letter(letter),
                user_id=ids.users[person],
                from_on=day(first),
                until_on=None if last is None else day(last),
                decided_on=day(first),
                filed_at=NOW,
            )
        )
    for n, (person, start, end, ended, handed) in enumerate(world.absences, 1):
        db.session.execute(
            insert(Absence).values(
                id=n,
                user_id=ids.users[person],
                kind=AbsenceKind.OFFICIAL,
                from_at=hour(start),
                to_at=hour(end),
                note="",
                emergency=False,
                ended_at=None if ended is None else hour(ended),
            )
        )
        for post in handed:
            values = {"absence_id": n, "post_id": ids.posts[post], "by_id": ids.users["office"], "at": NOW}
            db.session.execute(insert(Handover).values(**values))
    for n, (post, person, start, end) in enumerate(world.covers, 1):
        db.session.execute(
            insert(Cover).values(
                id=n,
                post_id=ids.posts[post],
                user_id=ids.users[person],
                from_at=hour(start),
                to_at=hour(end),
                reason="",
            )
        )
    for post, n in world.closed.items():
        db.session.execute(update(Post).where(Post.id == ids.posts[post]).values(closed_on=day(n)))
    for person, n in world.disabled.items():
        db.session.execute(update(User).where(User.id == ids.users[person]).values(disabled_at=hour(n)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), hours=st.lists(st.integers(FIRST, LAST - 1), min_size=1, max_size=4))
def test_every_post_and_instant_has_the_one_answer_of_the_rule(office, world, hours):
    names = {user_id: name for name, user_id in office.users.items()}
    edges = [n for _p, start, end, ended, _h in world.absences for n in (start, end, ended) if n is not None]
    with transaction.turn():
        try:
            _write(world, office)
            whole = build(hour(FIRST))
            for n in {*hours, *edges}:
                at = hour(n)
                near = build(at)
                for post in POSTS:
                    post_id = office.posts[post]
                    found = near.answer(post_id, at)
                    person, reason, missing = naive(world, post, at)
                    assert (names.get(found.user_id), found.reason) == (person, reason)
                    assert found.reason is Reason.HOLDER or found.handover_missing is missing
                    assert whole.answer(post_id, at) == found
                    claiming = [
                        u for u in office.users.values() if post_id in {p.id for p, _a in near.answered_by(u, at)}
                    ]
                    assert claiming == ([] if found.user_id is None else [found.user_id])
        finally:
            transaction.rollback()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(), probes=st.lists(st.integers(0, 335), min_size=1, max_size=12))
def test_parts_of_a_time_hold_the_answer_at_each_of_its_instants(office, world, probes):
    with transaction.turn():
        try:
            _write(world, office)
            seen = build(NOW)
            for post in POSTS:
                parts = seen.segments(office.posts[post], NOW, hour(336))
                assert parts[0][0] == NOW
                assert parts[-1][1] == hour(336)
                assert all(before[1] == after[0] for before, after in pairwise(parts))
                for n in probes:
                    inside = next(answer for start, end, answer in parts if start <= hour(n) < end)
                    assert inside == seen.answer(office.posts[post], hour(n))
        finally:
            transaction.rollback()


# --- by hand ---------------------------------------------------------------------------------------------------


def _here(*people: int):
    return lambda user_id: user_id in people


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ((1, 2, 3, 4), (1, Reason.HOLDER)),
        ((2, 3, 4), (2, Reason.B_FOR_A)),
        ((3, 4), (3, Reason.NAMED_COVER)),
        ((4,), (4, Reason.HEAD)),
        ((), (None, Reason.GAP)),
    ],
)
def test_the_order_of_cover(present, expected):
    found = who_answers(1, 2, [3], [4], _here(*present))
    assert (found.user_id, found.reason) == expected


def test_the_latest_named_present_cover_goes_first():
    assert who_answers(1, 2, [5, 3], [4], _here(3, 4)).user_id == 3
    assert who_answers(1, 2, [5, 3], [4], _here(3, 4, 5)).user_id == 5


def test_nobody_covers_for_themselves():
    assert who_answers(1, 1, [1], [1], _here()).user_id is None


def test_a_vacant_post_is_answered_by_b():
    found = who_answers(None, 2, [], [4], _here(2, 4))
    assert (found.user_id, found.for_user_id, found.handover_missing) == (2, None, False)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1, 2, ()),
        (1, None, (Gap.NO_B,)),
        (None, 2, (Gap.B_OF_VACANT,)),
        (None, None, (Gap.NO_A, Gap.NO_B)),
        (1, 1, (Gap.SAME,)),
    ],
)
def test_gaps_of_an_assignment(a, b, expected):
    assert gaps(a, b) == expected


def forget(act) -> None:
    """Have the picture made anew when it is asked for next."""
    with act():
        epochs.bump(db.session(), "ab_post")


def test_the_past_beyond_memory_is_read_from_the_tables(office, act, as_actor):
    clerk, clerk2 = office.users["clerk"], office.users["clerk2"]
    long_ago = NOW - timedelta(days=30)
    with clock.at(long_ago), act():
        service.record_absence(
            as_actor("clerk", long_ago), clerk, AbsenceKind.TRAINING, long_ago, long_ago + timedelta(days=3), long_ago
        )
    forget(act)
    assert clerk not in queries.picture().absences  # the picture in memory forgets what ended days ago
    post = office.posts["YW-1"]
    assert queries.who_answers_for(post, long_ago + timedelta(days=1)).user_id == clerk2
    assert queries.who_answers_for(post, long_ago + timedelta(days=3)).user_id == clerk
    assert queries.who_answers_for(post, NOW).user_id == clerk


def test_an_absence_of_yesterday_is_still_in_memory(office, act, as_actor):
    start = NOW - timedelta(days=1, hours=12)
    with clock.at(start), act():
        service.record_absence(
            as_actor("clerk", start), office.users["clerk"], AbsenceKind.SICK, start, start + timedelta(hours=8), start
        )
    assert queries.picture_at(start + timedelta(hours=1)) is queries.picture()
    assert queries.who_answers_for(office.posts["YW-1"], start + timedelta(hours=1)).user_id == office.users["clerk2"]


def test_a_clock_that_was_set_back_meets_no_picture_from_later(office, act, as_actor):
    with act():
        service.record_absence(
            as_actor("clerk"), office.users["clerk"], AbsenceKind.SICK, NOW, NOW + timedelta(days=1), NOW
        )
    forget(act)
    with clock.at(NOW + timedelta(days=20)):
        assert office.users["clerk"] not in queries.picture().absences
    assert queries.who_answers_for(office.posts["YW-1"], NOW).user_id == office.users["clerk2"]
