"""Short ways to write a shipped table down: one call a rule, with the figures as they stand in the source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.pure.scoring import Band, Bar, Category, Group, Kind, Rule, Side

HAND = "hand"


def number(figure: str | None) -> Decimal | None:
    """A figure as it is written, or none."""
    return None if figure is None else Decimal(figure)


def each(code: str, text: str, points: str | None, *source: str, **more: Any) -> Rule:
    """Points each time."""
    return Rule(code, text, Kind.OCCURRENCE, number(points), source=source or (HAND,), **more)


def once(code: str, text: str, points: str | None, *source: str, **more: Any) -> Rule:
    """Points once in the month, whatever the number."""
    return Rule(code, text, Kind.FIXED, number(points), source=source or (HAND,), **more)


def a_day(code: str, text: str, points: str | None, *source: str, **more: Any) -> Rule:
    """Points for each day."""
    return Rule(code, text, Kind.PER_DAY, number(points), source=source or (HAND,), **more)


def absent_day(code: str, text: str, points: str, **more: Any) -> Rule:
    """Points for each day of absence; half a day is half of them, for that is what attendance records."""
    return each(code, text, points, "fact:absent_half_days", per=Decimal(2), whole=False, **more)


def below(code: str, text: str, mark: str, points: str | None, *source: str, **more: Any) -> Rule:
    """Points for each full percentage point below a mark."""
    return Rule(code, text, Kind.PER_POINT, number(points), mark=number(mark), source=source or (HAND,), **more)


def mark(code: str, text: str, *source: str) -> Rule:
    """A mark out of 100 that counts as it stands."""
    return Rule(
        code,
        text,
        Kind.PER_POINT,
        Decimal(1),
        mark=Decimal(0),
        side=Side.ABOVE,
        whole=False,
        cap=Decimal(100),
        source=source or (HAND,),
    )


def bands(code: str, text: str, steps: tuple[tuple[str | None, str], ...], *source: str, **more: Any) -> Rule:
    """Points by the band of a figure, each band from its first figure on."""
    made = tuple(Band(number(start), number(points)) for start, points in steps)
    return Rule(code, text, Kind.BAND, bands=made, source=source or (HAND,), **more)


def between(code: str, text: str, low: str, high: str, **more: Any) -> Rule:
    """Points at discretion, with a reason; always by hand."""
    return Rule(code, text, Kind.RANGE, low=number(low), high=number(high), source=(HAND,), **more)


def bars(code: str, text: str, bar: Bar, *source: str, **more: Any) -> Rule:
    """No points, but awards are lost."""
    return Rule(code, text, Kind.DISQUALIFY, disqualifies=bar, source=source or (HAND,), **more)


def item(code: str, name: str, base: str | None = None, cap: str | None = None, *, strongest: bool = False) -> Group:
    """An item of a category: its base, its cap, or that only its strongest rule counts."""
    return Group(code, name, number(base), number(cap), strongest)


def category(
    code: str, name: str, base: str | None, *rules: Rule, items: tuple[Group, ...] = (), **figures: str
) -> Category:
    """A category; ``weight`` and ``cap`` by name."""
    return Category(
        code,
        name,
        number(base),
        rules,
        weight=number(figures.get("weight")),
        cap=number(figures.get("cap")),
        groups=items,
    )
