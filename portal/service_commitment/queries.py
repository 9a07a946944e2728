"""Reads of the catalogue; the finder works on a copy in memory."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.kernel import epochs
from portal.kernel.db import db
from portal.post_duty.models import Post
from portal.pure.text import nfkc
from portal.service_commitment.models import ItemVersion, ServiceItem


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


def entries() -> tuple[Entry, ...]:
    """All items with a published version that are not retired, by code."""
    return epochs.cached("catalogue", "entries", _entries, ("posts",))


def _entries() -> tuple[Entry, ...]:
    rows = db.session.execute(
        select(ServiceItem, ItemVersion, Post)
        .join(ItemVersion, ItemVersion.id == ServiceItem.current_version_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .where(ServiceItem.retired_on.is_(None))
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
        )
        for i, v, p in rows
    )


def by_id(item_id: int | None) -> Entry | None:
    """A current item by its id."""
    return next((e for e in entries() if e.id == item_id), None)


def find(typed: str, limit: int = 8) -> list[Entry]:
    """Items that fit what was typed: name, alias, or pinyin; the best first (F-6)."""
    wanted = nfkc(typed).strip().lower()
    if not wanted:
        return []
    scored = []
    for entry in entries():
        score = _score(entry, wanted)
        if score is not None:
            scored.append((score, not entry.common, entry.code, entry))
    return [s[-1] for s in sorted(scored, key=lambda s: s[:3])[:limit]]


def _score(entry: Entry, wanted: str) -> int | None:
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


def common() -> list[Entry]:
    """The common matters shown as chips."""
    return [e for e in entries() if e.common][:8]


def version(version_id: int) -> ItemVersion | None:
    """A version with its checklist."""
    return db.session.scalar(
        select(ItemVersion).where(ItemVersion.id == version_id).options(selectinload(ItemVersion.materials))
    )
