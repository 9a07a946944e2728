"""Words: every kind of fact can be told from its facts, every value has a label, nothing is declared for nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from flask_babel import force_locale

import portal
from portal import factory
from portal.kernel.journal import EVENTS, EventKind

PORTAL = Path(portal.__file__).parent
HOLE = re.compile(r"%\((\w+)\)s")
assert factory  # importing it declares every kind

#: Values that read as they are written: A and B.
SPEAKING = {"Letter"}


def modules() -> Iterator[Any]:
    for found in walk_packages(portal.__path__, "portal."):
        if ".migrations" not in found.name:
            yield import_module(found.name)


def enums() -> dict[str, type[StrEnum]]:
    """Every enum that is stored: those of the models, and the roles."""
    made = {}
    for module in modules():
        if module.__name__.endswith("models") or module.__name__ == "portal.kernel.actor":
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, StrEnum) and value.__module__ == module.__name__:
                    made[f"{module.__name__}.{value.__name__}"] = value
    return made


def label_tables() -> list[tuple[str, dict[Any, Any]]]:
    return [
        (f"{module.__name__}.{name}", value)
        for module in modules()
        for name, value in vars(module).items()
        if name.endswith("_LABELS") and isinstance(value, dict) and value
    ]


def test_there_are_kinds_and_tables_to_look_at():
    assert len(EVENTS) > 50
    assert len(label_tables()) > 8
    assert len(enums()) > 8


@pytest.mark.parametrize("tag", sorted(EVENTS))
def test_a_sentence_uses_only_declared_facts(app, tag):
    kind = EVENTS[tag]
    with app.app_context():
        for language in ("zh", "en"):
            with force_locale(language):
                sentence = str(kind.sentence)
            assert sentence.strip()
            assert set(HOLE.findall(sentence)) <= kind.facts | kind.personal
            assert "%" not in HOLE.sub("", sentence).replace("%%", "")
    assert not kind.facts & kind.personal, "a fact is either personal or not"


def test_kinds_are_named_after_the_room_that_declares_them():
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, EventKind) and module.__name__.endswith(".vocabulary"):
                assert value.tag.split(".")[0] == module.__name__.split(".")[1], value.tag


def test_every_kind_is_recorded_somewhere():
    words = {p: Counter(re.findall(r"\w+", p.read_text(encoding="utf-8"))) for p in PORTAL.rglob("*.py")}
    everywhere = Counter[str]()
    for found in words.values():
        everywhere.update(found)
    unused = []
    for module in modules():
        home = Path(module.__file__ or "")
        for name, value in vars(module).items():
            at_home = 1 if words.get(home, {}).get(name) else 0
            if isinstance(value, EventKind) and everywhere[name] == at_home:
                unused.append(value.tag)
    assert unused == []


@pytest.mark.parametrize("name", sorted(enums()))
def test_every_stored_value_has_a_label(app, name):
    kind = enums()[name]
    if kind.__name__ in SPEAKING:
        return
    tables = [table for _, table in label_tables() if isinstance(next(iter(table)), kind)]
    own = [member for member in kind if hasattr(member, "label")]
    if len(own) == len(kind):
        return
    assert tables, "no table of labels"
    with app.app_context():
        for member in kind:
            assert any(str(table.get(member, "")).strip() for table in tables), member


@pytest.mark.parametrize("where", [name for name, _ in label_tables()])
def test_a_table_of_labels_is_complete(app, where):
    table = dict(label_tables())[where]
    kinds = {type(key) for key in table if isinstance(key, StrEnum)}
    for kind in kinds:
        assert set(kind) <= set(table), f"{where} does not name every {kind.__name__}"
    with app.app_context():
        assert all(str(value).strip() for value in table.values())
