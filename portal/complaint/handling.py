"""The officer looks into a complaint, the department states, somebody else approves, the complainant is told (A-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from portal.ab_post import superiors
from portal.complaint import rights
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintNote, PaperKind, Result, Told
from portal.complaint.rules import MOVES
from portal.complaint.service import inform, issue
from portal.kernel import files, journal
from portal.kernel.actor import Actor, Role
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.reminder.models import Kind

#: Files of the investigation, read by all who read the complaint.
FILES = "complaint"


def _handle(actor: Actor, complaint: Complaint) -> None:
    if not rights.is_officer(actor, complaint) or rights.concerned(actor, complaint):
        raise NotAllowed(_("投诉由指定的承办人办理，不能由他人代办；需要换人的，由办公室改派。"), "AB-4")


def note(
    actor: Actor, complaint: Complaint, text: str, told: bool, now: datetime, uploads: Sequence[FileStorage] = ()
) -> None:
    """The officer notes what was found out; ``told``: the complainant reads it as an interim answer.

    Raises NotAllowed, Conflict, Invalid when nothing is said.
    """
    _handle(actor, complaint)
    MOVES.after(complaint.state, "note")
    if not text:
        raise Invalid("text", _("请填写调查情况。"))
    complaint.notes.append(ComplaintNote(text=text, told=told, at=now, by_id=actor.id or 0))
    stored = files.store(uploads, FILES, complaint.id, actor.id, now, policy.value("attachments.max_megabytes"))
    journal.record(words.NOTED, complaint, actor, now, number=complaint.number, files=len(stored))
    if told:
        journal.record(words.INTERIM_TOLD, complaint, actor, now, number=complaint.number)


def give_extract(actor: Actor, complaint: Complaint, text: str, now: datetime) -> None:
    """The officer gives the department concerned an extract that shows nothing of who complained (A-5).

    Raises NotAllowed, Conflict, Invalid without a text or while it is not known which department it is about.
    """
    _handle(actor, complaint)
    MOVES.after(complaint.state, "extract")
    if complaint.department_id is None:
        raise Invalid("text", _("请先核定被投诉的科室。"))
    if not text:
        raise Invalid("text", _("请填写给被投诉科室的摘要。"))
    complaint.extract, complaint.extract_at = text, now
    journal.record(words.EXTRACT_GIVEN, complaint, actor, now, number=complaint.number)
    head = superiors.decider(PostKind.HEAD, complaint.department_id, [complaint.person_id or 0], now)
    title = _l("投诉 %(number)s 请本科室说明情况", number=complaint.number)
    inform(complaint, [head[0] if head else None], Kind.TASK, f"extract:{now.isoformat()}", title, now)


def state(actor: Actor, complaint: Complaint, text: str, now: datetime) -> None:
    """The head of the department concerned says how it was; this answers nothing (A-5).

    Raises NotFound for anybody else, Conflict, Invalid when nothing is said.
    """
    if not rights.reads_extract(actor, complaint):
        raise NotFound()
    MOVES.after(complaint.state, "state")
    if complaint.statement_at is not None:
        raise Conflict(_("本科室已经说明过情况。"))
    if not text:
        raise Invalid("text", _("请填写情况说明。"))
    complaint.statement, complaint.statement_at, complaint.statement_by_id = text, now, actor.id
    post_id = rights.head_post(actor, complaint.department_id)
    journal.record(words.STATED, complaint, actor, now, post_id=post_id, number=complaint.number)
    title = _l("投诉 %(number)s 被投诉科室已说明情况", number=complaint.number)
    inform(complaint, [complaint.officer_id], Kind.TASK, "stated", title, now)


@dataclass(frozen=True)
class Finding:
    """What the officer proposes: the result, the answer to the complainant, what the department has to put right."""

    result: Result | None
    answer: str
    rectification: str = ""
    unfiled_denial: bool = False


def propose(actor: Actor, complaint: Complaint, finding: Finding, now: datetime) -> None:
    """The officer proposes the result and the answer (A-5, D-6). Raises NotAllowed, Conflict, Invalid."""
    _handle(actor, complaint)
    after = MOVES.after(complaint.state, "propose")
    if finding.result is None:
        raise Invalid("result", _("请选择调查结果。"))
    confirmed = finding.result is not Result.NOT_CONFIRMED
    if (confirmed or finding.unfiled_denial) and complaint.department_id is None:
        raise Invalid("result", _("请先核定被投诉的科室。"), "A-5")
    if finding.unfiled_denial and not confirmed:
        raise Invalid("unfiled_denial", _("查明未经报备拒绝办理的，投诉不会不属实。"), "D-6")
    if not finding.answer:
        raise Invalid("answer", _("请填写给投诉人的答复。"))
    if confirmed and not finding.rectification:
        raise Invalid("rectification", _("属实的投诉，请写明科室如何整改。"), "A-5")
    complaint.state, complaint.result, complaint.answer = after, finding.result, finding.answer
    complaint.rectification, complaint.unfiled_denial = finding.rectification, finding.unfiled_denial
    complaint.proposed_at, complaint.proposed_by_id, complaint.sent_back = now, actor.id, ""
    journal.record(
        words.PROPOSED, complaint, actor, now, number=complaint.number, result=str(finding.result)
    )  # fmt: skip
    users = [u for u in people.users_with_role(Role.OFFICE) if u != actor.id]
    title = _l("投诉 %(number)s 的结果待审定", number=complaint.number)
    inform(complaint, users, Kind.DECIDE, f"proposed:{now.isoformat()}", title, now)


def _approver(actor: Actor, complaint: Complaint) -> int | None:
    if not rights.approves(actor, complaint):
        raise NotAllowed(_("结果由承办人以外的人审定，被投诉的人和科室不能审定。"), "A-5")
    return rights.by_post(actor, complaint)


def approve(actor: Actor, complaint: Complaint, now: datetime) -> None:
    """Somebody else than the officer approves the result (A-5); a refusal without filing is a fact of its own (D-6).

    Raises NotAllowed, Conflict.
    """
    post_id = _approver(actor, complaint)
    complaint.state = MOVES.after(complaint.state, "approve")
    complaint.approved_at, complaint.approved_by_id = now, actor.id
    kind = words.NOT_CONFIRMED if complaint.result is Result.NOT_CONFIRMED else words.CONFIRMED
    result = str(complaint.result)
    journal.record(kind, complaint, actor, now, post_id=post_id, number=complaint.number, result=result)
    if complaint.unfiled_denial:
        journal.record(words.UNFILED_FOUND, complaint, actor, now, post_id=post_id, number=complaint.number)
    title = _l("投诉 %(number)s 的结果已审定，请答复投诉人", number=complaint.number)
    inform(complaint, [complaint.officer_id], Kind.TASK, "approved", title, now)


def send_back(actor: Actor, complaint: Complaint, reason: str, now: datetime) -> None:
    """The result is not approved, and why: it is looked into again. Raises NotAllowed, Conflict, Invalid."""
    post_id = _approver(actor, complaint)
    after = MOVES.after(complaint.state, "send_back")
    if not reason:
        raise Invalid("text", _("请写明退回的原因。"))
    complaint.state, complaint.sent_back = after, reason
    journal.record(words.SENT_BACK, complaint, actor, now, post_id=post_id, number=complaint.number)
    title = _l("投诉 %(number)s 的结果被退回", number=complaint.number)
    inform(complaint, [complaint.officer_id], Kind.TASK, f"back:{now.isoformat()}", title, now)


def tell(actor: Actor, complaint: Complaint, how: Told | None, now: datetime) -> None:
    """The officer tells the complainant the approved answer: on paper, or shown online to who is anonymous (A-5).

    Raises NotAllowed, Conflict, Invalid for a paper to somebody nobody knows.
    """
    _handle(actor, complaint)
    after = MOVES.after(complaint.state, "tell")
    if how is None:
        raise Invalid("how", _("请选择答复方式。"))
    if how is Told.PAPER and not complaint.named:
        raise Invalid("how", _("匿名投诉没有送达地址，在网上查询页答复。"), "A-5")
    made = issue(actor, complaint, PaperKind.ANSWER, complaint.answer, now)
    late = now > complaint.due_at
    complaint.state, complaint.told_at, complaint.told_how = after, now, how
    journal.record(
        words.ANSWERED, complaint, actor, now, number=complaint.number, how=str(how), paper=made.number, late=late
    )  # fmt: skip
