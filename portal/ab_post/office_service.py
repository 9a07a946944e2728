"""The verbs of what the room gives out: the half-yearly publication and the calendar feeds (AB-5, AB-8)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.ab_post import publications
from portal.ab_post import vocabulary as words
from portal.ab_post.models import CalendarFeed, PairPublication
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people

#: Feeds of one department that are in use at the same time, at most.
MOST_FEEDS = 20


def publish(actor: Actor, year: int, half: int, now: datetime) -> PairPublication:
    """Publish A and B of all posts of a half year as the records stand now (AB-5); again: a new edition.

    Raises Invalid for a half year that has not begun.
    """
    if publications.span(year, half)[0] > clock.local(now).date():
        raise Invalid("half", _("这个半年还没有开始。"), "AB-5")
    listed = publications.make(year, half, now)
    text = publications.to_text(listed)
    before = select(func.max(PairPublication.edition)).where(PairPublication.year == year, PairPublication.half == half)
    made = PairPublication(
        year=year,
        half=half,
        edition=(db.session.scalar(before) or 0) + 1,
        published_at=now,
        published_by_id=actor.id,
        content=text,
    )
    db.session.add(made)
    journal.record(
        words.PAIRS_PUBLISHED,
        made,
        actor,
        now,
        year=year,
        half=half,
        edition=made.edition,
        posts=listed.posts,
        late=listed.late,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    return made


def make_feed(actor: Actor, department_id: int, name: str, now: datetime) -> str:
    """Open a calendar feed of a department; returns its secret, which is kept nowhere (AB-8).

    Raises Invalid for an unknown department, a name in use, or too many feeds.
    """
    departments = people.department_names()
    if department_id not in departments:
        raise Invalid("department", _("请选择科室。"))
    in_use = select(CalendarFeed).where(CalendarFeed.department_id == department_id, CalendarFeed.revoked_at.is_(None))
    there = list(db.session.scalars(in_use))
    if any(feed.name == name for feed in there):
        raise Invalid("name", _("已有同名的订阅，请换一个名称。"))
    if len(there) >= MOST_FEEDS:
        raise Invalid("name", _("一个科室最多 %(n)s 个订阅，请先撤销不用的。", n=MOST_FEEDS))
    secret = secrets.token_urlsafe(32)
    made = CalendarFeed(
        department_id=department_id,
        name=name,
        token_hash=people.token_hash(secret),
        made_by_id=actor.id,
        made_at=now,
    )
    db.session.add(made)
    journal.record(words.FEED_MADE, made, actor, now, department=departments[department_id], name=name)
    return secret


def revoke_feed(actor: Actor, feed: CalendarFeed, now: datetime) -> None:
    """End a calendar feed: its address looks like a missing one from now on. Raises Conflict when it ended before."""
    if feed.revoked_at is not None:
        raise Conflict(_("这个订阅已经撤销。"))
    feed.revoked_at = now
    department = people.department_names().get(feed.department_id, "")
    journal.record(words.FEED_REVOKED, feed, actor, now, department=department, name=feed.name)
