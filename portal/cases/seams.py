"""What rooms above want to know of a case: that it was accepted, and that it has ended (T-7, T-9, T-11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from portal.cases.models import Case

#: A case, the instant, and when it is recorded (later than the instant where a sweep slept over it).
Told = Callable[[Case, datetime, datetime], None]
#: Why a case cannot be completed yet; an empty text: nothing stands against it.
Bar = Callable[[Case], str]
_ended: list[Told] = []
_accepted: list[Told] = []
_bars: list[Bar] = []
#: A case, the light of the threshold that it has passed, the instant of the threshold, and when it is recorded.
Warned = Callable[[Case, str, datetime, datetime], None]
_warned: list[Warned] = []


def on_end(callback: Told) -> Told:
    """``callback(case, at, recorded_at)`` is called in the transaction that ends a case, whichever way."""
    if callback not in _ended:
        _ended.append(callback)
    return callback


def on_accepted(callback: Told) -> Told:
    """``callback(case, at, recorded_at)`` is called in the transaction that accepts a case."""
    if callback not in _accepted:
        _accepted.append(callback)
    return callback


def before_completion(callback: Bar) -> Bar:
    """``callback(case)`` says why a case cannot be completed yet, or nothing."""
    if callback not in _bars:
        _bars.append(callback)
    return callback


def on_warned(callback: Warned) -> Warned:
    """``callback(case, light, threshold, recorded_at)`` is called in the transaction that records a threshold (T-6)."""
    if callback not in _warned:
        _warned.append(callback)
    return callback


def warned(case: Case, light: str, threshold: datetime, recorded_at: datetime) -> None:
    """Tell every room that a case has passed a threshold."""
    for callback in _warned:
        callback(case, light, threshold, recorded_at)


def ended(case: Case, at: datetime, recorded_at: datetime) -> None:
    """Tell every room that a case has ended."""
    for callback in _ended:
        callback(case, at, recorded_at)


def accepted(case: Case, at: datetime, recorded_at: datetime) -> None:
    """Tell every room that a case was accepted."""
    for callback in _accepted:
        callback(case, at, recorded_at)


def bar(case: Case) -> str:
    """Why a case cannot be completed yet; of several reasons the first."""
    return next((why for callback in _bars if (why := callback(case))), "")
