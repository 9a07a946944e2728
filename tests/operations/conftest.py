"""A second, empty instance beside the office, and the command on the office's own instance."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from portal.cli import main
from portal.kernel.db import db
from tests.conftest import SERVER, _server, _with_name, make_app


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty instance folder and an empty database."""
    name = f"portal_empty_{secrets.token_hex(4)}"
    if SERVER:
        _server(f"CREATE DATABASE {name}")
    folder = tmp_path / "elsewhere"
    app = make_app(folder, _with_name(SERVER, name) if SERVER else "")
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if SERVER:
        _server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run ``portal …`` on the instance of ``app`` (or of another application)."""

    def run(*arguments: str, on: Flask = app) -> Result:
        config = on.extensions["portal.config"]
        monkeypatch.setenv("PORTAL_INSTANCE", str(config.instance))
        monkeypatch.setenv("PORTAL_SECRET_KEY", config.secret_key)
        if not config.embedded:
            monkeypatch.setenv("PORTAL_DATABASE_URL", config.url)
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    return run
