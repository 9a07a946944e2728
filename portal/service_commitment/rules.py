"""Where a typed word stands in a name. Pure (F-6)."""

from __future__ import annotations

from collections.abc import Sequence


def match_range(name: str, typed: str, syllables: Sequence[str]) -> tuple[int, int] | None:
    """Where what was typed stands in a name, as a range of characters; None when it stands nowhere.

    ``syllables`` are the pinyin of each character. Characters are looked for first, then initials, then pinyin.
    Both texts are given in one form (NFKC, lower case).
    """
    if not typed:
        return None
    at = name.find(typed)
    if at >= 0:
        return at, at + len(typed)
    if len(syllables) != len(name):
        return None
    initials = "".join(s[:1] for s in syllables)
    at = initials.find(typed)
    if at >= 0:
        return at, at + len(typed)
    for first in range(len(syllables)):
        joined = ""
        for last in range(first, len(syllables)):
            joined += syllables[last]
            if joined.startswith(typed):
                return first, last + 1
            if not typed.startswith(joined):
                break
    return None
