"""What evaluation decides, by table and property (S-1, S-3): codes, seals, months, what is withheld."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.evaluation import codes, rules, sealing
from portal.evaluation.rules import Cell, Level

SECRET = b"secret " * 8
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
PLACES = [(d, m) for d in range(1, 8) for m in (NOVEMBER, OCTOBER)]


def test_a_code_proves_its_department_and_month_and_nothing_else():
    for place in PLACES:
        code = codes.make(SECRET, place)
        assert len(code) == codes.LENGTH
        typed = f" {codes.shown(code).lower()}　".replace(code[0], chr(ord(code[0]) + 0xFEE0), 1)
        assert codes.place_of(SECRET, typed, PLACES) == place
        assert codes.digest(SECRET, typed) == codes.digest(SECRET, code)
        assert codes.place_of(SECRET, code, [p for p in PLACES if p != place]) is None
        assert codes.place_of(b"another secret", code, PLACES) is None
        for n in range(codes.LENGTH):
            other = codes.ALPHABET[(codes.ALPHABET.index(code[n]) + 1) % len(codes.ALPHABET)]
            assert codes.place_of(SECRET, code[:n] + other + code[n + 1 :], PLACES) is None


@pytest.mark.parametrize("typed", ["", "AAAA", "0" * 12, "A" * 13, "评议码评议码评议码评议码", "AAAA-AAAA-AAA\x00"])
def test_what_is_no_code(typed):
    assert codes.place_of(SECRET, typed, PLACES) is None


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=900), max_size=6))
def test_sealed_ballots_look_alike_and_open_with_their_key_only(said):
    old, key = bytes(32), bytes(range(32))
    sealed = sealing.shuffled([sealing.seal(key, each) for each in said])
    assert len(sealed) == len(said) * sealing.RECORD
    found = sealing.records(sealed)
    assert sorted(sealing.unseal([old, key], each) for each in found) == sorted(said)
    assert all(sealing.unseal([old], each) is None for each in found)
    assert len(set(found)) == len(found)
    for each in found:
        broken = each[:40] + bytes([each[40] ^ 1]) + each[41:]
        assert sealing.unseal([key], broken) is None


def test_the_longest_ballot_fits_and_a_longer_one_is_refused():
    assert sealing.unseal([b"k"], sealing.seal(b"k", b"x" * (sealing.SIZE - 2))) == b"x" * (sealing.SIZE - 2)
    with pytest.raises(ValueError):
        sealing.seal(b"k", b"x" * (sealing.SIZE - 1))


def test_keys_are_renewed_once_a_day_and_old_ones_forgotten(tmp_path):
    first = sealing.keys(tmp_path, NOVEMBER)
    assert sealing.keys(tmp_path, NOVEMBER) == first == sealing.renew(tmp_path, NOVEMBER)
    seen = list(first)
    for day in range(2, 7):
        now = sealing.renew(tmp_path, NOVEMBER.replace(day=day))
        assert now[1:] == seen[:2], "the newest two stay for ballots under way"
        assert sealing.renew(tmp_path, NOVEMBER.replace(day=day)) == now
        seen = [now[0], *seen]
    assert len(now) == sealing.KEPT
    assert [p.name for p in tmp_path.iterdir()] == [sealing.FILE]
    assert (tmp_path / sealing.FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 1), [NOVEMBER, OCTOBER]),
        (date(2026, 11, 10), [NOVEMBER, OCTOBER]),
        (date(2026, 11, 11), [NOVEMBER]),
        (date(2027, 1, 3), [date(2027, 1, 1), date(2026, 12, 1)]),
    ],
)
def test_slips_are_good_until_some_days_into_the_next_month(today, months):
    assert rules.good_months(today, 10) == months


def test_reasons_are_a_list_of_the_policy():
    assert rules.reasons("态度好、按时办好；态度好,  ，") == ["态度好", "按时办好"]
    assert rules.reasons("") == []


@pytest.mark.parametrize(
    ("ballots", "closed", "share", "level"),
    [
        (0, 0, None, None),
        (3, 0, None, None),
        (0, 10, 0.0, Level.LOW),
        (29, 100, 29.0, Level.LOW),
        (30, 100, 30.0, Level.MIDDLE),
        (499, 1000, 49.9, Level.MIDDLE),
        (50, 100, 50.0, Level.ENOUGH),
        (12, 10, 100.0, Level.ENOUGH),
    ],
)
def test_coverage_is_over_the_closed_cases(ballots, closed, share, level):
    assert rules.coverage(ballots, closed) == share
    assert rules.level(ballots, closed, 30, 50) == level


def test_satisfied_are_the_first_three_grades_and_four_grades_are_mapped():
    cell = Cell((5, 3, 2, 1, 0), (0, 0, 0, 0, 1))
    assert (cell.ballots, cell.satisfied, cell.percent) == (12, 10, 83.3)
    assert Cell().percent is None
    assert rules.four(cell.grades, "11234") == {"1": 8, "2": 2, "3": 1, "4": 1}


@pytest.mark.parametrize(
    ("cell", "withheld"),
    [
        (Cell(), False),
        (Cell((4, 0, 0, 0, 0)), True),
        (Cell((5, 0, 0, 0, 0)), False),
        (Cell((4, 0, 0, 0, 0), (0, 0, 0, 0, 9)), True),
        (Cell(signed=(0, 0, 0, 0, 4)), True),
        (Cell(signed=(0, 0, 0, 0, 5)), False),
    ],
)
def test_small_groups_are_withheld_also_beside_signed_ballots(cell, withheld):
    assert cell.withheld(5) is withheld


_CELLS = st.dictionaries(
    st.integers(1, 6),
    st.builds(
        Cell,
        st.tuples(*[st.integers(0, 3)] * 5),
        st.tuples(*[st.integers(0, 1)] * 5),
    ),
    max_size=6,
)


@settings(max_examples=50)
@given(_CELLS)
def test_no_withheld_group_can_be_told_from_the_total(cells):
    """Property (S-3): the total less all that is shown is nothing, or several groups of enough anonymous ballots."""
    found = rules.release(cells, 5)
    assert all(not cell.withheld(5) for cell in found.shown.values())
    rest = [a - b for a, b in zip(found.total.grades, sum(found.shown.values(), Cell()).grades, strict=True)]
    hidden = sum((cells[k] for k in found.withheld), Cell())
    if any(rest):
        assert tuple(rest) == hidden.grades
        assert len(found.withheld) >= 2
        assert not hidden.withheld(5)
    else:
        assert found.whole is (not hidden.ballots)
