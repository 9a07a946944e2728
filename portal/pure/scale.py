"""Scales of grades and what each grade is worth, as an office writes them (POL-1)."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from portal.pure.text import nfkc

MOST_GRADES = 10


@dataclass(frozen=True)
class Grade:
    """One grade of a scale and what it is worth."""

    text: str
    points: int


def read_scale(text: str) -> tuple[Grade, ...]:
    """The grades of a scale such as ``很满意=100、满意=80``, best first as written.

    Raises ValueError unless there are 2 to MOST_GRADES grades of different names, each worth 0 to 100, falling.
    """
    found = []
    for part in re.split(r"[、,，;；]", text):
        name, sign, points = part.replace("＝", "=").partition("=")
        digits = nfkc(points).strip()
        if not sign or not name.strip() or not re.fullmatch(r"[0-9]{1,3}", digits) or int(digits) > 100:
            raise ValueError(part)
        found.append(Grade(name.strip(), int(digits)))
    worth = [g.points for g in found]
    if not 2 <= len(found) <= MOST_GRADES or len({g.text for g in found}) < len(found):
        raise ValueError(text)
    if any(a <= b for a, b in itertools.pairwise(worth)):
        raise ValueError(text)
    return tuple(found)
