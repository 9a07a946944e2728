"""Puts cases straight into the office of a test: what is counted is there, however it came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import g, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from portal.cases.models import Case, CaseState
from portal.kernel import clock
from portal.kernel.db import db
from portal.service_commitment.models import CaseKind
from tests.office import NOW


class Rows:
    """Cases by the hundred."""

    def __init__(self, ids: Any) -> None:
        self.ids, self._next = ids, 0

    def case(self, post: str = "YW-1", closed_at: datetime | None = None, **values: Any) -> int:
        """One case; with ``closed_at`` it ended then, completed unless another state is named."""
        self._next += 1
        state = values.pop("state", CaseState.COMPLETED if closed_at else CaseState.IN_PROGRESS)
        ended = {name: values.pop(name) for name in ("closed_late", "share_used", "answered_by_id") if name in values}
        filled = {
            "number": f"T-{self._next}",
            "kind": CaseKind.PROMISED,
            "matter": f"事项 {self._next}",
            "client_name": "",
            "post_id": self.ids.posts[post],
            "department_id": self.ids.departments[post[:2]],
            "received_at": NOW,
            "clock_from": NOW,
            "state": CaseState.IN_PROGRESS if closed_at else state,
        } | values
        case_id = db.session.execute(insert(Case).values(**filled).returning(Case.id)).scalar_one()
        if closed_at is not None:
            ended |= {"state": state, "closed_at": closed_at, "closed_on": clock.local(closed_at).date()}
            db.session.execute(update(Case).where(Case.id == case_id).values(**ended))
        return int(case_id)

    def many(self, count: int, seed: int = 1) -> None:
        """A mixed lot over three months, with all that figures tell apart."""
        r = Random(seed)
        people = [*(self.ids.users[name] for name in ("clerk", "clerk2", "other")), None]
        items = [None, *self.ids.items.values()]
        leads = [self.case(received_at=NOW - timedelta(days=80))]
        for _n in range(count):
            received = NOW - timedelta(minutes=r.randrange(1, 130_000))
            due = received + timedelta(days=r.choice((1, 3, 7)))
            values: dict[str, Any] = {
                "post": r.choice(("YW-1", "YW-2", "XH-1")),
                "received_at": received,
                "item_id": r.choice(items),
                "due_at": r.choice((due, due, due, None)),
                "lead_id": r.choice((None, None, None, None, leads[0])),
            }
            if r.random() < 0.6:
                closed = min(NOW, received + timedelta(hours=r.randrange(1, 400)))
                values |= {
                    "closed_at": closed,
                    "closed_late": closed > due,
                    "share_used": r.choice((None, 0, 50, 51, 500, 999, 1000, 1001, 1300, 9000)),
                    "answered_by_id": r.choice(people),
                    "state": r.choice((CaseState.COMPLETED, CaseState.WITHDRAWN, CaseState.LAPSED)),
                }
            else:
                values |= {
                    "stopped": r.random() < 0.3,
                    "stopped_until": r.choice((None, NOW - timedelta(days=1), NOW + timedelta(days=1))),
                }
            self.case(**values)


@pytest.fixture
def rows(office: Any) -> Rows:
    """Puts cases into the office of the test."""
    return Rows(office)


@pytest.fixture
def login(login: Callable[[str], FlaskClient]) -> Callable[[str], FlaskClient]:
    """Logged-in clients that forget between requests who asked last, though a context of the test stands open."""

    def log_in(username: str) -> FlaskClient:
        client = login(username)
        send = type(client).open

        def fresh(*args: Any, **kwargs: Any) -> Any:
            if has_app_context():
                db.session.rollback()  # what the test has read stays as old as its transaction
                for name in ("actor", "_login_user"):
                    g.pop(name, None)
            return send(client, *args, **kwargs)

        client.open = fresh  # type: ignore[method-assign]
        return client

    return log_in
