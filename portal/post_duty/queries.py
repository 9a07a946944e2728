"""Reads of posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.kernel import clock, epochs, journal
from portal.kernel.db import db
from portal.post_duty import vocabulary as words
from portal.post_duty.models import LeaderCharge, Post, PostKind


def leader_post_of(department_id: int) -> int | None:
    """The post of the leader in charge of a department; the principal's when none is named."""
    return charges().get(department_id) or principal_post()


def departments_of(post_id: int) -> frozenset[int]:
    """The departments that a leader's post is in charge of."""
    return frozenset(d for d, p in charges().items() if p == post_id)


def principal_post() -> int | None:
    """The principal's post, None before it was made."""
    return epochs.cached("posts", "principal", _principal)


def _principal() -> int | None:
    return db.session.scalar(
        select(Post.id).where(Post.kind == PostKind.PRINCIPAL, Post.closed_on.is_(None)).order_by(Post.id).limit(1)
    )


def departments_with_posts() -> frozenset[int]:
    """Departments that have open posts."""
    found = select(Post.department_id).where(Post.closed_on.is_(None)).distinct()
    return epochs.cached("posts", "departments", lambda: frozenset(db.session.scalars(found)))


def charges() -> dict[int, int]:
    """The leader's post by department, for the departments that have one."""
    return epochs.cached(
        "posts",
        "charges",
        lambda: dict(db.session.execute(select(LeaderCharge.department_id, LeaderCharge.post_id)).all()),
    )


def open_posts(department_id: int | None = None) -> list[Post]:
    """Posts that are not closed, by department and code."""
    query = select(Post).where(Post.closed_on.is_(None)).order_by(Post.department_id, Post.code)
    if department_id is not None:
        query = query.where(Post.department_id == department_id)
    return list(db.session.scalars(query))


def post_name(post_id: int) -> str:
    """A post's name, empty when there is no such post."""
    return db.session.scalar(select(Post.name).where(Post.id == post_id)) or ""


def by_code(code: str) -> Post | None:
    """A post by its code."""
    return db.session.scalar(select(Post).where(Post.code == code))


@dataclass(frozen=True)
class PostVersion:
    """What a post stated from an instant on (P-1)."""

    number: int
    from_at: datetime
    texts: dict[str, str]


def versions(post: Post) -> list[PostVersion]:
    """All versions of what a post states, the newest first, read back from the journal (P-1, J-3)."""
    texts = {name: str(getattr(post, name)) for name in words.STATED}
    found: list[tuple[datetime, dict[str, str]]] = []
    began = None
    for entry in reversed(journal.of_object("post", post.id)):
        if entry.event == words.CHANGED.tag:
            changes = {k: v for k, v in entry.fact()["changes"].items() if k in texts}
            if changes:
                found.append((entry.at, dict(texts)))
                texts.update({name: str(old) for name, (old, _new) in changes.items()})
        elif entry.event == words.ADDED.tag:
            began = entry.at
    if began is not None:
        found.append((began, texts))
    return [PostVersion(len(found) - n, at, stated) for n, (at, stated) in enumerate(found)]


def version_on(post: Post, day: date) -> PostVersion | None:
    """The version that was in force at the end of a day; None before the post was set up."""
    return next((v for v in versions(post) if clock.local(v.from_at).date() <= day), None)
