"""Content of a version as text and back, and what differs between two of them (C-3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

from flask_babel import gettext as _

from portal.post_duty.comparing import Mark, Pair, side_by_side
from portal.service_commitment import vocabulary as words
from portal.service_commitment.models import BreachKind, CaseKind
from portal.service_commitment.service import Content, Material
from portal.service_commitment.words import limit_text, money_text

#: Fields whose stored form is not their value: how each is read back.
_READ: dict[str, Callable[[Any], Any]] = {
    "kind": CaseKind,
    "materials": lambda rows: tuple(Material(**row) for row in rows),
}


def dump(content: Content) -> str:
    """The one text that stands for some content."""
    return json.dumps(asdict(content), ensure_ascii=False, sort_keys=True)


def load(text: str) -> Content:
    """The content of a stored text; fields that a later version of the portal brought have their default."""
    found = json.loads(text)
    known = {f.name for f in fields(Content)}
    return Content(**{k: _READ.get(k, _same)(v) for k, v in found.items() if k in known})


def _same(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def changed(old: Content, new: Content) -> list[str]:
    """The names of the fields that differ, in the order of the pages."""
    order = {name: n for n, name in enumerate(words.CONTENT_LABELS)}
    found = [f.name for f in fields(Content) if getattr(old, f.name) != getattr(new, f.name)]
    return sorted(found, key=lambda name: order.get(name, len(order)))


@dataclass(frozen=True)
class Part:
    """One field of two contents side by side."""

    name: str
    label: str
    pairs: list[Pair]

    @property
    def differs(self) -> bool:
        """Whether a line of it changed."""
        return any(p.mark is not Mark.SAME for p in self.pairs)


def compare(old: Content, new: Content, samples: dict[int, str] | None = None) -> list[Part]:
    """Two contents field by field, in words; ``samples`` are the names of sample forms by id."""
    return [
        Part(name, str(label), side_by_side(in_words(old, name, samples), in_words(new, name, samples)))
        for name, label in words.CONTENT_LABELS.items()
    ]


def in_words(content: Content, name: str, samples: dict[int, str] | None = None) -> str:
    """One field as text for people."""
    value = getattr(content, name)
    if name in ("promised_limit", "statutory_limit"):
        return limit_text(value)
    if name == "kind":
        return str(words.KIND_LABELS[value])
    if name == "fee_fen":
        return money_text(value)
    if name == "breach_kinds":
        return breach_text(value)
    if name == "materials":
        return "\n".join(_material(m, samples or {}) for m in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value or "")


def breach_text(kinds: str) -> str:
    """Kinds of consequence in words."""
    return _("、").join(str(words.BREACH_LABELS[BreachKind(k)]) for k in kinds.split(",") if k)


def _material(m: Material, samples: dict[int, str]) -> str:
    parts = [m.name, m.form, _("%(n)s 份", n=m.copies), _("必交") if m.required else _("有则提交"), m.note]
    if m.sample_id is not None:
        parts.append(_("样表：%(name)s", name=samples.get(m.sample_id, "")))
    return " · ".join(p for p in parts if p)
