"""Calendar feeds (AB-8): who is away and who covers in a department, for calendar programs; reads only.

A feed says that somebody is away, never why in private matters: of sick and private leave it says *away* alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import select

from portal.ab_post import queries
from portal.ab_post import vocabulary as words
from portal.ab_post.models import AbsenceKind, CalendarFeed
from portal.ab_post.picture import AbsenceFact, Picture, PostFact
from portal.ab_post.rules import Reason
from portal.kernel.db import db
from portal.people import queries as people

if TYPE_CHECKING:
    from icalendar import Event

#: How far ahead a feed reaches; it begins where the picture in memory does (absences that ended two days ago).
AHEAD = timedelta(days=180)
#: Nothing of the reason is told for these.
UNTOLD = frozenset({AbsenceKind.SICK, AbsenceKind.PRIVATE})
REFRESH = "PT30M"


def of_departments(department_ids: frozenset[int] | None) -> list[CalendarFeed]:
    """The feeds of some departments (None: all), those in use first."""
    query = select(CalendarFeed).order_by(CalendarFeed.revoked_at.is_not(None), CalendarFeed.id.desc())
    if department_ids is not None:
        query = query.where(CalendarFeed.department_id.in_(department_ids))
    return list(db.session.scalars(query))


def by_token(token: str) -> CalendarFeed | None:
    """The feed in use that a secret opens."""
    if not 20 <= len(token) <= 100:
        return None
    query = select(CalendarFeed).where(
        CalendarFeed.token_hash == people.token_hash(token), CalendarFeed.revoked_at.is_(None)
    )
    return db.session.scalar(query)


def content(feed: CalendarFeed, now: datetime) -> bytes:
    """The feed's calendar in the form of RFC 5545."""
    from icalendar import Calendar  # loaded with the first feed

    name = people.department_names().get(feed.department_id, "")
    title = _("%(department)s：离岗与顶岗", department=name)
    calendar = Calendar()
    calendar.add("prodid", "-//efficiency portal//cover//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("x-published-ttl", REFRESH)
    seen = queries.picture()
    for fact in sorted((f for each in seen.absences.values() for f in each), key=lambda f: (f.from_at, f.id)):
        if fact.from_at > now + AHEAD or not seen.able(fact.user_id, max(fact.from_at, seen.since)):
            continue
        posts = [
            p for p in seen.held_as_a(fact.user_id, fact.from_at, fact.to_at) if p.department_id == feed.department_id
        ]
        if posts or seen.departments_of_users.get(fact.user_id) == feed.department_id:
            calendar.add_component(_away(seen, fact, posts, now))
            for post in posts:
                for event in _covered(seen, fact, post, now):
                    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _event(uid: str, summary: str, from_at: datetime, to_at: datetime, now: datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@efficiency-portal")
    event.add("dtstamp", now)
    event.add("dtstart", from_at)
    event.add("dtend", to_at)
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    return event


def _away(seen: Picture, fact: AbsenceFact, posts: list[PostFact], now: datetime) -> Event:
    name = seen.names[fact.user_id]
    if fact.kind in UNTOLD:
        summary = _("离岗：%(name)s", name=name)
    else:
        summary = _("离岗：%(name)s（%(kind)s）", name=name, kind=words.ABSENCE_LABELS[fact.kind])
    event = _event(f"absence-{fact.id}", summary, fact.from_at, fact.to_at, now)
    if posts:
        event.add("description", _("岗位：%(posts)s", posts="、".join(p.name for p in posts)))
    return event


def _covered(seen: Picture, fact: AbsenceFact, post: PostFact, now: datetime) -> list[Event]:
    found = []
    for n, part in enumerate(queries.parts(seen, post.id, fact.from_at, fact.to_at)):
        whom = seen.names[fact.user_id]
        if part.reason is Reason.GAP:
            summary = _("无人顶岗：%(post)s（%(whom)s离岗）", post=post.name, whom=whom)
        else:
            summary = _("顶岗：%(name)s，%(post)s（代 %(whom)s）", name=part.name, post=post.name, whom=whom)
        found.append(_event(f"cover-{fact.id}-{post.id}-{n}", summary, part.from_at, part.to_at, now))
    return found
