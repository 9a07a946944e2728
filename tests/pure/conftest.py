"""The official calendar of 2026 as published, with no other year entered, and a short way to write instants."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from portal.pure.deadlines import SHANGHAI
from portal.pure.workdays import WorkCalendar

DAYS_OFF = {1: (1, 3), 2: (15, 23), 4: (4, 6), 5: (1, 5), 6: (19, 21), 9: (25, 27), 10: (1, 7)}
SHIFTED = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    days = {date(2026, month, day): False for month, (a, b) in DAYS_OFF.items() for day in range(a, b + 1)}
    days |= {date(2026, month, day): True for month, day in SHIFTED}
    return WorkCalendar(days, frozenset({2026}))


@pytest.fixture(scope="session")
def at() -> Callable[[str], datetime]:
    """``at("2026-02-13 10:00")`` in Asia/Shanghai."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
