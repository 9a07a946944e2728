"""What the figures of kept promises count: one condition for a figure and for the list that it opens (C-4, W-0)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_

from portal.cases.models import Case, CaseState


def closed(_now: datetime) -> ColumnElement[bool]:
    """Closed in any way; the days are named beside it."""
    return Case.closed_on.is_not(None)


def on_time(_now: datetime) -> ColumnElement[bool]:
    """Closed on time; a matter that is deemed agreed to was not (T-7)."""
    return and_(Case.closed_on.is_not(None), Case.closed_late.is_(False), Case.state != CaseState.DEEMED_AGREED)


def late(now: datetime) -> ColumnElement[bool]:
    """Closed, but not on time."""
    return and_(Case.closed_on.is_not(None), not_(on_time(now)))


def open_overdue(now: datetime) -> ColumnElement[bool]:
    """Open and past the promised limit."""
    return and_(Case.closed_at.is_(None), Case.due_at < now)


#: The words in the address of the list.
KEPT: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "closed": closed,
    "on_time": on_time,
    "late": late,
    "open_overdue": open_overdue,
}
