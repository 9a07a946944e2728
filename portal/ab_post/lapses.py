"""Failures of cover, recorded once each as time shows them: no handover, and nobody answering (AB-3, A-1).

The handover of a planned absence is missing when its first office hour has come, that of an emergency at the close of
that day. A post is uncovered on a working day when somebody holds it, but at some office hour nobody answered for it;
a vacant post is a gap of AB-1, not a failure of cover.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select

from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence, Lapse, LapseKind, Letter
from portal.ab_post.picture import AbsenceFact, Picture, picture
from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import connection, db, insert_new
from portal.post_duty.models import Post
from portal.pure.spans import office_spans

_LAPSES = cast(Table, Lapse.__table__)
#: A handover is looked for this far ahead of an absence's first office hour: longer holidays do not exist.
_LONGEST_HOLIDAY = 40


def sweep(now: datetime) -> int:
    """Record what time has shown; returns how many. Twice, or by two processes at once, changes nothing."""
    seen = picture()
    return _handovers(seen, now) + _uncovered(seen, now)


def _periods(day: date) -> list[tuple[datetime, datetime]]:
    """The office hours of a day, as instants; none on a day off."""
    return [(start.astimezone(UTC), end.astimezone(UTC)) for start, end in office_spans(day, calendar.work_calendar())]


def handover_due(fact: AbsenceFact) -> datetime | None:
    """When the handover of an absence must have been confirmed (AB-2); None for one outside all office hours."""
    day = clock.local(fact.from_at).date()
    for _n in range(_LONGEST_HOLIDAY):
        hours = _periods(day)
        for start, end in hours:
            if fact.from_at < end:
                due = hours[-1][1] if fact.emergency else max(start, fact.from_at)
                return due if due < fact.to_at or fact.emergency else None
        day += timedelta(days=1)
        if clock.day_start(day) >= fact.to_at:
            return None
    return None


def _handovers(seen: Picture, now: datetime) -> int:
    late: list[tuple[AbsenceFact, Any, datetime]] = []
    for facts in seen.absences.values():
        for fact in facts:
            if not fact.from_at <= now < fact.to_at:
                continue
            due = handover_due(fact)
            if due is None or due >= now:
                continue
            held = seen.held_as_a(fact.user_id, fact.from_at, fact.to_at)
            late += [(fact, post, due) for post in held if post.id not in fact.handed_over]
    if not late:
        return 0
    ids = {fact.id for fact, _post, _due in late}
    known = {
        (row[0], row[1])
        for row in db.session.execute(select(Lapse.absence_id, Lapse.post_id).where(Lapse.absence_id.in_(ids)))
    }
    done = 0
    for fact, post, due in late:
        if (fact.id, post.id) in known or not _once(LapseKind.NO_HANDOVER, post.id, due, fact.id):
            continue
        absence = db.session.get_one(Absence, fact.id)
        journal.record(
            words.HANDOVER_MISSING, absence, SYSTEM, now, post_id=post.id, name=seen.names.get(fact.user_id, ""),
            kind=str(fact.kind), post=post.name, at=due,
        )  # fmt: skip
        done += 1
    return done


def _gaps(seen: Picture, day: date, now: datetime) -> Iterator[tuple[int, datetime]]:
    """The held posts that nobody answered for at some office hour of a day, each with the first such instant."""
    hours = [(start, min(end, now)) for start, end in _periods(day) if start < now]
    for post in seen.posts.values() if hours else ():
        a = seen.holder(post.id, Letter.A, day)
        if a is None or not post.open_on(day) or (seen.able(a, now) and not seen.absences.get(a)):
            continue
        gap = next(
            (
                start
                for first, last in hours
                for start, _end, answer in seen.segments(post.id, first, last)
                if answer.user_id is None
            ),
            None,
        )
        if gap is not None:
            yield post.id, gap


def _uncovered(seen: Picture, now: datetime) -> int:
    today = clock.local(now).date()
    days = [day for day in (today - timedelta(days=1), today) if clock.day_start(day) >= seen.since]
    found = [(day, *gap) for day in days for gap in _gaps(seen, day, now)]
    if not found:
        return 0
    recorded = select(Lapse.day, Lapse.post_id).where(Lapse.day.in_(days), Lapse.absence_id.is_(None))
    known, done = {(row[0], row[1]) for row in db.session.execute(recorded)}, 0
    for day, post_id, at in found:
        if (day, post_id) in known or not _once(LapseKind.UNCOVERED, post_id, at, None):
            continue
        post = db.session.get_one(Post, post_id)
        journal.record(words.UNCOVERED, post, SYSTEM, now, post=post.name, at=at)
        done += 1
    return done


def _once(kind: LapseKind, post_id: int, at: datetime, absence_id: int | None) -> bool:
    """Whether this lapse is recorded now; not when it was before, also by a process at the same time."""
    row = {"kind": kind, "post_id": post_id, "absence_id": absence_id, "day": clock.local(at).date(), "at": at}
    return bool(cast(Any, connection().execute(insert_new(_LAPSES).values(**row))).rowcount)
