"""Content kept as data: texts in both languages, read once from the TOML files beside this module (POL-3)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Words:
    """One text in Chinese, the language it is valid in, and in English."""

    zh: str
    en: str

    @classmethod
    def of(cls, table: Mapping[str, Any], name: str) -> Self:
        """The entries ``<name>_zh`` and ``<name>_en`` of a table. Raises KeyError when one is missing."""
        return cls(table[f"{name}_zh"], table[f"{name}_en"])

    def read(self, locale: str) -> str:
        """The text for a locale such as ``zh``, ``en`` or ``en_GB``; any other language reads the Chinese."""
        return self.en if locale.replace("-", "_").split("_", 1)[0].lower() == "en" else self.zh


@cache
def load(name: str) -> Mapping[str, Any]:
    """The parsed content of ``texts/<name>.toml``; read from disk once. Raises FileNotFoundError."""
    return tomllib.loads(files("portal.policy").joinpath("texts", f"{name}.toml").read_text("utf-8"))
