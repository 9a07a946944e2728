"""Password hashing with explicit parameters, and a check that costs the same for anyone."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: 19 MiB, two passes: about 50 ms on a small office machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

#: The hash of nobody's password, checked when the user is unknown so that the answer takes as long.
_NOBODY = _hasher.hash("nobody's password")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash; None (unknown user) takes the same time and is False."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


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
