"""The journal as people read it (J-1, J-3): sentences made when read, facts in words, persons by name.

The journal stores facts untranslated. Rooms register here how their facts read (`label`), and the house registers who
the persons are (`names_source`), so that the kernel needs to know neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.kernel import i18n, journal
from portal.kernel.journal import EVENTS, JournalEntry

#: How a fact reads: words by value, or a function of the value and of all facts of the entry.
Labels = Mapping[Any, Any] | Callable[[Any, Mapping[str, Any]], str]
#: Whether a plain fact (event, name, value) must not be shown to this reader.
Hide = Callable[[str, str, Any], bool]

_labels: dict[tuple[str, str], Labels] = {}
_names: list[Callable[[], Mapping[int, str]]] = []
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


def label(fact: str, labels: Labels, of: str = "") -> None:
    """Register how a fact reads: everywhere, in the events of one room, or (``of`` holds a dot) in one event."""
    _labels[of, fact] = labels


def names_source(source: Callable[[], Mapping[int, str]]) -> None:
    """Register what gives the names of persons by id (one source, the people room)."""
    _names[:] = [source]


def names() -> Mapping[int, str]:
    """The names of persons by id."""
    return _names[0]() if _names else {}


def is_labelled(event: str, fact: str, value: Any) -> bool:
    """Whether a room's vocabulary, and not somebody's own text, says how this value reads."""
    labels = _labels_of(event, fact)
    if labels is None or isinstance(value, Mapping):
        return False
    if callable(labels):
        return True
    return all(
        isinstance(each, str | int) and each in labels for each in (value if isinstance(value, list) else [value])
    )


def word(event: str, fact: str, value: Any, facts: Mapping[str, Any]) -> str:
    """One fact in words: its label, a local time, yes or no, a list, or the text itself."""
    labels = _labels_of(event, fact)
    if isinstance(value, Mapping):
        return _("；").join(_change(name, change, labels) for name, change in value.items())
    if isinstance(value, list):
        return _("、").join(word(event, fact, each, facts) for each in value) or _("无")
    if callable(labels):
        return labels(value, facts)
    return _plain(value, labels)


def _labels_of(event: str, fact: str) -> Labels | None:
    places = (event, event.partition(".")[0], "")
    return next((_labels[place, fact] for place in places if (place, fact) in _labels), None)


def _plain(value: Any, labels: Mapping[Any, Any] | None = None) -> str:
    if labels is not None and value in labels:
        return str(labels[value])
    if value is None or value == "":
        return _("无")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return _local(value)
    return str(value)


def _local(text: str) -> str:
    try:
        return i18n.local_dt(datetime.fromisoformat(text))
    except ValueError:
        return text


def _change(name: str, change: Any, labels: Labels | None) -> str:
    """One entry of a dictionary of changes: field → [old, new]; labels name the fields."""
    field = str(labels.get(name, name)) if isinstance(labels, Mapping) else name
    if isinstance(change, list) and len(change) == 2:
        return _("%(field)s：%(old)s → %(new)s", field=field, old=_plain(change[0]), new=_plain(change[1]))
    return _("%(field)s：%(value)s", field=field, value=change if isinstance(change, list | dict) else _plain(change))


def sentence(entry: JournalEntry, personal: Mapping[str, Any] | None = None, hide: Hide | None = None) -> str:
    """What happened, in the reader's language.

    ``personal`` are the entry's personal facts as `journal.personal_of` gives them, empty when they were erased, and
    None for a reader who must not see them. ``hide`` may hold back plain facts too. An event that no room declares
    any more is named by its tag.
    """
    kind = EVENTS.get(entry.event)
    if kind is None:
        return entry.event
    stored = entry.fact()
    words = {
        name: _("（不予显示）") if hide and hide(entry.event, name, value) else word(entry.event, name, value, stored)
        for name, value in stored.items()
    }
    for name in kind.personal:
        if personal is None:
            words[name] = _("（不予显示）")
        elif name in personal:
            words[name] = word(entry.event, name, personal[name], personal)
        else:
            words[name] = _("（已抹去）")
    for name in kind.facts - words.keys():
        words[name] = _("无")  # recorded before the kind carried this fact
    return str(kind.sentence) % words if words else str(kind.sentence)


@dataclass(frozen=True)
class Line:
    """One entry as a reader sees it; ``for_whom`` is empty unless B acted for A (AB-4)."""

    at: datetime
    sentence: str
    who: str
    for_whom: str
    event: str
    seq: int
    rules: tuple[str, ...]
    clause: str = ""


def lines(entries: Iterable[JournalEntry], with_personal: bool = True, hide: Hide | None = None) -> list[Line]:
    """Entries as lines, in the order given; without personal facts unless ``with_personal``."""
    rows = list(entries)
    personal = journal.personal_of(row.seq for row in rows) if with_personal else {}
    known = names()
    return [
        Line(
            at=row.at,
            sentence=sentence(row, personal.get(row.seq, {}) if with_personal else None, hide),
            who=_("平台") if row.actor_id is None else known.get(row.actor_id, f"#{row.actor_id}"),
            for_whom="" if row.for_user_id is None else known.get(row.for_user_id, f"#{row.for_user_id}"),
            event=row.event,
            seq=row.seq,
            rules=EVENTS[row.event].rules if row.event in EVENTS else (),
            clause=EVENTS[row.event].clause if row.event in EVENTS else "",
        )
        for row in rows
    ]
