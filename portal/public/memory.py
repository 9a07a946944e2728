"""Figures that many strangers ask for, made once in some minutes (C-4)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import current_app

T = TypeVar("T")
#: How long figures of closed cases stand before they are counted again.
STANDS = timedelta(minutes=10)
#: Figures held at most; more are asked for by nobody but a program.
MOST = 1000


def kept(key: Hashable, now: datetime, build: Callable[[], T]) -> T:
    """The value of ``build()``, made again when it is older than STANDS. It must not hold rows of a session."""
    store: dict[Hashable, tuple[datetime, Any]] = current_app.extensions.setdefault("portal.public.figures", {})
    found = store.get(key)
    if found is not None and found[0] <= now < found[0] + STANDS:
        value: T = found[1]
        return value
    value = build()
    if len(store) >= MOST:
        store.clear()
    store[key] = (now, value)
    return value
