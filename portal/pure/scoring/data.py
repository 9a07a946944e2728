"""Tables as plain data, for storing and for the editor: `to_data` writes it, `from_data` reads it and refuses nonsense.

Points are texts of decimals (``"-0.5"``); what is missing is left out. The codes of a refusal are in `CODES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from portal.pure.scoring.checking import problem
from portal.pure.scoring.grammar import (
    ONE,
    Band,
    Bar,
    Category,
    Group,
    Kind,
    Rule,
    Side,
    Subject,
    Table,
    TableError,
    plain,
)

#: What can be wrong with a piece of data; what can be wrong with a table as a whole is in `checking.CODES`.
CODES = ("missing", "unknown", "list", "object", "text", "number", "yes_no", "choice", "too_many", "too_long")

MOST_CATEGORIES, MOST_RULES, MOST_GROUPS, MOST_BANDS, MOST_SOURCES = 20, 60, 20, 20, 6
CODE_LENGTH, NAME_LENGTH, TEXT_LENGTH = 40, 100, 500

_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,4})?")
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


def to_data(table: Table) -> dict[str, Any]:
    """A table as data that JSON can hold. `from_data` makes the same table of it."""
    return _lean(
        code=table.code,
        name=table.name,
        subject=table.subject.value,
        total_cap=_text(table.total_cap),
        source=table.source or None,
        note=table.note or None,
        categories=[_category_data(category) for category in table.categories],
    )


def _category_data(category: Category) -> dict[str, Any]:
    return _lean(
        code=category.code,
        name=category.name,
        base=_text(category.base),
        weight=_text(category.weight),
        cap=_text(category.cap),
        groups=[_group_data(group) for group in category.groups] or None,
        rules=[_rule_data(rule) for rule in category.rules],
    )


def _group_data(group: Group) -> dict[str, Any]:
    return _lean(
        code=group.code,
        name=group.name,
        base=_text(group.base),
        cap=_text(group.cap),
        strongest=group.strongest or None,
    )


def _rule_data(rule: Rule) -> dict[str, Any]:
    return _lean(
        code=rule.code,
        text=rule.text,
        kind=rule.kind.value,
        points=_text(rule.points),
        low=_text(rule.low),
        high=_text(rule.high),
        bands=[_lean(start=_text(band.start), points=_text(band.points)) for band in rule.bands] or None,
        mark=_text(rule.mark),
        side=rule.side.value if rule.side is not Side.BELOW else None,
        per=_text(rule.per) if rule.per != ONE else None,
        whole=None if rule.whole else False,
        cap=_text(rule.cap),
        group=rule.group or None,
        source=list(rule.source),
        yearly=rule.yearly or None,
        disqualifies=rule.disqualifies.value or None,
        times=_text(rule.times) if rule.times != ONE else None,
    )


def _lean(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)


def from_data(data: object) -> Table:
    """The table of data. Raises `TableError` (a ValueError) with the place of the first fault, and nothing else."""
    table = _table(_Reader(data, ""))
    fault = problem(table)
    if fault is not None:
        raise TableError(fault.place, fault.code)
    return table


def _table(reader: _Reader) -> Table:
    table = Table(
        code=reader.text("code", CODE_LENGTH),
        name=reader.text("name", NAME_LENGTH),
        subject=reader.choice("subject", Subject),
        categories=reader.each("categories", _category, MOST_CATEGORIES),
        total_cap=reader.number("total_cap"),
        source=reader.text("source", NAME_LENGTH, optional=True),
        note=reader.text("note", TEXT_LENGTH, optional=True),
    )
    reader.done()
    return table


def _category(reader: _Reader) -> Category:
    category = Category(
        code=reader.text("code", CODE_LENGTH),
        name=reader.text("name", NAME_LENGTH),
        base=reader.number("base"),
        weight=reader.number("weight"),
        cap=reader.number("cap"),
        groups=reader.each("groups", _group, MOST_GROUPS, optional=True),
        rules=reader.each("rules", _rule, MOST_RULES),
    )
    reader.done()
    return category


def _group(reader: _Reader) -> Group:
    group = Group(
        code=reader.text("code", CODE_LENGTH),
        name=reader.text("name", NAME_LENGTH),
        base=reader.number("base"),
        cap=reader.number("cap"),
        strongest=reader.yes("strongest", False),
    )
    reader.done()
    return group


def _rule(reader: _Reader) -> Rule:
    per, times = reader.number("per"), reader.number("times")
    rule = Rule(
        code=reader.text("code", CODE_LENGTH),
        text=reader.text("text", TEXT_LENGTH),
        kind=reader.choice("kind", Kind),
        points=reader.number("points"),
        low=reader.number("low"),
        high=reader.number("high"),
        bands=reader.each("bands", _band, MOST_BANDS, optional=True),
        mark=reader.number("mark"),
        side=reader.choice("side", Side, Side.BELOW),
        per=ONE if per is None else per,
        whole=reader.yes("whole", True),
        cap=reader.number("cap"),
        group=reader.text("group", CODE_LENGTH, optional=True),
        source=reader.texts("source", MOST_SOURCES),
        yearly=reader.yes("yearly", False),
        disqualifies=reader.choice("disqualifies", Bar, Bar.NONE),
        times=ONE if times is None else times,
    )
    reader.done()
    return rule


def _band(reader: _Reader) -> Band:
    band = Band(start=reader.number("start"), points=reader.number("points"))
    reader.done()
    return band


class _Reader:
    """One object of the data, read name by name; every refusal names the place."""

    def __init__(self, data: object, place: str) -> None:
        if not isinstance(data, dict):
            raise TableError(place or "table", "object")
        self._data = data
        self._place = place
        self._asked: set[str] = set()

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _get(self, name: str) -> object:
        self._asked.add(name)
        return self._data.get(name)

    def text(self, name: str, longest: int, *, optional: bool = False) -> str:
        found = self._get(name)
        if found is None or found == "":
            if optional:
                return ""
            raise TableError(self._at(name), "missing")
        return _words(found, self._at(name), longest)

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        found = self._list(name, most, optional=False)
        return tuple(_words(one, f"{self._at(name)}[{number}]", CODE_LENGTH) for number, one in enumerate(found))

    def number(self, name: str) -> Decimal | None:
        found = self._get(name)
        if found is None:
            return None
        if not isinstance(found, str) or not _NUMBER.fullmatch(found):
            raise TableError(self._at(name), "number")
        return Decimal(found)

    def yes(self, name: str, default: bool) -> bool:
        found = self._get(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise TableError(self._at(name), "yes_no")
        return found

    def choice(self, name: str, choices: type[_E], default: _E | None = None) -> _E:
        found = self._get(name)
        if found is None:
            if default is None:
                raise TableError(self._at(name), "missing")
            return default
        if not isinstance(found, str) or found not in {one.value for one in choices}:
            raise TableError(self._at(name), "choice")
        return choices(found)

    def each(self, name: str, read: Callable[[_Reader], _T], most: int, *, optional: bool = False) -> tuple[_T, ...]:
        found = self._list(name, most, optional=optional)
        return tuple(read(_Reader(one, f"{self._at(name)}[{number}]")) for number, one in enumerate(found))

    def _list(self, name: str, most: int, *, optional: bool) -> list[Any]:
        found = self._get(name)
        if found is None:
            if optional:
                return []
            raise TableError(self._at(name), "missing")
        if not isinstance(found, list):
            raise TableError(self._at(name), "list")
        if len(found) > most:
            raise TableError(self._at(name), "too_many")
        return found

    def done(self) -> None:
        """Refuse what nobody asked for: a name that is written wrongly must not be lost without a word."""
        for name in self._data:
            if name not in self._asked:
                raise TableError(self._at(str(name)[:CODE_LENGTH]), "unknown")


def _words(found: object, place: str, longest: int) -> str:
    if not isinstance(found, str):
        raise TableError(place, "text")
    if len(found) > longest:
        raise TableError(place, "too_long")
    if not found.strip() or found != found.strip() or not found.replace("\n", "").isprintable():
        raise TableError(place, "text")
    return found
