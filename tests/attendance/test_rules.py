"""What a day's punches amount to: by table and by property (O-3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance import rules
from portal.attendance.rules import Excuse, State, Terms


def at(text: str) -> int:
    hour, minute, *second = (int(p) for p in text.split(":"))
    return hour * 3600 + minute * 60 + (second[0] if second else 0)


def times(text: str) -> list[int]:
    return [at(t) for t in text.split()]


HOURS = [(at("9:00"), at("12:00")), (at("13:30"), at("17:30"))]
FOUR, TWO = Terms(), Terms(punches=2)


def said(half: rules.Half) -> str:
    return f"{half.state}{f' late {half.late}' if half.late else ''}{f' early {half.early}' if half.early else ''}"


@pytest.mark.parametrize(
    ("punches", "am", "pm"),
    [
        ("8:55 12:01 13:25 17:31", "present", "present"),
        ("9:09:59 12:01 13:25 17:31", "present", "present"),
        ("9:10 12:01 13:25 17:31", "present late 10", "present"),
        ("8:55 11:50 13:25 17:20:01", "present early 10", "present"),
        ("8:55 11:50:01 13:25 17:20", "present", "present early 10"),
        ("9:30 11:30 13:25 17:31", "present late 30 early 30", "present"),
        ("", "absent", "absent"),
        ("8:55 12:01", "present", "absent"),
        ("13:25 17:31", "absent", "present"),
        ("8:55 17:31", "missing_out", "missing_in"),
        ("12:01 13:25 17:31", "missing_in", "present"),
        ("8:55 12:01 13:25", "present", "missing_out"),
        # two presses in the noon break: the first goes, the second comes
        ("8:55 12:35 12:50 17:31", "present", "present"),
        # one press in the break belongs to the nearer half
        ("8:55 12:50 17:31", "missing_out", "present"),
        # out and in again during the morning: first and last count
        ("8:55 10:00 10:20 12:01 13:25 17:31", "present", "present"),
        # pressed twice, one after the other: one press
        ("8:54 8:55 12:01 12:02 13:25 17:31", "present", "present"),
        ("11:00 12:01 13:25 17:31", "present late 120", "present"),
        # the night after the day
        ("8:55 12:01 13:25 24:40", "present", "present"),
    ],
)
def test_four_punches(punches, am, pm):
    found = rules.day(HOURS, times(punches), [], FOUR)
    assert (said(found.am), said(found.pm)) == (am, pm)


@pytest.mark.parametrize(
    ("punches", "am", "pm"),
    [
        ("8:55 17:31", "present", "present"),
        ("9:15 17:00", "present late 15", "present early 30"),
        ("8:55", "present", "absent"),
        ("17:31", "absent", "present"),
        ("", "absent", "absent"),
        ("14:00 17:31", "absent", "present late 30"),
        ("8:55 11:00", "present", "absent"),
        ("8:55 12:01 13:40 17:31", "present", "present"),
    ],
)
def test_two_punches(punches, am, pm):
    found = rules.day(HOURS, times(punches), [], TWO)
    assert (said(found.am), said(found.pm)) == (am, pm)


@pytest.mark.parametrize(
    ("punches", "excuses", "am", "pm"),
    [
        ("", "9:00-12:00", "excused", "absent"),
        ("", "9:00-17:30", "excused", "excused"),
        ("", "0:00-24:00", "excused", "excused"),
        ("10:02 12:01 13:25 17:31", "9:00-10:00", "present", "present"),
        ("10:20 12:01 13:25 17:31", "9:00-10:00", "present late 20", "present"),
        # who leaves for a trip presses no clock at its beginning
        ("8:55 12:01 13:25", "15:00-17:30", "present", "present"),
        ("8:55 12:01 13:25 14:30", "15:00-17:30", "present", "present early 30"),
        # less than the tolerance is left
        ("", "9:00-11:55", "excused", "absent"),
        # away in the middle: both ends are awaited
        ("8:55 12:01 13:25 17:31", "10:00-11:00", "present", "present"),
        ("12:01 13:25 17:31", "10:00-11:00", "missing_in", "present"),
        # two absences side by side
        ("13:25 17:31", "9:00-10:30 10:30-12:00", "excused", "present"),
    ],
)
def test_approved_absences_excuse(punches, excuses, am, pm):
    away = [Excuse(*(at(t) for t in each.split("-")), "official") for each in excuses.split()]
    found = rules.day(HOURS, times(punches), away, FOUR)
    assert (said(found.am), said(found.pm)) == (am, pm)


def test_a_day_off_counts_nothing_and_tells_of_presses():
    found = rules.day([], times("9:00 17:00"), [], FOUR)
    assert (found.am.state, found.pm.state, found.extra) == (State.DAY_OFF, State.DAY_OFF, 2)
    assert rules.totals([found], FOUR).halves == 0


def test_a_correction_stands_in_for_a_punch_and_changes_no_other():
    punches = times("8:55 17:31")
    found = rules.day(HOURS, punches, [], FOUR, {"am_out": at("12:00"), "pm_in": at("13:30")})
    assert (said(found.am), said(found.pm)) == ("present", "present")
    assert found.am.corrected
    assert found.am.in_at == at("8:55")
    late = rules.day(HOURS, punches, [], FOUR, {"am_out": at("12:00"), "pm_in": at("14:00")})
    assert said(late.pm) == "present late 30", "a correction is judged like a punch"


def test_without_data_nobody_is_absent():
    found = rules.day(HOURS, times("8:55"), [], FOUR, known_until=at("9:30"))
    assert (found.am.state, found.pm.state) == (State.NO_DATA, State.NO_DATA)
    noon = rules.day(HOURS, times("8:55 12:01"), [], FOUR, known_until=at("12:01"))
    assert (noon.am.state, noon.pm.state) == (State.PRESENT, State.NO_DATA)
    assert rules.day(HOURS, [], [], FOUR, known_until=None).am.state is State.ABSENT


def test_one_period_is_two_halves_with_two_punches():
    found = rules.day([(at("9:00"), at("17:00"))], times("9:20 17:01"), [], FOUR)
    assert (said(found.am), said(found.pm)) == ("present late 20", "present")


@pytest.mark.parametrize(
    ("lates", "off_post", "early", "absent"),
    [(0, 0, 0, 0), (9, 0, 0, 0), (10, 0, 0, 1), (19, 0, 0, 1), (20, 0, 0, 2), (0, 1, 1, 0), (0, 2, 1, 1), (0, 3, 1, 2),
     (9, 1, 1, 1)],
)  # fmt: skip
def test_ten_lates_and_the_second_time_off_post_are_half_a_day(lates, off_post, early, absent):
    late = rules.day(HOURS, times("9:30 12:01 13:25 17:31"), [], FOUR)
    found = rules.totals([late] * lates, FOUR, off_post)
    assert (found.late, found.early, found.absent) == (lates, early, absent)


def test_a_missing_punch_is_absent_only_by_policy():
    missing = rules.day(HOURS, times("9:30 13:25 17:31"), [], FOUR)
    assert rules.totals([missing], FOUR).absent == 1
    assert rules.totals([missing], FOUR).late == 0, "never late beside absent"
    lenient = rules.totals([missing], Terms(missing_is_absent=False))
    assert (lenient.absent, lenient.missing, lenient.late) == (0, 1, 1)


# --- properties -----------------------------------------------------------------------------------------------

PUNCHES = st.lists(st.integers(at("4:00"), at("27:59")), max_size=10)
TERMS = st.builds(
    Terms,
    tolerance=st.integers(1, 60),
    punches=st.sampled_from((2, 4)),
    repeat=st.integers(0, 10),
    missing_is_absent=st.booleans(),
)
EXCUSES = st.lists(
    st.tuples(st.integers(0, 86_400), st.integers(1, 40_000)).map(lambda t: Excuse(t[0], t[0] + t[1], "sick")),
    max_size=4,
)


@given(PUNCHES, EXCUSES, TERMS, st.randoms())
def test_the_order_of_punches_and_absences_is_irrelevant(punches, excuses, terms, random):
    mixed, away = list(punches), list(excuses)
    random.shuffle(mixed)
    random.shuffle(away)
    assert rules.day(HOURS, mixed, away, terms) == rules.day(HOURS, punches, excuses, terms)


@given(PUNCHES, EXCUSES, TERMS)
def test_repeated_punches_are_irrelevant(punches, excuses, terms):
    assert rules.day(HOURS, punches * 3, excuses, terms) == rules.day(HOURS, punches, excuses, terms)


@given(PUNCHES, EXCUSES, TERMS, st.sampled_from(HOURS))
def test_an_excused_half_never_counts(punches, excuses, terms, period):
    found = rules.day(HOURS, punches, [*excuses, Excuse(*period, "official")], terms)
    half = found.parts[HOURS.index(period)]
    assert half.state is State.EXCUSED
    assert not half.is_absent(terms)
    assert half.faults(terms) == (0, 0)


@given(st.lists(st.tuples(PUNCHES, EXCUSES), max_size=8), TERMS, st.integers(0, 5))
def test_totals_add_up(days, terms, off_post):
    found = [rules.day(HOURS, p, e, terms) for p, e in days]
    sums = rules.totals(found, terms, off_post)
    assert sums.halves == 2 * len(days)
    assert (
        sums.present + sum(sums.excused.values()) + sum(h.is_absent(terms) for d in found for h in d.parts)
        == sums.halves
    )
    assert rules.totals(list(reversed(found)), terms, off_post) == sums


@given(PUNCHES, EXCUSES, TERMS)
def test_lateness_is_never_below_the_tolerance(punches, excuses, terms):
    for half in rules.day(HOURS, punches, excuses, terms).parts:
        assert half.late == 0 or half.late >= terms.tolerance
        assert half.early == 0 or half.early >= terms.tolerance
