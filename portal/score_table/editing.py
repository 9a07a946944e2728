"""What a draft's table becomes by one act of its editor; nothing here knows of the database (E-2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from portal.pure.scoring import Category, Rule, Table

P = TypeVar("P", Category, Rule)


def stamp(part: object) -> str:
    """What a part of a table looked like when somebody began to change it: equal stamps, equal parts."""
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]


def category(table: Table, code: str) -> Category | None:
    """A category by its code."""
    return next((each for each in table.categories if each.code == code), None)


def rule(table: Table, code: str) -> tuple[Category, Rule] | None:
    """A rule by its code, and the category it stands in."""
    return next(((c, r) for c in table.categories for r in c.rules if r.code == code), None)


def new_code(taken: Iterable[str], prefix: str) -> str:
    """A code that no part of the table has."""
    known, n = set(taken), 1
    while f"{prefix}{n}" in known:
        n += 1
    return f"{prefix}{n}"


def put_category(table: Table, wanted: Category) -> Table:
    """The table with a category in the place of the one of its code, else at the end."""
    if category(table, wanted.code) is None:
        return replace(table, categories=(*table.categories, wanted))
    return replace(table, categories=tuple(wanted if c.code == wanted.code else c for c in table.categories))


def put_rule(table: Table, where: str, wanted: Rule) -> Table:
    """The table with a rule in a category: in its old place there, else at the end of it."""
    categories = []
    for each in table.categories:
        known = any(r.code == wanted.code for r in each.rules)
        if each.code == where:
            kept = tuple(wanted if r.code == wanted.code else r for r in each.rules)
            categories.append(replace(each, rules=kept if known else (*kept, wanted)))
        else:
            categories.append(replace(each, rules=tuple(r for r in each.rules if r.code != wanted.code)))
    return replace(table, categories=tuple(categories))


def drop_rule(table: Table, code: str) -> Table:
    """The table without a rule."""
    return replace(
        table,
        categories=tuple(replace(c, rules=tuple(r for r in c.rules if r.code != code)) for c in table.categories),
    )


def drop_category(table: Table, code: str) -> Table:
    """The table without a category."""
    return replace(table, categories=tuple(c for c in table.categories if c.code != code))


def move_rule(table: Table, code: str, step: int) -> Table:
    """The table with a rule one place up (-1) or down (1) in its category; at the end it stays."""
    return replace(table, categories=tuple(replace(c, rules=_moved(c.rules, code, step)) for c in table.categories))


def move_category(table: Table, code: str, step: int) -> Table:
    """The table with a category one place up (-1) or down (1); at the end it stays."""
    return replace(table, categories=_moved(table.categories, code, step))


def _moved(parts: tuple[P, ...], code: str, step: int) -> tuple[P, ...]:
    at = next((n for n, each in enumerate(parts) if each.code == code), None)
    if at is None or not 0 <= at + step < len(parts):
        return parts
    made = list(parts)
    made[at], made[at + step] = made[at + step], made[at]
    return tuple(made)
