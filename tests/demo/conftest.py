"""The sample office, made small at three instants: a working Wednesday, a Sunday morning, a public holiday."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale

from portal import demo
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.operations.schema import upgrade
from portal.people.models import UserSession
from portal.people.queries import token_hash
from tests.conftest import SERVER, _server, _with_name, make_app
from tests.office import SHANGHAI

SCALE = 0.1
WEDNESDAY = datetime(2026, 11, 18, 15, 0, tzinfo=SHANGHAI)
SUNDAY = datetime(2026, 11, 22, 8, 0, tzinfo=SHANGHAI)
HOLIDAY = datetime(2026, 10, 4, 11, 0, tzinfo=SHANGHAI)


@contextmanager
def made_at(folder: Path, now: datetime) -> Iterator[SimpleNamespace]:
    """A migrated database with the sample office as it is made at an instant."""
    name = f"portal_demo_{secrets.token_hex(4)}"
    if SERVER:
        _server(f"CREATE DATABASE {name}")
    app = make_app(folder, _with_name(SERVER, name) if SERVER else "")
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
    with clock.at(now), app.app_context(), force_locale("zh"):
        stage = demo.perform(SCALE)
        refused, users = stage.refused, {name: user.id for name, user in stage.made.users.items()}
        db.session.remove()
    yield SimpleNamespace(app=app, now=now, refused=refused, users=users)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if SERVER:
        _server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The pages are walked at one instant, and Sunday is left to PORTAL_TEST_WHOLE=1, which walks all at all three."""
    if os.environ.get("PORTAL_TEST_WHOLE") == "1":
        return
    walked = [
        item
        for item in items
        if "tests/demo/" in item.nodeid
        and item.get_closest_marker("drill")
        and ("test_pages.py" in item.nodeid or "sunday" in item.nodeid)
    ]
    config.hook.pytest_deselected(items=walked)
    items[:] = [item for item in items if item not in walked]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(WEDNESDAY, id="wednesday"),
        pytest.param(SUNDAY, id="sunday", marks=pytest.mark.drill),
        pytest.param(HOLIDAY, id="holiday", marks=pytest.mark.drill),
    ],
)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The sample office, only read by the tests; a further instant runs with the drills."""
    with made_at(tmp_path_factory.mktemp("demo"), request.param) as found:
        yield found


@pytest.fixture
def sample(made: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The sample office with the clock held at its instant."""
    with clock.at(made.now):
        yield made


@pytest.fixture
def inside(sample: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The sample office within an application context."""
    with sample.app.app_context():
        yield sample
        db.session.remove()


@pytest.fixture
def visit(sample: SimpleNamespace) -> Callable[[str], FlaskClient]:
    """A client logged in as somebody of the sample office."""

    def log_in(username: str) -> FlaskClient:
        token = secrets.token_urlsafe(16)
        with sample.app.app_context(), transaction.act():
            db.session.add(
                UserSession(
                    token_hash=token_hash(token),
                    user_id=sample.users[username],
                    started_at=clock.now(),
                    seen_at=clock.now(),
                )
            )
        client = sample.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return log_in
