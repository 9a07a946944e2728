"""Limits in words and back (T-2)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.pure.limits import Limit, Unit
from portal.service_commitment.words import limit_code, limit_text


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("5wd", "5 个工作日"),
        ("0d", "当场办结"),
        ("4wh", "4 个工作小时"),
        ("15d", "15 日（自然日）"),
        ("3m", "3 个月"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_a_stored_limit_reads_as_words(office, stored, shown):
    assert limit_text(stored) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5 个工作日", "5wd"),
        ("５个工作日", "5wd"),
        (" 5WD ", "5wd"),
        ("十日", "十日"),
        ("15 天", "15d"),
        ("15日", "15d"),
        ("3 个月", "3m"),
        ("当场办结", "0d"),
        ("即办", "0d"),
        ("4 working hours", "4wh"),
        ("1 working day", "1wd"),
        ("On the spot", "0d"),
        ("", ""),
        ("5", "5"),
        ("-3wd", "-3wd"),
    ],
)
def test_what_people_type_becomes_the_stored_form(typed, stored):
    assert limit_code(typed) == stored


@settings(max_examples=60)
@given(st.sampled_from([u for u in Unit if u is not Unit.ON_SPOT]), st.integers(1, 999))
def test_words_lead_back_to_the_limit(unit, amount):
    limit = str(Limit(amount, unit))
    assert limit_code(limit_text(limit)) == limit
