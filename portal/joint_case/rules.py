"""Whose time is whose (T-9). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.pure.spans import local, office_time
from portal.pure.workdays import WorkCalendar


@dataclass(frozen=True)
class Shares:
    """Office time since acceptance: what was ours, and what lay with an upper authority."""

    ours: timedelta
    theirs: timedelta

    @property
    def percent(self) -> int:
        """Our share in whole percent; all of it while nothing has passed."""
        whole = self.ours + self.theirs
        return round(100 * self.ours / whole) if whole else 100


def shares(
    since: datetime, until: datetime, away: Iterable[tuple[datetime, datetime | None]], calendar: WorkCalendar
) -> Shares:
    """The office time from acceptance until now or the end, divided by where the matter lay."""
    whole = office_time(local(since), local(until), calendar)
    theirs = sum(
        (
            office_time(local(max(since, sent)), local(min(until, back or until)), calendar)
            for sent, back in away
            if sent < until
        ),
        timedelta(),
    )
    return Shares(whole - theirs, theirs)
