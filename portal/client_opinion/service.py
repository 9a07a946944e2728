"""The verbs: register, assign, contact, draft, approve, answer; confirm or find untrue; rectify, re-check, call back
(S-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.ab_post import superiors
from portal.calendar import queries as calendar
from portal.cases.models import Case
from portal.client_opinion import clocks, rights, rules, seams
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import How, Opinion, OpinionKind, OpinionRectification, OpinionState, Source, Verdict
from portal.kernel import journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.reminder import service as reminder
from portal.reminder.models import Kind

LONGEST = 2000


def open_opinion(
    kind: OpinionKind | str,
    text: str,
    now: datetime,
    *,
    department_id: int | None,
    source: Source | str,
    contact_name: str = "",
    contact_phone: str = "",
    case_id: int | None = None,
    post_id: int | None = None,
    grade: Any = None,
    reasons: Iterable[str] = (),
    actor: Actor = SYSTEM,
) -> Opinion:
    """Register what a client said under their name (S-4), in the caller's transaction; ``grade`` and ``reasons`` (in
    words) belong to a bad review. Without a department that of the case, or whom the office names later.

    Raises Invalid when nothing was said.
    """
    kind, source = OpinionKind(kind), Source(source)
    said = text.strip()[:LONGEST]
    if not said and kind is not OpinionKind.BAD_REVIEW:
        raise Invalid("text", _("请写明服务对象反映的内容。"), "S-4")
    case = db.session.get_one(Case, case_id) if case_id is not None else None
    if case is not None:
        department_id, post_id = department_id or case.department_id, post_id or case.post_id
    made = Opinion(
        number=numbers.take("YJ", now),
        kind=kind,
        source=source,
        text=said,
        grade="" if grade is None else str(grade),
        reasons="\n".join(str(reason) for reason in reasons),
        contact_name=contact_name[:60],
        contact_phone=contact_phone[:40],
        department_id=department_id,
        post_id=post_id,
        case_id=case_id,
        state=OpinionState.REGISTERED,
        opened_at=now,
        opened_by_id=actor.id,
        contact_due_at=clocks.contact_due(now) if kind is OpinionKind.BAD_REVIEW else None,
    )
    db.session.add(made)
    journal.record(
        words.REGISTERED, made, actor, now, number=made.number, kind=kind, source=source,
        department=_department(department_id), contact_due_at=made.contact_due_at,
    )  # fmt: skip
    _tell_head(
        made, "new", _l("服务对象%(kind)s %(number)s，请办理", kind=words.KIND_LABELS[kind], number=made.number), now
    )
    return made


# --- what every verb begins and ends with ----------------------------------------------------------------------


def _department(department_id: int | None) -> str:
    return people.department_names().get(department_id or 0, "")


def _begin(actor: Actor, opinion: Opinion, verb: str, allowed: bool, why: str) -> OpinionState:
    """The state that the verb leads to. Raises NotAllowed, or IllegalMove (a Conflict) in a state that knows it not."""
    if not allowed:
        raise NotAllowed(why, "S-4")
    if opinion.department_id is None and verb not in ("assign", "contact"):
        raise Conflict(_("请先确定由哪个科室办理。"), "S-4")
    return rules.after(
        opinion.state,
        verb,
        opinion.kind,
        contacted=opinion.contacted_at is not None,
        doubted=opinion.untrue_proposed_by_id is not None,
        verdict=opinion.verdict,
    )


def _needed(text: str, message: str, field: str = "text") -> str:
    if not text:
        raise Invalid(field, message, "S-4")
    return text


def _tell(opinion: Opinion, users: Iterable[int | None], key: str, title: Any, now: datetime, kind: Kind) -> None:
    reminder.tell(
        now, users, kind, f"opinion:{opinion.id}:{key}", title, "", "client_opinion.show",
        values={"number": opinion.number},
    )  # fmt: skip


def _tell_head(opinion: Opinion, key: str, title: Any, now: datetime, kind: Kind = Kind.TASK) -> None:
    found = superiors.decider(PostKind.HEAD, opinion.department_id, (), now) if opinion.department_id else None
    _tell(opinion, [found[0] if found else None], key, title, now, kind)


def _of_department(actor: Actor, opinion: Opinion) -> str:
    return _("由责任科室负责人或者该岗位当前的负责人办理。")


_JUDGES = _l("由办公室、效能监督组或主要负责人认定和复查，责任科室的人和经办人不能认定、复查自己的事。")


def _judged(actor: Actor, opinion: Opinion, verb: str) -> OpinionState:
    return _begin(actor, opinion, verb, rights.judges(actor, opinion), str(_JUDGES))


# --- registering, contact, answer ------------------------------------------------------------------------------


def register(actor: Actor, kind: str, source: str, text: str, now: datetime, **given: Any) -> Opinion:
    """The office registers what came by letter or in a meeting. Raises NotAllowed, Invalid."""
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("由办公室登记来信来访和座谈会上的意见。"), "S-4")
    if OpinionKind(kind) is OpinionKind.BAD_REVIEW and not given.get("contact_phone"):
        raise Invalid("contact_phone", _("差评应当与服务对象联系，请填写电话。"), "S-4")
    return open_opinion(kind, text, now, source=source, actor=actor, **given)


def assign(actor: Actor, opinion: Opinion, department_id: int | None, now: datetime) -> None:
    """The office says whom it concerns. Raises NotAllowed, Conflict once an answer is drafted, Invalid."""
    opinion.state = _begin(actor, opinion, "assign", rights.manages(actor), _("由办公室确定办理科室。"))
    if department_id is None or department_id not in people.department_names():
        raise Invalid("department_id", _("请选择办理科室。"), "S-4")
    if department_id == opinion.department_id:
        raise Invalid("department_id", _("已经由这个科室办理。"), "S-4")
    if opinion.case_id is not None:
        raise Conflict(_("办件的意见由承办该办件的科室办理。"), "S-4")
    opinion.department_id, opinion.post_id = department_id, None
    journal.record(words.ASSIGNED, opinion, actor, now, number=opinion.number, department=_department(department_id))
    _tell_head(opinion, f"assigned:{department_id}", _l("服务对象意见 %(number)s，请办理", number=opinion.number), now)


def contact(actor: Actor, opinion: Opinion, how: How, said: str, now: datetime) -> None:
    """A bad review's client was spoken to: how, and what was said. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _begin(
        actor, opinion, "contact", _may(actor, opinion, "contact"),
        _("由科室负责人或办公室联系服务对象；经办人不联系给自己差评的人。"),
    )  # fmt: skip
    _needed(said, _("请写明与服务对象联系的情况。"))
    clocks.warn_contact(opinion, now)
    opinion.contacted_at, opinion.contacted_by_id, opinion.contact_how, opinion.contact_said = now, actor.id, how, said
    late = opinion.contact_due_at is not None and now > opinion.contact_due_at
    journal.record(words.CONTACTED, opinion, actor, now, number=opinion.number, how=how, late=late)


def _may(actor: Actor, opinion: Opinion, verb: str) -> bool:
    """Whether the actor has the right, whatever the state is."""
    return rights.entitled(actor, opinion)[verb]


def draft(actor: Actor, opinion: Opinion, answer: str, now: datetime) -> None:
    """The department drafts the answer, for its leader to approve. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _begin(actor, opinion, "draft", rights.handles(actor, opinion), _of_department(actor, opinion))
    opinion.answer = _needed(answer, _("请填写拟答复的内容。"))
    opinion.drafted_by_id, opinion.drafted_at = actor.id, now
    journal.record(words.DRAFTED, opinion, actor, now, post_id=opinion.post_id, number=opinion.number)
    found = superiors.decider(PostKind.LEADER, opinion.department_id, [actor.id or 0], now)
    title = _l("服务对象意见 %(number)s 的答复待批准", number=opinion.number)
    _tell(opinion, [found[0] if found else None], f"drafted:{now:%Y%m%d%H%M%S}", title, now, Kind.DECIDE)


def _led(actor: Actor, opinion: Opinion, verb: str) -> OpinionState:
    why = _("由分管领导或主要负责人批准；不能批准自己拟的答复。")
    return _begin(actor, opinion, verb, rights.approves(actor, opinion), why)


def send_back(actor: Actor, opinion: Opinion, said: str, now: datetime) -> None:
    """The leader wants another answer. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _led(actor, opinion, "send_back")
    opinion.leader_opinion = _needed(said, _("请写明退回的原因。"))
    journal.record(words.SENT_BACK, opinion, actor, now, number=opinion.number, opinion=said)
    title = _l("服务对象意见 %(number)s 的答复被退回", number=opinion.number)
    _tell(opinion, [opinion.drafted_by_id], f"back:{now:%Y%m%d%H%M%S}", title, now, Kind.TASK)


def approve(actor: Actor, opinion: Opinion, said: str, now: datetime) -> None:
    """The leader approves the answer: from now the days of telling the client run. Raises NotAllowed, Conflict."""
    opinion.state = _led(actor, opinion, "approve")
    opinion.approved_by_id, opinion.approved_at, opinion.leader_opinion = actor.id, now, said
    opinion.answer_due_at = clocks.answer_due(now)
    journal.record(
        words.APPROVED, opinion, actor, now, number=opinion.number, opinion=said, answer_due_at=opinion.answer_due_at
    )
    _tell_head(opinion, "approved", _l("意见 %(number)s 的答复已批准，请答复服务对象", number=opinion.number), now)


def answer(actor: Actor, opinion: Opinion, how: How, said: str, now: datetime) -> None:
    """The client was told the approved answer: how, and what they said. Raises NotAllowed, Conflict, Invalid."""
    why = _("由责任科室或办公室答复服务对象。")
    opinion.state = _begin(actor, opinion, "answer", _may(actor, opinion, "answer"), why)
    _needed(said, _("请写明答复服务对象的情况。"))
    clocks.warn_answer(opinion, now)
    opinion.answered_at, opinion.answered_by_id, opinion.answer_how, opinion.answer_said = now, actor.id, how, said
    late = opinion.answer_due_at is not None and now > opinion.answer_due_at
    journal.record(words.ANSWERED, opinion, actor, now, number=opinion.number, how=how, late=late)


# --- the finding -----------------------------------------------------------------------------------------------


def conclude(actor: Actor, opinion: Opinion, conclusion: str, now: datetime) -> None:
    """An opinion or suggestion that needs no more than its answer ends. Raises NotAllowed, Conflict, Invalid."""
    after = _judged(actor, opinion, "conclude")
    opinion.conclusion = _needed(conclusion, _("请写明办结意见。"))
    opinion.state, opinion.closed_at, opinion.closed_by_id = after, now, actor.id
    journal.record(words.CONCLUDED, opinion, actor, now, number=opinion.number, conclusion=conclusion)


def confirm(actor: Actor, opinion: Opinion, finding: str, demand: str, now: datetime) -> None:
    """It is so: the department gets a written notice of rectification. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _judged(actor, opinion, "confirm")
    opinion.finding = _needed(finding, _("请写明认定的事实和依据。"), "finding")
    opinion.notice_text = _needed(demand, _("请写明整改要求。"), "demand")
    opinion.verdict, opinion.found_by_id, opinion.found_at = Verdict.CONFIRMED, actor.id, now
    opinion.notice_number = numbers.take("ZG", now)
    opinion.noticed_by_id, opinion.noticed_at = actor.id, now
    due = clocks.rectify_due(now, None)
    opinion.rounds.append(OpinionRectification(round=1, asked_at=now, due_at=due, text="", remark=""))
    journal.record(
        words.CONFIRMED, opinion, actor, now, number=opinion.number, finding=finding, notice=opinion.notice_number,
        due_at=due,
    )  # fmt: skip
    _tell_head(opinion, "notice", _l("整改通知 %(number)s，请签收", number=opinion.notice_number), now)


def propose_untrue(actor: Actor, opinion: Opinion, reason: str, now: datetime) -> None:
    """The first person says, with reasons, that it is not so. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _judged(actor, opinion, "propose_untrue")
    opinion.untrue_reason = _needed(reason, _("请写明不属实的理由和依据。"))
    opinion.untrue_proposed_by_id, opinion.untrue_proposed_at = actor.id, now
    journal.record(words.UNTRUE_PROPOSED, opinion, actor, now, number=opinion.number, reason=reason)
    db.session.flush()  # the database wants to see the first person before the second


def _second(actor: Actor, opinion: Opinion, verb: str) -> OpinionState:
    why = _("由提出人以外的另一人复核，责任科室的人和经办人不能复核。")
    return _begin(actor, opinion, verb, rights.seconds(actor, opinion), why)


def find_untrue(actor: Actor, opinion: Opinion, remark: str, now: datetime) -> None:
    """The second person agrees: it leaves the score; a bad review is called back all the same (S-4).

    Raises NotAllowed, Conflict.
    """
    after, before = _second(actor, opinion, "find_untrue"), opinion.verdict
    was_closed = opinion.state is OpinionState.CLOSED
    opinion.verdict, opinion.found_by_id, opinion.found_at = Verdict.UNTRUE, actor.id, now
    opinion.finding = "\n".join(filter(None, (opinion.untrue_reason, remark)))
    opinion.untrue_proposed_by_id = None
    opinion.state = after
    if after is OpinionState.CLOSED and not was_closed:
        opinion.closed_at, opinion.closed_by_id = now, actor.id
    journal.record(
        words.FOUND_UNTRUE, opinion, actor, now, number=opinion.number, reason=opinion.finding, verdict=before or ""
    )
    seams.found_untrue(opinion, now)
    title = _l("服务对象意见 %(number)s 认定不属实，不计入评分", number=opinion.number)
    _tell_head(opinion, "untrue", title, now, Kind.OTHER)


def refuse_untrue(actor: Actor, opinion: Opinion, reason: str, now: datetime) -> None:
    """The second person does not agree: it stands as it stood. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _second(actor, opinion, "refuse_untrue")
    _needed(reason, _("请写明不同意的理由。"))
    opinion.untrue_proposed_by_id = None
    journal.record(words.UNTRUE_REFUSED, opinion, actor, now, number=opinion.number, reason=reason)


# --- rectification ---------------------------------------------------------------------------------------------


def receive(actor: Actor, opinion: Opinion, now: datetime) -> None:
    """The department signs for the notice: from now the days of rectification run. Raises NotAllowed, Conflict."""
    opinion.state = _begin(actor, opinion, "receive", rights.handles(actor, opinion), _of_department(actor, opinion))
    if opinion.received_at is not None or opinion.noticed_at is None or opinion.last is None:
        raise Conflict(_("整改通知已经签收。"), "S-4")
    opinion.received_at, opinion.received_by_id = now, actor.id
    if opinion.last.round == 1:
        opinion.last.due_at = clocks.rectify_due(opinion.noticed_at, now)
    journal.record(
        words.RECEIVED, opinion, actor, now, post_id=opinion.post_id, number=opinion.number, due_at=opinion.last.due_at
    )


def rectify(actor: Actor, opinion: Opinion, text: str, now: datetime) -> None:
    """The department reports in writing what it has put right. Raises NotAllowed, Conflict, Invalid."""
    opinion.state = _begin(actor, opinion, "rectify", rights.handles(actor, opinion), _of_department(actor, opinion))
    last = opinion.last
    if last is None:  # the state promises one
        raise Conflict(_("还没有整改通知。"), "S-4")
    clocks.warn_rectification(last, now)
    if opinion.received_at is None:
        opinion.received_at, opinion.received_by_id = now, actor.id
    last.text = _needed(text, _("请写明整改情况。"))
    last.rectified_by_id, last.rectified_at = actor.id, now
    journal.record(
        words.RECTIFIED, opinion, actor, now, post_id=opinion.post_id, number=opinion.number, round=last.round,
        late=now > last.due_at,
    )  # fmt: skip


def _recheck(actor: Actor, opinion: Opinion, passed: bool, remark: str, now: datetime) -> OpinionRectification:
    last = opinion.last
    if last is None or last.rectified_at is None:
        raise Conflict(_("还没有整改报告。"), "S-4")
    last.passed, last.rechecked_by_id, last.rechecked_at, last.remark = passed, actor.id, now, remark
    return last


def accept(actor: Actor, opinion: Opinion, remark: str, now: datetime) -> None:
    """The re-check finds it put right. Raises NotAllowed for who rectified or is of the department, Conflict."""
    after = _judged(actor, opinion, "accept")
    last = _recheck(actor, opinion, True, remark, now)
    opinion.state = after
    if after is OpinionState.CLOSED:
        opinion.closed_at, opinion.closed_by_id = now, actor.id
    journal.record(words.ACCEPTED, opinion, actor, now, number=opinion.number, round=last.round, remark=remark)
    _tell_head(opinion, "accepted", _l("整改通知 %(number)s 复查通过", number=opinion.notice_number), now, Kind.OTHER)


def fail(actor: Actor, opinion: Opinion, remark: str, now: datetime) -> None:
    """The re-check finds it not put right: another round, with a new date. Raises NotAllowed, Conflict, Invalid."""
    after = _judged(actor, opinion, "fail")
    _needed(remark, _("请写明复查未通过的原因和再次整改的要求。"))
    last = _recheck(actor, opinion, False, remark, now)
    due = rules.due(now, policy.value("client_opinion.rectify_within"), calendar.work_calendar())
    opinion.state = after
    opinion.rounds.append(OpinionRectification(round=last.round + 1, asked_at=now, due_at=due, text="", remark=""))
    journal.record(
        words.FAILED, opinion, actor, now, number=opinion.number, round=last.round, remark=remark, due_at=due
    )
    title = _l("整改通知 %(number)s 复查未通过，请再次整改", number=opinion.notice_number)
    _tell_head(opinion, f"failed:{last.round}", title, now)


# --- the call-back ---------------------------------------------------------------------------------------------


def try_call(actor: Actor, opinion: Opinion, now: datetime) -> None:
    """The client was called back and not reached. Raises NotAllowed, Conflict."""
    opinion.state = _judged(actor, opinion, "try_call")
    opinion.call_back_attempts += 1
    journal.record(words.CALL_TRIED, opinion, actor, now, number=opinion.number, attempts=opinion.call_back_attempts)


def call_back(actor: Actor, opinion: Opinion, how: How, satisfied: bool | None, said: str, now: datetime) -> None:
    """The client of a bad review was called back, or could not be reached: it ends. Raises NotAllowed, Conflict,
    Invalid."""
    after = _judged(actor, opinion, "call_back")
    _needed(said, _("请写明回访的情况。"))
    if how is How.UNREACHED:
        wanted = policy.value("callback.attempts")
        if opinion.call_back_attempts < wanted:
            raise Invalid("how", _("联系满 %(n)s 次仍未接通的，才能登记为未能接通。", n=wanted), "S-4")
        satisfied = None
    elif satisfied is None:
        raise Invalid("satisfied", _("请选择服务对象对处理结果是否满意。"), "S-4")
    opinion.call_back_how, opinion.satisfied, opinion.call_back_said = how, satisfied, said
    opinion.called_back_at, opinion.called_back_by_id = now, actor.id
    opinion.state, opinion.closed_at, opinion.closed_by_id = after, now, actor.id
    journal.record(words.CALLED_BACK, opinion, actor, now, number=opinion.number, how=how, satisfied=satisfied)
