"""Public numbers of cases, notices and filings, and the check codes printed beside them (N-3, O-6)."""

import hashlib
import hmac
import re
from typing import NamedTuple

from portal.pure.text import clean, nfkc

# No character that is read for another on paper: 0 O, 1 I L, 2 Z, 5 S, 8 B.
CHECK_ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
CHECK_LENGTH = 6

_MAX_SERIAL = 999_999_999
_MAX_TEXT = 64
_PREFIX = re.compile(r"[A-Z]{1,8}")
_NUMBER = re.compile(r"([A-Z]{1,8})-([0-9]{4})-([0-9]{1,12})")
# Dashes that people and input methods write for the plain hyphen; full-width ones fall to it by NFKC.
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


class NumberError(ValueError):
    """A text or parts that make no number. ``code`` is one of ``empty``, ``format``, ``out_of_range``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Number(NamedTuple):
    """The parts of a public number."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        return format_number(*self)


def format_number(prefix: str, year: int, serial: int) -> str:
    """``SX-2026-0412``: four digits of serial number at least, more when it outgrows them. Raises `NumberError`."""
    if not _PREFIX.fullmatch(prefix):
        raise NumberError("format")
    if not (1 <= year <= 9999 and 1 <= serial <= _MAX_SERIAL):
        raise NumberError("out_of_range")
    return f"{prefix}-{year:04d}-{serial:04d}"


def parse_number(text: str) -> Number:
    """Read a number as people type it: any case, full-width characters, other dashes, blanks, missing zeros.

    Raises `NumberError`.
    """
    if len(text) > _MAX_TEXT:
        raise NumberError("format")
    plain = "".join(nfkc(clean(text)).translate(_DASHES).upper().split())
    if not plain:
        raise NumberError("empty")
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise NumberError("format")
    number = Number(match[1], int(match[2]), int(match[3]))
    format_number(*number)
    return number


def check_code(text: str, secret: bytes) -> str:
    """A code of six characters that only the holder of the secret can make for this text. Raises `ValueError`."""
    if not secret:
        raise ValueError("a check code needs a secret")
    digest = hmac.new(secret, b"check-code\0" + text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return signs(digest, CHECK_LENGTH)


def signs(digest: bytes, length: int) -> str:
    """So many characters of the alphabet of check codes as a digest gives them."""
    rest = int.from_bytes(digest, "big")
    characters = []
    for _ in range(length):
        rest, index = divmod(rest, len(CHECK_ALPHABET))
        characters.append(CHECK_ALPHABET[index])
    return "".join(characters)


def verify_check_code(text: str, code: str, secret: bytes) -> bool:
    """Whether the code belongs to the text, in constant time; case, width, blanks and hyphens do not matter."""
    if len(code) > _MAX_TEXT:
        return False
    plain = "".join(nfkc(clean(code)).upper().replace("-", "").split())
    return hmac.compare_digest(plain.encode("utf-8", "surrogatepass"), check_code(text, secret).encode())
