"""Cover in the sample office: reports on return that were read, the publication, calendar feeds (AB-4, AB-5, AB-8)."""

from __future__ import annotations

from sqlalchemy import select

from portal.ab_post import office_service, returns
from portal.ab_post import service as ab
from portal.ab_post.models import CalendarFeed
from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db

#: Who has read the report on return, at the (working day back, time) of a quiet moment; later ones wait to be read.
_READERS = (
    ("tangyue", (26, "09:20")),
    ("liqiang", (28, "09:15")),
    ("huangbo", (24, "09:30")),
    ("zhouning", (13, "09:10")),
    ("chenjing", (7, "09:40")),
)


def begin(stage: Stage) -> None:
    """Plan what the room gives out."""
    for username, at in _READERS:
        stage.tell(read(stage, username, at))
    stage.tell(publish(stage))
    stage.tell(feeds(stage))


def read(stage: Stage, username: str, when: tuple[int, str]) -> Story:
    """Somebody who is back reads what was done meanwhile (AB-4)."""
    at = yield stage.work.at(*when)
    actor = stage.actor(username, at)
    for absence in returns.unread(actor.id or 0, at):
        ab.acknowledge(actor, absence, at)


def publish(stage: Stage) -> Story:
    """The office publishes A and B of the running half year, after a change that was filed late (AB-5)."""
    at = yield stage.work.at(15, "16:30")
    day = clock.local(at).date()
    office_service.publish(stage.actor("wuxia", at), day.year, 1 if day.month <= 6 else 2, at)


def feeds(stage: Stage) -> Story:
    """Calendar feeds of a department: one in use, one revoked (AB-8)."""
    at = yield stage.work.at(14, "10:20")
    head = stage.actor("zhaogang", at)
    department = head.department_id or 0
    office_service.make_feed(head, department, "科长手机日历", at)
    office_service.make_feed(head, department, "前台电脑", at)
    at = yield stage.work.at(9, "17:05")
    feed = db.session.scalars(select(CalendarFeed).where(CalendarFeed.name == "前台电脑")).one()
    office_service.revoke_feed(stage.actor("zhaogang", at), feed, at)
