"""The totals of twelve months as an inline SVG: coordinates only, so that no page needs a style or a script (E-4).

Readable without colour: each point carries its figure, a month without a result leaves a gap in the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from portal.pure.months import month_after
from portal.pure.scoring import plain

#: The drawing's size, and the field inside it.
WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 24, 30, 34
MONTHS = 12
#: Lines across the field.
STEPS = 4


@dataclass(frozen=True)
class Point:
    """A published month: where it stands, its total, its place."""

    month: date
    x: float
    y: float
    total: str
    place: int | None
    flag: bool


@dataclass(frozen=True)
class Chart:
    """What a template draws: the lines across with their figures, the months below, runs of points."""

    grid: tuple[tuple[float, str], ...]
    months: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    #: The points of each unbroken run, as ``points`` of a polyline.
    runs: tuple[str, ...]


def _bounds(totals: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Round figures below and above all totals, an even number of steps apart."""
    low, high = min(totals), max(totals)
    for step in (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(25), Decimal(50), Decimal(100)):
        bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
        if bottom + STEPS * step >= high:
            return bottom, bottom + STEPS * step
    step = ((high - low) / STEPS).to_integral_value(ROUND_CEILING)
    return low, low + STEPS * step


def draw(last: date, found: Sequence[tuple[date, Decimal, int | None, bool]]) -> Chart | None:
    """The twelve months up to ``last`` from (month, total, place, flag); None when none of them is there."""
    months = [month_after(last, n - MONTHS + 1) for n in range(MONTHS)]
    there = {month: (total, place, flag) for month, total, place, flag in found if month in months}
    if not there:
        return None
    low, high = _bounds([total for total, _place, _flag in there.values()])
    across = (WIDTH - LEFT - RIGHT) / (MONTHS - 1)
    down = HEIGHT - TOP - BOTTOM

    def y(total: Decimal) -> float:
        return round(TOP + float((high - total) / (high - low)) * down, 1)

    points, runs, run = [], [], list[str]()
    for n, month in enumerate(months):
        if month not in there:
            runs.append(run)
            run = []
            continue
        total, place, flag = there[month]
        point = Point(month, round(LEFT + n * across, 1), y(total), plain(total), place, flag)
        points.append(point)
        run.append(f"{point.x},{point.y}")
    runs.append(run)
    grid = [low + (high - low) * n / STEPS for n in range(STEPS + 1)]
    return Chart(
        tuple((y(value), plain(value)) for value in grid),
        tuple((round(LEFT + n * across, 1), f"{month.month}") for n, month in enumerate(months)),
        tuple(points),
        tuple(" ".join(each) for each in runs if len(each) > 1),
    )
