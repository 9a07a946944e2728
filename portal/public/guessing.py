"""Guessing at slips and cards is stopped: wrong answers counted per number, per address and over all (O-6)."""

from __future__ import annotations

from datetime import datetime

from portal.people import guessing
from portal.people.guessing import ALL, Guarded
from portal.public import vocabulary as words

_STATUS = Guarded(
    "status",
    {"number": "public.wrong_per_number", "address": "public.wrong_per_address", ALL: "public.wrong_overall"},
    words.STATUS_BLOCKED,
)


class Turn(guessing.Turn):
    """One question about a case or card: who asks about what, and whether they may. Needs a writing transaction."""

    def __init__(self, number: str, address: str, now: datetime) -> None:
        super().__init__(_STATUS, {"number": number}, address, now)
