"""Who decides as somebody's superior at an instant: head, leader in charge, principal, whoever answers for them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from portal.ab_post import queries as ab
from portal.ab_post.picture import Picture
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind


def _ladder(first: PostKind, department_id: int | None, seen: Picture) -> Iterable[int]:
    """The posts that may decide, from the wanted one up."""
    if first is PostKind.HEAD:
        yield from seen.heads.get(department_id or 0, ())
    if first is not PostKind.PRINCIPAL and department_id is not None:
        leader = posts.leader_post_of(department_id)
        if leader is not None:
            yield leader
    principal = posts.principal_post()
    if principal is not None:
        yield principal


def decider(
    first: PostKind, department_id: int | None, excluded: Container[int], at: datetime
) -> tuple[int, int] | None:
    """Who decides at an instant and under which post: whoever answers for the wanted post of a department, unless that
    is somebody who must not, then one level up; None when nobody can (AB-3)."""
    seen = ab.picture_at(at)
    for post_id in _ladder(first, department_id, seen):
        user_id = seen.answer(post_id, at).user_id
        if user_id is not None and user_id not in excluded:
            return user_id, post_id
    return None
