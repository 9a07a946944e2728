"""Codes of slips: they prove themselves, so that handing one out leaves nothing in the database (S-1). Pure.

A code is twelve signs: six random ones, and a checksum of six over them, the department and the month, made with the
site's secret. Of 25^6 = 244 million checksums one fits, so that guessing meets the limit of wrong codes long before.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import date

from portal.pure.numbering import CHECK_ALPHABET, signs
from portal.pure.text import nfkc

ALPHABET = CHECK_ALPHABET
RANDOM = CHECK = 6
LENGTH = RANDOM + CHECK
#: Signs of the digest that a used code leaves.
DIGEST = 24

Place = tuple[int, date]


def _check(secret: bytes, start: str, place: Place) -> str:
    department_id, month = place
    text = f"evaluation code {start} {department_id} {month:%Y-%m}"
    return signs(hmac.new(secret, text.encode(), hashlib.sha256).digest(), CHECK)


def make(secret: bytes, place: Place) -> str:
    """A new code for a department and a month."""
    start = "".join(secrets.choice(ALPHABET) for _n in range(RANDOM))
    return start + _check(secret, start, place)


def plain(typed: str) -> str:
    """A code as typed: lower case, full width, and blanks or dashes between its signs are accepted."""
    return "".join(c for c in nfkc(typed).upper() if not c.isspace() and c not in "-_·–—")


def place_of(secret: bytes, typed: str, places: Iterable[Place]) -> Place | None:
    """For which of the departments and months a code was made; None for none of them."""
    code = plain(typed)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return None
    start, check = code[:RANDOM], code[RANDOM:]
    found = None
    for place in places:  # all of them: how long it takes tells nothing
        if hmac.compare_digest(_check(secret, start, place), check):
            found = place
    return found


def shown(code: str) -> str:
    """A code as it is printed: ``XXXX-XXXX-XXXX``."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def digest(secret: bytes, typed: str) -> str:
    """What a used code leaves behind."""
    made = hmac.new(secret, f"evaluation used {plain(typed)}".encode(), hashlib.sha256)
    return made.hexdigest()[:DIGEST]


def used(digests: str) -> set[str]:
    """The digests that stand in a row without anything between them."""
    return {digests[n : n + DIGEST] for n in range(0, len(digests), DIGEST)}
