"""Sentences that are kept as they were said and read in the language of whoever reads them.

A lazy text is kept as its source and its values; a plain text as it stands.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale, gettext
from flask_babel.speaklater import LazyString

from portal.kernel import clock, i18n

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def kept(text: Any) -> str:
    """The text as it is stored. Values are words, figures, dates and instants."""
    if not text:
        return ""
    if isinstance(text, LazyString):
        source, values = text._args[0], text._kwargs
        return json.dumps([str(source), {k: _value(v) for k, v in values.items()}], ensure_ascii=False)
    return json.dumps([str(text), None], ensure_ascii=False)


def _value(value: Any) -> Any:
    if isinstance(value, LazyString):
        return json.loads(kept(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def said(stored: str) -> str:
    """A stored text in the language in force."""
    return _said(json.loads(stored)) if stored else ""


def _said(found: list[Any]) -> str:
    source, values = found
    if values is None:
        return str(source)
    return gettext(source, **{k: _word(v) for k, v in values.items()})


def _word(value: Any) -> Any:
    if isinstance(value, list):
        return _said(value)
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return i18n.local_dt(clock.local(datetime.fromisoformat(value)))
    return value


def said_in(language: str, stored: str) -> str:
    """A stored text in a person's own language."""
    with force_locale("en" if language == "en" else "zh"):
        return said(stored)
