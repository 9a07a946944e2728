"""The verbs of A/B posts: assign holders, record absences, name covers (AB-1 … AB-5)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.ab_post import queries
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Letter
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.post_duty.models import Post

LONGEST = timedelta(days=400)


def assign(
    actor: Actor, post: Post, letter: Letter, user_id: int, from_on: date, decided_on: date, now: datetime
) -> Assignment:
    """Give place A or B of a post to a person from a date on; the holder before ends the day before.

    The assignment is filed now; when it was decided on an earlier day the entry says *late* (AB-5).
    Raises Invalid when the same person would hold A and B (AB-1) or the date lies before the current holder's.
    """
    other = Letter.B if letter is Letter.A else Letter.A
    twin = _current(post.id, other, from_on)
    if twin is not None and twin.user_id == user_id:
        raise Invalid("user_id", _("A 岗和 B 岗不能是同一人。"), "AB-1")
    if decided_on > clock.local(now).date():
        raise Invalid("decided_on", _("决定日期不能晚于今天。"))
    former = db.session.scalar(
        select(Assignment)
        .where(Assignment.post_id == post.id, Assignment.letter == letter, Assignment.until_on.is_(None))
        .with_for_update()
    )
    names = people.user_names()
    if former is not None:
        if former.from_on >= from_on:
            raise Invalid("from_on", _("生效日期应晚于现任的起始日期 %(on)s。", on=former.from_on))
        former.until_on = from_on - timedelta(days=1)
    made = Assignment(
        post_id=post.id, letter=letter, user_id=user_id, from_on=from_on, decided_on=decided_on, filed_at=now
    )
    db.session.add(made)
    db.session.flush()
    journal.record(
        words.ASSIGNED,
        post,
        actor,
        now,
        letter=str(letter),
        old=names.get(former.user_id, "") if former else "",
        new=names.get(user_id, ""),
        from_on=from_on,
        decided_on=decided_on,
        late=decided_on < clock.local(now).date(),
    )
    return made


def _current(post_id: int, letter: Letter, on: date) -> Assignment | None:
    return db.session.scalar(
        select(Assignment).where(
            Assignment.post_id == post_id,
            Assignment.letter == letter,
            Assignment.from_on <= on,
            (Assignment.until_on.is_(None)) | (Assignment.until_on >= on),
        )
    )


def record_absence(
    actor: Actor,
    user_id: int,
    kind: AbsenceKind,
    from_at: datetime,
    to_at: datetime,
    now: datetime,
    *,
    note: str = "",
    emergency: bool = False,
    handed_over_by_id: int | None = None,
) -> Absence:
    """Record that somebody is or will be away (AB-2).

    ``handed_over_by_id``: the B holder who confirmed the handover. Raises Invalid for a wrong order of instants, an
    overlap with an absence on record, or (AB-2, planned absences) a post that would be left to nobody.
    """
    if to_at <= from_at:
        raise Invalid("to_at", _("结束时间应晚于开始时间。"))
    if to_at - from_at > LONGEST:
        raise Invalid("to_at", _("一次离岗不能超过 400 天。"))
    seen = queries.picture_at(from_at)
    if any(a.from_at < to_at and from_at < a.to_at for a in seen.absences.get(user_id, ())):
        raise Invalid("from_at", _("这段时间与已登记的离岗重叠。"))
    made = Absence(
        user_id=user_id,
        kind=kind,
        from_at=from_at,
        to_at=to_at,
        note=note,
        emergency=emergency,
        recorded_by_id=actor.id,
        handed_over_at=now if handed_over_by_id else None,
        handed_over_by_id=handed_over_by_id,
    )
    db.session.add(made)
    db.session.flush()
    if not emergency:
        left = left_to_nobody(user_id, from_at, to_at)
        if left:
            raise Invalid(
                "from_at",
                _("这段时间岗位“%(posts)s”将无人顶岗，请先由科室负责人指定顶岗人。", posts="、".join(left)),
                "AB-2",
            )
    journal.record(
        words.ABSENCE_RECORDED,
        made,
        actor,
        now,
        name=people.user_names().get(user_id, ""),
        kind=str(kind),
        from_at=from_at,
        to_at=to_at,
        emergency=emergency,
        handed_over=handed_over_by_id is not None,
    )
    return made


def left_to_nobody(user_id: int, from_at: datetime, to_at: datetime) -> list[str]:
    """Names of the person's posts that nobody would answer for at some instant of a time (AB-2)."""
    seen = queries.picture_at(from_at)
    own = [p for p in seen.by_user.get(user_id, ()) if seen.holder(p, Letter.A, clock.local(from_at).date()) == user_id]
    marks = {from_at} | {
        m for found in seen.absences.values() for a in found for m in (a.from_at, a.to_at) if from_at <= m < to_at
    }
    marks |= {m for found in seen.covers.values() for c in found for m in c[:2] if from_at <= m < to_at}
    return [seen.posts[p].name for p in own if any(seen.answer(p, m).user_id is None for m in marks)]


def confirm_handover(actor: Actor, absence: Absence, now: datetime) -> None:
    """B confirms that the matters were handed over (AB-2). Raises Conflict when it was confirmed before."""
    if absence.handed_over_at is not None or absence.ended_at is not None:
        raise Conflict(_("这次离岗的交接已经确认或已结束。"))
    absence.handed_over_at, absence.handed_over_by_id = now, actor.id
    journal.record(words.HANDED_OVER, absence, actor, now, name=people.user_names().get(absence.user_id, ""))


def end_absence(actor: Actor, absence: Absence, now: datetime) -> None:
    """Return early, or cancel before the start (AB-4). Raises Conflict when it is over."""
    if absence.ended_at is not None or absence.to_at <= now:
        raise Conflict(_("这次离岗已经结束。"))
    absence.ended_at = max(now, absence.from_at) if absence.from_at <= now else absence.from_at
    journal.record(
        words.ABSENCE_ENDED, absence, actor, now, name=people.user_names().get(absence.user_id, ""), at=absence.ended_at
    )


def name_cover(
    actor: Actor, post: Post, user_id: int, from_at: datetime, to_at: datetime, reason: str, now: datetime
) -> Cover:
    """The head names who answers for a post when both A and B are away (AB-3). Raises Invalid for a wrong order."""
    if to_at <= from_at:
        raise Invalid("to_at", _("结束时间应晚于开始时间。"))
    made = Cover(post_id=post.id, user_id=user_id, from_at=from_at, to_at=to_at, reason=reason, named_by_id=actor.id)
    db.session.add(made)
    db.session.flush()
    journal.record(
        words.COVER_NAMED,
        post,
        actor,
        now,
        name=people.user_names().get(user_id, ""),
        from_at=from_at,
        to_at=to_at,
        reason=reason,
    )
    return made
