"""A real server on a loopback port, a real Chromium, and people who log in through the page."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from waitress.server import create_server

from portal.kernel.db import db
from portal.operations.schema import upgrade
from tests import office as cast
from tests.conftest import make_app

#: Chromium's shell first: the same engine without windows of its own.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
PC = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TV = {"width": 1920, "height": 1080}
#: No browser of this run may speak to any other host.
OWN_HOST = "127.0.0.1"


class Known:
    """What was found good in this run, by whichever worker: an empty file for each thing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def _file(self, what: object) -> Path:
        return self.folder / hashlib.sha256(repr(what).encode()).hexdigest()

    def __contains__(self, what: object) -> bool:
        return self._file(what).exists()

    def add(self, what: object) -> None:
        """From now on it is known."""
        self._file(what).touch()


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """One memory for all workers of a run."""
    base = tmp_path_factory.getbasetemp()
    return Known((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "looked-at")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served office (embedded database, the machine's own clock)."""
    app = make_app(tmp_path_factory.mktemp("browser"), "")
    with app.app_context():
        upgrade()
        cast.build()
        db.session.remove()
    server: Any = create_server(app, host=OWN_HOST, port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://{OWN_HOST}:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for the run; without one the tests are skipped aloud."""
    api = pytest.importorskip("playwright.sync_api", reason="BROWSER TESTS SKIPPED: the package playwright is missing")
    if CHROMIUM is None:
        pytest.skip("BROWSER TESTS SKIPPED: no Chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def states() -> dict[str, Any]:
    """What the browsers of people who have logged in hold, by username."""
    return {}


@pytest.fixture
def browser_of(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Makes browser contexts; afterwards nothing may have gone elsewhere, nor broken the content policy or a script."""
    made: list[Any] = []
    faults: list[str] = []

    def requested(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != urlsplit(site).netloc:
            faults.append(f"asked another host: {request.url}")

    def said(message: Any) -> None:
        if any(words in message.text for words in ("Content Security Policy", "Refused to")):
            faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def make(viewport: dict[str, int] | None = None, **more: Any) -> Any:
        context = chromium.new_context(base_url=site, viewport=viewport or PC, locale="zh-CN", **more)
        context.set_default_timeout(10_000)
        context.on("request", requested)
        context.on("console", said)
        context.on("weberror", lambda error: faults.append(f"a script failed: {error.error}"))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert not faults, "\n".join(dict.fromkeys(faults))


@pytest.fixture
def person(browser_of: Callable[..., Any], states: dict[str, Any]) -> Callable[..., Any]:
    """The browser context of somebody who has logged in through the login page (once a run)."""

    def enter(username: str, viewport: dict[str, int] | None = None) -> Any:
        if username not in states:
            context = browser_of(viewport)
            page = context.new_page()
            page.goto("/login")
            page.fill("#username", username)
            page.fill("#password", cast.PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/")
            states[username] = context.storage_state()
            page.close()
            return context
        return browser_of(viewport, storage_state=states[username])

    return enter
