"""Fixtures of the people room: an instance before its first run, and real logins."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.operations.schema import upgrade
from tests import conftest
from tests import office as cast


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[Flask]:
    """A migrated database in which nothing is set up yet."""
    name = f"portal_bare_{secrets.token_hex(4)}"
    if conftest.SERVER:
        conftest._server(f"CREATE DATABASE {name}")
    made = conftest.make_app(tmp_path, conftest._with_name(conftest.SERVER, name) if conftest.SERVER else "")
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        upgrade()
        db.session.remove()
    with clock.at(cast.NOW):
        yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    if conftest.SERVER:
        conftest._server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def enter(app: Flask) -> Callable[..., tuple[FlaskClient, TestResponse]]:
    """Log in through the page, in a browser of its own."""

    def go(username: str, password: str = cast.PASSWORD, path: str = "/login") -> tuple[FlaskClient, TestResponse]:
        client = app.test_client()
        return client, client.post(path, data={"username": username, "password": password})

    return go


@pytest.fixture
def events(app: Flask) -> Callable[[str], list[journal.JournalEntry]]:
    """The journal's entries of one kind, oldest first."""

    def of(tag: str) -> list[journal.JournalEntry]:
        with app.app_context():
            rows = db.select(journal.JournalEntry).filter_by(event=tag).order_by(journal.JournalEntry.seq)
            return list(db.session.scalars(rows))

    return of
