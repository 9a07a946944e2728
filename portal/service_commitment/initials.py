"""Pinyin for finding items: initials and full syllables, computed once when a name is published."""

from __future__ import annotations

import re
from typing import Any

_PARTS = re.compile(r"[\s（）()、，,；;·/]+")


def _pinyin(text: str, **options: Any) -> list[str]:
    """Pinyin of a text. The dictionary (55 MB, a second) is loaded when the catalogue first needs it."""
    from pypinyin import lazy_pinyin

    found: list[str] = lazy_pinyin(text, **options)
    return found


def syllables_of(name: str) -> list[str]:
    """The pinyin of each character of a name, one for one; what is no Chinese stands for itself."""
    found = _pinyin(name, errors=list)
    return [s.lower() for s in found]


def _initials(text: str) -> list[str]:
    from pypinyin import Style

    return _pinyin(text, style=Style.FIRST_LETTER)


def initials_of(*names: str) -> str:
    """Lower-case words separated by blanks: initials and full pinyin of every name and alias (F-6)."""
    found: list[str] = []
    for part in (p for name in names for p in _PARTS.split(name) if p):
        found.append("".join(_initials(part)).lower())
        found.append("".join(_pinyin(part)).lower())
    for name in names:
        whole = _PARTS.sub("", name)
        found.append("".join(_initials(whole)).lower())
    return " ".join(dict.fromkeys(f for f in found if f))[:400]
