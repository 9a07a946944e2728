"""The totals of twelve months as an inline SVG: coordinates only, so that no page needs a style or a script (E-4).

Drawn twice, for a screen and for a phone: letters stay as large as they are, the room between the months differs.
Readable without colour: each point carries its figure, a month without a result leaves a gap in the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from portal.pure.months import month_after
from portal.pure.scoring import plain


@dataclass(frozen=True)
class Sheet:
    """What is drawn on: its size, the room around the field, whether words and labels have room in a row."""

    width: int
    height: int
    left: int
    right: int
    wide: bool
    top: int = 30
    bottom: int = 34


WIDE = Sheet(1080, 290, 48, 28, True)
#: Figures of neighbours stand above and below their points in turn.
NARROW = Sheet(340, 260, 36, 18, False, top=32, bottom=46)
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
    #: Where its figure is written.
    label: float


@dataclass(frozen=True)
class Chart:
    """What a template draws: the lines across with their figures, the months below, runs of points."""

    sheet: Sheet
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


def draw(last: date, found: Sequence[tuple[date, Decimal, int | None, bool]], sheet: Sheet = WIDE) -> Chart | None:
    """The twelve months up to ``last`` from (month, total, place, flag); None when none of them is there."""
    months = [month_after(last, n - MONTHS + 1) for n in range(MONTHS)]
    there = {month: (total, place, flag) for month, total, place, flag in found if month in months}
    if not there:
        return None
    low, high = _bounds([total for total, _place, _flag in there.values()])
    across = (sheet.width - sheet.left - sheet.right) / (MONTHS - 1)
    down = sheet.height - sheet.top - sheet.bottom

    def y(total: Decimal) -> float:
        return round(sheet.top + float((high - total) / (high - low)) * down, 1)

    points, runs, run = [], [], list[str]()
    for n, month in enumerate(months):
        if month not in there:
            runs.append(run)
            run = []
            continue
        total, place, flag = there[month]
        x, height = round(sheet.left + n * across, 1), y(total)
        label = height - 11 if sheet.wide or n % 2 else height + 20
        point = Point(month, x, height, plain(total), place, flag, label)
        points.append(point)
        run.append(f"{point.x},{point.y}")
    runs.append(run)
    grid = [low + (high - low) * n / STEPS for n in range(STEPS + 1)]
    return Chart(
        sheet,
        tuple((y(value), plain(value)) for value in grid),
        tuple((round(sheet.left + n * across, 1), f"{month.month}") for n, month in enumerate(months)),
        tuple(points),
        tuple(" ".join(each) for each in runs if len(each) > 1),
    )
