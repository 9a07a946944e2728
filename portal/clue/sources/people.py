"""Departures of people and of cover: holders filed late, no handover, nobody answering, findings of discipline (AB-3,
AB-5, P-3, O-3)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.ab_post.models import Absence
from portal.attendance.models import Finding
from portal.clue.models import ClueKind as K
from portal.clue.sources.base import Entry, Outcome, Raised, Seen, Source
from portal.kernel.db import db
from portal.post_duty.models import Post
from portal.pure.breach import Breach

#: The points a day that the score table names for somebody away without handover, by the kind of absence.
_POINTS = {"private": "clue.points_handover_private", "sick": "clue.points_handover_sick"}


def late_ab_filing(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A change of A or B that was filed after the day of its decision (AB-5): the department answers for it."""
    if entry.facts["late"]:
        post = db.session.execute(select(Post.code, Post.department_id).where(Post.id == entry.object_id)).one()
        key = f"ab_filing:{post.code}:{entry.facts['letter']}:{entry.facts['from_on']}:{entry.seq}"
        yield Raised(
            Breach(
                kind=str(K.LATE_AB_FILING),
                key=key,
                rule="AB-5",
                at=entry.at,
                department_id=post.department_id,
                entry_seq=entry.seq,
                endpoint="post_duty.show",
                values=(("code", post.code),),
            )
        )


def handover_missing(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """Somebody is away whose post was not handed over (AB-3): the absent person answers for it."""
    absent = db.session.scalar(select(Absence.user_id).where(Absence.id == entry.object_id))
    post = seen.picture(entry.instant("at")).posts[entry.post_id or 0]
    yield Raised(
        Breach(
            kind=str(K.HANDOVER_MISSING),
            key=f"handover:{entry.object_id}:{post.code}",
            rule="AB-3",
            at=entry.instant("at"),
            department_id=post.department_id,
            post_id=post.id,
            person_id=absent,
            entry_seq=entry.seq,
            endpoint="ab_post.show",
            values=(("absence_id", str(entry.object_id)),),
        ),
        points=_POINTS.get(entry.facts["kind"], ""),
    )


def post_uncovered(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A working day on which nobody answered for a held post (AB-3): the department answers for it."""
    post = seen.picture(entry.instant("at")).posts[entry.object_id or 0]
    yield Raised(
        Breach(
            kind=str(K.POST_UNCOVERED),
            key=f"uncovered:{post.code}:{entry.facts['at'][:10]}",
            rule="AB-3",
            at=entry.instant("at"),
            department_id=post.department_id,
            post_id=post.id,
            entry_seq=entry.seq,
            endpoint="post_duty.show",
            values=(("code", post.code),),
        )
    )


def attendance(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A finding of work discipline that was upheld (P-3, O-3); before that it is only a report."""
    if entry.facts["upheld"]:
        query = select(Finding.number, Finding.user_id, Finding.post_id, Finding.department_id, Finding.found_at)
        finding = db.session.execute(query.where(Finding.id == entry.object_id)).one()
        yield Raised(
            Breach(
                kind=str(K.ATTENDANCE),
                key=f"finding:{finding.number}",
                rule="P-3",
                at=finding.found_at,
                department_id=finding.department_id,
                post_id=finding.post_id,
                person_id=finding.user_id,
                entry_seq=entry.seq,
                endpoint="attendance.finding",
                values=(("number", finding.number),),
            )
        )


SOURCES = (
    Source("late_ab_filing", (K.LATE_AB_FILING,), ("ab_post.assigned",), late_ab_filing),
    Source("handover_missing", (K.HANDOVER_MISSING,), ("ab_post.handover_missing",), handover_missing),
    Source("post_uncovered", (K.POST_UNCOVERED,), ("ab_post.uncovered",), post_uncovered),
    Source("attendance", (K.ATTENDANCE,), ("attendance.finding_concluded",), attendance),
)
