"""A site on the real clock, with sessions of eight clerks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.conftest import Site
from tests.drill import site


@pytest.fixture
def live(template: SimpleNamespace, tmp_path: Path) -> Iterator[Flask]:
    """The office on a fresh database, with the clock running."""
    tmp_path.chmod(0o700)
    made = Site(template, tmp_path)
    yield made.renew()
    made.leave()
    made.drop()


@pytest.fixture
def clerk_cookies(live: Flask, ids: SimpleNamespace) -> list[str]:
    """Session cookies of eight browsers: four of each clerk."""
    return [site.session_cookie(live, ids.users[who]) for who in ("clerk", "clerk2") * 4]
