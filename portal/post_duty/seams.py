"""What rooms above tell about a post, so that pages here need not import upwards.

Each source is registered once, when its room is loaded; a source that is absent tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, has_request_context
from flask.globals import app_ctx


@dataclass(frozen=True)
class Holders:
    """Who holds a post and who answers for it at an instant, by name; empty where nobody does."""

    a: str
    b: str
    now: str
    #: Why, in words (lazy text).
    reason: Any
    acting: bool = False

    @property
    def gap(self) -> bool:
        """Whether nobody answers."""
        return not self.now


@dataclass(frozen=True)
class Thing:
    """Something that hangs on a post: a service item, an open case."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class YearOfWork:
    """The cases of a post in a year: received, closed, closed on time (W-0), and what is open and overdue now."""

    received: int = 0
    closed: int = 0
    on_time: int = 0
    open_overdue: int = 0


HoldersSource = Callable[[int, datetime], Holders]
ThingsSource = Callable[[int], Iterable[Thing]]

YearSource = Callable[[int, int, datetime], YearOfWork]

_holders: list[HoldersSource] = []
_years: list[YearSource] = []
_items: list[ThingsSource] = []
_open_matters: list[ThingsSource] = []


def holders_source(source: HoldersSource) -> None:
    """Register who tells the holders of a post (one source, the A/B room)."""
    _holders[:] = [source]


def holders(post_id: int, at: datetime) -> Holders | None:
    """Who holds a post and who answers for it at an instant; None where no room tells."""
    return _holders[0](post_id, at) if _holders else None


def items_source(source: ThingsSource) -> None:
    """Register who tells the service items that a post answers for (one source, the catalogue)."""
    _items[:] = [source]


def items(post_id: int) -> list[Thing]:
    """The service items that a post answers for."""
    return [thing for source in _items for thing in source(post_id)]


def year_source(source: YearSource) -> None:
    """Register who counts a post's cases of a year (one source, the case room)."""
    _years[:] = [source]


def year_of_work(post_id: int, year: int, now: datetime) -> YearOfWork:
    """The cases of a post in a year, for the report on duty (P-5); nothing where no room tells."""
    return _years[0](post_id, year, now) if _years else YearOfWork()


def open_matters_source(source: ThingsSource) -> None:
    """Register a room that tells open matters of a post: the portal's part of a handover (AB-2)."""
    if source not in _open_matters:
        _open_matters.append(source)


def open_matters(post_id: int) -> list[Thing]:
    """What is open on a post, from all rooms, in the order in which they were loaded."""
    with _addresses():
        return [thing for source in _open_matters for thing in source(post_id)]


@contextmanager
def _addresses() -> Iterator[None]:
    """Let sources make addresses also where no request is answered (commands, the sample office)."""
    context = app_ctx._get_current_object()  # type: ignore[attr-defined]
    if has_request_context() or context.url_adapter is not None:
        yield
        return
    context.url_adapter = current_app.url_map.bind("portal")
    try:
        yield
    finally:
        context.url_adapter = None
