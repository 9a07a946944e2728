"""Papers lie sealed until they are counted; the key of a round lies outside the database and its backups (S-1, E-7).

A key is made when a round opens. Once its papers were counted it is of no use: papers and key are gone, and what an
old copy of the database holds of them can be read by nobody.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from flask import current_app

from portal.evaluation.sealing import seal, unseal
from portal.yearly_grade.rules import Panel

FILE = "yearly_urn_"
#: Marks in one paper at most: it has one length whatever it says.
MOST = 200

#: One mark: the row, the panel, the number of the mark.
Mark = tuple[int, Panel, int]


def _folder() -> Path:
    found: Path = current_app.extensions["portal.config"].instance
    return found


def _path(round_id: int) -> Path:
    return _folder() / f"{FILE}{round_id}"


def make_key(round_id: int) -> None:
    """Make the key of a round anew, readable by its owner only."""
    fresh = _folder() / f"{FILE}{round_id}.{secrets.token_hex(4)}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, _path(round_id))


def key(round_id: int) -> bytes | None:
    """The key of a round; None when it is gone."""
    path = _path(round_id)
    return bytes.fromhex(path.read_text(encoding="ascii")) if path.exists() else None


def forget(round_ids: Iterable[int]) -> int:
    """Delete the keys of rounds that were counted; returns how many there were."""
    gone = [path for path in map(_path, round_ids) if path.exists()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def papers(secret: bytes, marks: Sequence[Mark]) -> list[bytes]:
    """The sealed papers of one voter."""
    mixed = list(marks)
    secrets.SystemRandom().shuffle(mixed)
    parts = [mixed[n : n + MOST] for n in range(0, len(mixed), MOST)]
    return [seal(secret, json.dumps(part, separators=(",", ":")).encode()) for part in parts]


def opened(secret: bytes | None, sealed: Iterable[bytes]) -> tuple[list[Mark], int]:
    """The marks of all papers that can be opened, and how many cannot."""
    found: list[Mark] = []
    lost = 0
    for paper in sealed:
        said = unseal([secret], paper) if secret is not None else None
        if said is None:
            lost += 1
        else:
            found += [(row, Panel(panel), mark) for row, panel, mark in json.loads(said)]
    return found, lost
