"""The only source of the current time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The current instant in UTC; the one place that reads the machine's clock."""
    return _frozen.get() or datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on the office's wall clock (Asia/Shanghai)."""
    return instant.astimezone(ZONE)


def today() -> date:
    """Today's date on the office's wall."""
    return local(now()).date()


def day_start(day: date) -> datetime:
    """The instant (UTC) at which a day begins at the office."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold the clock at an aware instant; for the demo office and for tests."""
    if instant.tzinfo is None:
        raise ValueError("an aware instant is needed")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
