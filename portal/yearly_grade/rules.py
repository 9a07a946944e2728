"""Grades by quota, marks of panels, and the sum of a year (E-5, E-7, P-5). Pure; all figures are exact decimals.

Averages are cut to ``PLACES`` after the point, half upwards, once for each average and once for each sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

Name = TypeVar("Name")

PLACES = Decimal("0.01")
ZERO, HUNDRED = Decimal(0), Decimal(100)
#: Marks of a panel from which the highest and the lowest are dropped.
DROP_FROM = 3


def rounded(figure: Decimal) -> Decimal:
    """A figure with two places, half upwards."""
    return figure.quantize(PLACES, ROUND_HALF_UP)


# --- grades ---------------------------------------------------------------------------------------------------


class Ties(StrEnum):
    """What becomes of equal totals where a quota ends."""

    #: Equal totals stay together: where not all of them fit, all take the next grade.
    TOGETHER = "together"
    #: They are told apart by the clients' part, then the months' average; what is still equal stays together.
    COMPARED = "compared"


class Held(StrEnum):
    """Why somebody has a lower grade than the total alone would give."""

    QUOTA = "quota"
    TIE = "tie"
    BARRED = "barred"


@dataclass(frozen=True)
class Scheme:
    """Grades, the best first: from which total each is given, and percent of all for the first ones together.

    ``quotas`` are cumulative (A; A and B), rounded down to whole subjects. Who is barred has at best the grade with the
    index ``barred``.
    """

    least: tuple[Decimal, ...]
    quotas: tuple[int, ...]
    barred: int = 1
    ties: Ties = Ties.TOGETHER

    def __post_init__(self) -> None:
        if len(self.least) < 2 or len(self.quotas) >= len(self.least) or self.barred >= len(self.least):
            raise ValueError("a scheme needs grades below those with a quota")

    def room(self, subjects: int) -> tuple[int, ...]:
        """How many subjects may have each of the first grades or a better one."""
        return tuple(subjects * percent // 100 for percent in self.quotas)


@dataclass(frozen=True)
class Entry:
    """One who is to be graded; ``compared`` tells equal totals apart, the first figure first.

    ``vetoed``: barred by a veto or by the score table's own rule, and so without a place.
    """

    key: int
    total: Decimal
    compared: tuple[Decimal, ...] = ()
    barred: bool = False
    vetoed: bool = False


@dataclass(frozen=True)
class Graded:
    """Place by total (None: vetoed), the index of the grade, and why it is not a better one."""

    place: int | None
    grade: int
    held: Held | None = None


def grade(entries: Iterable[Entry], scheme: Scheme) -> dict[int, Graded]:
    """The grades of a round: by total, within the quotas, equal ones together (E-5).

    Quotas are counted over all entries, those barred among them. A group of equals that does not fit whole takes the
    next grade, and nobody below it a better one. Who is vetoed has no place and leaves none empty.
    """
    rows = sorted(entries, key=lambda each: (_mark(each, scheme), -each.key), reverse=True)
    room, used = scheme.room(len(rows)), [0] * len(scheme.quotas)
    found: dict[int, Graded] = {}
    place, reached, reached_barred = 1, 0, 0
    for _marks, same in groupby(rows, key=lambda each: _mark(each, scheme)):
        group = list(same)
        free, barred = [e for e in group if not e.barred], [e for e in group if e.barred]
        for members, best in ((free, 0), (barred, scheme.barred)):
            if not members:
                continue
            natural = next((n for n, least in enumerate(scheme.least) if members[0].total >= least), None)
            first = len(scheme.least) - 1 if natural is None else natural
            wanted = max(first, best, reached, 0 if members is free else reached_barred)
            given = _fitting(wanted, len(members), room, used)
            for n in range(given, len(used)):
                used[n] += len(members)
            if members is free:
                reached = given
            else:
                reached_barred = given
            held = _held(first, best, given, len(members), room, used)
            for each in members:
                found[each.key] = Graded(None if each.vetoed else place, given, held)
        place += sum(1 for each in group if not each.vetoed)
    return found


def _mark(entry: Entry, scheme: Scheme) -> tuple[Decimal, ...]:
    return (entry.total, *entry.compared) if scheme.ties is Ties.COMPARED else (entry.total,)


def _fitting(wanted: int, size: int, room: Sequence[int], used: Sequence[int]) -> int:
    """The best grade from ``wanted`` on in which a group of a size fits with all that are counted with it."""
    given = wanted
    for n in range(len(room) - 1, wanted - 1, -1):
        if used[n] + size > room[n]:
            given = max(given, n + 1)
            break
    return given


def _held(first: int, best: int, given: int, size: int, room: Sequence[int], used: Sequence[int]) -> Held | None:
    if given == first:
        return None
    if given == max(first, best):
        return Held.BARRED
    return Held.TIE if size > 1 and any(room[n] > used[n] for n in range(first, min(given, len(room)))) else Held.QUOTA


# --- ballots --------------------------------------------------------------------------------------------------


class Panel(StrEnum):
    """Who gives marks, and as what."""

    SELF = "self"
    PEERS = "peers"
    HEADS = "heads"
    LEADERS = "leaders"
    OTHERS = "others"


@dataclass(frozen=True)
class Marks:
    """What a panel gave: its average after dropping, how many papers there were."""

    average: Decimal
    papers: int


def average(marks: Sequence[Decimal], drop: bool) -> Decimal | None:
    """The average of a panel; one highest and one lowest mark are dropped where there are at least ``DROP_FROM``.

    None without any mark.
    """
    left = sorted(marks)
    if drop and len(left) >= DROP_FROM:
        left = left[1:-1]
    return rounded(sum(left, ZERO) / len(left)) if left else None


def weighted(parts: Mapping[Name, Decimal | None], weights: Mapping[Name, int]) -> Decimal | None:
    """The weighted average of the parts that there are; what is missing leaves its weight to the others.

    None where nothing with a weight is there.
    """
    there = {name: part for name, part in parts.items() if part is not None and weights.get(name, 0) > 0}
    whole = sum(weights[name] for name in there)
    if not whole:
        return None
    return rounded(sum((part * weights[name] for name, part in there.items()), ZERO) / whole)


def shown(papers: Mapping[Panel, int], least: int) -> bool:
    """Whether the averages of the panels may be told: each that gave any paper gave enough of them.

    One that is too small is withheld together with all others, since the sum would give it away.
    """
    return all(count >= least for count in papers.values() if count)


def counts(papers: Mapping[Panel, int], least: int) -> bool:
    """Whether ballots count at all: fewer papers in all would tell a single mark."""
    return sum(papers.values()) >= least


@dataclass(frozen=True)
class Post:
    """What a person is, for who assesses whom: 'principal', 'leader', 'head' or 'staff', in a department."""

    kind: str
    department_id: int


class Way(StrEnum):
    """How panels are made up."""

    #: Colleagues of the department, and those above: its head and the leader in charge.
    DEPARTMENT = "department"
    #: The leaders, the heads of departments and all others of the whole unit.
    LEVELS = "levels"


def panels(
    way: Way, posts: Mapping[int, Post], above: Mapping[int, Sequence[int]], own: bool
) -> dict[int, dict[int, Panel]]:
    """Who assesses whom, and as what: by subject the voters with their panel (E-7).

    ``posts`` are all who vote, by person; assessed are heads and staff. ``above`` gives the leaders in charge by
    department. Nobody assesses themselves, but for ``own``: the self-assessment.
    """
    found: dict[int, dict[int, Panel]] = {}
    for person, post in posts.items():
        if post.kind not in ("head", "staff"):
            continue
        voters: dict[int, Panel] = {}
        for other, theirs in posts.items():
            if way is Way.LEVELS:
                voters[other] = (
                    Panel.LEADERS
                    if theirs.kind in ("principal", "leader")
                    else Panel.HEADS
                    if theirs.kind == "head"
                    else Panel.OTHERS
                )
            elif theirs.department_id == post.department_id and theirs.kind in ("head", "staff"):
                voters[other] = Panel.HEADS if theirs.kind == "head" and post.kind == "staff" else Panel.PEERS
        if way is Way.DEPARTMENT:
            voters.update({leader: Panel.HEADS for leader in above.get(post.department_id, ()) if leader in posts})
        voters.pop(person, None)
        if own:
            voters[person] = Panel.SELF
        found[person] = voters
    return found


# --- clients and honours --------------------------------------------------------------------------------------


def client_mark(counts: Sequence[int], marks: Sequence[Decimal]) -> Decimal | None:
    """The average mark of clients from ballots by grade; None without ballots."""
    whole = sum(counts)
    if not whole:
        return None
    return rounded(sum((Decimal(n) * mark for n, mark in zip(counts, marks, strict=True)), ZERO) / whole)


def with_average(own: Mapping[int, Decimal | None]) -> dict[int, tuple[Decimal | None, bool]]:
    """The clients' part of each: the own one, or the average of all others, and whether it is that average (E-7)."""
    known = [mark for mark in own.values() if mark is not None]
    middle = rounded(sum(known, ZERO) / len(known)) if known else None
    return {key: (mark, False) if mark is not None else (middle, middle is not None) for key, mark in own.items()}


def honour_points(levels: Iterable[str], points: Mapping[str, Decimal]) -> Decimal:
    """Points of honours: a level counts once, and of several levels the highest alone (E-7)."""
    return max((points.get(level, ZERO) for level in set(levels)), default=ZERO)


# --- the year -------------------------------------------------------------------------------------------------


class Part(StrEnum):
    """Parts of a person's year."""

    MONTHS = "months"
    BALLOTS = "ballots"
    CLIENTS = "clients"
    DUTY = "duty"


def total(parts: Mapping[Part, Decimal | None], shares: Mapping[Part, int], honours: Decimal, cap: Decimal) -> Decimal:
    """The total of a year: the weighted parts, and honours up to their cap; 0 where there is no part."""
    found = weighted(parts, shares)
    return (found if found is not None else ZERO) + min(honours, cap)


def bonus_left(percent: int, lost: bool) -> int:
    """What is left of a bonus in percent (A-4)."""
    return 0 if lost else max(0, 100 - percent)
