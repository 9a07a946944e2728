"""What an entry is called in the score tables, and who confirms it, by table (O-9)."""

from __future__ import annotations

import pytest

from portal.honour.models import Kind, Level
from portal.honour.rules import LEVELLED, Concerned, fact_of
from portal.score_table.vocabulary import FACTS

FACT_TABLE = [
    ("praise", None, "praise"),
    ("suggestion", None, "suggestion"),
    ("media", "county", "media_county"),
    ("media", "city", "media_city"),
    ("media", "province", "media_city"),
    ("media", "nation", "media_city"),
    ("media_bad", "county", "media_bad_county"),
    ("media_bad", "nation", "media_bad_city"),
    ("honour", "county", "honour_county"),
    ("honour", "city", "honour_city"),
    ("honour", "province", "honour_city"),
]


@pytest.mark.parametrize(("kind", "level", "fact"), FACT_TABLE)
def test_the_fact_of_an_entry(kind, level, fact):
    assert fact_of(kind, level) == fact


def test_every_kind_and_level_is_a_fact_that_tables_may_count():
    for kind in Kind:
        for level in Level if kind in LEVELLED else (None,):
            assert fact_of(kind, level) in FACTS


RECORDER, PERSON, OTHER, HERE, THERE = 1, 2, 3, 10, 20


@pytest.mark.parametrize(
    ("who", "department", "for_department", "confirms", "apart"),
    [
        (RECORDER, THERE, True, False, True),
        (PERSON, THERE, True, False, False),
        (OTHER, HERE, True, False, False),
        (OTHER, HERE, False, True, True),
        (OTHER, THERE, True, True, True),
        (PERSON, THERE, False, False, False),
        (None, None, True, False, False),
    ],
)
def test_a_second_person_who_stands_apart(who, department, for_department, confirms, apart):
    entry = Concerned(RECORDER, PERSON, HERE, for_department)
    assert entry.confirms(who, department) is confirms
    assert entry.stands_apart(who, department) is apart
