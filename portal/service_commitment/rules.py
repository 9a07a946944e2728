"""Where a typed word stands in a name (F-6); which changes of a version are whose business (C-3). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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


#: What of a version is a matter of which policy switch; whatever is not named binds the clock: limits.
_FEES = frozenset({"fee", "fee_fen", "fee_unit", "fee_basis"})
_TEXTS = frozenset(
    {
        "name",
        "basis",
        "conditions",
        "procedure",
        "service_standard",
        "place",
        "phone",
        "outcome",
        "breach_kinds",
        "breach",
        "complaint",
        "related",
    }
)


def touched(changed: Iterable[str]) -> frozenset[str]:
    """The policy switches that a change falls under: ``limits``, ``materials``, ``fees``, ``texts`` (C-3)."""
    return frozenset(
        "materials" if f == "materials" else "fees" if f in _FEES else "texts" if f in _TEXTS else "limits"
        for f in changed
    )
