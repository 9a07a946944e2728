"""Places by total, and what becomes of equal totals (E-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

K = TypeVar("K", int, str)


class Ties(StrEnum):
    """``SHARED``: after equals as many places stay empty (1, 1, 3). ``DENSE``: none does (1, 1, 2)."""

    SHARED = "shared"
    DENSE = "dense"


def rank(
    totals: Mapping[K, Decimal],
    *,
    breakers: Mapping[K, Sequence[Decimal]] | None = None,
    ties: Ties = Ties.SHARED,
) -> list[tuple[int, K]]:
    """Places from the highest total down, as (place, key).

    Equal totals are told apart by ``breakers``, more being better, one after the other (satisfaction, then share on
    time; turn the sign where less is better); who has none of them stands behind. Whoever is equal in everything has
    the same place, and is listed by key.
    """
    by = {key: (total, tuple((breakers or {}).get(key, ()))) for key, total in totals.items()}
    ordered = sorted(sorted(totals), key=lambda key: by[key], reverse=True)
    # A stable sort that is reversed keeps the order of equals.
    places: list[tuple[int, K]] = []
    for number, key in enumerate(ordered, start=1):
        if places and by[places[-1][1]] == by[key]:
            place = places[-1][0]
        elif ties is Ties.DENSE:
            place = places[-1][0] + 1 if places else 1
        else:
            place = number
        places.append((place, key))
    return places
