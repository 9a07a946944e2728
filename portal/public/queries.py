"""Who is on duty now, from memory; made anew only when posts, people, absences or cards change (C-7); the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.ab_post import queries as ab
from portal.kernel import clock, epochs
from portal.kernel.db import db
from portal.message_card import queries as cards
from portal.message_card.rules import Card
from portal.people.models import Unit
from portal.post_duty.models import Post, PostKind
from portal.service_commitment.models import ServiceItem

#: How long a picture may stand when nothing at all changes.
LONGEST = timedelta(hours=12)
_EPOCHS = ("posts", "people", "message_card")


@dataclass(frozen=True)
class OnDuty:
    """A post as the public sees it: who answers now, for whom; ``name`` is empty when nobody does."""

    code: str
    post: str
    head: bool
    place: str
    phone: str
    name: str
    acting_for: str


@dataclass(frozen=True)
class Department:
    """A department with its posts and its message card."""

    id: int
    code: str
    name: str
    place: str
    phone: str
    card: Card
    posts: tuple[OnDuty, ...]


@dataclass(frozen=True)
class Board:
    """All departments; true from one instant until another."""

    since: datetime
    until: datetime
    departments: tuple[Department, ...]
    #: What pages made of it hold on to, by what they depend on besides.
    kept: dict[object, tuple[str, str]]


def board(now: datetime) -> Board:
    """The board at an instant."""
    store: dict[str, Board] = epochs.cached("ab_post", "public.on_duty", dict, _EPOCHS)
    found = store.get("board")
    if found is None or not found.since <= now < found.until:
        found = store["board"] = _build(now)
    return found


def _build(now: datetime) -> Board:
    seen, day, until = ab.picture_at(now), clock.local(now).date(), now + LONGEST
    rows = select(Post.id, Post.place, Post.phone).where(Post.closed_on.is_(None))
    where = {post_id: (place, phone) for post_id, place, phone in db.session.execute(rows)}
    rank = {PostKind.HEAD: 0, PostKind.STAFF: 1}
    changes = {until, clock.day_start(day + timedelta(days=1)), *cards.changes(now, until)}
    found = []
    for place in cards.places():
        own = [
            p
            for p in seen.posts.values()
            if p.department_id == place.id and p.kind in rank and p.open_on(day) and p.id in where
        ]
        own.sort(key=lambda p: (rank[p.kind], p.code))
        lines = []
        for post in own:
            changes.update(seen.marks(post.id, now, until)[1:])
            answer = seen.answer(post.id, now)
            lines.append(
                OnDuty(
                    code=post.code,
                    post=post.name,
                    head=post.kind is PostKind.HEAD,
                    place=where[post.id][0] or place.place,
                    phone=where[post.id][1] or place.phone,
                    name=seen.names.get(answer.user_id or 0, ""),
                    acting_for=seen.names.get(answer.for_user_id or 0, "") if answer.acting else "",
                )
            )
        card = cards.card_of(place.id, now)
        if lines or card.hangs:
            found.append(Department(place.id, place.code, place.name, place.place, place.phone, card, tuple(lines)))
    return Board(now, min(changes), tuple(found), {})


# --- the unit and its items ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitFacts:
    """The institution as the public may know it (R-1)."""

    name: str = ""
    functions: str = ""
    address: str = ""
    phone: str = ""


def unit() -> UnitFacts:
    """The institution, from memory."""
    return epochs.cached("people", "public.unit", _unit)


def _unit() -> UnitFacts:
    row = db.session.execute(select(Unit.name, Unit.functions, Unit.address, Unit.phone)).first()
    return UnitFacts(*row) if row is not None else UnitFacts()


def item_names() -> dict[int, tuple[str, str]]:
    """Name and code of every item there ever was, by id."""
    rows = db.session.execute(select(ServiceItem.id, ServiceItem.name, ServiceItem.code))
    return {item_id: (name, code) for item_id, name, code in rows}
