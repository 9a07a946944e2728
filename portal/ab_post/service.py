"""The verbs of A/B posts: assign holders, record absences, confirm handovers, name covers (AB-1 … AB-5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from portal.ab_post import queries
from portal.ab_post import vocabulary as words
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Handover, Letter
from portal.ab_post.picture import AbsenceFact, PostFact
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.post_duty import seams
from portal.post_duty.models import Post
from portal.reminder import service as reminder
from portal.reminder.models import Kind

#: The longest absence and cover that can be entered at once.
LONGEST = timedelta(days=400)
#: A planned absence is entered beforehand; leaving while typing is no lateness.
GRACE = timedelta(hours=1)
#: An emergency is entered at once: at most this long after it began, and not for a day to come.
LOOK_BACK, LOOK_AHEAD = timedelta(days=7), timedelta(days=1)


# --- holders (AB-1, AB-5) -------------------------------------------------------------------------------------


def assign(
    actor: Actor, post: Post, letter: Letter, user_id: int, from_on: date, decided_on: date, now: datetime
) -> Assignment:
    """Give place A or B of a post to a person from a date on; the holder before ends the day before.

    The assignment is filed now; when it was decided on an earlier day the entry says *late* (AB-5). A holder who was
    to begin on the same day, today or later, is replaced. Raises Invalid when the same person would hold A and B
    (AB-1), the person cannot act, or the dates are out of order; Conflict when the post is closed.
    """
    if not queries.picture().able(user_id, now):
        raise Invalid("user_id", _("请选择可以办理业务的在职人员。"))
    other = Letter.B if letter is Letter.A else Letter.A
    twin = select(Assignment.id).where(
        Assignment.post_id == post.id,
        Assignment.letter == other,
        Assignment.user_id == user_id,
        or_(Assignment.until_on.is_(None), Assignment.until_on >= from_on),
    )
    if db.session.scalar(twin.limit(1)):
        raise Invalid("user_id", _("A 岗和 B 岗不能是同一人。"), "AB-1")
    former = _end_former(post, letter, from_on, decided_on, now, user_id)
    made = former if former is not None and former.from_on == from_on else Assignment(post_id=post.id, letter=letter)
    old = people.user_names().get(former.user_id, "") if former else ""
    made.user_id, made.from_on, made.decided_on, made.filed_at = user_id, from_on, decided_on, now
    db.session.add(made)
    _record_change(actor, post, letter, old, people.user_names()[user_id], from_on, decided_on, now)
    return made


def vacate(actor: Actor, post: Post, letter: Letter, from_on: date, decided_on: date, now: datetime) -> None:
    """Take a place of a post from its holder, from a date on, with nobody following yet (a gap, AB-1).

    Raises Invalid when nobody holds the place or the dates are out of order.
    """
    former = _end_former(post, letter, from_on, decided_on, now, None)
    if former is None:
        raise Invalid("user_id", _("这个岗位目前没有责任人。"))
    if former.from_on == from_on:
        raise Invalid("from_on", _("生效日期应晚于现任的起始日期 %(on)s。", on=former.from_on))
    _record_change(actor, post, letter, people.user_names().get(former.user_id, ""), "", from_on, decided_on, now)


def _end_former(
    post: Post, letter: Letter, from_on: date, decided_on: date, now: datetime, user_id: int | None
) -> Assignment | None:
    today = clock.local(now).date()
    if post.closed_on is not None:
        raise Conflict(_("这个岗位已经撤销。"))
    if decided_on > today:
        raise Invalid("decided_on", _("决定日期不能晚于今天。"))
    if from_on < decided_on:
        raise Invalid("from_on", _("生效日期不能早于决定日期。"))
    former = db.session.scalar(
        select(Assignment)
        .where(Assignment.post_id == post.id, Assignment.letter == letter, Assignment.until_on.is_(None))
        .with_for_update()
    )
    if former is None:
        ended = select(Assignment.until_on).where(
            Assignment.post_id == post.id, Assignment.letter == letter, Assignment.until_on >= from_on
        )
        if last := db.session.scalar(ended.order_by(Assignment.until_on.desc()).limit(1)):
            raise Invalid("from_on", _("生效日期应晚于前任的截止日期 %(on)s。", on=last))
        return None
    if former.user_id == user_id:
        raise Invalid("user_id", _("该人员已经是现任责任人。"))
    if former.from_on == from_on and from_on >= today:
        return former  # decided anew before it took effect, or on the day itself
    if former.from_on >= from_on:
        raise Invalid("from_on", _("生效日期应晚于现任的起始日期 %(on)s。", on=former.from_on))
    former.until_on = from_on - timedelta(days=1)
    db.session.flush()
    return former


def _record_change(
    actor: Actor, post: Post, letter: Letter, old: str, new: str, from_on: date, decided_on: date, now: datetime
) -> None:
    journal.record(
        words.ASSIGNED,
        post,
        actor,
        now,
        letter=str(letter),
        old=old,
        new=new,
        from_on=from_on,
        decided_on=decided_on,
        late=decided_on < clock.local(now).date(),
    )


# --- absences (AB-2, AB-3) ------------------------------------------------------------------------------------


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
    confirmed: Mapping[int, int] | None = None,
) -> Absence:
    """Record that somebody is or will be away (AB-2).

    ``handed_over_by_id``: who has confirmed the handover of all the person's posts already; ``confirmed``: who has
    confirmed that of each post (approved leave). Raises Invalid for a
    wrong order of instants, an overlap with an absence on record, a plan for the past, or (planned absences) a post
    that would be left to nobody.
    """
    if not queries.picture().able(user_id, now):
        raise Invalid("user_id", _("请选择可以办理业务的在职人员。"))
    _check_times(from_at, to_at, now, emergency)
    # One absence of a person at a time, also when two servers record at once.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    overlap = select(Absence.id).where(
        Absence.user_id == user_id,
        Absence.from_at < to_at,
        Absence.to_at > from_at,
        or_(Absence.ended_at.is_(None), (Absence.ended_at > from_at) & (Absence.ended_at > Absence.from_at)),
    )
    if db.session.scalar(overlap.limit(1)):
        raise Invalid("from_at", _("这段时间与已登记的离岗重叠。"))
    if not emergency and (left := left_to_nobody(user_id, from_at, to_at)):
        names = "、".join(post.name for post in left)
        raise Invalid(
            "from_at", _("这段时间岗位“%(posts)s”将无人顶岗，请先由科室负责人指定顶岗人。", posts=names), "AB-2"
        )
    held = [post.id for post in queries.picture_at(from_at).held_as_a(user_id, from_at, to_at)]
    made = Absence(
        user_id=user_id,
        kind=kind,
        from_at=from_at,
        to_at=to_at,
        note=note,
        emergency=emergency,
        recorded_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    takers = dict(confirmed or {}) if handed_over_by_id is None else dict.fromkeys(held, handed_over_by_id)
    for post_id, taker in takers.items():
        db.session.add(_handover(made, post_id, taker, now))
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
        handed_over=bool(takers) and takers.keys() >= set(held),
    )
    _tell_takers(made, [p for p in held if p not in takers], now)
    return made


def _tell_takers(absence: Absence, post_ids: list[int], now: datetime) -> None:
    """Tell who takes posts over that the handover is to be confirmed (AB-2)."""
    if post_ids:
        seen = queries.picture_at(min(absence.from_at, now))
        takers = [queries.receiver(seen, queries.fact_of(absence), post_id, now) for post_id in post_ids]
        title = _l("%(name)s离岗，请确认接手岗位", name=people.user_names().get(absence.user_id, ""))
        reminder.tell(
            now,
            takers,
            Kind.HANDOVER,
            f"absence:{absence.id}",
            title,
            "",
            "ab_post.show",
            values={"absence_id": absence.id},
        )


def _handover(absence: Absence, post_id: int, by_id: int | None, now: datetime) -> Handover:
    """A handover with the open matters and the note as they are at this instant (AB-2)."""
    listed = [
        {"title": str(m.title), "detail": str(m.detail), "url": urlsplit(m.url).path}
        for m in seams.open_matters(post_id)
    ]
    matters = json.dumps(listed, ensure_ascii=False)
    return Handover(
        absence_id=absence.id, post_id=post_id, by_id=by_id, at=now, matters=matters, note=absence.note or ""
    )


def _check_times(from_at: datetime, to_at: datetime, now: datetime, emergency: bool) -> None:
    _check_order(from_at, to_at)
    if emergency and not now - LOOK_BACK <= from_at <= now + LOOK_AHEAD:
        raise Invalid("from_at", _("临时离岗的开始时间应在过去 7 天至未来 1 天之内。"))
    if not emergency and from_at < now - GRACE:
        raise Invalid("from_at", _("计划离岗应当事先登记；已经离岗的，请按临时离岗登记。"), "AB-2")


def _check_order(from_at: datetime, to_at: datetime) -> None:
    if to_at <= from_at:
        raise Invalid("to_at", _("结束时间应晚于开始时间。"))
    if to_at - from_at > LONGEST:
        raise Invalid("to_at", _("一次最多登记 400 天。"))


def left_to_nobody(user_id: int, from_at: datetime, to_at: datetime) -> list[PostFact]:
    """The posts that nobody would answer for at some instant of a time if the person were away then (AB-2)."""
    seen = queries.picture_at(from_at)
    without = seen.with_absence(AbsenceFact(0, user_id, AbsenceKind.OFFICIAL, from_at, to_at))
    return seen.newly_left(without, seen.touching(user_id), from_at, to_at)


def confirm_handover(actor: Actor, absence: Absence, post: Post, now: datetime) -> None:
    """Who takes the post over confirms that its matters were handed over (AB-2).

    Raises NotAllowed for anyone but B of the post or who answers for it meanwhile, Conflict when it was confirmed
    before, the absence is over, or the post is not the absent person's.
    """
    if absence.ended_at is not None or absence.to_at <= now:
        raise Conflict(_("这次离岗已经结束。"))
    fact = queries.fact_of(absence)
    seen = queries.picture_at(min(absence.from_at, now))
    if all(p.id != post.id for p in seen.held_as_a(absence.user_id, absence.from_at, absence.to_at)):
        raise Conflict(_("这个岗位不由离岗人员负责，不需要交接。"))
    if db.session.get(Handover, (absence.id, post.id)) is not None:
        raise Conflict(_("这次离岗的交接已经确认。"))
    b = seen.holder(post.id, Letter.B, clock.local(max(absence.from_at, now)).date())
    if actor.id == absence.user_id or actor.id not in (b, queries.receiver(seen, fact, post.id, now)):
        raise NotAllowed(_("交接由 B 岗或届时顶岗的人员确认。"))
    db.session.add(_handover(absence, post.id, actor.id, now))
    name = people.user_names().get(absence.user_id, "")
    journal.record(words.HANDED_OVER, absence, actor, now, post_id=post.id, name=name, post=post.name)


def write_note(actor: Actor, absence: Absence, note: str, now: datetime) -> None:
    """The absent person adds to what the successors should know; handovers confirmed before stay as they were (AB-2).

    Raises NotAllowed for anyone else, Conflict when the absence is over, Invalid for an empty text.
    """
    if actor.id != absence.user_id:
        raise NotAllowed(_("交接说明由离岗人员本人填写。"))
    if absence.ended_at is not None or absence.to_at <= now:
        raise Conflict(_("这次离岗已经结束。"))
    if not note:
        raise Invalid("note", _("请填写交接说明。"))
    if note != absence.note:
        absence.note = note
        journal.record(words.NOTE_WRITTEN, absence, actor, now, name=actor.name, note=note)


def acknowledge(actor: Actor, absence: Absence, now: datetime) -> None:
    """The person has read what was done meanwhile (AB-4). Read twice is read once.

    Raises NotAllowed for anyone else, Conflict while the absence goes on or when it was cancelled.
    """
    if actor.id != absence.user_id:
        raise NotAllowed(_("返岗报告由离岗人员本人确认。"))
    end = min(absence.to_at, absence.ended_at) if absence.ended_at else absence.to_at
    if end > now or end <= absence.from_at:
        raise Conflict(_("离岗还没有结束，或者已经取消。"))
    if absence.read_at is None:
        absence.read_at = now
        entries = journal.count_on_behalf_of(absence.user_id, absence.from_at, end)
        journal.record(words.REPORT_READ, absence, actor, now, name=actor.name, entries=entries)


def end_absence(actor: Actor, absence: Absence, now: datetime) -> None:
    """Return early, or cancel before the start (AB-4). Raises Conflict when it is over."""
    if absence.ended_at is not None or absence.to_at <= now:
        raise Conflict(_("这次离岗已经结束。"))
    absence.ended_at = max(now, absence.from_at) if absence.from_at <= now else absence.from_at
    name = people.user_names().get(absence.user_id, "")
    journal.record(words.ABSENCE_ENDED, absence, actor, now, name=name, at=absence.ended_at)


# --- named covers (AB-3) --------------------------------------------------------------------------------------


def name_cover(
    actor: Actor, post: Post, user_id: int, from_at: datetime, to_at: datetime, reason: str, now: datetime
) -> Cover:
    """The head names who answers for a post when both A and B are away (AB-3); the latest named goes first.

    Raises Invalid for a wrong order of instants, a time that is over, or a person who cannot act or is away then;
    Conflict when the post is closed.
    """
    if post.closed_on is not None:
        raise Conflict(_("这个岗位已经撤销。"))
    _check_order(from_at, to_at)
    if from_at < now - GRACE:
        raise Invalid("from_at", _("顶岗人从现在起或今后起指定，不能补到过去。"))
    seen = queries.picture_at(min(from_at, now))
    if not seen.able(user_id, now):
        raise Invalid("user_id", _("请选择可以办理业务的在职人员。"))
    if seen.holder(post.id, Letter.A, clock.local(from_at).date()) == user_id:
        raise Invalid("user_id", _("顶岗人不能是本岗位的 A 岗。"), "AB-3")
    if any(a.from_at < to_at and max(from_at, now) < a.to_at for a in seen.absences.get(user_id, ())):
        raise Invalid("user_id", _("这名人员在这段时间已登记离岗，请另选顶岗人。"), "AB-3")
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


def end_cover(actor: Actor, cover: Cover, post: Post, now: datetime) -> None:
    """Take a named cover back. Raises Conflict when it is over, or the post would be left to nobody (AB-2)."""
    if cover.to_at <= max(now, cover.from_at):
        raise Conflict(_("这次指定顶岗已经结束。"))
    seen, start = queries.picture(), max(now, cover.from_at)
    if seen.newly_left(seen.without_cover(cover.id), {post.id}, start, cover.to_at):
        raise Conflict(_("取消后岗位将无人顶岗，请先指定其他人。"), "AB-2")
    cover.to_at = start
    name = people.user_names().get(cover.user_id, "")
    journal.record(words.COVER_ENDED, post, actor, now, name=name, at=start)
