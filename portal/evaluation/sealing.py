"""Ballots in an urn are sealed with a key that lies outside the database and its backups (S-1).

A sealed ballot has one length whatever it says. It is encrypted with the key stream of SHAKE-256 over a key and a
nonce that is used once, and authenticated with HMAC-SHA256. The keys of an instance lie in its folder, the newest
first; once a day a new one comes and the oldest goes, so that what old backups hold of an urn can be read by nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

FILE = "urn_keys"
#: Keys that are kept: the urns are sealed anew on every day with the newest one.
KEPT = 3
#: Bytes of a ballot, filled up.
SIZE = 4096
_NONCE, _MARK = 32, 32
RECORD = _NONCE + SIZE + _MARK


def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, use, hashlib.sha256).digest()


def _blurred(key: bytes, nonce: bytes, text: bytes) -> bytes:
    stream = hashlib.shake_256(_derived(key, b"stream") + nonce).digest(len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")


def _mark(key: bytes, body: bytes) -> bytes:
    return hmac.new(_derived(key, b"mark"), body, hashlib.sha256).digest()


def seal(key: bytes, text: bytes) -> bytes:
    """A ballot under seal, always of RECORD bytes. Raises ValueError for one that is too long."""
    if len(text) > SIZE - 2:
        raise ValueError("a ballot is too long to be sealed")
    nonce = secrets.token_bytes(_NONCE)
    filled = len(text).to_bytes(2, "big") + text + bytes(SIZE - 2 - len(text))
    body = nonce + _blurred(key, nonce, filled)
    return body + _mark(key, body)


def unseal(keys: Sequence[bytes], record: bytes) -> bytes | None:
    """What a sealed ballot says; None when none of the keys is its own."""
    body, mark = record[:-_MARK], record[-_MARK:]
    for key in keys:
        if hmac.compare_digest(_mark(key, body), mark):
            filled = _blurred(key, body[:_NONCE], body[_NONCE:])
            return filled[2 : 2 + int.from_bytes(filled[:2], "big")]
    return None


def records(sealed: bytes) -> list[bytes]:
    """The sealed ballots of an urn."""
    return [sealed[n : n + RECORD] for n in range(0, len(sealed), RECORD)]


def shuffled(found: Sequence[bytes]) -> bytes:
    """Sealed ballots as an urn keeps them: in random order."""
    mixed = list(found)
    secrets.SystemRandom().shuffle(mixed)
    return b"".join(mixed)


# --- the keys -------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[str, list[bytes]]:
    day, *lines = path.read_text(encoding="ascii").split()
    return day, [bytes.fromhex(line) for line in lines]


def _write(path: Path, day: date, keys: Sequence[bytes]) -> Path:
    """The keys in a new file beside the one in use, readable by its owner only."""
    fresh = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join([day.isoformat(), *(key.hex() for key in keys)]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return fresh


def keys(folder: Path, today: date) -> list[bytes]:
    """The keys of an instance, the newest first; the first one is made when there is none."""
    path = folder / FILE
    if not path.exists():
        fresh = _write(path, today, [secrets.token_bytes(32)])
        try:
            os.link(fresh, path)  # fails where another process was quicker
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return _read(path)[1]


def renew(folder: Path, today: date) -> list[bytes]:
    """The keys with a new one in front, unless one was made today; more than KEPT are forgotten."""
    found = keys(folder, today)
    path = folder / FILE
    if _read(path)[0] < today.isoformat():
        os.replace(_write(path, today, [secrets.token_bytes(32), *found][:KEPT]), path)
        found = _read(path)[1]
    return found
