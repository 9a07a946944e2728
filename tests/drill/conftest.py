"""A site on the real clock, with sessions of eight clerks."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from portal.kernel.db import db
from tests.conftest import SERVER, _server, _with_name, make_app
from tests.drill import site


@pytest.fixture
def live(template: SimpleNamespace, tmp_path: Path) -> Iterator[Flask]:
    """The office on a fresh database, with the clock running."""
    name = f"{template.name}_{secrets.token_hex(4)}"
    tmp_path.chmod(0o700)
    if SERVER:
        _server(f"CREATE DATABASE {name} TEMPLATE {template.name}")
    else:
        shutil.copy(template.folder / "portal.db", tmp_path / "portal.db")
    app = make_app(tmp_path, _with_name(SERVER, name) if SERVER else "")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if SERVER:
        _server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def clerk_cookies(live: Flask, ids: SimpleNamespace) -> list[str]:
    """Session cookies of eight browsers: four of each clerk."""
    return [site.session_cookie(live, ids.users[who]) for who in ("clerk", "clerk2") * 4]
