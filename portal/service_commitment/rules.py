"""Rules of the catalogue that other rooms ask for (R-3). Pure."""

from __future__ import annotations

from datetime import date


def may_decide(licence: bool, qualified_until: date | None, on: date) -> bool:
    """Whether a person may decide a matter on a day (R-3).

    ``licence``: the item needs a licensing officer's qualification. ``qualified_until``: the last day of the
    person's qualification, None without one.
    """
    return not licence or (qualified_until is not None and on <= qualified_until)
