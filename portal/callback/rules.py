"""The weekly draw, so that anybody can make it again, and the month's figures (S-5). Pure.

The seed is ``sha256("callback <week> <hash of the journal's last entry of that week>")``; the frame is the list of case
numbers; the cases are ordered by ``sha256("<seed>:<number>")`` and the first ones are drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.pure.text import nfkc

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
#: The scales of attitude, efficiency and rules kept: the best is 1, the worst 5.
SCALE = range(1, 6)


def week_name(week_on: date) -> str:
    """``2026-W47`` for a day of that week."""
    year, week, _day = week_on.isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_of(name: str) -> date:
    """The Monday of a week by its name. Raises ValueError."""
    match = _WEEK.fullmatch(name)
    if match is None:
        raise ValueError("no week")
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def phone_key(phone: str) -> str:
    """What tells one client from another: the digits of the phone; empty where nobody can be called."""
    return "".join(c for c in nfkc(phone) if c.isascii() and c.isdigit())


@dataclass(frozen=True)
class Frame:
    """What is drawn from, and what was left out."""

    numbers: tuple[str, ...]
    without_phone: int
    same_client: int

    @property
    def digest(self) -> str:
        """The digest of the list."""
        return digest_of(self.numbers)


def frame_of(cases: Iterable[tuple[str, str]]) -> Frame:
    """The frame of (number, phone) pairs in their order: each client once, nobody without a phone."""
    found: dict[str, str] = {}
    without = same = 0
    for number, phone in cases:
        key = phone_key(phone)
        if not key:
            without += 1
        elif key in found:
            same += 1
        else:
            found[key] = number
    return Frame(tuple(found.values()), without, same)


def digest_of(numbers: Sequence[str]) -> str:
    """SHA-256 of the case numbers, one a line."""
    return hashlib.sha256("\n".join(numbers).encode()).hexdigest()


def seed_of(week: str, head_hash: str) -> str:
    """The seed of a week: nobody chooses the hash of its last entry."""
    return hashlib.sha256(f"callback {week} {head_hash}".encode()).hexdigest()


def drawn(seed: str, numbers: Sequence[str], wanted: int) -> list[str]:
    """The case numbers drawn, in their order; all of them where there are no more than wanted."""
    return sorted(numbers, key=lambda n: (hashlib.sha256(f"{seed}:{n}".encode()).hexdigest(), n))[:wanted]


# --- the month -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """The calls of one department in a month; the sums are over those that were reached."""

    department_id: int
    called: int
    reached: int
    attitude: int
    efficiency: int
    rules_kept: int
    denials: int
    problems: int


@dataclass(frozen=True)
class Line:
    """A line of the summary; the averages are None where they are withheld (or nobody was reached)."""

    group: Group
    averages: tuple[float, float, float] | None
    withheld: bool


def _averages(group: Group) -> tuple[float, float, float]:
    sums = group.attitude, group.efficiency, group.rules_kept
    return tuple(round(value / group.reached, 2) for value in sums)  # type: ignore[return-value]


def summary(groups: Sequence[Group], smallest: int) -> tuple[list[Line], Line]:
    """The lines of a month and their total. Averages of fewer than ``smallest`` reached clients are withheld, and so is
    the total where it would tell them by subtraction."""
    lines = [Line(g, _averages(g) if g.reached >= max(1, smallest) else None, 0 < g.reached < smallest) for g in groups]
    total = Group(
        0,
        *(
            sum(getattr(g, name) for g in groups)
            for name in ("called", "reached", "attitude", "efficiency", "rules_kept", "denials", "problems")
        ),
    )
    hidden = sum(line.group.reached for line in lines if line.withheld)
    told = hidden == 0 or hidden >= smallest
    shown = total.reached >= max(1, smallest) and told
    return lines, Line(total, _averages(total) if shown else None, total.reached > 0 and not shown)
