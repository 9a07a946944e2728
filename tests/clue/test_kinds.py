"""From the breach to the clue, for every kind; each once, with rule, person, instant and evidence (A-1)."""

from __future__ import annotations

import json

import pytest
from flask import url_for

from portal.clue.models import ClueKind, Source
from portal.clue.sources import ALL
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from portal.policy.clue_values import KINDS
from tests.clue.house import LATER, House
from tests.clue.stories import STORIES


def test_every_kind_has_its_story():
    assert set(STORIES) == set(ClueKind)


def test_every_kind_but_the_hand_made_one_is_a_policy_and_has_a_source():
    assert set(KINDS) == {str(kind) for kind in ClueKind} - {"other"}
    assert {kind for source in ALL for kind in source.kinds} == set(ClueKind)
    assert len({source.name for source in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", list(STORIES), ids=str)
def test_a_breach_becomes_a_clue(app, office, kind):
    house = House(office)
    told = STORIES[kind](house)
    house.read(clock.now())
    found = house.clues(str(kind))
    assert len(found) == told.count, [(str(c.kind), c.key) for c in house.clues()]
    clue = found[0]
    assert clue.person_id == (office.users[told.person] if told.person else None)
    if told.department:
        assert clue.department_id == office.departments[told.department]
    assert clue.points == told.points
    if clue.source is Source.JOURNAL:
        assert clue.rule in KINDS[str(kind)][1]
        entry = db.session.get_one(JournalEntry, clue.entry_seq)
        assert clue.at <= entry.at
        with app.test_request_context("/"):
            assert url_for(clue.endpoint, **json.loads(clue.values))
    before = [(c.number, c.key, c.state) for c in house.clues()]
    house.sweep(LATER)
    house.read(LATER)
    assert [(c.number, c.key, c.state) for c in house.clues()][: len(before)] == before
    assert len({c.key for c in house.clues()}) == len(house.clues())
