"""Reads of the catalogue; the finder works on a copy in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.post_duty import qualifications
from portal.post_duty.models import Post
from portal.pure.text import nfkc
from portal.service_commitment import parts
from portal.service_commitment.guides import Guide, GuideMaterial, guide, guides, published_sample
from portal.service_commitment.initials import syllables_of
from portal.service_commitment.models import CaseKind, ItemVersion, ServiceItem
from portal.service_commitment.parts import Part
from portal.service_commitment.rules import match_range

__all__ = ["Guide", "GuideMaterial", "guide", "guides", "published_sample"]


@dataclass(frozen=True)
class Entry:
    """A current item as the finder and the forms need it."""

    id: int
    code: str
    name: str
    aliases: str
    initials: str
    topic: str
    common: bool
    post_id: int
    post_name: str
    place: str
    department_id: int
    kind: str
    promised_limit: str
    statutory_limit: str
    version_id: int
    #: The day from which it is no longer offered: one to come, since those of the past are left out.
    retired_on: date | None = None


def entries() -> tuple[Entry, ...]:
    """All items with a published version that are offered today, by code. Exact at midnight of a retirement."""
    known, retiring = epochs.cached("catalogue", "entries", _entries, ("posts",))
    if not retiring:
        return known
    today = clock.today()
    return tuple(e for e in known if e.retired_on is None or e.retired_on > today)


def _entries() -> tuple[tuple[Entry, ...], bool]:
    """The entries, and whether a retirement of one of them is set for a day to come (or was when this was read)."""
    found = _read_entries()
    return found, any(e.retired_on is not None for e in found)


def _read_entries() -> tuple[Entry, ...]:
    rows = db.session.execute(
        select(ServiceItem, ItemVersion, Post)
        .join(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .where(ServiceItem.retired_on.is_(None) | (ServiceItem.retired_on > clock.today()))
        .order_by(ServiceItem.code)
    )
    return tuple(
        Entry(
            i.id,
            i.code,
            i.name,
            i.aliases,
            i.initials,
            i.topic,
            i.common,
            p.id,
            p.name,
            v.place or p.place,
            p.department_id,
            str(v.kind),
            v.promised_limit,
            v.statutory_limit,
            v.id,
            i.retired_on,
        )
        for i, v, p in rows
    )


def by_id(item_id: int | None) -> Entry | None:
    """A current item by its id."""
    return next((e for e in entries() if e.id == item_id), None)


class Findable(Protocol):
    """What the finder looks at."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def common(self) -> bool: ...


F = TypeVar("F", bound=Findable)


def find(typed: str, limit: int = 8) -> list[Entry]:
    """Items that fit what was typed: name, alias, or pinyin; the best first (F-6)."""
    return ranked(entries(), typed)[:limit]


def ranked(found: Iterable[F], typed: str) -> list[F]:
    """Those that fit what was typed, the best first; none when nothing was typed."""
    wanted = nfkc(typed).strip().lower()
    if not wanted:
        return []
    scored = []
    for entry in found:
        score = _score(entry, wanted)
        if score is not None:
            scored.append((score, not entry.common, entry.code, entry))
    return [s[-1] for s in sorted(scored, key=lambda s: s[:3])]


def _score(entry: Findable, wanted: str) -> int | None:
    score = _score_word(entry, wanted)
    if score is not None or " " not in wanted:
        return score
    # Several words: each must fit somewhere.
    parts = [_score_word(entry, word) for word in wanted.split()]
    return None if None in parts else 6


def _score_word(entry: Findable, wanted: str) -> int | None:
    name = nfkc(entry.name).lower()
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if wanted in nfkc(entry.aliases).lower():
        return 2
    if wanted in name:
        return 3
    words = entry.initials.split()
    if any(w == wanted for w in words):
        return 2
    if any(w.startswith(wanted) for w in words):
        return 4
    return 5 if len(wanted) > 1 and any(wanted in w for w in words) else None


def marked(name: str, typed: str) -> list[tuple[str, bool]]:
    """A name in parts, each with whether it is what was typed (for the list of suggestions)."""
    plain, wanted = nfkc(name).lower(), nfkc(typed).strip().lower()
    if len(plain) != len(name):  # a sign that NFKC makes longer: positions would not fit
        plain = name.lower()
    found = match_range(plain, wanted, syllables_of(plain)) if len(plain) == len(name) else None
    if found is None:
        return [(name, False)]
    first, last = found
    return [part for part in ((name[:first], False), (name[first:last], True), (name[last:], False)) if part[0]]


def by_code(code: str) -> ServiceItem | None:
    """An item by its code, retired and unpublished ones too."""
    return db.session.scalar(
        select(ServiceItem).where(ServiceItem.code == code).options(selectinload(ServiceItem.post))
    )


def versions(item_id: int) -> list[ItemVersion]:
    """All published versions of an item, the newest first."""
    query = select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number.desc())
    return list(db.session.scalars(query))


def of_post(post_id: int) -> list[Entry]:
    """The current items that a post answers for."""
    return [e for e in entries() if e.post_id == post_id]


def count_of_post(post_id: int) -> int:
    """How many items that are not retired a post answers for, published or not."""
    query = select(func.count()).select_from(ServiceItem)
    kept = ServiceItem.retired_on.is_(None) | (ServiceItem.retired_on > clock.today())
    return db.session.scalar(query.where(ServiceItem.post_id == post_id, kept)) or 0


def may_decide(version: ItemVersion | None, user_id: int | None, on: date) -> bool:
    """Whether a person may decide on a matter under a version on a day: one that needs a qualification asks for a
    valid one, of the kind that the version names (R-3)."""
    if version is None or not version.licence:
        return True
    return user_id is not None and qualifications.qualified(user_id, on, version.qualification)


def common() -> list[Entry]:
    """The common matters shown as chips."""
    return [e for e in entries() if e.common][:8]


@dataclass(frozen=True)
class Line:
    """A line of a checklist."""

    position: int
    name: str
    form: str
    copies: int
    required: bool


@dataclass(frozen=True)
class Promise:
    """What a published version binds a case to (C-3): kind, limits, how its clock runs, the checklist."""

    id: int
    number: int
    kind: CaseKind
    promised_limit: str
    statutory_limit: str
    next_day_after_hours: bool
    restarts: bool
    tacit_consent: bool
    parts: tuple[Part, ...]
    materials: tuple[Line, ...]


def promise(version_id: int | None) -> Promise | None:
    """The promise of a version, from memory; None when there is no such version."""
    if version_id is None:
        return None
    return epochs.cached("catalogue", f"promise/{version_id}", lambda: _read_promise(version_id))


def _read_promise(version_id: int) -> Promise | None:
    found = version(version_id)
    if found is None:
        return None
    return Promise(
        found.id,
        found.number,
        found.kind,
        found.promised_limit,
        found.statutory_limit,
        found.next_day_after_hours,
        found.restarts,
        found.tacit_consent,
        parts.read(found.parts),
        tuple(Line(m.position, m.name, m.form, m.copies, m.required) for m in found.materials),
    )


def version(version_id: int) -> ItemVersion | None:
    """A version with its checklist."""
    return db.session.scalar(
        select(ItemVersion).where(ItemVersion.id == version_id).options(selectinload(ItemVersion.materials))
    )
