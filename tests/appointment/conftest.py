"""Hours of the departments, and acts of the cast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime

import pytest

from portal.appointment import service, slots
from portal.appointment.models import Appointment, Channel, Reason
from portal.appointment.service import Asked
from portal.kernel import transaction
from portal.kernel.actor import Actor
from portal.kernel.db import db
from tests.office import NOW, SHANGHAI

#: Thursday 12:00, the first slot of YW; a Saturday at 9:30 too.
SLOT = datetime(2026, 11, 19, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture
def acting(as_actor) -> Callable[..., AbstractContextManager[Actor]]:
    """One committed business act of somebody of the cast at an instant."""

    @contextmanager
    def act(who: str, at: datetime = NOW) -> Iterator[Actor]:
        with transaction.act():
            yield as_actor(who, at)

    return act


@pytest.fixture
def hours(app, ids) -> None:
    """YW: Thursday 12:00–13:00 for one each, Saturday 9:30–10:30 for two."""
    from portal.people import queries as people

    with app.app_context(), transaction.act():
        office = people.actor_by_username("office", NOW)
        slots.offer(office, ids.departments["YW"], 3, None, 720, 780, 30, 1, NOW)
        slots.offer(office, ids.departments["YW"], 5, None, 570, 630, 60, 2, NOW)


def asked(ids, **change: object) -> Asked:
    """What somebody asks for."""
    values = {
        "department_id": ids.departments["YW"], "matter": "递交认定材料", "name": "钱先生", "phone": "13800000000",
        "reason": Reason.DISABLED, "from_at": SLOT,
    }  # fmt: skip
    return Asked(**{**values, **change})  # type: ignore[arg-type]


def made(ids, at: datetime = NOW, **change: object) -> str:
    """An appointment asked for by a stranger; returns its number."""
    with transaction.act():
        return service.ask(asked(ids, **change), Channel.PUBLIC, at).number


def get(number: str) -> Appointment:
    """An appointment by its number."""
    return db.session.query(Appointment).filter_by(number=number).one()


DAY = date(2026, 11, 19)
