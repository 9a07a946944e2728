"""What a fact of a month is, before it becomes a line of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from portal.ab_post.picture import Picture, picture_at
from portal.completion_report.definitions import Period
from portal.kernel import clock
from portal.pure.months import month_after

ONE = Decimal(1)


@dataclass(frozen=True)
class Found:
    """One fact about one department or person.

    ``fact`` names it whatever reads it, so that a clue and a figure about the same matter are one; ``key`` is unique
    within the year (a fact that lasts over several months has a part in each).
    """

    subject_id: int
    key: str
    quantity: Decimal
    on: date
    matter: str
    endpoint: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    clue_number: str = ""
    fact: str = ""

    @property
    def identity(self) -> str:
        """What it is, whatever reads it."""
        return self.fact or self.key


@dataclass(frozen=True)
class Term:
    """A month as the facts are read of it, at one instant."""

    month: date
    now: datetime

    @cached_property
    def last(self) -> date:
        """The last day."""
        return month_after(self.month, 1) - timedelta(days=1)

    @cached_property
    def day(self) -> date:
        """The last day, or today while the month lasts."""
        return min(self.last, clock.local(self.now).date())

    @cached_property
    def start(self) -> datetime:
        """The instant at which it begins."""
        return clock.day_start(self.month)

    @cached_property
    def end(self) -> datetime:
        """The instant at which it is over."""
        return clock.day_start(month_after(self.month, 1))

    @cached_property
    def period(self) -> Period:
        """The same as the reports take it."""
        return Period(self.month, self.last)

    @cached_property
    def picture(self) -> Picture:
        """Who held and answered for what, from the month's first instant on."""
        return picture_at(self.start)

    def answering(self, post_id: int, at: datetime) -> int | None:
        """Who answered for a post at an instant of the month (AB-3)."""
        return self.picture.answer(post_id, at).user_id

    @property
    def text(self) -> str:
        """The month as it stands in keys."""
        return f"{self.month:%Y-%m}"
