"""The verbs of joint and forwarded cases, and of the agent (T-9)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.calendar import queries as calendar
from portal.cases import parting, pauses, seams
from portal.cases import service as cases
from portal.cases.models import Case, CaseState
from portal.joint_case import queries
from portal.joint_case import vocabulary as words
from portal.joint_case.models import CasePart, Forwarding
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import local_dt
from portal.people import queries as people
from portal.policy import queries as policy
from portal.policy.joint_values import AGREES
from portal.policy.pause_reasons import Reason
from portal.post_duty.models import Post
from portal.pure.limits import Limit, LimitError, Unit
from portal.service_commitment import parts as item_parts
from portal.service_commitment import queries as catalogue
from portal.service_commitment.models import CaseKind

#: Parts of one case at most.
MOST_PARTS = 20


@seams.on_accepted
def begin(case: Case, _at: datetime, recorded_at: datetime) -> None:
    """A joint item is accepted: every department that its version names gets its part (T-9)."""
    version = catalogue.promise(case.promise_version_id)
    if case.kind is not CaseKind.JOINT or case.lead_id is not None or version is None:
        return
    for part in version.parts:
        post = db.session.scalar(select(Post).where(Post.code == part.post, Post.closed_on.is_(None)))
        if post is not None:
            _open(SYSTEM, case, post, part.limit, part.gives, part.opinion, recorded_at, case.clock_from or recorded_at)


def _open(
    actor: Actor, lead: Case, post: Post, limit: str, gives: str, opinion: bool, now: datetime, since: datetime
) -> Case:
    silence = opinion and policy.value("timed_completion.countersign_silence") == AGREES
    part = parting.open_part(actor, lead, post, limit, gives, now, since=since, silence=silence)
    db.session.add(CasePart(case_id=part.id, gives=gives, opinion=opinion, silence_agrees=silence))
    journal.record(
        words.PART_ASKED,
        lead,
        actor,
        now,
        post_id=lead.post_id,
        part=part.number,
        post=post.name,
        gives=gives,
        due=part.due_at,
    )
    return part


def add_part(
    actor: Actor, lead: Case, post_id: int | None, limit: str, gives: str, opinion: bool, now: datetime
) -> Case:
    """Ask one more post for its part of an open joint case; ``lead`` is locked (T-9).

    Raises Conflict for a case that is no joint one or not accepted yet, Invalid (post, limit beyond the lead's).
    """
    cases.handle(actor, lead, now)
    if lead.kind is not CaseKind.JOINT or lead.lead_id is not None:
        raise Conflict(_("只有联办件的牵头办件可以增加分办。"), "T-9")
    if lead.clock_from is None:
        raise Conflict(_("受理以后才能增加分办。"), "T-9")
    post = db.session.get(Post, post_id) if post_id else None
    if post is None or post.closed_on is not None or post.id == lead.post_id:
        raise Invalid("post", _("请选择另一个岗位。"), "T-9")
    taken = queries.parts(lead, now)
    if any(p.row.post_id == post.id and p.row.closed_at is None for p in taken):
        raise Invalid("post", _("这个岗位已有未办结的分办。"), "T-9")
    if len(taken) >= MOST_PARTS:
        raise Conflict(_("分办件最多 %(n)s 个。", n=MOST_PARTS), "T-9")
    part = _open(actor, lead, post, _limit(limit, lead), gives, opinion, now, now)
    until = pauses.standing_due(lead)
    if until is not None and part.due_at is not None and part.due_at > until:
        raise Invalid("limit", _("分办须在牵头办件的承诺期限（%(due)s）之内。", due=local_dt(until)), "T-9")
    return part


def _limit(typed: str, lead: Case) -> str:
    try:
        limit = Limit.parse(typed)
    except LimitError:
        raise Invalid("limit", _("请填写分办时限，如 4 个工作小时、3 个工作日。"), "T-2") from None
    minutes = calendar.work_calendar().hours.minutes_per_day
    if limit.unit is Unit.ON_SPOT or not item_parts.within(str(limit), lead.promised_limit, minutes):
        raise Invalid("limit", _("分办时限须在牵头办件的承诺时限之内。"), "T-9")
    return str(limit)


@seams.before_completion
def not_yet(case: Case) -> str:
    """A joint case is done when all its parts are; one that lies elsewhere is not ours to complete (T-9)."""
    if case.kind is CaseKind.JOINT and case.lead_id is None and (count := queries.count_open_parts(case.id)):
        return _("还有 %(n)s 个分办件没有办结，牵头办件不能办结。", n=count)
    if case.kind is CaseKind.FORWARDED and queries.away(case.id) is not None:
        return _("办件还在上级机关，请先登记返回。")
    return ""


@seams.on_end
def ended(case: Case, at: datetime, recorded_at: datetime) -> None:
    """A part that ends is told to its lead; a lead that ends takes its open parts with it (T-9)."""
    if case.lead_id is not None:
        lead = db.session.get(Case, case.lead_id)
        if lead is not None and lead.closed_at is None:
            late, state = case.closed_late, str(case.state)
            journal.record(
                words.PART_ENDED,
                lead,
                SYSTEM,
                recorded_at,
                post_id=lead.post_id,
                part=case.number,
                state=state,
                late=late,
            )
        return
    if case.kind is not CaseKind.JOINT:
        return
    for part in queries.open_parts(case.id):
        cases.settle(part, at)
        if part.closed_at is None:
            cases.close(part, CaseState.WITHDRAWN, at, recorded_at=recorded_at)
            journal.record(
                words.PART_FELL,
                part,
                SYSTEM,
                recorded_at,
                post_id=part.post_id,
                lead=case.number,
                state=str(case.state),
            )


def name_agent(actor: Actor, case: Case, user_id: int | None, now: datetime) -> None:
    """Name who runs the errands for the client, free of charge; nobody takes the flag away (T-9). Raises Invalid."""
    cases.handle(actor, case, now)
    names = dict(people.people_in_service())
    if user_id is not None and user_id not in names:
        raise Invalid("person", _("请选择在职人员。"), "T-9")
    if user_id == case.agent_id:
        raise Invalid("person", _("没有改动。"))
    case.agent_id = user_id
    journal.record(
        words.AGENT_NAMED,
        case,
        actor,
        now,
        post_id=case.post_id,
        agent=people.user_names().get(user_id or 0, "") or _("无"),
    )


def forward(
    actor: Actor, case: Case, authority: str, document: str, tracker_id: int | None, now: datetime
) -> Forwarding:
    """Send a case to an upper authority with somebody who keeps track; the promised clock stops (T-4, T-9).

    Raises Conflict for a case that is not of this kind, or lies there already, Invalid for the tracker.
    """
    cases.handle(actor, case, now)
    if case.kind is not CaseKind.FORWARDED:
        raise Conflict(_("只有上报件可以上报上级机关。"), "T-9")
    if queries.away(case.id) is not None:
        raise Conflict(_("办件已在上级机关。"), "T-9")
    names = dict(people.people_in_service())
    if tracker_id not in names:
        raise Invalid("person", _("请选择跟踪人。"), "T-9")
    pauses.stop(actor, case, Reason.UPPER_AUTHORITY, now)
    made = Forwarding(
        case_id=case.id,
        authority=authority,
        document=document,
        tracker_id=tracker_id or 0,
        sent_at=now,
        sent_by_id=actor.id or 0,
    )
    db.session.add(made)
    journal.record(
        words.FORWARDED,
        case,
        actor,
        now,
        post_id=case.post_id,
        authority=authority,
        document=document or _("无文号"),
        tracker=people.user_names().get(tracker_id or 0, ""),
    )
    return made


def may_bring_back(actor: Actor, case: Case, forwarding: Forwarding) -> bool:
    """The named tracker, and whoever answers for the case's post."""
    return actor.id == forwarding.tracker_id or cases.may_handle(actor, case)


def bring_back(actor: Actor, case: Case, result: str, now: datetime) -> None:
    """Record what came back from the upper authority; the promised clock runs again (T-4, T-9).

    ``case`` is locked. Raises NotAllowed, Conflict when nothing is away.
    """
    found = queries.away(case.id)
    if found is None:
        raise Conflict(_("办件不在上级机关。"), "T-9")
    forwarding = locked(Forwarding, id=found.id)
    if actor.id == forwarding.tracker_id:
        cases.settle(case, now)
        if case.closed_at is not None:
            raise Conflict(_("办件已经结案。"), "T-11")
        cases.remember(case, actor)
    else:
        cases.handle(actor, case, now)
    forwarding.returned_at, forwarding.returned_by_id, forwarding.result = now, actor.id, result
    for pause in pauses.open_pauses(case):
        if pause.reason == Reason.UPPER_AUTHORITY:
            pauses.resume(actor, case, pause, now)
    journal.record(
        words.RETURNED, case, actor, now, post_id=case.post_id, authority=forwarding.authority, result=result
    )


def hand_over_tracking(actor: Actor, case: Case, tracker_id: int | None, now: datetime) -> None:
    """Name somebody else who keeps track of what lies with an upper authority (T-9). Raises Conflict, Invalid."""
    cases.handle(actor, case, now)
    found = queries.away(case.id)
    if found is None:
        raise Conflict(_("办件不在上级机关。"), "T-9")
    names = dict(people.people_in_service())
    if tracker_id not in names or tracker_id == found.tracker_id:
        raise Invalid("person", _("请选择另一位跟踪人。"), "T-9")
    found.tracker_id = tracker_id or 0
    tracker = people.user_names().get(tracker_id or 0, "")
    journal.record(words.TRACKER_CHANGED, case, actor, now, post_id=case.post_id, tracker=tracker)
