"""The verbs about corrections: asked by a person, decided by somebody else, filed by the office (O-3).

A correction stands beside the punches: it is an own fact, and none of them changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.attendance import rights
from portal.attendance import vocabulary as words
from portal.attendance.models import Correction, CorrectionState, Slot
from portal.calendar import queries as calendar
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy

PREFIX = "BK"
FILES = "attendance_correction"


def ask(
    actor: Actor,
    day: date,
    slot: Slot,
    there: time,
    reason: str,
    now: datetime,
    uploads: Iterable[FileStorage] = (),
) -> Correction:
    """Ask that a missed punch be counted, with the reason and evidence.

    Raises Invalid for a day that is no working day, lies ahead or too far back, for a time that lies ahead, and for
    a punch that was asked for before.
    """
    at = datetime.combine(day, there, clock.ZONE)
    if at > now:
        raise Invalid("at" if day == clock.local(now).date() else "day", _("补卡的时间还没有到。"))
    most = policy.value("attendance.correct_within_days")
    if day < clock.local(now).date() - timedelta(days=most):
        raise Invalid("day", _("已超过补卡申请期限（%(n)s 天）。", n=most), "O-3")
    if not calendar.work_calendar().is_workday(day):
        raise Invalid("day", _("这一天不是工作日，不需要打卡。"))
    same = select(Correction.number).where(
        Correction.user_id == actor.id,
        Correction.day == day,
        Correction.slot == slot,
        Correction.state.in_((CorrectionState.WAITING, CorrectionState.APPROVED)),
    )
    if (before := db.session.scalar(same)) is not None:
        raise Invalid("slot", _("这一次打卡已经申请过补卡（%(number)s）。", number=before))
    user = db.session.get_one(User, actor.id)
    made = Correction(
        number=numbers.take(PREFIX, now),
        user_id=user.id,
        department_id=user.department_id,
        day=day,
        slot=slot,
        at=at,
        reason=reason,
        state=CorrectionState.WAITING,
        asked_by_id=user.id,
        asked_at=now,
    )
    db.session.add(made)
    db.session.flush()
    stored = files.store(uploads, FILES, made.id, actor.id, now, policy.value("attachments.max_megabytes"))
    journal.record(
        words.ASKED,
        made,
        actor,
        now,
        number=made.number,
        name=people.user_names().get(user.id, user.name),
        day=day,
        slot=slot,
        at=f"{there:%H:%M}",
        reason=reason,
        files=files.facts(stored),
    )
    return made


def withdraw(actor: Actor, found: Correction, now: datetime) -> None:
    """Take back one's own request before it is decided. Raises NotAllowed, Conflict."""
    if actor.id != found.asked_by_id:
        raise NotAllowed(_("补卡申请由申请人撤回。"))
    _still_waiting(found)
    found.state = CorrectionState.WITHDRAWN
    journal.record(words.WITHDRAWN, found, actor, now)


def decide(actor: Actor, found: Correction, approve: bool, opinion: str, now: datetime) -> None:
    """Approve or refuse: the head, for a head the leader in charge, never whom it concerns or who asked (O-3).

    Raises Conflict when it was decided before, NotAllowed for anybody else, Invalid for a refusal without opinion.
    """
    _still_waiting(found)
    post = rights.deciding_post(actor, found.user_id, found.department_id)
    if post is None or actor.id == found.asked_by_id:
        raise NotAllowed(_("补卡由科室负责人审批；科室负责人的由分管领导审批，本人不能审批自己的申请。"), "O-3")
    if not approve and not opinion:
        raise Invalid("opinion", _("不批准的，请写明理由。"))
    found.state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
    found.decided_by_id, found.decided_at, found.opinion = actor.id, now, opinion
    what = words.APPROVED if approve else words.REFUSED
    journal.record(what, found, actor, now, post_id=post.post_id, opinion=opinion)


def file(actor: Actor, found: Correction, now: datetime) -> None:
    """The office takes an approved correction to its files. Raises Conflict when there is nothing to file."""
    if found.state is not CorrectionState.APPROVED or found.filed_at is not None:
        raise Conflict(_("只有已批准、尚未备案的补卡可以备案。"))
    found.filed_by_id, found.filed_at = actor.id, now
    journal.record(words.FILED, found, actor, now)


def _still_waiting(found: Correction) -> None:
    if found.state is not CorrectionState.WAITING:
        raise Conflict(_("这份补卡申请已经处理。"))
