"""Pinyin for finding items: initials and full syllables, computed once when a name is published."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

_PARTS = re.compile(r"[\s（）()、，,；;·/]+")


def syllables_of(name: str) -> list[str]:
    """The pinyin of each character of a name, one for one; what is no Chinese stands for itself."""
    found = lazy_pinyin(name, errors=lambda text: list(text))  # type: ignore[arg-type,return-value]
    return [s.lower() for s in found]


def initials_of(*names: str) -> str:
    """Lower-case words separated by blanks: initials and full pinyin of every name and alias (F-6)."""
    found: list[str] = []
    for part in (p for name in names for p in _PARTS.split(name) if p):
        found.append("".join(lazy_pinyin(part, style=Style.FIRST_LETTER)).lower())
        found.append("".join(lazy_pinyin(part)).lower())
    for name in names:
        whole = _PARTS.sub("", name)
        found.append("".join(lazy_pinyin(whole, style=Style.FIRST_LETTER)).lower())
    return " ".join(dict.fromkeys(f for f in found if f))[:400]
