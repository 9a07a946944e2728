"""What follows a request: approving, filing, cancelling, coming back early, the late certificate (O-3, AB-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.ab_post import rights
from portal.ab_post import service as absences
from portal.ab_post.models import AbsenceKind
from portal.kernel import clock, files, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.leave import service, steps, telling
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest, LeaveState, LeaveStep
from portal.leave.rules import Level, Verdict
from portal.policy import queries as policy

_BACK = {
    Verdict.RETURNED: (words.RETURNED, LeaveState.RETURNED),
    Verdict.REFUSED: (words.REFUSED, LeaveState.REFUSED),
}


def _next(request: LeaveRequest, step_id: int, filing: bool) -> LeaveStep:
    """The step that comes next, when it is the one that the page showed. Raises Conflict."""
    step = request.next_step if request.open_level is not None else None
    if step is None or step.id != step_id or (step.level is Level.FILE) is not filing:
        raise Conflict(_("这一步已经办理，或者申请已有变动，请刷新页面。"), "O-3")
    return step


def _take(step: LeaveStep, actor: Actor, verdict: Verdict, opinion: str, now: datetime, post_id: int | None) -> None:
    place = actor.answers_for(post_id) if post_id is not None else None
    step.verdict, step.opinion = verdict, opinion
    step.decided_by_id, step.decided_at = actor.id, now
    step.post_id, step.for_user_id = post_id, place.for_user_id if place else None
    db.session.flush()  # the step before what it brings about: the database looks at it


def decide(actor: Actor, request: LeaveRequest, step_id: int, verdict: Verdict, opinion: str, now: datetime) -> None:
    """Approve, return for correction or refuse (O-3); ``request`` is locked. The last approval makes the absence.

    Raises Conflict when the step was taken or the request changed meanwhile, NotAllowed for anyone but whoever takes
    the step now, Invalid without a reason where one is needed, or where a post would be left to nobody (AB-2).
    """
    step = _next(request, step_id, filing=False)
    who = steps.decider(step.level, request.department_id, request.applicant_id, now)
    if who is None or who[0] != actor.id or actor.id == request.applicant_id:
        raise NotAllowed(_("这一步由审批人办理，本人不能审批自己的请假。"))
    if verdict is not Verdict.APPROVED and not opinion:
        raise Invalid("opinion", _("退回或者不同意的，请写明理由。"))
    following = [s for s in request.current if s.position > step.position]
    final = verdict is Verdict.APPROVED and all(s.level is Level.FILE for s in following)
    if final:
        check_cover(request, now)
    _take(step, actor, verdict, opinion, now, who[1])
    facts: dict[str, Any] = {"level": str(step.level), "round": request.round, "opinion": opinion}
    if verdict is Verdict.APPROVED:
        request.open_level = following[0].level if following else None
        journal.record(words.APPROVED, request, actor, now, post_id=who[1], final=final, **facts)
        telling.step(request, now)
        if final:
            _grant(actor, request, now)
        return
    event, request.state = _BACK[verdict]
    request.open_level = None
    if request.made_up and request.state is LeaveState.REFUSED:
        request.absence_id = None
    journal.record(event, request, actor, now, post_id=who[1], **facts)


def file(actor: Actor, request: LeaveRequest, step_id: int, opinion: str, now: datetime) -> None:
    """Take note of a request for the record (O-3); for the principal's own this is the only step.

    Raises Conflict when it was filed, NotAllowed for one's own or another office's part.
    """
    step = _next(request, step_id, filing=True)
    if not steps.may_file(actor, step.filer, request.applicant_id):
        raise NotAllowed(_("请假由督查或者办公室备案，本人的由另一方备案。"))
    alone = request.state is LeaveState.WAITING
    if alone:
        check_cover(request, now)
    _take(step, actor, Verdict.FILED, opinion, now, None)
    request.open_level = None
    journal.record(words.FILED, request, actor, now, round=request.round, final=alone, opinion=opinion)
    if alone:
        _grant(actor, request, now)


def check_cover(request: LeaveRequest, now: datetime) -> None:
    """Refuse an approval that would leave a post to nobody, or whose handover nobody has confirmed (AB-2).

    Raises Invalid. What happened already is made up for without a handover.
    """
    if request.made_up:
        return
    left = absences.left_to_nobody(request.applicant_id, max(request.from_at, now), max(request.to_at, now))
    if left:
        names = _("、").join(post.name for post in left)
        raise Invalid("step", _("批准后岗位“%(posts)s”将无人顶岗，请先指定顶岗人。", posts=names), "AB-2")
    waiting = [row.post.name for row in request.posts if row.confirmed_at is None]
    if waiting:
        names = _("、").join(waiting)
        raise Invalid("step", _("岗位“%(posts)s”的交接还没有确认，确认后才能批准。", posts=names), "AB-2")


def _grant(actor: Actor, request: LeaveRequest, now: datetime) -> None:
    """All steps are taken: the request is approved and its absence made, with the handovers as confirmed (AB-2)."""
    if not request.made_up:
        confirmed = {row.post_id: row.confirmed_by_id for row in request.posts if row.confirmed_by_id is not None}
        notes = [f"{row.post.name}：{row.note}" for row in request.posts if row.note]
        made = absences.record_absence(
            actor,
            request.applicant_id,
            request.kind,
            request.from_at,
            request.to_at,
            now,
            note="\n".join(notes),
            emergency=request.from_at < now - absences.GRACE,
            confirmed=confirmed,
        )
        request.absence_id = made.id
        request.absence = made
    request.state, request.decided_at = LeaveState.APPROVED, now


# --- afterwards -----------------------------------------------------------------------------------------------


def end(actor: Actor, request: LeaveRequest, now: datetime) -> None:
    """Cancel approved leave before it begins, or come back early (AB-4). Raises Conflict when it is over."""
    absence = request.absence
    if request.state is not LeaveState.APPROVED or absence is None:
        raise Conflict(_("只有已经批准的请假可以取消或者提前返岗。"))
    if not rights.may_end(actor, absence):
        raise NotAllowed(_("请假由本人、科室负责人或者办公室取消。"))
    begun = absence.from_at <= now
    absences.end_absence(actor, absence, now)
    journal.record(words.CAME_BACK if begun else words.CANCELLED, request, actor, now, at=absence.ended_at)


def hand_in_certificate(actor: Actor, request: LeaveRequest, uploads: Sequence[FileStorage], now: datetime) -> None:
    """Hand in the stamped certificate of a sick leave (O-3). Raises Invalid without a file, Conflict elsewhere."""
    service.require_applicant(actor, request)
    closed = (LeaveState.REFUSED, LeaveState.WITHDRAWN)
    if request.kind is not AbsenceKind.SICK or request.state in closed:
        raise Conflict(_("这份请假不需要病假证明。"))
    made = files.store(
        uploads, service.CERTIFICATES, request.id, actor.id, now, policy.value("attachments.max_megabytes")
    )
    if not made:
        raise Invalid("files", _("请选择盖章证明的扫描件或者照片。"))
    due = request.certificate_due_on
    late = request.certificate_at is None and due is not None and clock.local(now).date() > due
    if request.certificate_at is None:
        request.certificate_at = now
    journal.record(words.CERTIFICATE_HANDED_IN, request, actor, now, files=files.facts(made), late=late)
