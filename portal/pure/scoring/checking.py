"""What a table must keep beyond having the right pieces, so that it can be counted and read without doubt (E-2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from portal.pure.scoring.grammar import HUNDRED, POINTED, ZERO, Bar, Category, Group, Kind, Problem, Rule, Table

#: What can be wrong with a table, each with the place where it is.
CODES = (
    "code",
    "repeated",
    "empty",
    "positive",
    "not_negative",
    "weight",
    "over_base",
    "no_group",
    "source",
    "not_used",
    "order",
    "range",
    "zero",
    "disqualifies",
)

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SOURCE = re.compile(r"hand|(clue|fact):[a-z0-9_]+")


def problem(table: Table) -> Problem | None:
    """The first fault of a table in reading order, or None."""
    return next(_problems(table), None)


def _problems(table: Table) -> Iterator[Problem]:
    if not _CODE.fullmatch(table.code):
        yield Problem("code", "code")
    if table.total_cap is not None and table.total_cap <= 0:
        yield Problem("total_cap", "positive")
    categories: set[str] = set()
    rules: set[str] = set()
    for number, category in enumerate(table.categories):
        place = f"categories[{number}]"
        yield from _code(category.code, categories, place)
        yield from _category(category, place)
        for position, rule in enumerate(category.rules):
            where = f"{place}.rules[{position}]"
            yield from _code(rule.code, rules, where)
            yield from _rule(rule, where)
            if rule.group and rule.group not in {group.code for group in category.groups}:
                yield Problem(f"{where}.group", "no_group")


def _code(code: str, seen: set[str], place: str) -> Iterator[Problem]:
    if not _CODE.fullmatch(code):
        yield Problem(f"{place}.code", "code")
    if code in seen:
        yield Problem(f"{place}.code", "repeated")
    seen.add(code)


def _category(category: Category, place: str) -> Iterator[Problem]:
    if category.base is not None and category.base <= 0:
        yield Problem(f"{place}.base", "positive")
    if category.weight is not None and not 0 < category.weight <= HUNDRED:
        yield Problem(f"{place}.weight", "weight")
    if category.cap is not None and category.cap <= 0:
        yield Problem(f"{place}.cap", "positive")
    if category.base is not None and category.cap is not None and category.cap < category.base:
        yield Problem(f"{place}.cap", "over_base")
    groups: set[str] = set()
    bases = ZERO
    for number, group in enumerate(category.groups):
        where = f"{place}.groups[{number}]"
        yield from _code(group.code, groups, where)
        yield from _group(group, where)
        bases += group.base or ZERO
        if category.base is None and group.base is not None:
            yield Problem(f"{where}.base", "not_used")
        if category.base is not None and bases > category.base:
            yield Problem(f"{where}.base", "over_base")


def _group(group: Group, place: str) -> Iterator[Problem]:
    for name, number in (("base", group.base), ("cap", group.cap)):
        if number is not None and number <= 0:
            yield Problem(f"{place}.{name}", "positive")


def _rule(rule: Rule, place: str) -> Iterator[Problem]:
    yield from _figures(rule, place)
    if not rule.source:
        yield Problem(f"{place}.source", "empty")
    for number, source in enumerate(rule.source):
        if not _SOURCE.fullmatch(source):
            yield Problem(f"{place}.source[{number}]", "source")
        if source in rule.source[:number]:
            yield Problem(f"{place}.source[{number}]", "repeated")
    if rule.kind is Kind.DISQUALIFY and rule.disqualifies is Bar.NONE:
        yield Problem(f"{place}.disqualifies", "disqualifies")
    if rule.times <= 0:
        yield Problem(f"{place}.times", "positive")
    if rule.times != 1 and rule.disqualifies is Bar.NONE:
        yield Problem(f"{place}.times", "not_used")


def _figures(rule: Rule, place: str) -> Iterator[Problem]:
    if rule.points is not None and rule.kind not in POINTED:
        yield Problem(f"{place}.points", "not_used")
    if rule.points == 0:
        yield Problem(f"{place}.points", "zero")
    if rule.cap is not None and rule.cap <= 0:
        yield Problem(f"{place}.cap", "positive")
    if rule.per <= 0:
        yield Problem(f"{place}.per", "positive")
    if rule.mark is not None and rule.kind is not Kind.PER_POINT:
        yield Problem(f"{place}.mark", "not_used")
    if rule.mark is not None and rule.mark < 0:
        yield Problem(f"{place}.mark", "not_negative")
    yield from _range(rule, place)
    yield from _bands(rule, place)


def _range(rule: Rule, place: str) -> Iterator[Problem]:
    if rule.kind is not Kind.RANGE:
        for name, number in (("low", rule.low), ("high", rule.high)):
            if number is not None:
                yield Problem(f"{place}.{name}", "not_used")
    elif rule.low is not None and rule.high is not None and rule.low >= rule.high:
        yield Problem(f"{place}.high", "range")


def _bands(rule: Rule, place: str) -> Iterator[Problem]:
    if rule.bands and rule.kind is not Kind.BAND:
        yield Problem(f"{place}.bands", "not_used")
    last: Decimal | None = None
    for number, band in enumerate(rule.bands):
        where = f"{place}.bands[{number}].start"
        if (band.start is None) != (number == 0):
            # The first band reaches down without end, so that no figure falls beside the bands.
            yield Problem(where, "order")
        elif band.start is not None and last is not None and band.start <= last:
            yield Problem(where, "order")
        last = band.start
