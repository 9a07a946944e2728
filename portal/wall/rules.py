"""What the wall derives from facts: the state of each system, rates, and text without clients' names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import floor

ROWS, LARGE_ROWS = 6, 5


class State(StrEnum):
    """How one of the nine systems stands, from real data; ABSENT: the portal does not keep that system yet."""

    OK = "ok"
    WATCH = "watch"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True)
class Facts:
    """What the states of the systems are derived from; each is a number of open matters unless said otherwise."""

    vacant_posts: int = 0
    #: Promises broken among this month's closed cases (C-4).
    broken_promises: int = 0
    overdue: int = 0
    red: int = 0
    urgent: int = 0
    urgent_late: int = 0
    disputed: int = 0
    hand_overs_late: int = 0
    #: Materials received whose five days end today (T-7a), and those whose five days are over.
    to_tell_today: int = 0
    not_told: int = 0
    filings: int = 0
    filings_late: int = 0
    #: Posts that nobody answers for now, and posts left without a handover (AB-3).
    gaps: int = 0
    without_handover: int = 0
    #: Running complaints due soon and past their date (A-5).
    complaints_soon: int = 0
    complaints_late: int = 0
    #: Results of the appraisal that were sent back (E-6).
    results_returned: int = 0


def _state(late: int, watch: int) -> State:
    return State.LATE if late else State.WATCH if watch else State.OK


def states(facts: Facts) -> dict[str, State]:
    """The state of every system that the portal keeps, by its slug; one that is missing is ABSENT."""
    return {
        "post_duty": _state(0, facts.vacant_posts),
        "service_commitment": _state(0, facts.broken_promises),
        "timed_completion": _state(facts.red, facts.overdue),
        "first_ask": _state(facts.urgent_late + facts.hand_overs_late, facts.urgent + facts.disputed),
        "one_time_notice": _state(facts.not_told, facts.to_tell_today),
        "denial_filing": _state(facts.filings_late, facts.filings),
        "ab_post": _state(0, facts.gaps + facts.without_handover),
        "accountability": _state(facts.complaints_late, facts.complaints_soon),
        "appraisal": _state(0, facts.results_returned),
    }


@dataclass(frozen=True)
class Rate:
    """W-0: closed on time ÷ (closed + open overdue); tacit consents count as late."""

    closed: int = 0
    on_time: int = 0
    open_overdue: int = 0

    @property
    def whole(self) -> int:
        """What the rate is measured over."""
        return self.closed + self.open_overdue

    @property
    def percent(self) -> float | None:
        """One decimal, cut and not rounded, so that only a rate without any lateness says 100; None: nothing yet."""
        return floor(1000 * self.on_time / self.whole) / 10 if self.whole else None

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.closed + other.closed, self.on_time + other.on_time, self.open_overdue + other.open_overdue)

    def __sub__(self, other: Rate) -> Rate:
        return Rate(self.closed - other.closed, self.on_time - other.on_time, self.open_overdue - other.open_overdue)


_BETWEEN = re.compile(r"[\s、，,;；/|]+")
MASK = "＊＊"


def without_names(text: str, client: Iterable[str]) -> str:
    """A matter as typed, with the client's unit, names and phone hidden wherever they stand in it (W-1)."""
    words = {part for each in client for part in (each, *_BETWEEN.split(each)) if len(part.strip()) >= 2}
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(re.escape(word), MASK, text, flags=re.IGNORECASE)
    return text
