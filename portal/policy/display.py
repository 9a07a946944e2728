"""Policy values in words, for pages and for the journal's sentences (POL-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from portal.kernel.i18n import limit_words
from portal.policy import catalogue
from portal.policy.catalogue import Definition, PolicyError, Value
from portal.policy.kinds import ChoiceKind, IntegerKind
from portal.pure.limits import Limit
from portal.pure.workdays import OfficeHours


def value_words(definition: Definition, value: Value) -> str:
    """A value as people read it: with its unit, as a word, or as the text itself."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Limit):
        return limit_words(value)
    if isinstance(value, OfficeHours):
        periods = [f"{begin:%H:%M}–{end:%H:%M}" for begin, end in value.periods]
        return _("、").join(periods)
    if isinstance(definition.kind, IntegerKind):
        return _("%(figure)s %(unit)s", figure=value, unit=definition.kind.measure.label)
    if isinstance(definition.kind, ChoiceKind):
        return str(definition.kind.options[str(value)])
    return str(value) or _("（空）")


def stored_words(key: str, stored: str) -> str:
    """A stored text in words; as it stands when its definition is gone or no longer reads it."""
    try:
        definition = catalogue.definition(key)
        return value_words(definition, definition.parse(stored))
    except (KeyError, PolicyError):
        return stored


def fact_words(stored: Any, facts: Mapping[str, Any]) -> str:
    """The old or new value in a journal entry."""
    return stored_words(str(facts.get("key", "")), str(stored))


def key_words(key: Any, _facts: Mapping[str, Any]) -> str:
    """The name of a value in a journal entry; the key itself when it is no longer in the catalogue."""
    try:
        return str(catalogue.definition(str(key)).label)
    except KeyError:
        return str(key)
