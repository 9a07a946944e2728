"""What a score table is made of (E-2), and the lines that are counted by it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

_SHARE, _READ = Decimal("0.000001"), Decimal("0.01")


class Kind(StrEnum):
    """How a rule turns the quantity of a line into points."""

    OCCURRENCE = "occurrence"
    PER_DAY = "per_day"
    PER_POINT = "per_point"
    BAND = "band"
    RANGE = "range"
    FIXED = "fixed"
    DISQUALIFY = "disqualify"


#: What a rule needs `Rule.points` for. The others have bands, a range, or no points at all.
POINTED = frozenset({Kind.OCCURRENCE, Kind.PER_DAY, Kind.PER_POINT, Kind.FIXED})
#: The quantity of these is a figure of the month (a percentage, a mark); of the others it is a number of times or days.
FIGURED = frozenset({Kind.PER_POINT, Kind.BAND})


class Subject(StrEnum):
    """Whom a table scores. A window is a department."""

    DEPARTMENT = "department"
    PERSON = "person"


class Side(StrEnum):
    """On which side of its mark a figure gains or loses points."""

    BELOW = "below"
    ABOVE = "above"


class Bar(StrEnum):
    """What a rule takes away besides points (E-5)."""

    NONE = ""
    AWARD = "award"
    MONTH = "month"
    YEAR = "year"
    AWARD_AND_BONUS = "award_and_bonus"


class Note(StrEnum):
    """Why something does not count at what it is worth by itself."""

    COUNTED = ""
    UNSET = "unset"
    YEARLY = "yearly"
    DISQUALIFIES = "disqualifies"
    ONCE = "once"
    CAPPED = "capped"
    OUTDONE = "outdone"
    USED_UP = "used_up"


class TableError(ValueError):
    """A table that is none. ``place`` leads to the fault (``categories[2].rules[0].points``), ``code`` names it."""

    def __init__(self, place: str, code: str) -> None:
        super().__init__(f"{place}: {code}")
        self.place = place
        self.code = code


class LineError(ValueError):
    """A line that its table cannot count.

    ``code`` is one of ``rule`` (not in the table), ``quantity``, ``points`` (a discretionary rule without points, or
    points outside its range; points where the rule gives them) and ``key`` (one key with two contents).
    """

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"{key}: {code}")
        self.key = key
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a table."""

    place: str
    code: str


@dataclass(frozen=True, slots=True)
class Band:
    """From ``start`` on (it belongs to the band), as far as the next band: so many points. ``start`` None is below all.

    ``points`` None: the source gives no figure.
    """

    start: Decimal | None
    points: Decimal | None


@dataclass(frozen=True)
class Rule:
    """One rule of a category.

    - ``points``: for each time, day or percentage point, or once (`Kind.FIXED`); negative takes away. None is *unset*:
      the source names no figure, and the rule scores nothing until somebody sets one.
    - ``per`` and ``whole``: the points are for every ``per`` of the quantity; ``whole`` counts full ones alone,
      otherwise a part of one counts in proportion, to two places.
    - ``low``/``high``: what may be given at discretion for one line (`Kind.RANGE`), both with their sign.
    - ``mark``/``side``: the figure from which percentage points are counted (`Kind.PER_POINT`).
    - ``cap``: the most that the rule adds or takes in a month – in the year, if it is ``yearly``.
    - ``group``: the item of its category that the rule belongs to, or none.
    - ``source``: where lines come from: ``clue:<kind>``, ``fact:<name>``, ``hand``.
    - ``yearly``: its lines count once, in the year, and not in their month.
    - ``disqualifies`` from ``times`` on (in the month; of a yearly rule in the year too).
    """

    code: str
    text: str
    kind: Kind
    points: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    bands: tuple[Band, ...] = ()
    mark: Decimal | None = None
    side: Side = Side.BELOW
    per: Decimal = ONE
    whole: bool = True
    cap: Decimal | None = None
    group: str = ""
    source: tuple[str, ...] = ("hand",)
    yearly: bool = False
    disqualifies: Bar = Bar.NONE
    times: Decimal = ONE

    @property
    def unset(self) -> bool:
        """Whether a figure is missing; such a rule is shown and cannot score."""
        match self.kind:
            case Kind.BAND:
                return not self.bands or any(band.points is None for band in self.bands)
            case Kind.RANGE:
                return self.low is None or self.high is None
            case Kind.DISQUALIFY:
                return False
            case Kind.PER_POINT:
                return self.points is None or self.mark is None
            case _:
                return self.points is None


@dataclass(frozen=True, slots=True)
class Group:
    """An item inside a category: rules that share a base that they cannot exceed, a cap, or a place.

    ``base``: what the item is worth; its rules together never take more. ``cap``: the most that they add or take
    together. ``strongest``: only the rule that moves most counts (of honours the highest).
    """

    code: str
    name: str
    base: Decimal | None = None
    cap: Decimal | None = None
    strongest: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A part of a table. With a base it starts from it and never falls below zero; without, it may be negative.

    ``cap``: with a base the most points of the category, without one the most that it adds or takes.
    ``weight``: the percentage of its points that enters the total; None is all of them.
    """

    code: str
    name: str
    base: Decimal | None
    rules: tuple[Rule, ...]
    weight: Decimal | None = None
    cap: Decimal | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Table:
    """A whole score table. ``total_cap``: the highest total, 100 or 110; None lets bonuses go on."""

    code: str
    name: str
    subject: Subject
    categories: tuple[Category, ...]
    total_cap: Decimal | None = None
    source: str = ""
    note: str = ""

    @cached_property
    def places(self) -> dict[str, tuple[Category, Rule]]:
        """Every rule with its category, by code."""
        return {rule.code: (category, rule) for category in self.categories for rule in category.rules}

    def rule(self, code: str) -> Rule:
        """The rule of a code. Raises KeyError."""
        return self.places[code][1]

    @property
    def unset(self) -> tuple[Rule, ...]:
        """The rules whose figure is missing, in order."""
        return tuple(rule for category in self.categories for rule in category.rules if rule.unset)

    @property
    def base(self) -> Decimal:
        """What the total is before any line, by weight."""
        return sum((weighted(category, category.base or ZERO) for category in self.categories), ZERO)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that counts. ``key`` is unique in the year; ``quantity`` is times, days, or the figure itself.

    ``points`` is what was given at discretion (`Kind.RANGE` alone). ``yearly`` moves this one line from its month to
    the year, as a yearly rule does with all of its own.
    """

    key: str
    rule: str
    quantity: Decimal = ONE
    points: Decimal | None = None
    yearly: bool = False


def weighted(category: Category, points: Decimal) -> Decimal:
    """The points of a category as they enter the total."""
    return points if category.weight is None else points * category.weight / HUNDRED


def percent(part: int, whole: int) -> Decimal | None:
    """A share in per cent to six places; None of nothing.

    Six places keep every share of up to two million on its side of any whole percentage, so that no mark and no band
    is reached or missed by rounding.
    """
    return (Decimal(part) * HUNDRED / Decimal(whole)).quantize(_SHARE, ROUND_HALF_UP) if whole else None


def rounded(figure: Decimal) -> str:
    """A figure as people read it, to two places at most: 39.29, 100. It is counted in full (`percent`)."""
    return plain(figure.quantize(_READ, ROUND_HALF_UP))


def signed(points: Decimal) -> str:
    """Points with their sign, without trailing zeros: +2, −0.5, 0."""
    return f"+{plain(points)}" if points > 0 else plain(points).replace("-", "\u2212")


def plain(points: Decimal) -> str:
    """Points without trailing zeros and without an exponent: 97.5, -0.5, 100."""
    text = f"{points:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
