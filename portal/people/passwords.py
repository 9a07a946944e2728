"""Password hashing with explicit parameters, and a check that costs the same for anyone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: 19 MiB, two passes: about 50 ms on a small office machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

#: Stored in place of a hash while nobody has handed out a first password: no password fits it.
NONE = "!"

#: Letters and digits that nobody takes for another: without 0 O o, 1 l I, 2 Z z, 5 S s, u v.
_READABLE = "abcdefghijkmnpqrtwxyABCDEFGHJKLMNPQRTUVWXY346789"

#: The hash of nobody's password, checked when the user is unknown so that the answer takes as long.
_NOBODY = _hasher.hash("nobody's password")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash.

    None (unknown user) and NONE (no password was handed out yet) take the same time and are False.
    """
    known = stored is not None and stored != NONE
    try:
        return _hasher.verify(stored if known and stored else _NOBODY, password) and known
    except (VerificationError, InvalidHashError):
        return False


def generate(minimum: int, username: str) -> str:
    """A one-time password of at least ``minimum`` signs that keeps every rule and is easy to read off paper."""
    while True:
        groups = ["".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(max(3, -(-(minimum + 1) // 5)))]
        made = "-".join(groups)
        if problem(made, username, minimum) is None:
            return made


def hash_all(made: Iterable[str]) -> list[str]:
    """Hashes of several passwords, made side by side."""
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as workers:
        return list(workers.map(_hasher.hash, made))


def problem(password: str, username: str, minimum: int) -> str | None:
    """Why a new password is too weak: ``short``, ``kinds`` (of signs: fewer than three) or ``name``; None if good."""
    if len(password) < minimum:
        return "short"
    kinds = sum(
        (
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        )
    )
    if kinds < 3:
        return "kinds"
    if username and username.lower() in password.lower():
        return "name"
    return None
