"""Reads of posts."""

from __future__ import annotations

from sqlalchemy import select

from portal.kernel import epochs
from portal.kernel.db import db
from portal.post_duty.models import LeaderCharge, Post, PostKind


def leader_post_of(department_id: int) -> int | None:
    """The post of the leader in charge of a department; the principal's when none is named."""
    return _charges().get(department_id) or principal_post()


def departments_of(post_id: int) -> frozenset[int]:
    """The departments that a leader's post is in charge of."""
    return frozenset(d for d, p in _charges().items() if p == post_id)


def principal_post() -> int | None:
    """The principal's post, None before it was made."""
    return epochs.cached("posts", "principal", _principal)


def _principal() -> int | None:
    return db.session.scalar(
        select(Post.id).where(Post.kind == PostKind.PRINCIPAL, Post.closed_on.is_(None)).order_by(Post.id).limit(1)
    )


def _charges() -> dict[int, int]:
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
