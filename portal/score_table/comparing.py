"""Two score tables side by side: what was added, taken out, changed (POL-1)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.pure.scoring import Category, Rule, Table
from portal.score_table import editing
from portal.score_table.words import category_words, figure, group_words, rule_words, source_words


@dataclass(frozen=True)
class Pair:
    """One part of two tables in words: ``mark`` is added, removed, changed, moved or same."""

    mark: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """The pairs of one category, or of the heading."""

    title: str
    pairs: list[Pair]


def rule_lines(rule: Rule, category: Category) -> tuple[str, ...]:
    """A rule as a reader compares it."""
    item = next((g.name for g in category.groups if g.code == rule.group), "")
    return tuple(
        each
        for each in (
            rule.text,
            rule_words(rule),
            _("来源：%(sources)s", sources=source_words(rule)),
            _("项目：%(name)s", name=item) if item else "",
        )
        if each
    )


def category_lines(category: Category) -> tuple[str, ...]:
    """A category as a reader compares it."""
    items = [_("项目“%(name)s”：%(what)s", name=g.name, what=group_words(g)) for g in category.groups]
    return category.name, category_words(category), *items


def _heading(table: Table) -> tuple[str, ...]:
    cap = _("不设总分上限") if table.total_cap is None else _("总分上限 %(n)s 分", n=figure(table.total_cap))
    return tuple(each for each in (cap, table.source, table.note) if each)


def _pair(old: tuple[str, ...] | None, new: tuple[str, ...] | None, moved: bool = False) -> Pair:
    if old is None:
        return Pair("added", (), new or ())
    if new is None:
        return Pair("removed", old, ())
    return Pair("changed" if old != new else "moved" if moved else "same", old, new)


def compare(old: Table, new: Table) -> list[Part]:
    """What differs, by the categories of the new table and then those that are gone; parts alike are left out."""
    parts = [Part(_("整张表"), [_pair(_heading(old), _heading(new))])]
    for category in new.categories:
        before = editing.category(old, category.code)
        pairs = [_pair(category_lines(before) if before else None, category_lines(category))]
        kept = [r.code for r in before.rules if any(r.code == n.code for n in category.rules)] if before else []
        order = [r.code for r in category.rules if r.code in kept]
        for rule in category.rules:
            known = editing.rule(old, rule.code)
            moved = known is not None and (
                known[0].code != category.code or kept.index(rule.code) != order.index(rule.code)
            )
            lines = rule_lines(known[1], known[0]) if known else None
            pairs.append(_pair(lines, rule_lines(rule, category), moved))
        pairs += _gone(before, new)
        parts.append(Part(category.name, pairs))
    for category in old.categories:
        if editing.category(new, category.code) is None:
            parts.append(Part(category.name, [_pair(category_lines(category), None), *_gone(category, new)]))
    different = [Part(p.title, [each for each in p.pairs if each.mark != "same"]) for p in parts]
    return [each for each in different if each.pairs]


def _gone(category: Category | None, new: Table) -> list[Pair]:
    if category is None:
        return []
    return [_pair(rule_lines(r, category), None) for r in category.rules if editing.rule(new, r.code) is None]
