"""Rows of a result: places, flags, exclusions, corrections, digest (E-4, E-6). Pure.

Equal totals share a place and the places after it stay empty. Every row within the first so many places holds a flag,
those that share the last of these places too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from portal.monthly_result.models import Standing
from portal.pure.scoring import rank

ZERO = Decimal(0)


@dataclass(frozen=True)
class Given:
    """What is known of a subject before it has a place; ``excluded`` says why it gets none."""

    subject_id: int
    name: str
    department: str
    total: Decimal
    excluded: str = ""
    corrected: Decimal = ZERO
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A subject with its place in the list and in the ranking."""

    given: Given
    sort: int
    place: int | None
    flag: bool


@dataclass(frozen=True)
class Change:
    """What a correction does to one subject."""

    points: Decimal
    standing: Standing
    reason: str


def placed(given: Sequence[Given], flags: int) -> list[Row]:
    """The rows in the order of the list: by place, equals by name; those excluded at the end, by name."""
    by_id = {each.subject_id: each for each in given}
    ranked = {each.subject_id: each.total for each in given if not each.excluded}
    order = sorted((place, by_id[key].name, key) for place, key in rank(ranked))
    rows = [Row(by_id[key], 0, place, place <= flags) for place, _name, key in order]
    rows += [Row(each, 0, None, False) for each in sorted(given, key=lambda g: g.name) if each.excluded]
    return [replace(row, sort=n) for n, row in enumerate(rows, 1)]


def corrected(given: Iterable[Given], changes: Mapping[int, Change]) -> list[Given]:
    """The rows of the edition before with what the correction changes; nothing else does."""
    made = []
    for each in given:
        change = changes.get(each.subject_id)
        if change is None:
            made.append(each)
            continue
        excluded = each.excluded
        if change.standing is Standing.EXCLUDED:
            excluded = change.reason
        elif change.standing is Standing.INCLUDED:
            excluded = ""
        made.append(
            replace(
                each,
                total=each.total + change.points,
                corrected=each.corrected + change.points,
                excluded=excluded,
            )
        )
    return made


def digest(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the one JSON text of a result and its rows in their order."""
    text = json.dumps([head, *rows], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
