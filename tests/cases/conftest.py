"""Cases as the tests of this room open them."""

from __future__ import annotations

import pytest

from portal.cases import service
from portal.cases.models import Case
from portal.cases.service import Client
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue

ALL = (1, 2, 3)


@pytest.fixture
def opened(office, act, as_actor):
    """Receive a case: ``opened((1,))`` with the papers handed in, of an item, by someone, at an instant."""

    def make(received=ALL, item="SX-001", username="clerk", at=None, client=None, post=None):
        at = at or clock.now()
        with act():
            return service.open_case(
                as_actor(username, at),
                at,
                matter="科普教育基地认定",
                client=client or Client("", "周小明", "13800001234"),
                item=catalogue.by_id(office.items[item]) if item else None,
                post_id=office.posts[post] if post else None,
                received=received,
            )

    return make


@pytest.fixture
def accepted(opened, act, as_actor):
    """A complete case accepted at once."""

    def make(item="SX-001", username="clerk", at=None, received=ALL):
        at = at or clock.now()
        case = opened(received, item, username, at)
        with act():
            service.accept(as_actor(username, at), case, at)
        return case

    return make


@pytest.fixture
def do(act, as_actor):
    """One committed verb: ``do("clerk", at, service.start, case)``; ``now`` is given as the last argument."""

    def run(username, at, verb, *args, **kw):
        with act():
            return verb(as_actor(username, at), *args, at, **kw)

    return run


def events(case):
    """The tags of a case's journal in order."""
    return [e.event for e in journal.of_case(case.id)]


def facts(case, tag):
    """The facts of a case's entries of one kind."""
    return [e.fact() for e in journal.of_case(case.id) if e.event == tag]


def again(case):
    """The case read anew."""
    db.session.expire_all()
    return db.session.get(Case, case.id)
