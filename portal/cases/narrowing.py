"""What the figures of open work count: one condition for a figure and for the list that it opens (W-0)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, and_, or_

from portal.cases import rules
from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.actor import Actor

#: Kinds of posts that handle cases; leaders decide about them.
HANDLING = ("staff", "head")


def red(now: datetime) -> ColumnElement[bool]:
    """Past the statutory limit, or as the office has set it (T-6)."""
    return Case.red_at < now


def late(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Past the promised limit; those in red are among them."""
    return or_(Case.due_at < now, Case.red_at < now)


def soon(now: datetime) -> ColumnElement[bool]:
    """The limit is near, the clock runs, and nothing is over yet; while a clock is stopped its ``soon_at`` is ahead."""
    running = and_(Case.soon_at <= now, Case.due_at >= now)
    return and_(running, or_(Case.red_at.is_(None), Case.red_at >= now))


def due_today(now: datetime) -> ColumnElement[bool]:
    """The limit ends today or has ended."""
    return Case.due_at < clock.day_start(clock.local(now).date() + timedelta(days=1))


def supplement(_now: datetime) -> ColumnElement[bool]:
    """Waiting for the client's materials."""
    return Case.state.in_(rules.WAITING_FOR_CLIENT)


def provisional(_now: datetime) -> ColumnElement[bool]:
    """The limit stands on a calendar that is not official yet (T-3)."""
    return Case.provisional.is_(True)


#: The lights that a list of open work is narrowed to, by their word in the address.
LIGHTS: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "due_soon": soon,
    "overdue": late,
    "red": red,
    "today": due_today,
    "provisional": provisional,
}
#: The tabs of a queue, by their word in the address.
TABS: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "overdue": late,
    "soon": soon,
    "today": due_today,
    "supplement": supplement,
}


def handled_posts(actor: Actor) -> tuple[int, ...]:
    """The posts whose cases are the actor's own work now, those of people away among them."""
    return tuple(p.post_id for p in actor.posts if p.kind in HANDLING)
