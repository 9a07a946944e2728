"""Reads of drafts: lists by what a person may do with them, and the count of those that wait, from memory (C-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, false, or_, select

from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.post_duty import queries as posts
from portal.post_duty.models import Post
from portal.service_commitment import vocabulary as words
from portal.service_commitment.models import DraftState, DraftText, ItemDraft, ServiceItem

STATES = {
    "running": (DraftState.WRITING, DraftState.SUBMITTED),
    "submitted": (DraftState.SUBMITTED,),
    "writing": (DraftState.WRITING,),
    "published": (DraftState.PUBLISHED,),
    "refused": (DraftState.REFUSED,),
    "withdrawn": (DraftState.WITHDRAWN,),
    "all": tuple(DraftState),
}


@dataclass(frozen=True)
class Running:
    """A draft on its way, as menus and to-dos need it."""

    id: int
    item_id: int
    code: str
    name: str
    department_id: int
    state: DraftState
    second_needed: bool
    submitted_at: datetime | None
    writers: frozenset[int]


def running() -> tuple[Running, ...]:
    """All drafts on their way, from memory."""
    return epochs.cached("item_drafts", "running", _running, ("catalogue", "posts"))


def _running() -> tuple[Running, ...]:
    query = (
        select(ItemDraft, ServiceItem.code, ServiceItem.name, Post.department_id)
        .join(ServiceItem, ServiceItem.id == ItemDraft.item_id)
        .join(Post, Post.id == ServiceItem.post_id)
        .where(ItemDraft.state.in_(STATES["running"]))
        .order_by(ItemDraft.id)
    )
    rows = db.session.execute(query).all()
    wrote = writers([d.id for d, *_rest in rows])
    return tuple(
        Running(
            d.id, d.item_id, code, name, department_id, d.state, d.second_needed, d.submitted_at,
            frozenset(wrote.get(d.id, ())),
        )
        for d, code, name, department_id in rows
    )  # fmt: skip


def in_review() -> frozenset[int]:
    """The items whose next version is on its way."""
    return frozenset(d.item_id for d in running())


def of_item(item_id: int) -> Running | None:
    """The draft on its way of an item."""
    return next((d for d in running() if d.item_id == item_id), None)


def to_review(actor: Actor) -> list[Running]:
    """The submitted drafts that a person could publish or refuse now."""
    waiting = [d for d in running() if d.state is DraftState.SUBMITTED]
    if not waiting:
        return []
    if not actor.can(words.PUBLISH):
        mine = _in_charge(actor)
        waiting = [d for d in waiting if mine is None or d.department_id in mine]
    return [d for d in waiting if not (d.second_needed and actor.id in d.writers)]


def _in_charge(actor: Actor) -> frozenset[int] | None:
    """The departments whose drafts a person may review; None: all."""
    if actor.can(words.PUBLISH) or any(a.kind == "principal" for a in actor.posts):
        return None
    if not actor.can(words.REVIEW):
        return frozenset()
    return frozenset(d for d, post_id in posts.charges().items() if actor.answers_for(post_id) is not None)


def listing(actor: Actor, state: str) -> Select[Any]:
    """Drafts that a person may write or review, of some states, the newest first."""
    query = select(ItemDraft).where(ItemDraft.state.in_(STATES.get(state, STATES["running"])))
    charge = _in_charge(actor)
    if charge is not None:
        departments = charge | (actor.departments_headed() if actor.can(words.DRAFT) else frozenset())
        query = query.join(ServiceItem, ServiceItem.id == ItemDraft.item_id).join(Post, Post.id == ServiceItem.post_id)
        query = query.where(or_(false(), *(Post.department_id == d for d in sorted(departments))))
    return query.order_by(ItemDraft.id.desc())


def texts(draft_id: int) -> list[DraftText]:
    """All editions of a draft, the oldest first."""
    query = select(DraftText).where(DraftText.draft_id == draft_id).order_by(DraftText.edition)
    return list(db.session.scalars(query))


def writers(draft_ids: Iterable[int]) -> dict[int, list[int]]:
    """Who wrote each of some drafts, each person once."""
    query = select(DraftText.draft_id, DraftText.saved_by_id).where(DraftText.draft_id.in_(list(draft_ids)))
    found: dict[int, list[int]] = {}
    for draft_id, user_id in db.session.execute(query.distinct().order_by(DraftText.draft_id)):
        if user_id is not None:
            found.setdefault(draft_id, []).append(user_id)
    return found


def of(item_id: int) -> list[ItemDraft]:
    """The drafts of an item, the newest first."""
    query = select(ItemDraft).where(ItemDraft.item_id == item_id).order_by(ItemDraft.id.desc())
    return list(db.session.scalars(query))
