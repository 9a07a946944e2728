"""Workbooks between preview and confirmation: in the instance folder under random names, a day at most.

A name says whose file it is and when it came (by the portal's clock), so that nobody can open another's.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from werkzeug.exceptions import NotFound

KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"(\d+)-(\d+)-([0-9a-f]{32})\.xlsx")


def folder() -> Path:
    """The folder of files that wait for confirmation."""
    found: Path = current_app.extensions["portal.config"].instance / "intake"
    return found


def keep(user_id: int, content: bytes, now: datetime) -> str:
    """Keep a file for its person; returns the token that names it in addresses."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    path = folder() / f"{user_id}-{int(now.timestamp())}-{token}.xlsx"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return token


def read(user_id: int, token: str, now: datetime) -> bytes:
    """A person's own file. Raises NotFound when there is none, or no longer."""
    path = _path(user_id, token, now)
    if path is None:
        raise NotFound()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFound() from None


def drop(user_id: int, token: str, now: datetime) -> None:
    """Delete a person's own file, if it is there."""
    path = _path(user_id, token, now)
    if path is not None:
        path.unlink(missing_ok=True)


def _path(user_id: int, token: str, now: datetime) -> Path | None:
    if not _TOKEN.fullmatch(token):
        return None
    found = next(folder().glob(f"{user_id}-*-{token}.xlsx"), None)
    return found if found is not None and not _is_old(found.name, now) else None


def _is_old(name: str, now: datetime) -> bool:
    parts = _NAME.fullmatch(name)
    return parts is None or datetime.fromtimestamp(int(parts[2]), UTC) < now - KEPT


def sweep(now: datetime) -> int:
    """Delete the files that nobody confirmed within a day; returns how many."""
    old = [p for p in folder().glob("*.xlsx") if _is_old(p.name, now)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
