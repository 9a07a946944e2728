"""Verbs of a case that need a second person, and consultations (N-5, N-7)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal.cases import rules, service
from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseProposal, CaseState, Consultation, ProposalKind
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.post_duty import queries as posts


def propose(
    actor: Actor,
    case: Case,
    kind: ProposalKind,
    reason: str,
    in_writing: bool,
    statement: str,
    now: datetime,
    *,
    misfiled: bool = False,
) -> CaseProposal:
    """Propose a withdrawal by the client, or a lapse after the notice's date has passed (N-7).

    ``misfiled``: the first-asker who opened the case by mistake takes it back, also one that another post answers for.
    Raises Invalid for a lapse before the date or without a reminder, Conflict when a proposal is waiting already.
    """
    if misfiled:
        service.settle(case, now)
    else:
        service.handle(actor, case, now)
    rules.MOVES.after(case.state, str(kind))
    if waiting(case) is not None:
        raise Conflict(_("已有一份待确认的申请。"))
    if kind is ProposalKind.LAPSE:
        if case.supplement_due_on is None:
            raise Invalid("reason", _("申请人已经来补正过，请先再次一次性告知。"), "N-7")
        if clock.local(now).date() <= case.supplement_due_on:
            raise Invalid("reason", _("补正期限未过，不能终止。"), "N-7")
        if case.reminded_at is None:
            raise Invalid("reason", _("终止前应先提醒申请人。"), "N-7")
    service.explain(actor, case, statement, now)
    made = CaseProposal(
        case_id=case.id,
        kind=kind,
        reason=reason,
        in_writing=in_writing,
        proposed_by_id=actor.id or 0,
        proposed_at=now,
    )
    db.session.add(made)
    journal.record(
        words.PROPOSED,
        case,
        actor,
        now,
        post_id=case.post_id,
        what=str(kind),
        in_writing=in_writing,
        reason=reason,
    )
    return made


def waiting(case: Case) -> CaseProposal | None:
    """The proposal of a case that waits for its second person."""
    found: CaseProposal | None = db.session.scalar(
        db.select(CaseProposal).where(CaseProposal.case_id == case.id, CaseProposal.decided_at.is_(None))
    )
    return found


def may_confirm(actor: Actor, case: Case, proposal: CaseProposal) -> bool:
    """Whether the actor may be the second person: not the proposer, and of the department or in charge of it."""
    if actor.id is None or actor.id == proposal.proposed_by_id:
        return False
    if actor.can(words.HANDLE) and actor.department_id == case.department_id:
        return True
    over = {a.department_id for a in actor.posts if a.kind == "head"}
    leads = {d for a in actor.posts if a.kind in ("leader", "principal") for d in posts.departments_of(a.post_id)}
    return actor.can(words.CONFIRM) and case.department_id in over | leads


def decide(actor: Actor, proposal_id: int, confirmed: bool, reason: str, now: datetime) -> Case:
    """Confirm or refuse a proposal as the second person. Raises NotAllowed, Conflict, Invalid (no reason)."""
    proposal = locked(CaseProposal, id=proposal_id)
    case = locked(Case, id=proposal.case_id)
    if not may_confirm(actor, case, proposal):
        raise NotAllowed(_("撤回或终止须由提出人以外的本科室人员或负责人确认。"), "N-7")
    service.settle(case, now)
    if proposal.decided_at is not None or case.closed_at is not None:
        raise Conflict(_("这份申请已经处理过。"))
    if not confirmed and not reason:
        raise Invalid("reason", _("不同意时请写明理由。"))
    proposal.decided_by_id, proposal.decided_at, proposal.confirmed = actor.id, now, confirmed
    service.remember(case, actor)
    if not confirmed:
        journal.record(
            words.PROPOSAL_REFUSED, case, actor, now, post_id=case.post_id, what=str(proposal.kind), reason=reason
        )
        return case
    if proposal.kind is ProposalKind.LAPSE and not _still_silent(case, now):
        raise Conflict(_("申请人在此期间已经来补正，或者另定了日期，不能再终止。"), "N-7")
    case_state: CaseState = rules.MOVES.after(case.state, str(proposal.kind))
    if rules.is_late(now, case.due_at) and not case.overdue_statement:
        raise Invalid("reason", _("办件在此期间超期，请先由经办人写明超期原因。"), "T-8")
    late = service.close(case, case_state, now)
    event = words.WITHDRAWN if proposal.kind is ProposalKind.WITHDRAW else words.LAPSED
    journal.record(event, case, actor, now, post_id=case.post_id, late=late)
    return case


def _still_silent(case: Case, now: datetime) -> bool:
    """Whether the client let the notice's date pass and has not come back since (N-7)."""
    return (
        case.state in rules.WAITING_FOR_CLIENT
        and case.reminded_at is not None
        and case.supplement_due_on is not None
        and case.supplement_due_on < clock.local(now).date()
    )


def consult(actor: Actor, case: Case, asked_of: str, question: str, now: datetime) -> Consultation:
    """Ask another department or authority on the client's behalf (N-5)."""
    service.handle(actor, case, now)
    made = Consultation(case_id=case.id, asked_of=asked_of, question=question, asked_by_id=actor.id or 0, asked_at=now)
    db.session.add(made)
    journal.record(words.CONSULTED, case, actor, now, post_id=case.post_id, asked_of=asked_of, question=question)
    return made


def answer_consultation(actor: Actor, consultation: Consultation, answer: str, now: datetime) -> None:
    """Record the answer and that the client was told (N-5)."""
    case = locked(Case, id=consultation.case_id)
    service.handle(actor, case, now)
    if consultation.answered_at is not None:
        raise Conflict(_("这次咨询已经答复。"))
    consultation.answer, consultation.answered_at, consultation.client_told_at = answer, now, now
    journal.record(
        words.CONSULTATION_ANSWERED,
        case,
        actor,
        now,
        post_id=case.post_id,
        asked_of=consultation.asked_of,
        answer=answer,
    )
