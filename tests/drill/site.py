"""A real server on a site of its own, to be killed and started again; and what its clients do."""

from __future__ import annotations

import http.client
import multiprocessing
import os
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from multiprocessing.connection import Connection
from typing import Self
from urllib.parse import urlencode, urlsplit

from flask import Flask

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.people.models import UserSession


def environment(app: Flask, **more: str) -> dict[str, str]:
    """What makes ``portal`` work on the site of an application."""
    config = app.extensions["portal.config"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    found = {
        "PORTAL_INSTANCE": str(config.instance),
        "PORTAL_SECRET_KEY": config.secret_key,
        "PORTAL_SAMPLE": "1",
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        **more,
    }
    if not config.embedded:
        found["PORTAL_DATABASE_URL"] = config.url
    return kept | found


#: Servers are forked from one process that has loaded the portal: a drill is about dying and coming back, not loading.
LOADED = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
LOADED.set_forkserver_preload(["portal.cli", __name__])


def _run(arguments: list[str], settings: dict[str, str], said: Connection, complained: Connection) -> None:
    """The command ``portal`` in a process of its own, with what it prints sent to whoever started it."""
    os.environ.clear()
    os.environ.update(settings)
    os.dup2(said.fileno(), 1)
    os.dup2(complained.fileno(), 2)
    said.close()
    complained.close()
    from portal.cli import main

    main(arguments, prog_name="portal")


class Command:
    """One run of the command ``portal`` on the site of an application."""

    def __init__(self, app: Flask, *arguments: str, **more: str) -> None:
        hear, said = multiprocessing.Pipe(duplex=False)
        note, complained = multiprocessing.Pipe(duplex=False)
        told = (list(arguments), environment(app, **more), said, complained)
        self.process = LOADED.Process(target=_run, args=told, daemon=True)
        self.process.start()
        said.close()
        complained.close()
        self.errors: list[str] = []
        self.hear = os.fdopen(os.dup(hear.fileno()), encoding="utf-8")
        hear.close()
        self._listener = threading.Thread(target=self._listen, args=(note,), daemon=True)
        self._listener.start()

    def _listen(self, note: Connection) -> None:
        with os.fdopen(os.dup(note.fileno()), encoding="utf-8", errors="replace") as lines:
            note.close()
            self.errors.extend(lines)

    def kill(self) -> None:
        """What a power cut does to a process: SIGKILL, no last words."""
        self.process.kill()
        self.process.join()

    def wait(self, seconds: float) -> int | None:
        """The exit code once it has ended and all it complained of was read; None when it goes on."""
        self.process.join(seconds)
        if self.process.exitcode is not None:
            self._listener.join(seconds)
        return self.process.exitcode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self.hear.close()


class Server(Command):
    """One run of ``portal run``."""

    def __init__(self, app: Flask, **more: str) -> None:
        super().__init__(app, "run", "--port", "0", **more)
        first = self.hear.readline()
        found = re.search(r"http://[^\s]+", first)
        assert found, f"the server did not start: {first!r} {self.errors}"
        self.address = urlsplit(found[0])

    def stop(self) -> int | None:
        """Ask it to end; returns its exit code."""
        self.process.terminate()
        return self.wait(30)


def session_cookie(app: Flask, user_id: int, seen_ago: float = 1) -> str:
    """The cookie of a new session of a person, valid for the real clock."""
    token = secrets.token_urlsafe(16)
    with app.app_context(), transaction.act():
        now = clock.now() - timedelta(seconds=seen_ago)
        db.session.add(UserSession(token_hash=people.token_hash(token), user_id=user_id, started_at=now, seen_at=now))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_fresh': True})}"


@dataclass
class Answer:
    """What came back."""

    status: int
    location: str
    body: str
    retry_after: str | None = None


class Client:
    """One browser: keeps its connection, its session and the CSRF token of its page."""

    def __init__(self, address: object, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)  # type: ignore[attr-defined]
        self.cookies = SimpleCookie(cookie)
        self.token = ""

    def _send(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{k}={v.value}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return Answer(answer.status, answer.getheader("Location") or "", text, answer.getheader("Retry-After"))

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._send("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, with the CSRF token of a page of this session."""
        if not self.token:
            page = self.get("/account")
            found = re.search(r'name="csrf_token" value="([^"]+)"', page.body)
            assert found, f"no token on the page: {page.status}"
            self.token = found[1]
        return self._send("POST", path, urlencode({**fields, "csrf_token": self.token}))


def entry(matter: str, key: str) -> dict[str, str]:
    """The one thing that the drills write: a first-ask entry that opens a case."""
    return {"matter": matter, "disposition": "case", "channel": "visit", "_key": key}


def file_entry(client: Client, matter: str, key: str) -> Answer:
    """File one entry."""
    return client.post("/first-ask", entry(matter, key))


@dataclass
class Writer(threading.Thread):
    """Files entries one after the other until the server is gone; remembers which were acknowledged.

    ``pending`` is the submission that got no answer: it is sent again first, as people do, under the same key.
    """

    client_of: object
    name_of: str
    pending: tuple[str, str] | None = None
    acknowledged: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Write until the connection breaks."""
        try:
            client: Client = self.client_of()  # type: ignore[operator]
            while True:
                if self.pending is None:
                    self.pending = (f"{self.name_of}-{len(self.sent)}", secrets.token_hex(12))
                matter, key = self.pending
                self.sent.append(matter)
                answer = file_entry(client, matter, key)
                self.pending = None
                if answer.status == 303:
                    self.acknowledged.append(matter)
                else:
                    self.faults.append(f"{matter}: {answer.status}")
        except (OSError, http.client.HTTPException):
            return


def wait_until(true: object, seconds: float) -> bool:
    """Wait for something to become true; False when it did not in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False
