"""The verbs of leave: draft, send, change, withdraw, confirm a handover (O-3, AB-2).

``decisions`` has what follows: approving, filing, cancelling, coming back, certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.ab_post import service as absences
from portal.ab_post.models import Absence, AbsenceKind, Letter
from portal.calendar import queries as calendar
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.leave import balances, rules, steps, telling
from portal.leave import vocabulary as words
from portal.leave.models import LeavePost, LeaveRequest, LeaveState, LeaveStep
from portal.leave.rules import Span
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.pure.limits import Limit

FILES, CERTIFICATES = "leave", "leave_certificate"
_EDITABLE = (LeaveState.DRAFT, LeaveState.WAITING, LeaveState.RETURNED)


@dataclass(frozen=True)
class Asked:
    """What a person asks for; ``notes`` are the handover notes by post id."""

    kind: AbsenceKind
    span: Span
    reason: str = ""
    destination: str = ""
    contact: str = ""
    notes: Mapping[int, str] = field(default_factory=dict)
    #: The request that this one extends.
    extends: LeaveRequest | None = None
    #: The absence on record that this request makes up for.
    absence: Absence | None = None


def _put(request: LeaveRequest, asked: Asked) -> int:
    """Write what is asked into a request; returns the length on which the chain depends. Raises Invalid."""
    if asked.absence is not None:
        span = rules.span_of(asked.absence.from_at, asked.absence.to_at, calendar.work_calendar().hours)
        from_at, to_at = asked.absence.from_at, asked.absence.to_at
    else:
        span = asked.span
        if not span.in_order:
            raise Invalid("to_on", _("结束时间不能早于开始时间。"))
        if (span.to_on - span.from_on) > absences.LONGEST:
            raise Invalid("to_on", _("一次请假的时间过长，请分次申请。"))
        from_at, to_at = steps.wall_clock(span)
    halves = rules.length(span, calendar.work_calendar())
    if halves < 1 and asked.absence is None:
        raise Invalid("to_on", _("这段时间没有工作日，不需要请假。"))
    request.kind, request.halves = asked.kind, max(1, halves)
    request.from_on, request.from_half, request.to_on, request.to_half = (
        span.from_on, span.from_half, span.to_on, span.to_half,
    )  # fmt: skip
    request.from_at, request.to_at = from_at, to_at
    request.reason, request.destination, request.contact = asked.reason, asked.destination, asked.contact
    request.extends = asked.extends
    return total_halves(request)


def total_halves(request: LeaveRequest) -> int:
    """The length with what it extends: the chain goes by the whole, so that nobody splits a long leave."""
    whole, before = request.halves, request.extends
    while before is not None:
        whole += before.halves
        before = before.extends
    return whole


def _posts(request: LeaveRequest, notes: Mapping[int, str], keep: bool) -> None:
    """One row a post of the applicant; ``keep`` keeps what was confirmed."""
    now = clock.now()
    held = {p.id for p, _taker in steps.receivers(request.applicant_id, request.from_at, request.to_at, now)}
    kept = {row.post_id: row for row in request.posts}
    for post_id, row in kept.items():
        if post_id not in held:
            request.posts.remove(row)
            db.session.delete(row)
            continue
        note = notes.get(post_id, row.note)
        if not keep or note != row.note:
            row.confirmed_by_id = row.confirmed_at = None
        row.note = note
    for post_id in held - kept.keys():
        request.posts.append(LeavePost(post_id=post_id, note=notes.get(post_id, "")))


def _time_facts(request: LeaveRequest) -> dict[str, Any]:
    return {
        "kind": str(request.kind),
        "from_at": request.from_at,
        "to_at": request.to_at,
        "halves": request.halves,
        "round": request.round,
    }


def _text_facts(request: LeaveRequest) -> dict[str, Any]:
    return {"reason": request.reason, "destination": request.destination, "contact": request.contact}


def draft(actor: Actor, asked: Asked, now: datetime, uploads: Sequence[FileStorage] = ()) -> LeaveRequest:
    """Write a request down without sending it. Raises Invalid (times, foreign links)."""
    user_id = actor.id or 0
    for linked in (asked.extends and asked.extends.applicant_id, asked.absence and asked.absence.user_id):
        if linked not in (None, user_id):
            raise NotAllowed(_("只能续请或者补办自己的请假。"))
    request = LeaveRequest(
        number=numbers.take("QJ", now),
        applicant_id=user_id,
        department_id=ab.picture().departments_of_users.get(user_id),
        standing=steps.standing_of(user_id, clock.local(now).date()),
        state=LeaveState.DRAFT,
        round=1,
        made_at=now,
        made_up=asked.absence is not None,
        absence_id=asked.absence.id if asked.absence is not None else None,
    )
    _put(request, asked)
    if asked.absence is not None and db.session.scalar(
        select(LeaveRequest.id).where(LeaveRequest.absence_id == asked.absence.id)
    ):
        raise Conflict(_("这次离岗已经补办过请假。"))
    db.session.add(request)
    db.session.flush()
    _posts(request, asked.notes, keep=True)
    _store(request, actor, uploads, now)
    journal.record(
        words.DRAFTED, request, actor, now, number=request.number, **_time_facts(request), **_text_facts(request)
    )
    return request


def _store(
    request: LeaveRequest, actor: Actor, uploads: Sequence[FileStorage], now: datetime
) -> list[files.Attachment]:
    """Keep files; those of a sick leave are its certificate."""
    owner = CERTIFICATES if request.kind is AbsenceKind.SICK else FILES
    made = files.store(uploads, owner, request.id, actor.id, now, policy.value("attachments.max_megabytes"))
    if made and request.kind is AbsenceKind.SICK and request.certificate_at is None:
        request.certificate_at = now
    return made


def require_applicant(actor: Actor, request: LeaveRequest) -> None:
    """Only the applicant goes on. Raises NotAllowed."""
    if actor.id != request.applicant_id:
        raise NotAllowed(_("请假由本人办理。"))


def may_change(request: LeaveRequest) -> bool:
    """Whether a request may still be changed: nobody has decided in this round."""
    if request.state is LeaveState.WAITING:
        return all(step.decided_at is None for step in request.current)
    return request.state in _EDITABLE


def change(
    actor: Actor, request: LeaveRequest, asked: Asked, now: datetime, uploads: Sequence[FileStorage] = ()
) -> None:
    """Change a request while nobody has decided (O-3); one that was sent goes its way anew.

    Raises Conflict once somebody has decided, Invalid (times, balance).
    """
    require_applicant(actor, request)
    if not may_change(request):
        raise Conflict(_("已经有人审批，不能再修改；可以撤回后重新申请。"), "O-3")
    before = (request.from_at, request.to_at)
    asked = Asked(
        asked.kind, asked.span, asked.reason, asked.destination, asked.contact, asked.notes, request.extends,
        request.absence if request.made_up else None,
    )  # fmt: skip
    _put(request, asked)
    _posts(request, asked.notes, keep=before == (request.from_at, request.to_at))
    if request.kind is not AbsenceKind.SICK:
        request.certificate_at = request.certificate_due_on = None
    elif files.of(CERTIFICATES, request.id) and request.certificate_at is None:
        request.certificate_at = now
    _store(request, actor, uploads, now)
    if request.state is LeaveState.WAITING:
        request.round += 1
        _begin(request, now)
    journal.record(words.CHANGED, request, actor, now, **_time_facts(request), **_text_facts(request))


def send(actor: Actor, request: LeaveRequest, now: datetime) -> None:
    """Send a draft or a returned request on its way (O-3).

    Raises Conflict in another state; Invalid for a start in the past without an absence on record, an overlap, or
    annual leave above the balance.
    """
    require_applicant(actor, request)
    if request.state not in (LeaveState.DRAFT, LeaveState.RETURNED):
        raise Conflict(_("这份请假已经提交。"))
    if not request.reason:
        raise Invalid("reason", _("请写明请假事由。"))
    if request.state is LeaveState.RETURNED:
        request.round += 1
    request.state, request.sent_at = LeaveState.WAITING, now
    chain = _begin(request, now)
    journal.record(
        words.SENT,
        request,
        actor,
        now,
        **_time_facts(request),
        chain=[str(p.level) for p in chain],
        made_up=request.made_up,
        files=files.facts([*files.of(FILES, request.id), *files.of(CERTIFICATES, request.id)]),
    )
    telling.step(request, now)
    telling.handovers(request, now)


def _begin(request: LeaveRequest, now: datetime) -> tuple[rules.Planned, ...]:
    """Check a request against what is on record, and lay its chain anew."""
    if not request.made_up and request.from_at < now - absences.GRACE:
        raise Invalid("from_on", _("请假应当事先提出；突发情况已经离岗的，请科室负责人登记临时离岗后补办。"), "AB-2")
    _no_overlap(request)
    if request.kind is AbsenceKind.ANNUAL:
        balances.require(request.applicant_id, request.span, now, request.id)
    day = clock.local(now).date()
    request.standing, chain = steps.chain_of(request.kind, total_halves(request), request.applicant_id, day)
    db.session.flush()
    for position, planned in enumerate(chain):
        request.steps.append(
            LeaveStep(round=request.round, position=position, level=planned.level, filer=planned.filer)
        )
    request.open_level = chain[0].level
    if request.kind is AbsenceKind.SICK and request.certificate_at is None:
        request.certificate_due_on = certificate_due(request)
    return chain


def certificate_due(request: LeaveRequest) -> date:
    """The last day on which the certificate of a sick leave may be handed in (policy)."""
    limit: Limit = policy.value("leave.certificate_within")
    return calendar.work_calendar().add_workdays(request.from_on, limit.amount)


def _no_overlap(request: LeaveRequest) -> None:
    others = select(LeaveRequest).where(
        LeaveRequest.applicant_id == request.applicant_id,
        LeaveRequest.id != request.id,
        LeaveRequest.state.in_((LeaveState.WAITING, LeaveState.APPROVED)),
        LeaveRequest.from_at < request.to_at,
        LeaveRequest.to_at > request.from_at,
    )
    for other in db.session.scalars(others):
        span = balances.taken_span(other)
        if span is not None and steps.wall_clock(span)[1] > request.from_at:
            raise Invalid("from_on", _("这段时间与请假 %(number)s 重叠。", number=other.number))
    if request.made_up:
        return
    for fact in ab.picture().absences.get(request.applicant_id, ()):
        if fact.from_at < request.to_at and fact.to_at > request.from_at:
            raise Invalid("from_on", _("这段时间与已登记的离岗重叠；临时离岗请从离岗记录补办请假。"))


def withdraw(actor: Actor, request: LeaveRequest, now: datetime) -> None:
    """Take a request back before it is approved. Raises Conflict afterwards."""
    require_applicant(actor, request)
    if request.state not in _EDITABLE:
        raise Conflict(_("这份请假已经办结，不能撤回。"))
    request.state, request.open_level = LeaveState.WITHDRAWN, None
    if request.made_up:
        request.absence_id = None
    journal.record(words.WITHDRAWN, request, actor, now, round=request.round)


# --- handover (AB-2) ------------------------------------------------------------------------------------------


def confirm_handover(actor: Actor, request: LeaveRequest, post: Post, now: datetime) -> None:
    """B, or whoever will answer, confirms taking a post over before the approval (AB-2).

    Raises Conflict outside that time or when it was confirmed, NotAllowed for anybody else.
    """
    if request.state is not LeaveState.WAITING:
        raise Conflict(_("这份请假不在审批中，不需要确认交接。"))
    row = next((p for p in request.posts if p.post_id == post.id), None)
    if row is None:
        raise Conflict(_("这个岗位不由请假人负责，不需要交接。"))
    if row.confirmed_at is not None:
        raise Conflict(_("这个岗位的交接已经确认。"))
    if actor.id == request.applicant_id or actor.id not in takers(request, post.id, now):
        raise NotAllowed(_("交接由 B 岗或届时顶岗的人员确认。"))
    row.confirmed_by_id, row.confirmed_at = actor.id, now
    name = people.user_names().get(request.applicant_id, "")
    journal.record(words.HANDOVER_CONFIRMED, request, actor, now, name=name, post=post.name, round=request.round)


def takers(request: LeaveRequest, post_id: int, now: datetime) -> set[int]:
    """Who may confirm the handover of a post: B, and who will answer for it."""
    seen, day = ab.picture(), clock.local(max(request.from_at, now)).date()
    found = {taker for p, taker in steps.receivers(request.applicant_id, request.from_at, request.to_at, now)
             if p.id == post_id}  # fmt: skip
    return {u for u in (*found, seen.holder(post_id, Letter.B, day)) if u is not None}
