"""Polls that find nothing changed, answered before they become requests of the application (W-1).

A screen polls every few seconds and nearly always learns that nothing has changed. That answer needs the display's row
and the journal's head, one indexed statement; the session, the visitor and the checks of a page would cost ten times
as much. Whatever is not such a poll, or finds a change, goes on to the application, which decides alone what to show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie

from portal.kernel import clock, i18n
from portal.kernel.db import db
from portal.kernel.web import SECURITY_HEADERS
from portal.wall import queries

PATH = "/wall/board"
#: htmx repeats the last tag in this header, since a page that nobody may store has no other way to ask.
TAG = "HX-PTag"


def cookie_name(app: Flask) -> str:
    """Name of the display's cookie."""
    return "__Secure-wall" if app.config["SESSION_COOKIE_SECURE"] else "wall"


def language(cookies: Any) -> str:
    """The language of a display: the cookie of its browser, else Chinese."""
    wanted: str = cookies.get(i18n.COOKIE, "")
    return wanted if wanted in i18n.LANGUAGES else "zh"


@cache
def build(root: str) -> str:
    """The name of what pages are made of: another one means that screens should load theirs anew."""
    found, base = hashlib.sha256(), Path(root)
    for folder in ("static", "templates", "translations"):
        for file in sorted((base / folder).rglob("*")):
            if file.is_file():
                found.update(str(file.relative_to(base)).encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:12]


def tag(build_id: str, head: int, large: bool, lang: str, now: datetime) -> str:
    """What the wall depends on: the journal (everything shown is in it) and the minute (lights, absences)."""
    return f'"{build_id}-{head}-{int(now.timestamp()) // 60}-{"l" if large else "s"}-{lang}"'


def headers(build_id: str, tag_now: str) -> dict[str, str]:
    """The headers of every good answer to a poll."""
    return {"ETag": tag_now, TAG: tag_now, "X-Portal-Build": build_id}


class Unchanged:
    """Answers 304 to the poll of a display that holds the present tag; everything else goes on."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        self._app, self._inner = app, inner
        self._engine: Engine | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a WSGI request."""
        if environ.get("PATH_INFO") == PATH and environ.get("REQUEST_METHOD") == "GET" and "HTTP_HX_PTAG" in environ:
            found = self._unchanged(environ)
            if found is not None:
                start_response("304 NOT MODIFIED", found)
                return ()
        return self._inner(environ, start_response)

    def _unchanged(self, environ: dict[str, Any]) -> list[tuple[str, str]] | None:
        try:
            cookies = parse_cookie(environ)
        except UnicodeDecodeError:
            return None
        token = cookies.get(cookie_name(self._app), "")
        if not token:
            return None
        if self._engine is None:
            with self._app.app_context():
                self._engine = db.engine
        try:
            screen = queries.screen(self._engine, token)
        except SQLAlchemyError:
            return None  # the application says so in its own words
        if screen is None:
            return None
        build_id = build(self._app.root_path)
        now_tag = tag(build_id, screen.head, screen.large, language(cookies), clock.now())
        if environ["HTTP_HX_PTAG"] != now_tag:
            return None
        return [*headers(build_id, now_tag).items(), *SECURITY_HEADERS, ("Cache-Control", "no-store")]


def install(app: Flask) -> None:
    """Put the short way in front of the application."""
    app.wsgi_app = Unchanged(app, app.wsgi_app)  # type: ignore[method-assign]
