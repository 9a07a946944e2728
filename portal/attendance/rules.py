"""What a day's punches amount to (O-3). Pure: times are seconds after the day's midnight.

A day has two halves. In each, the first punch is the arrival and the last one the departure; what an approved absence
covers is neither awaited nor counted. The order and the repetition of punches mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Interval = tuple[int, int]


class State(StrEnum):
    """What a half day was."""

    PRESENT = "present"
    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    ABSENT = "absent"
    EXCUSED = "excused"
    DAY_OFF = "day_off"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class Terms:
    """The policy of a day: tolerance and repetition in minutes, punches asked for (4 or 2), what counts as what."""

    tolerance: int = 10
    punches: int = 4
    repeat: int = 3
    lates_per_half_day: int = 10
    missing_is_absent: bool = True
    off_post_half_day_from: int = 2


@dataclass(frozen=True)
class Half:
    """One half day; ``late`` and ``early`` are whole minutes from the tolerance on, else 0. ``excuse`` is its kind."""

    state: State
    late: int = 0
    early: int = 0
    excuse: str = ""
    corrected: bool = False
    in_at: int | None = None
    out_at: int | None = None

    def is_absent(self, terms: Terms) -> bool:
        """Whether it counts as half a day absent."""
        missing = self.state in (State.MISSING_IN, State.MISSING_OUT)
        return self.state is State.ABSENT or (missing and terms.missing_is_absent)

    def faults(self, terms: Terms) -> tuple[int, int]:
        """How often it counts as late and as left early: never beside an absence."""
        if self.state in (State.EXCUSED, State.DAY_OFF, State.NO_DATA) or self.is_absent(terms):
            return 0, 0
        return int(self.late > 0), int(self.early > 0)


@dataclass(frozen=True)
class Excuse:
    """A time within which somebody is away with approval; ``kind`` says why."""

    begin: int
    end: int
    kind: str


def halves(periods: Sequence[Interval]) -> tuple[Interval, Interval]:
    """The two halves of some office hours: the first period and the rest, or one period cut in its middle."""
    if len(periods) == 1:
        begin, end = periods[0]
        return (begin, (begin + end) // 2), ((begin + end) // 2, end)
    return periods[0], (periods[1][0], periods[-1][1])


def presses(punches: Iterable[int], repeat: int) -> list[int]:
    """The punches in order, those within ``repeat`` minutes of the one before taken as one press."""
    kept: list[int] = []
    last = None
    for at in sorted(set(punches)):
        if last is None or at - last >= repeat * 60:
            kept.append(at)
        last = at
    return kept


def uncovered(period: Interval, excuses: Iterable[Excuse], tolerance: int) -> Interval | None:
    """First and last instant of a period that no absence covers; None when less than the tolerance is left."""
    begin, end = period
    rest, left = 0, begin
    first: int | None = None
    last = begin
    for excuse in sorted(excuses, key=lambda e: (e.begin, e.end)):
        start, stop = max(begin, excuse.begin), min(end, excuse.end)
        if start >= stop:
            continue
        if start > left:
            first = left if first is None else first
            last, rest = start, rest + start - left
        left = max(left, stop)
    if left < end:
        first = left if first is None else first
        last, rest = end, rest + end - left
    if first is None or (rest < tolerance * 60 and rest < end - begin):
        return None
    return first, last


def _kind(period: Interval, excuses: Iterable[Excuse]) -> str:
    """The kind of the absence that covers most of a period."""
    covers = [(min(period[1], e.end) - max(period[0], e.begin), e.kind) for e in excuses]
    return max(((n, kind) for n, kind in covers if n > 0), default=(0, ""))[1]


def _noon(found: Sequence[int], am: Interval, pm: Interval) -> tuple[list[int], list[int]]:
    """Which punches belong to the morning and which to the afternoon.

    Of several within the noon break the first is the morning's departure; a single one goes to the nearer half.
    """
    in_break = [p for p in found if am[1] <= p <= pm[0]]
    if len(in_break) >= 2:
        cut = in_break[1]
        return [p for p in found if p < cut], [p for p in found if p >= cut]
    middle = (am[1] + pm[0]) / 2
    return [p for p in found if p < middle], [p for p in found if p >= middle]


def _pair(found: Sequence[int], expected: Interval) -> tuple[int | None, int | None]:
    """Arrival and departure among the punches of a half."""
    if not found:
        return None, None
    middle = (expected[0] + expected[1]) / 2
    if len(found) == 1:
        return (found[0], None) if found[0] < middle else (None, found[0])
    return found[0], found[-1] if found[-1] >= middle else None


def _minutes(seconds: int, tolerance: int) -> int:
    """Whole minutes of a lateness, 0 below the tolerance."""
    minutes = max(0, seconds) // 60
    return minutes if minutes >= max(1, tolerance) else 0


def _half(
    period: Interval,
    arrival: int | None,
    departure: int | None,
    excuses: Sequence[Excuse],
    terms: Terms,
    needs: tuple[bool, bool],
    corrected: bool,
) -> Half:
    expected = uncovered(period, excuses, terms.tolerance)
    kind = _kind(period, excuses)
    if expected is None:
        return Half(State.EXCUSED, excuse=kind, in_at=arrival, out_at=departure)
    # Who is away at the beginning or the end of the half presses no clock there.
    needs_in = needs[0] and expected[0] == period[0]
    needs_out = needs[1] and expected[1] == period[1]
    late = _minutes(arrival - expected[0], terms.tolerance) if arrival is not None else 0
    early = _minutes(expected[1] - departure, terms.tolerance) if departure is not None else 0
    if arrival is None and departure is None and (needs_in or needs_out):
        state = State.ABSENT
    elif arrival is None and needs_in:
        state = State.MISSING_IN
    elif departure is None and needs_out:
        state = State.MISSING_OUT
    else:
        state = State.PRESENT
    return Half(state, late, early, kind, corrected, arrival, departure)


@dataclass(frozen=True)
class Day:
    """The two halves of a day; ``extra`` counts presses that were not needed, all of them on a day off."""

    am: Half
    pm: Half
    extra: int = 0

    @property
    def parts(self) -> tuple[Half, Half]:
        """Both halves."""
        return self.am, self.pm


def day(
    periods: Sequence[Interval],
    punches: Iterable[int],
    excuses: Sequence[Excuse],
    terms: Terms,
    fixed: Mapping[str, int] | None = None,
    known_until: int | None = None,
) -> Day:
    """What a day was: ``periods`` empty on a day off; ``fixed`` are approved corrections by slot.

    ``known_until`` is the last second of which the clock's data are in: a half that ends later (by more than the
    tolerance) has no data yet, None means that all are in.
    """
    found = presses(punches, terms.repeat)
    if not periods:
        off = Half(State.DAY_OFF)
        return Day(off, off, len(found))
    am, pm = halves(periods)
    given = dict(fixed or {})
    two = terms.punches == 2 or len(periods) == 1
    if two:
        arrival, departure = _pair(found, (am[0], pm[1]))
        slots: dict[str, int | None] = {"am_in": arrival, "am_out": None, "pm_in": None, "pm_out": departure}
    else:
        slots = {}
        for name, part, period in zip(("am", "pm"), _noon(found, am, pm), (am, pm), strict=True):
            expected = uncovered(period, excuses, terms.tolerance) or period
            slots[f"{name}_in"], slots[f"{name}_out"] = _pair(part, expected)
    slots.update(given)
    used = sum(1 for name, at in slots.items() if at is not None and name not in given)
    extra = max(0, len(found) - used)
    if two:
        first, last = _two(am, pm, slots, excuses, terms, given)
    else:
        first, last = (
            _half(
                period, slots[f"{n}_in"], slots[f"{n}_out"], excuses, terms, (True, True),
                f"{n}_in" in given or f"{n}_out" in given,
            )
            for n, period in (("am", am), ("pm", pm))
        )  # fmt: skip
    if known_until is not None:
        slack = terms.tolerance * 60
        first, last = (
            half
            if half.state is State.EXCUSED or half.corrected or period[1] - slack <= known_until
            else Half(State.NO_DATA)
            for half, period in ((first, am), (last, pm))
        )
    return Day(first, last, extra)


def _two(
    am: Interval,
    pm: Interval,
    slots: Mapping[str, int | None],
    excuses: Sequence[Excuse],
    terms: Terms,
    given: Mapping[str, int],
) -> tuple[Half, Half]:
    """Two punches a day: the arrival speaks for the morning, the departure for the afternoon."""
    arrival, departure = slots["am_in"], slots["pm_out"]
    morning = _half(
        am,
        arrival if arrival is not None and arrival < am[1] else None,
        slots["am_out"] or (departure if departure is not None and departure < am[1] else None),
        excuses,
        terms,
        (True, False),
        "am_in" in given,
    )
    afternoon = _half(
        pm,
        slots["pm_in"] or (arrival if arrival is not None and arrival > pm[0] else None),
        departure if departure is not None and departure > pm[0] else None,
        excuses,
        terms,
        (False, True),
        "pm_out" in given,
    )
    return morning, afternoon


@dataclass
class Totals:
    """A person's month: times late and early, missing punches, half days absent, half days of leave by kind."""

    halves: int = 0
    present: int = 0
    late: int = 0
    early: int = 0
    missing: int = 0
    off_post: int = 0
    absent: int = 0
    excused: dict[str, int] = field(default_factory=dict)
    corrected: int = 0
    extra: int = 0


def totals(days: Iterable[Day], terms: Terms, off_post: int = 0) -> Totals:
    """Add days up: ``off_post`` upheld findings count as leaving early, from the policy's figure on as half a day;
    so many late or early make half a day absent (O-3)."""
    found = Totals(off_post=off_post)
    for each in days:
        found.extra += each.extra
        for half in each.parts:
            if half.state in (State.DAY_OFF, State.NO_DATA):
                continue
            found.halves += 1
            if half.state is State.EXCUSED:
                found.excused[half.excuse] = found.excused.get(half.excuse, 0) + 1
                continue
            found.corrected += half.corrected
            found.missing += half.state in (State.MISSING_IN, State.MISSING_OUT)
            found.absent += half.is_absent(terms)
            found.present += not half.is_absent(terms)
            late, early = half.faults(terms)
            found.late += late
            found.early += early
    lighter = min(off_post, max(0, terms.off_post_half_day_from - 1))
    found.early += lighter
    found.absent += off_post - lighter + (found.late + found.early) // terms.lates_per_half_day
    return found
