"""A display that is paired, and cases of any light on a working Wednesday."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.wall import service
from portal.wall.models import Display


@pytest.fixture
def tv(app: Flask) -> Callable[..., FlaskClient]:
    """A browser that was paired as a display."""

    def make(name: str = "一楼大厅", large: bool = False, who: str = "office") -> FlaskClient:
        client = app.test_client()
        assert client.post("/wall/pairing").status_code == 303
        code = re.search(r'class="code"[^>]*>(\w+)<', client.get("/wall").get_data(as_text=True))[1]
        with app.app_context(), transaction.act():
            from portal.people import queries as people

            service.pair(people.actor_by_username(who, clock.now()), code, name, large, clock.now())
        return client

    return make
