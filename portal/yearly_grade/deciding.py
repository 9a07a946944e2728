"""The verbs after computing: objection, ruling, review, decision, publication, correction (E-6)."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.pure.deadlines import deadline
from portal.pure.scoring import plain
from portal.yearly_grade import gathering, settings
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.models import (
    RoundState,
    YearlyCorrection,
    YearlyObjection,
    YearlyRound,
    YearlyRow,
    YearlyVeto,
)
from portal.yearly_grade.service import hold, in_state, manages, name_of, which

S = RoundState


def may_object(actor: Actor, row: YearlyRow) -> bool:
    """Whether a result is the actor's own, or that of a department that the actor heads."""
    if row.user_id is not None:
        return row.user_id == actor.id
    return row.department_id in actor.departments_headed()


def object_to(actor: Actor, row: YearlyRow, text: str, now: datetime) -> YearlyObjection:
    """Object to the own result before it is reviewed (E-6).

    Raises NotAllowed, Conflict when it is too late or one is waiting, Invalid without reasons.
    """
    if not may_object(actor, row):
        raise NotAllowed(_("异议由本人或者科室负责人提出。"), "E-6")
    found = hold(row.round)
    in_state(found, S.COMPUTED)
    if found.object_by is not None and now > found.object_by:
        raise Conflict(_("提出异议的期限已过。"), "E-6")
    if any(each.ruled_at is None for each in row.objections):
        raise Conflict(_("已经提出的异议还没有裁定。"), "E-6")
    if not text:
        raise Invalid("text", _("请写明异议的内容和理由。"), "E-6")
    by = deadline(now, policy.value("yearly_grade.rule_within"), calendar.work_calendar()).at
    made = YearlyObjection(round_id=found.id, row=row, text=text, by_id=actor.id or 0, at=now, rule_by=by)
    db.session.add(made)
    journal.record(words.OBJECTED, found, actor, now, name=name_of(row), text=text)
    return made


def why_not_rule(actor: Actor, given: YearlyObjection) -> str:
    """Why somebody of the supervision group may not rule on an objection; empty: may."""
    if actor.id == given.by_id or actor.id == given.row.user_id:
        return _("本人的异议由其他人员裁定。")
    if actor.id == given.row.round.computed_by_id:
        return _("核算人不能裁定对核算结果的异议。")
    return ""


def rule(actor: Actor, given: YearlyObjection, upheld: bool, text: str, now: datetime) -> None:
    """Rule on an objection: never who made it, never who computed (E-6).

    What an upheld one asks for is put right where the fact is kept, and the office computes anew.
    Raises NotAllowed, Conflict, Invalid.
    """
    if not actor.can(words.REVIEW):
        raise NotAllowed(_("异议由督查组裁定。"), "E-6")
    if why := why_not_rule(actor, given):
        raise NotAllowed(why, "E-6")
    found = hold(given.row.round)
    in_state(found, S.COMPUTED)
    db.session.refresh(given)
    if given.ruled_at is not None:
        raise Conflict(_("这项异议已经裁定。"), "E-6")
    if not text:
        raise Invalid("ruling", _("请写明裁定的理由。"), "E-6")
    given.upheld, given.ruling, given.ruled_at, given.ruled_by_id = upheld, text, now, actor.id
    outcome = "upheld" if upheld else "rejected"
    journal.record(words.RULED, found, actor, now, name=name_of(given.row), outcome=outcome, ruling=text)


# --- review and decision --------------------------------------------------------------------------------------


def waiting_objections(round_id: int) -> int:
    """How many objections of a round are not ruled on."""
    query = select(YearlyObjection.id).where(YearlyObjection.round_id == round_id, YearlyObjection.ruled_at.is_(None))
    return len(db.session.scalars(query).all())


def why_not_review(actor: Actor, round_: YearlyRound) -> str:
    """Why somebody of the supervision group may not review a round; empty: may."""
    if actor.id == round_.computed_by_id:
        return _("核算人不能审核自己核算的结果。")
    return ""


def review(actor: Actor, round_: YearlyRound, opinion: str, now: datetime) -> None:
    """The supervision group's review: after the time for objections, on the facts as they are (E-6).

    Raises NotAllowed, Conflict while objections or vetoes wait or when the facts have changed, Invalid.
    """
    if not actor.can(words.REVIEW):
        raise NotAllowed(_("考评结果由督查组审核。"), "E-6")
    found = hold(round_)
    if why := why_not_review(actor, found):
        raise NotAllowed(why, "E-6")
    in_state(found, S.COMPUTED)
    if found.object_by is not None and now <= found.object_by:
        raise Conflict(_("提出异议的期限未满，不能审核。"), "E-6")
    if waiting_objections(found.id):
        raise Conflict(_("还有异议没有裁定，不能审核。"), "E-6")
    open_veto = select(YearlyVeto.id).where(
        YearlyVeto.round_id == found.id, YearlyVeto.confirmed_at.is_(None), YearlyVeto.lifted_at.is_(None)
    )
    if db.session.scalar(open_veto.limit(1)) is not None:
        raise Conflict(_("还有一票否决没有确认，不能审核。"), "E-5")
    _unchanged(found)
    if not opinion:
        raise Invalid("opinion", _("请填写审核意见。"), "E-6")
    found.state, found.reviewed_at, found.reviewed_by_id, found.opinion = S.REVIEWED, now, actor.id, opinion
    journal.record(words.REVIEWED, found, actor, now, opinion=opinion, **which(found))


def _unchanged(round_: YearlyRound) -> None:
    """Refuse a result that the facts no longer bear out. Raises Conflict."""
    counted = gathering.count(round_, round_.rows)
    same = all(
        (row.total, row.reasons, row.bonus_cut)
        == (counted[row.id].total, counted[row.id].hindrances, counted[row.id].bonus_cut)
        for row in round_.rows
    )
    if not same:
        raise Conflict(_("核算之后事实有变化，请由办公室重新核算。"), "E-6")


def send_back(actor: Actor, round_: YearlyRound, reason: str, now: datetime) -> None:
    """The principal sends a reviewed result back to the office. Raises NotAllowed, Conflict, Invalid."""
    decides(actor)
    found = hold(round_)
    in_state(found, S.REVIEWED)
    if not reason:
        raise Invalid("reason", _("退回的，请写明原因。"), "E-6")
    found.state, found.return_reason = S.COMPUTED, reason
    found.reviewed_at, found.reviewed_by_id, found.opinion = None, None, ""
    journal.record(words.RETURNED, found, actor, now, reason=reason, **which(found))


def decides(actor: Actor) -> None:
    """Raises NotAllowed for who is not the principal, nor answers for the principal's post."""
    if not actor.can(words.DECIDE):
        raise NotAllowed(_("年度考评结果由主要负责人根据班子会议决定。"), "E-5")


def decide(actor: Actor, round_: YearlyRound, meeting_on: date, record: str, now: datetime) -> None:
    """The decision of the leaders' meeting, by the principal or who answers for the principal's post (AB-4).

    Raises NotAllowed, Conflict, Invalid for a day to come or a meeting without record.
    """
    decides(actor)
    found = hold(round_)
    in_state(found, S.REVIEWED)
    if actor.id == found.reviewed_by_id:
        raise NotAllowed(_("审核人不能决定自己审核的结果。"), "E-6")
    if meeting_on > clock.local(now).date():
        raise Invalid("meeting_on", _("会议日期不能晚于今天。"), "E-5")
    if not record:
        raise Invalid("meeting_record", _("请填写会议的决定。"), "E-5")
    post_id = posts.principal_post()
    own = actor.answers_for(post_id)
    found.state, found.decided_at, found.decided_by_id = S.DECIDED, now, actor.id
    found.decided_for_id = own.for_user_id if own else None
    found.meeting_on, found.meeting_record = meeting_on, record
    facts = {"meeting_on": meeting_on, "record": record, **which(found)}
    journal.record(words.DECIDED, found, actor, now, post_id=post_id if own else None, **facts)


def digest(round_: YearlyRound) -> str:
    """SHA-256 over a round and its rows as they stand: the published one as long as nothing was changed."""
    rows = [
        [
            row.id,
            row.user_id,
            row.department_id,
            "" if row.total is None else f"{row.total:f}",
            row.place,
            row.grade,
            str(row.held or ""),
            row.hindrances,
            row.bonus_cut,
            row.parts,
        ]
        for row in round_.rows
    ]
    head = {"year": round_.year, "subject": str(round_.subject), "settings": round_.settings, "rows": rows}
    return hashlib.sha256(journal.canonical(head).encode()).hexdigest()


def publish(actor: Actor, round_: YearlyRound, now: datetime) -> None:
    """Publish a decided result: nothing of it changes any more (E-6). Raises NotAllowed, Conflict."""
    manages(actor)
    found = hold(round_)
    in_state(found, S.DECIDED)
    found.digest, found.published_at, found.published_by_id = digest(found), now, actor.id
    found.state = S.PUBLISHED
    journal.record(words.PUBLISHED, found, actor, now, digest=found.digest, **which(found))


# --- corrections ----------------------------------------------------------------------------------------------


def stands(row: YearlyRow) -> tuple[Decimal | None, str]:
    """Total and grade as they stand: by the last correction that was accepted, else as published."""
    last = next((each for each in reversed(row.corrections) if each.accepted), None)
    return (last.total, last.grade) if last else (row.total, row.grade)


def correct(actor: Actor, row: YearlyRow, total: Decimal, grade: str, reason: str, now: datetime) -> YearlyCorrection:
    """Propose to put a published result right; the result stays, the correction is a later entry beside it (J-3).

    Raises NotAllowed, Conflict while one waits, Invalid for a grade above its quota.
    """
    manages(actor)
    if row.user_id == actor.id:
        raise NotAllowed(_("不能对本人的考评作这样的操作。"), "E-6")
    found = hold(row.round)
    in_state(found, S.PUBLISHED)
    if any(each.decided_at is None for each in row.corrections):
        raise Conflict(_("这一结果还有更正没有决定。"), "E-6")
    by = settings.of(found)
    if grade not in by.names:
        raise Invalid("grade", _("请选择等次。"), "E-6")
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "E-6")
    if (total, grade) == stands(row):
        raise Invalid("total", _("更正前后没有变化。"), "E-6")
    _within_quota(found, row, by.names.index(grade), by)
    made = YearlyCorrection(
        round_id=found.id, row=row, total=total, grade=grade, reason=reason, by_id=actor.id or 0, at=now
    )
    db.session.add(made)
    facts = {"name": name_of(row), "total": plain(total), "grade": grade, "reason": reason, **which(found)}
    journal.record(words.CORRECTION_PROPOSED, found, actor, now, **facts)
    return made


def _within_quota(round_: YearlyRound, row: YearlyRow, grade: int, by: settings.Settings) -> None:
    standing = {each.id: stands(each)[1] for each in round_.rows}
    standing[row.id] = by.names[grade]
    graded = [by.names.index(name) for name in standing.values() if name]
    used = Counter(graded)
    for n, room in enumerate(by.scheme.room(len(graded))):
        if n >= grade and sum(used[m] for m in range(n + 1)) > room:
            raise Invalid("grade", _("“%(grade)s”的名额已满。", grade=words.grade_word(by.names[n])), "E-5")


def decide_correction(actor: Actor, given: YearlyCorrection, accepted: bool, now: datetime) -> None:
    """The principal accepts or refuses a correction. Raises NotAllowed, Conflict, Invalid above the quota."""
    decides(actor)
    if actor.id in (given.by_id, given.row.user_id):
        raise NotAllowed(_("提出人和本人不能决定更正。"), "E-6")
    found = hold(given.row.round)
    db.session.refresh(given)
    if given.decided_at is not None:
        raise Conflict(_("这项更正已经决定。"), "E-6")
    by = settings.of(found)
    if accepted:
        _within_quota(found, given.row, by.names.index(given.grade), by)
    given.accepted, given.decided_at, given.decided_by_id = accepted, now, actor.id
    facts = {"name": name_of(given.row), **which(found)}
    if accepted:
        journal.record(words.CORRECTED, found, actor, now, total=plain(given.total), grade=given.grade, **facts)
    else:
        journal.record(words.CORRECTION_REFUSED, found, actor, now, **facts)
