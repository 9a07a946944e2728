"""What the tests of the registers share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.kernel import clock, transaction
from portal.people import queries as people
from portal.register import attendance, kinds, service
from portal.register.attendance import Mark
from portal.register.models import RegisterEntry
from portal.register.service import Content
from tests.office import NOW


def who(name: str, at: datetime = NOW) -> Any:
    return people.actor_by_username(name, at)


@pytest.fixture
def adopted(office: Any) -> dict[str, Any]:
    """The shipped kinds, taken over by the office."""
    with transaction.act():
        return {kind.code: kind for kind in kinds.adopt(who("office"), NOW)}


@pytest.fixture
def shipped(app: Any) -> dict[str, Any]:
    """The shipped kinds for tests over HTTP, which stand in no application context of their own."""
    with app.app_context(), clock.at(NOW), transaction.act():
        return {kind.code: kind for kind in kinds.adopt(who("office"), NOW)}


def content(**kw: Any) -> Content:
    given: dict[str, Any] = {
        "title": "十一月学习",
        "held_at": NOW - timedelta(hours=1),
        "minutes": 90,
        "content": "学习条例。",
    }
    return Content(**(given | kw))


def begun(actor: str, kind: Any, department: int | None, **kw: Any) -> RegisterEntry:
    with transaction.act():
        return service.begin(who(actor), kind, department, content(**kw), NOW)


def taken(actor: str, entry: RegisterEntry, marks: dict[int, Mark] | None = None, reason: str = "") -> None:
    with transaction.act():
        all_marks = attendance.proposed(entry) | (marks or {})
        attendance.take(who(actor), entry, all_marks, entry.version, NOW, reason)


def filed(actor: str, entry: RegisterEntry) -> RegisterEntry:
    with transaction.act():
        service.file(who(actor), entry, NOW)
    return entry
