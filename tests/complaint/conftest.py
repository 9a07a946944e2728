"""Complaints of the cast: received, and brought to any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from itertools import cycle
from typing import Any

import pytest

from portal.complaint import handling, receiving, service
from portal.complaint.handling import Finding
from portal.complaint.models import About, Channel, Complaint, Result, Told
from portal.complaint.receiving import Received
from portal.kernel import transaction
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.people import queries as people
from tests.office import NOW

#: What nobody but the officer may ever read.
NAME, PHONE, ADDRESS = "钱守密", "13911112222", "示例路 77 号"
_PLACES = cycle(range(250))
SECRETS = (NAME, PHONE, ADDRESS)
#: The states in the order of a complaint that is confirmed.
ROAD = ("received", "taken_up", "investigating", "proposed", "approved", "answered")


@contextmanager
def acting(who: str, at: datetime = NOW) -> Iterator[Actor]:
    """One committed business act of somebody of the cast at an instant."""
    with transaction.act():
        yield people.actor_by_username(who, at)


def said(**change: Any) -> Received:
    """What a named complainant says."""
    values = {"text": "材料分三次才说清。", "about": About.DELAY, "name": NAME, "phone": PHONE, "address": ADDRESS}
    return Received(**{**values, **change})


def received(at: datetime = NOW, **change: Any) -> tuple[str, str]:
    """A complaint that somebody has sent from outside, each from elsewhere; its number and code."""
    with transaction.act():
        address = f"10.{next(_PLACES)}.0.9"
        made, code = receiving.receive(said(**change), Channel.PUBLIC, at, address=address)
        return made.number, code


def get(number: str) -> Complaint:
    """A complaint by its number, as it is in the database."""
    db.session.expire_all()
    return db.session.query(Complaint).filter_by(number=number).one()


def brought(ids: Any, state: str, at: datetime = NOW, person: str | None = None, **change: Any) -> str:
    """A complaint about YW, looked into by the supervisor, brought to a state; returns its number."""
    number, _code = received(at, department_id=ids.departments["YW"], **change)
    steps: dict[str, tuple[str, Callable[[Actor, Complaint], object]]] = {
        "taken_up": ("office", lambda a, c: service.take_up(a, c, "将尽快调查。", at)),
        "investigating": ("office", lambda a, c: service.assign(a, c, ids.users["supervisor"], at)),
        "proposed": (
            "supervisor",
            lambda a, c: handling.propose(
                a, c, Finding(Result.CONFIRMED, "情况属实，已道歉。", "逐条核对清单。", True), at
            ),
        ),
        "approved": ("office", lambda a, c: handling.approve(a, c, at)),
        "answered": ("supervisor", lambda a, c: handling.tell(a, c, Told.PAPER, at)),
    }
    if person:
        with acting("office", at) as actor:
            whom = service.About(department_id=ids.departments["YW"], person_id=ids.users[person])
            service.resolve(actor, locked(Complaint, number=number), whom, at)
    for step in ROAD[1 : ROAD.index(state) + 1]:
        who, verb = steps[step]
        with acting(who, at) as actor:
            verb(actor, locked(Complaint, number=number))
    return number


@pytest.fixture
def doing(office: Any) -> Callable[..., AbstractContextManager[Actor]]:
    """One committed business act of somebody of the cast."""
    return acting
