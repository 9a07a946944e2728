"""The weekly draw can be made again by anybody, and by nobody otherwise (S-5)."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.callback import rules
from portal.callback.rules import Group


@pytest.mark.parametrize(
    ("name", "monday"),
    [("2026-W47", date(2026, 11, 16)), ("2027-W01", date(2027, 1, 4)), ("2026-W53", date(2026, 12, 28))],
)
def test_weeks_have_names(name, monday):
    assert rules.week_of(name) == monday
    assert rules.week_name(monday) == name
    assert rules.monday(date.fromordinal(monday.toordinal() + 6)) == monday


@pytest.mark.parametrize("name", ["", "2026", "2026-W00", "2026-W54", "2025-W53", "２０２６-W47", "2026-W47x"])
def test_what_is_no_week(name):
    with pytest.raises(ValueError):
        rules.week_of(name)


def test_a_client_is_in_the_frame_once_and_only_with_a_phone():
    frame = rules.frame_of(
        [("A", "138 0000 0001"), ("B", ""), ("C", "１３８００００000１"), ("D", "无"), ("E", "13800000002")]
    )
    assert frame.numbers == ("A", "E")
    assert (frame.without_phone, frame.same_client) == (2, 1)
    assert frame.digest == hashlib.sha256(b"A\nE").hexdigest()


def test_the_draw_can_be_made_with_any_tool():
    seed = rules.seed_of("2026-W47", "ab" * 32)
    assert seed == hashlib.sha256(b"callback 2026-W47 " + b"ab" * 32).hexdigest()
    numbers = [f"SX-2026-{n:04d}" for n in range(40)]
    by_hand = sorted(numbers, key=lambda n: hashlib.sha256(f"{seed}:{n}".encode()).hexdigest())[:5]
    assert rules.drawn(seed, numbers, 5) == by_hand


_NUMBERS = st.lists(st.text("0123456789", min_size=1, max_size=6), unique=True, max_size=30)


@given(numbers=_NUMBERS, wanted=st.integers(0, 40), head=st.text("0123456789abcdef", min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_draw_takes_different_cases_of_the_frame_whatever_its_order(numbers, wanted, head):
    seed = rules.seed_of("2026-W47", head)
    found = rules.drawn(seed, numbers, wanted)
    assert found == rules.drawn(seed, list(reversed(numbers)), wanted)
    assert len(found) == len(set(found)) == min(wanted, len(numbers))
    assert set(found) <= set(numbers)


def test_every_client_is_drawn_about_equally_often():
    numbers = [str(n) for n in range(10)]
    times = dict.fromkeys(numbers, 0)
    for n in range(2000):
        for number in rules.drawn(rules.seed_of("w", str(n)), numbers, 5):
            times[number] += 1
    assert all(900 < each < 1100 for each in times.values())


def group(department, reached, grade=2):
    return Group(department, reached + 1, reached, grade * reached, grade * reached, reached, 0, 0)


def test_small_groups_show_no_grades_and_cannot_be_subtracted():
    lines, total = rules.summary([group(1, 8), group(2, 4), group(3, 0)], 5)
    assert lines[0].averages == (2.0, 2.0, 1.0)
    assert lines[1].averages is None
    assert lines[1].withheld
    assert lines[2].averages is None
    assert not lines[2].withheld, "nobody was reached: nothing is withheld"
    assert total.averages is None
    assert total.withheld, "the total less the first line would tell the second"
    lines, total = rules.summary([group(1, 8), group(2, 4), group(3, 3)], 5)
    assert total.averages is not None, "of two small groups together nobody can be told"
    assert rules.summary([], 5)[1].group.called == 0
