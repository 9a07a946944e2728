"""What rooms above want to know: that an opinion was found untrue; and what grades are called (S-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from portal.client_opinion.models import Opinion

#: An opinion, and when it was decided.
Told = Callable[[Opinion, datetime], None]
_untrue: list[Told] = []
_grades: dict[str, Any] = {}


def on_untrue(callback: Told) -> Told:
    """``callback(opinion, at)`` is called in the transaction that finds an opinion untrue: it leaves the score."""
    if callback not in _untrue:
        _untrue.append(callback)
    return callback


def grades(labels: Mapping[Any, Any]) -> None:
    """Say how grades read; keys are the grades as they are given to ``service.open_opinion``."""
    _grades.update({str(key): label for key, label in labels.items()})


def grade_word(grade: str) -> str:
    """A grade in words, or as it was given."""
    return str(_grades.get(grade, grade))


def found_untrue(opinion: Opinion, at: datetime) -> None:
    """Tell every room that an opinion was found untrue."""
    for callback in _untrue:
        callback(opinion, at)
