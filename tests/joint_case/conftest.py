"""A joint item of three departments, and one that goes to an upper authority."""

from __future__ import annotations

import pytest
from flask.globals import _cv_app

from portal.cases import service
from portal.cases.models import Case
from portal.cases.service import Client
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as commitment
from portal.service_commitment.models import CaseKind, ServiceItem
from portal.service_commitment.service import Content
from tests.office import FOUNDED, NOW

PARTS = "XH-1，3wd，核验意见\nBG-1，2wd，会签意见，会签"


@pytest.fixture
def published(office, act):
    """Publish a version of an item of the window: ``published("SX-001", kind=…, parts=…)``."""

    def make(code, **more):
        with act():
            item = db.session.get(ServiceItem, office.items[code])
            commitment.publish(SYSTEM, item, Content(item.name, "5wd", "20wd", basis="规定", **more), FOUNDED)
        return office.items[code]

    return make


@pytest.fixture
def opened(act, as_actor):
    """Receive and accept a case of an item."""

    def make(item, at=NOW, username="clerk"):
        with act():
            actor = as_actor(username, at)
            client = Client("", "周小明", "13800001234")
            case = service.open_case(actor, at, matter="科普教育基地认定", client=client, item=catalogue.by_id(item))
            service.accept(actor, case, at)
        return case

    return make


@pytest.fixture
def joint(published, opened):
    """A joint case: the window leads, the society's post and the office take part."""
    return lambda at=NOW: opened(published("SX-001", kind=CaseKind.JOINT, parts=PARTS), at)


@pytest.fixture
def upward(published, opened):
    """An accepted case of a kind that goes to an upper authority."""
    return lambda at=NOW: opened(published("SX-001", kind=CaseKind.FORWARDED), at)


@pytest.fixture
def get(login):
    """A page as somebody reads it, outside the context in which the test itself works."""

    def answer(username, path):
        token = _cv_app.set(None)
        try:
            return login(username).get(path)
        finally:
            _cv_app.reset(token)

    return answer


@pytest.fixture
def do(act, as_actor):
    """One committed verb; ``now`` is given as the last argument."""

    def run(username, at, verb, *args, **kw):
        with act():
            return verb(as_actor(username, at), *args, at, **kw)

    return run


def parts_of(lead):
    """The parts of a case, read anew."""
    db.session.expire_all()
    return list(db.session.scalars(db.select(Case).where(Case.lead_id == lead.id).order_by(Case.id)))


def again(case):
    """The case read anew."""
    db.session.expire_all()
    return db.session.get(Case, case.id)
