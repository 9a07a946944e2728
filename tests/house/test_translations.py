"""The English translation is complete, and the compiled catalogue is the one that belongs to it."""

from __future__ import annotations

import io
import re
import warnings
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PORTAL = Path(__file__).resolve().parents[2] / "portal"
PO = PORTAL / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "_n": (1, 2), "_ln": (1, 2), "lazy_gettext": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
HOLE = re.compile(r"%\((\w+)\)[sd]|%%")


def every_folder(_path: str) -> bool:
    """Folders of macros begin with an underscore, which the extraction would leave out by itself."""
    return True


@cache
def messages() -> set[str]:
    """Every text that the sources show to people."""
    found = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(PORTAL),
        METHODS,
        OPTIONS,
        KEYWORDS,
        directory_filter=every_folder,
    ):
        found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    if not PO.exists():
        warnings.warn("SKIPPED: there is no English catalogue yet", stacklevel=1)
        pytest.skip("there is no English catalogue yet")
    with open(PO, "rb") as file:
        return read_po(file, locale="en")


def test_the_sources_have_texts() -> None:
    found = messages()
    assert len(found) > 300
    assert "效能建设管理平台" in found
    assert "再次提交" in found, "templates are read"


def test_every_text_has_an_english_one(catalogue: Catalog) -> None:
    missing = []
    for text in messages():
        entry = catalogue.get(text)
        strings = entry.string if entry and isinstance(entry.string, tuple | list) else (entry.string if entry else "",)
        if entry is None or entry.fuzzy or not all(s.strip() for s in strings):
            missing.append(text)
    assert missing == []


def test_nothing_is_translated_that_nobody_shows(catalogue: Catalog) -> None:
    shown = messages()
    ids = [e.id[0] if isinstance(e.id, tuple | list) else e.id for e in catalogue if e.id]
    assert [i for i in ids if i not in shown] == []


def test_the_holes_are_the_same(catalogue: Catalog) -> None:
    wrong = []
    for entry in catalogue:
        if entry.id:
            ids = entry.id if isinstance(entry.id, tuple | list) else (entry.id,)
            strings = entry.string if isinstance(entry.string, tuple | list) else (entry.string,)
            wanted = set(HOLE.findall(ids[0]))
            wrong += [entry.id for s in strings if s and set(HOLE.findall(s)) != wanted]
    assert wrong == []


def test_the_english_is_english(catalogue: Catalog) -> None:
    """No Chinese is left in a translation but words quoted from the source: what a file's cells must literally hold."""
    runs = re.compile(r"[\u4e00-\u9fff]+")
    left = []
    for entry in catalogue:
        for text in entry.string if isinstance(entry.string, tuple | list) else (entry.string,):
            found = runs.findall(str(text)) if entry.id and text != "中文" else []
            quoted = all(word in str(entry.id) for word in found)
            if found and (not quoted or 2 * sum(map(len, found)) > len(text)):
                left.append(entry.id)
    assert left == []


def test_the_compiled_catalogue_is_current(catalogue: Catalog) -> None:
    made = io.BytesIO()
    write_mo(made, catalogue)
    assert PO.with_suffix(".mo").read_bytes() == made.getvalue(), "run: pybabel compile -d portal/translations"
