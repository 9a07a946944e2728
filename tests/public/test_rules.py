"""What the public pages decide, by table and property (O-6, C-1, C-4, W-0)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.public import rules
from portal.public.rules import Kept
from portal.pure import guessing
from portal.pure.guessing import Counter

T0 = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("13905431234", "1234"),
        ("139 0543 1234", "1234"),
        ("１３９０５４３１２３４", "1234"),
        ("0543-3160000", "0000"),
        ("3160000转8602", "8602"),
        ("123", ""),
        ("", ""),
        ("无", ""),
        ("٠١٢٣", ""),
    ],
)
def test_the_last_four_digits_as_they_were_written_down(phone, digits):
    assert rules.last_digits(phone) == digits


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_what_counts_as_one_address(address, network):
    assert guessing.network_of(address) == network


def test_the_limit_blocks_and_one_try_follows_each_block():
    counter, now = None, T0
    for n in range(1, 9):
        counter = guessing.after_wrong(counter, now, 8, DAY, HOUR)
        assert counter.blocked(now) is (n == 8)
    assert counter == Counter(8, T0, T0 + HOUR)
    now = T0 + HOUR
    assert not counter.blocked(now), "the block ends by the policy's time"
    counter = guessing.after_wrong(counter, now, 8, DAY, HOUR)
    assert counter.blocked(now + timedelta(minutes=59))
    assert guessing.after_wrong(counter, T0 + DAY, 8, DAY, HOUR).wrong == 1, "counting begins anew"


@given(
    gaps=st.lists(st.integers(0, 5000), min_size=1, max_size=300),
    limit=st.integers(1, 20),
    block=st.integers(1, 600),
)
def test_whatever_the_rhythm_guesses_stay_few(gaps, limit, block):
    """Within the counting time nobody gets more tries than the limit and one for each block that ended."""
    counter, now, tried = None, T0, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if counter is not None and counter.blocked(now):
            continue
        tried.append(now)
        counter = guessing.after_wrong(counter, now, limit, DAY, timedelta(minutes=block))
        since = [t for t in tried if t >= counter.since]
        assert len(since) <= limit + (now - counter.since) // timedelta(minutes=block)


@pytest.mark.parametrize(
    ("limit", "days"),
    [("0d", 0), ("5wd", 7), ("20wd", 28), ("15d", 15), ("1m", 365 / 12), ("7wh", 1.4), ("", None), ("soon", None)],
)
def test_limits_as_lengths(limit, days):
    found = rules.days_of(limit, 420)
    assert found == pytest.approx(days) if days is not None else found is None


@pytest.mark.parametrize(
    ("lengths", "widths"),
    [
        ((7.0, 28.0, 3.5), [25.0, 100.0, 12.5]),
        ((0.0, None, 0.0), [2.0, None, 2.0]),
        ((7.0, None, None), [100.0, None, None]),
        ((0.1, 100.0), [2.0, 100.0]),
    ],
)
def test_bars_are_shares_of_the_longest(lengths, widths):
    assert rules.shares(*lengths) == widths


@pytest.mark.parametrize(
    ("kept", "rate", "said"),
    [
        (Kept(), None, ""),
        (Kept(10, 10, 0), 100, "100"),
        (Kept(10, 9, 0), 90, "90.0"),
        (Kept(10, 10, 10), 50, "50.0"),
        (Kept(0, 0, 3), 0, "0.0"),
        (Kept(100000, 99999, 0), 99.999, "99.9"),
    ],
)
def test_the_honest_rate_is_never_rounded_up_to_all(kept, rate, said):
    assert kept.rate == rate
    assert rules.percent(kept.rate) == said


def test_few_cases_are_withheld():
    assert not Kept(4, 4, 0).shown(5)
    assert Kept(4, 4, 1).shown(5)
    assert Kept(5, 3, 2) + Kept(1, 1, 0) - Kept(2, 1, 1) == Kept(4, 3, 1)
