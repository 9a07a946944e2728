"""Displays that are paired, and offices full of rows of any light."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from portal.cases.models import Case, CaseState
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.service_commitment.models import CaseKind, ItemVersion
from portal.wall import service


def code_on(client: FlaskClient) -> str:
    """The code that a waiting screen shows."""
    found = re.search(r'class="code"[^>]*>(\w+)<', client.get("/wall").get_data(as_text=True))
    assert found, "no code is shown"
    return found[1]


@pytest.fixture
def screen(app: Flask) -> Callable[[], tuple[FlaskClient, str]]:
    """A browser that shows a code, and the code."""

    def make() -> tuple[FlaskClient, str]:
        client = app.test_client()
        assert client.post("/wall/pairing").status_code == 303
        return client, code_on(client)

    return make


@pytest.fixture
def tv(app: Flask, screen: Callable[[], tuple[FlaskClient, str]]) -> Callable[..., FlaskClient]:
    """A browser that was paired as a display."""

    def make(name: str = "一楼大厅", large: bool = False) -> FlaskClient:
        client, code = screen()
        with app.app_context(), transaction.act():
            service.pair(people.actor_by_username("office", clock.now()), code, name, large, clock.now())
        return client

    return make


class Rows:
    """Puts cases straight into the table: in any state, with any instants, many at once."""

    def __init__(self, ids: Any) -> None:
        self.ids, self._next = ids, 0

    def case(self, post: str = "YW-1", closed_at: datetime | None = None, late: bool = False, **values: Any) -> int:
        """One case; with ``closed_at`` it is closed then, in ``state`` (completed unless said otherwise)."""
        self._next += 1
        state = values.pop("state", None)
        filled = {
            "number": f"T-{self._next}",
            "kind": CaseKind.PROMISED,
            "matter": f"事项 {self._next}",
            "client_name": "",
            "post_id": self.ids.posts[post],
            "department_id": self.ids.departments[post[:2]],
            "received_at": clock.now(),
            "state": CaseState.IN_PROGRESS if closed_at or state is None else state,
            "clock_from": clock.now(),
        } | values
        if state is CaseState.DEEMED_AGREED:  # the database lets silence alone do that, at its instant (T-7)
            filled = {"promise_version_id": self._tacit(), "consent_from": closed_at, "consent_at": closed_at} | filled
        case_id = db.session.execute(insert(Case).values(**filled).returning(Case.id)).scalar_one()
        if closed_at is not None:
            db.session.execute(
                update(Case)
                .where(Case.id == case_id)
                .values(
                    state=state or CaseState.COMPLETED,
                    closed_at=closed_at,
                    closed_on=clock.local(closed_at).date(),
                    closed_late=late,
                )
            )
        return case_id

    @staticmethod
    def _tacit() -> int:
        """A version of an item whose silence counts as consent."""
        chosen = select(func.min(ItemVersion.id)).scalar_subquery()
        tacit = update(ItemVersion).where(ItemVersion.id == chosen).values(tacit_consent=True, licence=False)
        return db.session.execute(tacit.returning(ItemVersion.id)).scalar_one()

    def all(self) -> list[Case]:
        """Every case there is."""
        return list(db.session.scalars(select(Case)))


@pytest.fixture
def rows(office: Any) -> Rows:
    """Puts rows into the office of the test."""
    return Rows(office)
