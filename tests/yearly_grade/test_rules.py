"""Quotas, ties, panels and sums of a year, by table and by property (E-5, E-7, A-4)."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.yearly_grade.rules import (
    Entry,
    Held,
    Panel,
    Part,
    Post,
    Scheme,
    Ties,
    Way,
    average,
    bonus_left,
    client_mark,
    counts,
    grade,
    honour_points,
    panels,
    shown,
    total,
    weighted,
    with_average,
)

FIVE = Scheme((D(90), D(80), D(70), D(60), D(0)), (20, 60))
FOUR = Scheme((D(90), D(75), D(60), D(0)), (20,))
THREE = Scheme((D(90), D(60), D(0)), (20,))


def letters(totals, scheme=FIVE, barred=()) -> str:
    """The grades in the order of the totals as written: A to E."""
    found = grade([Entry(n, D(str(t)), (), n in barred) for n, t in enumerate(totals)], scheme)
    return "".join("ABCDE"[found[n].grade] for n in range(len(totals)))


@pytest.mark.parametrize(
    ("subjects", "first", "second"),
    [(1, 0, 0), (2, 0, 1), (3, 0, 1), (4, 0, 2), (5, 1, 3), (7, 1, 4), (9, 1, 5), (10, 2, 6), (24, 4, 14)],
)
def test_quotas_are_rounded_down(subjects, first, second):
    assert FIVE.room(subjects) == (first, second)


@pytest.mark.parametrize(
    ("scheme", "totals", "grades"),
    [
        # One: 20 % and 60 % of 1 are none.
        (FIVE, [99], "C"),
        # Three: no A, one A or B.
        (FIVE, [99, 98, 97], "BCC"),
        (FIVE, [85, 65, 40], "BDE"),
        # Seven: one A, four A or B.
        (FIVE, [99, 98, 97, 96, 95, 94, 93], "ABBBCCC"),
        (FIVE, [99, 89, 88, 79, 69, 59, 58], "ABBCDEE"),
        # Twenty-four: four A, fourteen A or B.
        (FIVE, list(range(99, 75, -1)), "AAAA" + "B" * 10 + "C" * 10),
        # Below the mark of a grade nobody is lifted into it, whatever room there is.
        (FIVE, [79] * 7, "CCCCCCC"),
        # Two equal ones for one place: both wait, and nobody below goes past them.
        (FIVE, [99, 99, 98, 97, 96, 95, 94], "BBBBCCC"),
        (FIVE, [99, 98, 98, 98, 98, 97, 96], "ACCCCCC"),
        (FIVE, [99, 98, 98, 98, 97, 96, 95], "ABBBCCC"),
        (FIVE, [95, 95, 95], "CCC"),
        # The order in which they come does not matter.
        (FIVE, [93, 99, 96, 95, 94, 98, 97], "CABCCBB"),
        (FOUR, [95, 94, 93, 92, 91], "ABBBB"),
        (FOUR, [95, 74, 61, 59, 20], "ACCDD"),
        (THREE, [95, 94, 93, 92, 91, 60, 59], "ABBBBBC"),
        (THREE, [95], "B"),
    ],
)
def test_grades_by_quota_and_mark(scheme, totals, grades):
    assert letters(totals, scheme) == grades


@pytest.mark.parametrize(
    ("totals", "barred", "grades"),
    [
        # The first is barred: the next one takes the A.
        ([99, 98, 97, 96, 95, 94, 93], {0}, "BABBCCC"),
        # Somebody barred counts among all, and takes a place of B.
        ([99, 98, 97, 96, 95], {0, 1}, "BBACC"),
        ([99, 99, 97, 96, 95], {1}, "ABBCC"),
        # Somebody barred does not pass those with a higher total.
        ([99, 99, 99, 99, 98], {4}, "CCCCC"),
        ([59, 58, 57, 56, 55], {0}, "EEEEE"),
    ],
)
def test_somebody_barred_gets_no_first_grade(totals, barred, grades):
    assert letters(totals, FIVE, barred) == grades


def test_why_a_grade_is_not_better_is_told():
    found = grade([Entry(1, D(99)), Entry(2, D(99)), Entry(3, D(98), (), True), Entry(4, D(70)), Entry(5, D(95))], FIVE)
    assert {k: (g.place, g.grade, g.held) for k, g in found.items()} == {
        1: (1, 1, Held.TIE), 2: (1, 1, Held.TIE), 3: (3, 1, Held.BARRED), 5: (4, 2, Held.QUOTA), 4: (5, 2, None),
    }  # fmt: skip


def test_who_is_vetoed_has_no_place_and_leaves_none_empty():
    entries = [Entry(1, D(99), (), True, True), Entry(2, D(95)), Entry(3, D(95), (), True, True), Entry(4, D(90))]
    found = grade(entries, FIVE)
    assert {k: g.place for k, g in found.items()} == {1: None, 2: 1, 3: None, 4: 2}
    assert found[1].held is Held.BARRED


def test_ties_can_be_told_apart_by_further_figures():
    entries = [Entry(n, D(99), (D(clients), D(80))) for n, clients in enumerate((70, 90, 80, 90, 60))]
    together = grade(entries, FIVE)
    assert {g.grade for g in together.values()} == {2}
    compared = grade(entries, Scheme(FIVE.least, FIVE.quotas, ties=Ties.COMPARED))
    assert [(compared[n].place, "ABC"[compared[n].grade]) for n in range(5)] == [
        (4, "C"), (1, "B"), (3, "B"), (1, "B"), (5, "C"),
    ]  # fmt: skip


marks = st.integers(0, 20).map(lambda n: D(n * 5))
rounds = st.lists(st.tuples(marks, marks, st.booleans()), min_size=1, max_size=30)


@given(rounds, st.sampled_from([FIVE, FOUR, THREE]), st.sampled_from(list(Ties)), st.integers(0, 100))
def test_quota_order_and_veto_hold_for_every_round(rows, scheme, ties, first):
    quotas = (first, *scheme.quotas[1:]) if len(scheme.quotas) == 1 or first <= 60 else scheme.quotas
    scheme = Scheme(scheme.least, quotas, ties=ties)
    entries = [Entry(n, points, (clients,), barred) for n, (points, clients, barred) in enumerate(rows)]
    found = grade(entries, scheme)
    assert found == grade(entries[::-1], scheme)
    for n, percent in enumerate(quotas):  # never over quota
        assert 100 * sum(g.grade <= n for g in found.values()) <= percent * len(entries)
    for one in entries:
        mine = found[one.key]
        assert mine.grade == len(scheme.least) - 1 or one.total >= scheme.least[mine.grade]
        assert not one.barred or mine.grade >= scheme.barred  # the veto
        assert (mine.held is None) == (mine.grade == next(
            (n for n, least in enumerate(scheme.least) if one.total >= least), len(scheme.least) - 1
        ))  # fmt: skip
        for other in entries:
            theirs = found[other.key]
            if one.total > other.total and (not one.barred or other.barred):
                assert mine.grade <= theirs.grade
                assert mine.place < theirs.place
            if one.total == other.total and one.compared == other.compared and one.barred == other.barred:
                assert mine == theirs


@pytest.mark.parametrize("broken", [((D(90),), ()), ((D(90), D(0)), (20, 60)), ((D(90), D(0)), (20,), 2)])
def test_schemes_that_are_refused(broken):
    with pytest.raises(ValueError):
        Scheme(*broken)


@pytest.mark.parametrize(
    ("given_", "drop", "found"),
    [
        ([], True, None),
        ([90], True, "90.00"),
        ([90, 50], True, "70.00"),
        # (80) : one highest and one lowest are dropped.
        ([90, 80, 50], True, "80.00"),
        ([90, 90, 60, 50, 50], True, "66.67"),
        ([90, 90, 60, 50, 50], False, "68.00"),
        ([90, 80, 80], False, "83.33"),
    ],
)
def test_one_highest_and_one_lowest_mark_are_dropped(given_, drop, found):
    assert average([D(n) for n in given_], drop) == (D(found) if found else None)


def test_weights_of_missing_parts_go_to_the_others():
    weights = {"peers": 40, "heads": 40, "clients": 20, "self": 0}
    # (80·40 + 90·40 + 70·20) / 100 = 82
    assert weighted({"peers": D(80), "heads": D(90), "clients": D(70), "self": D(100)}, weights) == D("82.00")
    # (80·40 + 70·20) / 60 = 76.666…
    assert weighted({"peers": D(80), "heads": None, "clients": D(70)}, weights) == D("76.67")
    assert weighted({"self": D(100)}, weights) is None
    assert weighted({}, weights) is None


def test_the_year_of_a_person_by_hand():
    # Months 92.5 · 50 + ballots 82 · 40 + duty 88 · 10 = 4625 + 3280 + 880 = 8785 → 87.85, honours 1.5.
    parts = {Part.MONTHS: D("92.5"), Part.BALLOTS: D(82), Part.CLIENTS: None, Part.DUTY: D(88)}
    shares = {Part.MONTHS: 50, Part.BALLOTS: 40, Part.CLIENTS: 15, Part.DUTY: 10}
    assert total(parts, shares, D("1.5"), D(10)) == D("89.35")
    assert total(parts, shares, D(12), D(10)) == D("97.85")
    assert total({}, shares, D(1), D(10)) == D(1)


def test_small_panels_are_withheld_together():
    assert shown({Panel.PEERS: 5, Panel.HEADS: 3}, 3)
    assert not shown({Panel.PEERS: 5, Panel.HEADS: 1}, 3)
    assert shown({Panel.PEERS: 5, Panel.HEADS: 0}, 3)
    assert counts({Panel.PEERS: 2, Panel.HEADS: 1}, 3)
    assert not counts({Panel.PEERS: 1, Panel.HEADS: 1}, 3)


def test_who_assesses_whom():
    posts = {
        1: Post("staff", 10), 2: Post("staff", 10), 3: Post("head", 10), 4: Post("staff", 20), 5: Post("head", 20),
        6: Post("leader", 90), 7: Post("principal", 90),
    }  # fmt: skip
    above = {10: (6,), 20: (8,)}
    inside = panels(Way.DEPARTMENT, posts, above, own=False)
    assert set(inside) == {1, 2, 3, 4, 5}
    assert inside[1] == {2: Panel.PEERS, 3: Panel.HEADS, 6: Panel.HEADS}
    assert inside[3] == {1: Panel.PEERS, 2: Panel.PEERS, 6: Panel.HEADS}
    assert inside[4] == {5: Panel.HEADS}
    assert panels(Way.DEPARTMENT, posts, above, own=True)[4] == {5: Panel.HEADS, 4: Panel.SELF}
    levels = panels(Way.LEVELS, posts, above, own=False)
    assert levels[1] == {
        2: Panel.OTHERS, 3: Panel.HEADS, 4: Panel.OTHERS, 5: Panel.HEADS, 6: Panel.LEADERS, 7: Panel.LEADERS,
    }  # fmt: skip
    assert all(subject not in voters for subject, voters in levels.items())


def test_clients_honours_and_bonus():
    # (90·6 + 80·2 + 60·1 + 50·1) / 10 = 81
    assert client_mark((6, 2, 1, 1), (D(90), D(80), D(60), D(50))) == D("81.00")
    assert client_mark((0, 0, 0, 0), (D(90), D(80), D(60), D(50))) is None
    assert with_average({1: D(90), 2: D(85), 3: None}) == {
        1: (D(90), False), 2: (D(85), False), 3: (D("87.50"), True),
    }  # fmt: skip
    assert with_average({1: None}) == {1: (None, False)}
    points = {"county": D(1), "city": D("1.5"), "nation": D("2.5")}
    assert honour_points(["county", "city", "city"], points) == D("1.5")
    assert honour_points([], points) == 0
    assert [bonus_left(0, False), bonus_left(17, False), bonus_left(130, False), bonus_left(5, True)] == [100, 83, 0, 0]
