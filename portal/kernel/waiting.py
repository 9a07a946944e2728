"""Files between upload and confirmation: in the instance folder under random names, a day at most.

A name says whose file it is and when it came (by the portal's clock), so that nobody can open another's.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from werkzeug.exceptions import NotFound

KEPT = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"(\d+)-(\d+)-([0-9a-f]{32})\.(data|json)")


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


def _is_old(name: str, now: datetime) -> bool:
    parts = _NAME.fullmatch(name)
    return parts is None or datetime.fromtimestamp(int(parts[2]), UTC) < now - KEPT


class Shelf:
    """The waiting files of one room, each with what is known about it, if anything was said."""

    def __init__(self, name: str) -> None:
        self.name = name

    def folder(self) -> Path:
        """The folder of files that wait for confirmation."""
        found: Path = current_app.extensions["portal.config"].instance / self.name
        return found

    def keep(self, user_id: int, content: bytes, now: datetime) -> str:
        """Keep a file for its person; returns the token that names it in addresses."""
        self.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        token = secrets.token_hex(16)
        _write(self.folder() / f"{user_id}-{int(now.timestamp())}-{token}.data", content)
        return token

    def read(self, user_id: int, token: str, now: datetime) -> bytes:
        """A person's own file. Raises NotFound when there is none, or no longer."""
        return self._content(self._path(user_id, token, now))

    def tell(self, user_id: int, token: str, now: datetime, about: Any) -> None:
        """Keep what is known about a waiting file (anything JSON can hold). Raises NotFound as ``read`` does."""
        _write(self._path(user_id, token, now).with_suffix(".json"), json.dumps(about).encode())

    def told(self, user_id: int, token: str, now: datetime) -> Any:
        """What is known about a waiting file. Raises NotFound as ``read`` does, or when nothing was said."""
        return json.loads(self._content(self._path(user_id, token, now).with_suffix(".json")))

    def drop(self, user_id: int, token: str, now: datetime) -> None:
        """Delete a person's own file, if it is there."""
        try:
            path = self._path(user_id, token, now)
        except NotFound:
            return
        path.unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)

    def sweep(self, now: datetime) -> int:
        """Delete the files that nobody confirmed within a day; returns how many."""
        old = [path for path in self.folder().glob("*") if _is_old(path.name, now)]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise NotFound() from None

    def _path(self, user_id: int, token: str, now: datetime) -> Path:
        if not _TOKEN.fullmatch(token):
            raise NotFound()
        found = next(self.folder().glob(f"{user_id}-*-{token}.data"), None)
        if found is None or _is_old(found.name, now):
            raise NotFound()
        return found
