"""Exports between upload and confirmation: in the instance folder under random names, a day at most.

A name says whose file it is and when it came (by the portal's clock); the file's own name stands beside it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from werkzeug.exceptions import NotFound

KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"(\d+)-(\d+)-([0-9a-f]{32})\.(data|json)")


@dataclass(frozen=True)
class Waiting:
    """A file that waits: its own name, its content, and the columns chosen so far."""

    name: str
    content: bytes
    columns: list[str] | None


def folder() -> Path:
    """The folder of exports that wait for confirmation."""
    found: Path = current_app.extensions["portal.config"].instance / "attendance"
    return found


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def keep(user_id: int, name: str, content: bytes, now: datetime) -> str:
    """Keep a file for its person; returns the token that names it in addresses."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    base = folder() / f"{user_id}-{int(now.timestamp())}-{token}"
    _write(base.with_suffix(".data"), content)
    _write(base.with_suffix(".json"), json.dumps({"name": name, "columns": None}).encode())
    return token


def read(user_id: int, token: str, now: datetime) -> Waiting:
    """A person's own file. Raises NotFound when there is none, or no longer."""
    path = _path(user_id, token, now)
    try:
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        return Waiting(said["name"], path.read_bytes(), said["columns"])
    except FileNotFoundError:
        raise NotFound() from None


def choose(user_id: int, token: str, columns: list[str], now: datetime) -> None:
    """Keep what the columns of a waiting file mean."""
    path = _path(user_id, token, now).with_suffix(".json")
    said = json.loads(path.read_text(encoding="utf-8"))
    _write(path, json.dumps({**said, "columns": columns}).encode())


def drop(user_id: int, token: str, now: datetime) -> None:
    """Delete a person's own file, if it is there."""
    try:
        path = _path(user_id, token, now)
    except NotFound:
        return
    path.unlink(missing_ok=True)
    path.with_suffix(".json").unlink(missing_ok=True)


def _path(user_id: int, token: str, now: datetime) -> Path:
    if not _TOKEN.fullmatch(token):
        raise NotFound()
    found = next(folder().glob(f"{user_id}-*-{token}.data"), None)
    if found is None or _is_old(found.name, now):
        raise NotFound()
    return found


def _is_old(name: str, now: datetime) -> bool:
    parts = _NAME.fullmatch(name)
    return parts is None or datetime.fromtimestamp(int(parts[2]), UTC) < now - KEPT


def sweep(now: datetime) -> int:
    """Delete the files that nobody confirmed within a day; returns how many."""
    old = [p for p in folder().glob("*") if _is_old(p.name, now)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
