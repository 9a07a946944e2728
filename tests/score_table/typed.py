"""What a browser would send of a form that shows something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, SelectMultipleField

from portal.pure.scoring import Category, Table
from portal.score_table import drafting, editing
from portal.score_table.forms import CategoryForm
from portal.score_table.rule_forms import RuleForm


def pairs(fields: Iterable[Any]) -> Iterable[tuple[str, str]]:
    """Names and values of the controls of a form."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from pairs(field)
        elif isinstance(field, SelectMultipleField):
            yield from ((field.name, each) for each in field.data or ())
        elif isinstance(field, BooleanField):
            if field.data:
                yield field.name, "y"
        elif hasattr(field, "_value"):
            yield field.name, field._value()
        else:
            yield field.name, "" if field.data is None else str(field.data)


def of_rule(table: Table, code: str, **changed: str) -> MultiDict[str, str]:
    """What the form of a rule sends when it shows the rule as it stands."""
    category, rule = editing.rule(table, code) or (table.categories[0], None)
    form = RuleForm(table, formdata=None)
    form.fill(category, rule)
    form.seen.data = editing.stamp(rule)
    return _with(pairs(form), changed)


def of_category(category: Category | None, **changed: str) -> MultiDict[str, str]:
    """The same of a category."""
    form = CategoryForm(formdata=None)
    form.fill(category)
    form.seen.data = editing.stamp(drafting.bare(category))
    return _with(pairs(form), changed)


def _with(found: Iterable[tuple[str, str]], changed: dict[str, str]) -> MultiDict[str, str]:
    made: MultiDict[str, str] = MultiDict(found)
    for name, value in changed.items():
        made[name.replace("__", "-")] = value
    return made
