"""Whom a passed threshold concerns (T-6): who answers for the post now, then the head, then the leader in charge."""

from __future__ import annotations

from datetime import datetime

from portal.ab_post import queries as ab
from portal.ab_post import superiors
from portal.post_duty.models import PostKind
from portal.pure.deadlines import Light

#: How far up each threshold goes: due soon the handler, overdue also the head, red also the leader in charge.
LEVELS = {Light.DUE_SOON: 0, Light.OVERDUE: 1, Light.RED: 2}
TOP = 2


def people(post_id: int, department_id: int, level: int, now: datetime) -> list[int]:
    """The people up to a level (0 handler, 1 head, 2 leader in charge), whoever answers for each now, each once.

    Where one person answers for two of the places, the next one up is told in addition; where nobody answers for the
    post, its head is told from the beginning.
    """
    handler = ab.who_answers_for(post_id, now).user_id
    found: list[int] = [] if handler is None else [handler]
    for place in (PostKind.HEAD, PostKind.LEADER)[: level if handler is not None else max(1, level)]:
        above = superiors.decider(place, department_id, found, now)
        if above is not None:
            found.append(above[0])
    return found
