"""The marks of the finder, without a database."""

from __future__ import annotations

import pytest

from portal.service_commitment.initials import initials_of, syllables_of
from portal.service_commitment.rules import match_range


@pytest.mark.parametrize(
    ("name", "typed", "hit"),
    [
        ("食品经营许可（新办）", "食品", "食品"),
        ("食品经营许可（新办）", "spjy", "食品经营"),
        ("食品经营许可（新办）", "shipin", "食品"),
        ("食品经营许可（新办）", "ship", "食品"),
        ("食品经营许可（新办）", "xb", "新办"),
        ("重新认定", "cx", "重新"),
        ("公章v2备案", "v2", "v2"),
        ("食品经营许可", "zzz", None),
        ("食品经营许可", "", None),
        ("𠮷野餐饮", "cy", "餐饮"),
    ],
)
def test_where_the_typed_word_stands(name, typed, hit):
    found = match_range(name, typed, syllables_of(name))
    assert (None if found is None else name[slice(*found)]) == hit


def test_initials_hold_parts_whole_and_aliases():
    found = initials_of("食品经营许可（新办）", "开店 餐饮证").split()
    assert {"spjyxk", "xb", "spjyxkxb", "kd", "cyz", "shipinjingyingxuke"} <= set(found)
