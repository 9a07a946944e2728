"""The arithmetic of one month: lines, rules, items, categories, total (E-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from portal.pure.scoring.grammar import (
    FIGURED,
    ZERO,
    Bar,
    Category,
    Group,
    Kind,
    Line,
    LineError,
    Note,
    Rule,
    Side,
    Table,
    weighted,
)

#: A share of a step and the average of a year are written to two places, half up.
PLACES = Decimal("0.01")
#: Beyond this no quantity of a line means anything.
MOST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Scored:
    """A line with what it is worth by itself; what caps and floors leave of it stands in the sums."""

    line: Line
    points: Decimal
    note: Note = Note.COUNTED


@dataclass(frozen=True, slots=True)
class RuleSum:
    """The lines of one rule together: ``gross`` as they stand, ``points`` as they count, and why these differ."""

    rule: str
    gross: Decimal
    points: Decimal
    note: Note = Note.COUNTED


@dataclass(frozen=True, slots=True)
class CategorySum:
    """A category: its base, what its rules add or take, the points that it keeps, and what enters the total."""

    code: str
    base: Decimal | None
    change: Decimal
    points: Decimal
    counted: Decimal
    rules: tuple[RuleSum, ...]
    note: Note = Note.COUNTED


@dataclass(frozen=True, slots=True)
class Disqualified:
    """A rule that takes more than points, with the lines that made it apply."""

    rule: str
    bar: Bar
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A month of one subject. ``scored`` holds every line, in the order of the table and then by key."""

    total: Decimal
    categories: tuple[CategorySum, ...]
    scored: tuple[Scored, ...]
    disqualified_by: tuple[Disqualified, ...] = ()
    capped: bool = False

    @property
    def yearly(self) -> tuple[Line, ...]:
        """The lines that wait for the year."""
        return tuple(scored.line for scored in self.scored if scored.note is Note.YEARLY)


def score(table: Table, lines: Iterable[Line]) -> Result:
    """Count the lines of one subject and one month by its table.

    The order of the lines never matters; the same line twice counts once. Raises `LineError` for a line that the
    table cannot count.
    """
    scored = value(table, lines)
    here = [one for one in scored if one.note is not Note.YEARLY]
    sums = totals(table, here)
    categories = tuple(_category(category, *sums[category.code]) for category in table.categories)
    total = sum((category.counted for category in categories), ZERO)
    capped = table.total_cap is not None and total > table.total_cap
    return Result(
        table.total_cap if capped and table.total_cap is not None else total,
        categories,
        tuple(scored),
        disqualified(table, [one.line for one in scored]),
        capped,
    )


def value(table: Table, lines: Iterable[Line]) -> list[Scored]:
    """Every line once, worth what it is by itself, in the order of the table and then by key. Raises `LineError`."""
    once: dict[str, Line] = {}
    for line in lines:
        if once.setdefault(line.key, line) != line:
            raise LineError(line.key, "key")
    order = {code: number for number, code in enumerate(table.places)}
    for line in once.values():
        if line.rule not in order:
            raise LineError(line.key, "rule")
    return [_value(table, line) for line in sorted(once.values(), key=lambda line: (order[line.rule], line.key))]


def _value(table: Table, line: Line) -> Scored:
    rule = table.rule(line.rule)
    _check(rule, line)
    if rule.unset:
        return Scored(line, ZERO, Note.UNSET)
    if rule.kind is Kind.DISQUALIFY:
        return Scored(line, ZERO, Note.DISQUALIFIES)
    return Scored(line, _points(rule, line), Note.YEARLY if rule.yearly or line.yearly else Note.COUNTED)


def _check(rule: Rule, line: Line) -> None:
    if not line.quantity.is_finite() or abs(line.quantity) > MOST or (line.quantity < 0 and rule.kind not in FIGURED):
        raise LineError(line.key, "quantity")
    if rule.kind is not Kind.RANGE:
        if line.points is not None:
            raise LineError(line.key, "points")
        return
    if rule.low is None or rule.high is None:
        return
    if line.points is None or not line.points.is_finite() or not rule.low <= line.points <= rule.high:
        raise LineError(line.key, "points")


def _points(rule: Rule, line: Line) -> Decimal:
    points, mark = rule.points or ZERO, rule.mark or ZERO
    match rule.kind:
        case Kind.RANGE:
            return line.points or ZERO
        case Kind.FIXED:
            return points if line.quantity > 0 else ZERO
        case Kind.BAND:
            return _band(rule, line.quantity)
        case Kind.PER_POINT:
            distance = mark - line.quantity if rule.side is Side.BELOW else line.quantity - mark
            return _steps(rule, max(distance, ZERO), points)
        case _:
            return _steps(rule, line.quantity, points)


def _steps(rule: Rule, quantity: Decimal, points: Decimal) -> Decimal:
    if rule.whole:
        return (quantity / rule.per).to_integral_value(ROUND_FLOOR) * points
    exact = quantity * points
    share = exact / rule.per
    # What can be written in full stays as it is; only what cannot is rounded.
    return share if share * rule.per == exact else share.quantize(PLACES, ROUND_HALF_UP)


def _band(rule: Rule, figure: Decimal) -> Decimal:
    found = ZERO
    for band in rule.bands:
        if band.start is None or band.start <= figure:
            found = band.points or ZERO
    return found


def totals(table: Table, scored: Sequence[Scored]) -> Mapping[str, tuple[Decimal, tuple[RuleSum, ...]]]:
    """What the rules of every category add or take together, with each rule's sum, by the code of the category."""
    worth: dict[str, list[Decimal]] = defaultdict(list)
    for one in scored:
        worth[one.line.rule].append(one.points)
    return {category.code: _change(category, worth) for category in table.categories}


def _change(category: Category, worth: Mapping[str, Sequence[Decimal]]) -> tuple[Decimal, tuple[RuleSum, ...]]:
    sums = {rule.code: _rule(rule, worth[rule.code]) for rule in category.rules if rule.code in worth}
    change = ZERO
    for group in category.groups:
        members = [rule.code for rule in category.rules if rule.group == group.code and rule.code in sums]
        change += _group(group, members, sums)
    change += sum((sums[rule.code].points for rule in category.rules if not rule.group and rule.code in sums), ZERO)
    return change, tuple(sums.values())


def _rule(rule: Rule, worth: Sequence[Decimal]) -> RuleSum:
    gross = sum(worth, ZERO)
    if rule.unset:
        return RuleSum(rule.code, gross, ZERO, Note.UNSET)
    points = max(worth, key=abs, default=ZERO) if rule.kind is Kind.FIXED else gross
    note = Note.COUNTED if points == gross else Note.ONCE
    kept = within(points, rule.cap)
    return RuleSum(rule.code, gross, kept, note if kept == points else Note.CAPPED)


def _group(group: Group, members: Sequence[str], sums: dict[str, RuleSum]) -> Decimal:
    if group.strongest and members:
        best = max(members, key=lambda code: (abs(sums[code].points), sums[code].points))
        for code in members:
            if code != best and sums[code].points:
                sums[code] = RuleSum(code, sums[code].gross, ZERO, Note.OUTDONE)
    change = sum((sums[code].points for code in members), ZERO)
    if group.base is not None:
        change = max(change, -group.base)
    return within(change, group.cap)


def _category(category: Category, change: Decimal, rules: tuple[RuleSum, ...]) -> CategorySum:
    whole = (category.base or ZERO) + change
    if category.base is None:
        points = within(whole, category.cap)
    else:
        points = max(whole, ZERO)
        if category.cap is not None:
            points = min(points, category.cap)
    note = Note.COUNTED if points == whole else Note.USED_UP if points > whole and category.base is not None else None
    return CategorySum(
        category.code,
        category.base,
        change,
        points,
        weighted(category, points),
        rules,
        Note.CAPPED if note is None else note,
    )


def within(points: Decimal, cap: Decimal | None) -> Decimal:
    """Points held between a cap below and above zero."""
    return points if cap is None else max(-cap, min(cap, points))


def disqualified(table: Table, lines: Iterable[Line]) -> tuple[Disqualified, ...]:
    """The rules that take more than points and were met often enough by these lines, in the order of the table."""
    met: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        met[line.rule].append(line)
    return tuple(
        Disqualified(rule.code, rule.disqualifies, tuple(sorted(line.key for line in met[rule.code])))
        for category in table.categories
        for rule in category.rules
        if rule.disqualifies is not Bar.NONE and rule.code in met and _often(rule, met[rule.code])
    )


def _often(rule: Rule, lines: Sequence[Line]) -> bool:
    if rule.kind in FIGURED:
        return any(_points(rule, line) for line in lines)
    return sum((line.quantity for line in lines), ZERO) >= rule.times
