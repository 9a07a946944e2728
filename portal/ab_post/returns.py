"""What was done while somebody was away, post by post, and what comes back (AB-4). Reads only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.ab_post import queries
from portal.ab_post.models import Absence, Assignment, Letter
from portal.ab_post.picture import PostFact
from portal.kernel import clock, journal, timeline
from portal.kernel.db import db
from portal.post_duty import seams

#: Entries of a report at most, the newest first.
MOST = 1000


@dataclass(frozen=True)
class OfPost:
    """One post of the report; ``post`` is None for what was done in the person's place elsewhere."""

    post: PostFact | None
    parts: tuple[queries.Part, ...]
    done: list[timeline.Line]
    matters: list[seams.Thing]


@dataclass(frozen=True)
class Report:
    """An absence that is over, and what happened meanwhile."""

    absence: Absence
    until: datetime
    posts: list[OfPost]
    count: int


def make(absence: Absence) -> Report:
    """The report of an absence that is over."""
    fact = queries.fact_of(absence)
    seen = queries.picture_at(fact.from_at)
    entries = list(reversed(journal.on_behalf_of(absence.user_id, fact.from_at, fact.to_at, MOST)))
    place = {entry.seq: entry.post_id for entry in entries}
    by_post: dict[int | None, list[timeline.Line]] = defaultdict(list)
    for line in timeline.lines(entries, with_personal=False):
        by_post[place[line.seq]].append(line)
    posts = [
        OfPost(
            post,
            queries.parts(seen, post.id, fact.from_at, fact.to_at),
            by_post.pop(post.id, []),
            seams.open_matters(post.id),
        )
        for post in seen.held_as_a(absence.user_id, fact.from_at, fact.to_at)
    ]
    for post_id, lines in by_post.items():
        posts.append(OfPost(seen.posts.get(post_id or 0), (), lines, []))
    return Report(absence, fact.to_at, posts, len(entries))


def unread(user_id: int, now: datetime) -> list[Absence]:
    """A person's absences that are over, left a post of theirs, and whose report was not read yet; the latest first."""
    end = func.coalesce(Absence.ended_at, Absence.to_at)
    query = select(Absence).where(
        Absence.user_id == user_id, Absence.read_at.is_(None), end <= now, end > Absence.from_at
    )
    found = list(db.session.scalars(query.order_by(Absence.from_at.desc()).limit(20)))
    if not found:
        return []
    held = db.session.execute(
        select(Assignment.from_on, Assignment.until_on).where(
            Assignment.user_id == user_id, Assignment.letter == Letter.A
        )
    ).all()
    return [
        absence
        for absence in found
        if any(
            start <= clock.local(absence.ended_at or absence.to_at).date()
            and (last is None or clock.local(absence.from_at).date() <= last)
            for start, last in held
        )
    ]
