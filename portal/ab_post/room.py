"""Door plate of the room, and what it tells the post room below."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.ab_post.coverage_views
import portal.ab_post.feed_views
import portal.ab_post.post_pages
import portal.ab_post.publication_views
import portal.ab_post.return_views  # noqa: F401 - all add pages, one to the post room
from portal.ab_post import lapses, queries, returns, rights, vocabulary
from portal.ab_post.views import bp
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.post_duty import seams

seams.holders_source(queries.holders_of)


def waiting(actor: Actor, now: datetime) -> int:
    """How many handovers wait for the actor's confirmation."""
    return len(queries.open_handovers(actor.id or 0, now))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Handovers to confirm; for heads and the office the gaps of their posts (AB-1, AB-2)."""
    found = [
        ToDo(
            kind="handover",
            title=_("确认接手“%(post)s”", post=post.name),
            detail=_(
                "%(name)s %(from_at)s 起离岗",
                name=people.user_names()[fact.user_id],
                from_at=local_dt(fact.from_at, "near"),
            ),
            url=url_for("ab_post.show", absence_id=fact.id),
            action=_("确认交接"),
            due_at=fact.from_at,
            light="overdue"
            if fact.from_at <= now
            else "due_soon"
            if fact.from_at - now < timedelta(days=1)
            else "normal",
        )
        for fact, post in queries.open_handovers(actor.id or 0, now)
    ]
    found += [
        ToDo(
            kind="return",
            title=_("您离岗期间的办理情况"),
            detail=_(
                "%(a)s 至 %(b)s",
                a=local_dt(absence.from_at, "near"),
                b=local_dt(absence.ended_at or absence.to_at, "near"),
            ),
            url=url_for("ab_post.show_report", absence_id=absence.id),
            action=_("查看"),
            light="due_soon",
        )
        for absence in returns.unread(actor.id or 0, now)
    ]
    if actor.can(vocabulary.NAME_COVER):
        rows = queries.gap_rows(now, departments=rights.watched(actor))
        if rows:
            urgent = any(part.from_at <= now for row in rows for part in row.uncovered)
            found.append(
                ToDo(
                    kind="gap",
                    title=_("%(n)s 个岗位有缺口", n=len(rows)),
                    detail=_("、").join(row.post.name for row in rows[:3]),
                    url=url_for("ab_post.gaps"),
                    action=_("查看"),
                    light="red" if urgent else "due_soon",
                )
            )
    return found


PLATE = Plate(
    name="ab_post",
    title=_l("AB 岗"),
    blueprint=bp,
    permissions=vocabulary.PERMISSIONS,
    menu=(MenuItem(_l("AB 岗"), "ab_post.index", vocabulary.READ, order=44, count=waiting),),
    todos=todos,
    sweep=lapses.sweep,
)
