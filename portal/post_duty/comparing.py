"""Two texts side by side, line by line, with what changed marked (P-1). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Mark(StrEnum):
    """How a line differs."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Pair:
    """One line of the older and of the newer text; empty where the other one has none."""

    mark: Mark
    old: str = ""
    new: str = ""


def side_by_side(old: str, new: str) -> list[Pair]:
    """The lines of two texts in pairs: nothing is lost, and equal texts have only SAME."""
    left, right = old.splitlines(), new.splitlines()
    found: list[Pair] = []
    for tag, a, b, c, d in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Pair(Mark.SAME, line, line) for line in left[a:b]]
            continue
        both = min(b - a, d - c)
        found += [Pair(Mark.CHANGED, left[a + n], right[c + n]) for n in range(both)]
        found += [Pair(Mark.REMOVED, old=line) for line in left[a + both : b]]
        found += [Pair(Mark.ADDED, new=line) for line in right[c + both : d]]
    return found
