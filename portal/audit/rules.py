"""What an auditor may see of an entry (R-2), and exported heads as they are read back (J-2). Pure."""

from __future__ import annotations

import json
import re
from typing import Any

#: Rooms whose entries are about the running of the office. All others hold matters of clients, which the auditor does
#: not see; a new room is closed until it is named here.
OPEN_ROOMS = frozenset(
    {
        "ab_post",
        "access",
        "audit",
        "calendar",
        "operations",
        "people",
        "policy",
        "post_duty",
        "service_commitment",
        "wall",
    }
)
MAX_HEADS = 20_000

_NUMBER = re.compile(r"[A-Z]{1,8}-\d{4}-\d{1,9}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d|Z)?)?")
_PLAIN_HEAD = re.compile(r"([1-9][0-9]{0,17}) +([0-9a-f]{64})( .*)?")
_HASH = re.compile(r"[0-9a-f]{64}")


def is_hidden(event: str, value: Any, labelled: bool) -> bool:
    """Whether a plain fact of an event is withheld from the auditor.

    Of a business room only what says nothing about the matter is shown: public numbers, dates, figures, yes and no,
    and words of a vocabulary (``labelled``).
    """
    if event.partition(".")[0] in OPEN_ROOMS or labelled or value is None or isinstance(value, bool | int | float):
        return False
    if isinstance(value, str):
        return not (value == "" or _NUMBER.fullmatch(value) or _DATE.fullmatch(value))
    return value not in ([], {})


class BadHead(ValueError):
    """A line that is no exported head; ``number`` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number} is no exported head")
        self.number = number


def read_heads(text: str) -> list[tuple[int, str]]:
    """Exported heads, one a line: a JSON object with ``seq`` and ``hash``, or number and hash in plain text.

    Empty lines and lines that begin with ``#`` are passed over. Raises BadHead.
    """
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if plain and not plain.startswith("#"):
            head = _json_head(plain) if plain.startswith("{") else _plain_head(plain)
            if head is None or len(found) >= MAX_HEADS:
                raise BadHead(number)
            found.append(head)
    return found


def _plain_head(line: str) -> tuple[int, str] | None:
    parts = _PLAIN_HEAD.fullmatch(line)
    return (int(parts[1]), parts[2]) if parts else None


def _json_head(line: str) -> tuple[int, str] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    seq, digest = found.get("seq"), found.get("hash")
    if type(seq) is not int or not 1 <= seq < 10**18 or not isinstance(digest, str) or not _HASH.fullmatch(digest):
        return None
    return seq, digest
