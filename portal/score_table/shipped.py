"""The tables that the portal brings along (POL-2)."""

from __future__ import annotations

from portal.pure.scoring import Table
from portal.score_table.presets import PRESETS


def preset(code: str) -> Table | None:
    """A shipped table by its code."""
    return next((each for each in PRESETS if each.code == code), None)
