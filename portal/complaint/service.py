"""The verbs of the unit on a complaint before it is looked into, and the reversal of its result (A-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.cases.models import Case
from portal.complaint import rights
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintPaper, PaperKind, Result, Told
from portal.complaint.receiving import canonical, derive
from portal.complaint.rules import MOVES
from portal.kernel import journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.people.models import User
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.reminder import service as reminder
from portal.reminder.models import Kind


def inform(
    complaint: Complaint, users: Sequence[int | None], kind: Kind, what: str, title: object, now: datetime
) -> None:
    """Tell people of a complaint that waits for them; nothing in it says who complained, or of what."""
    body = _l("请于 %(by)s 前答复投诉人。", by=complaint.due_at)
    key, values = f"complaint:{complaint.id}:{what}", {"number": complaint.number}
    reminder.tell(now, users, kind, key, title, body, "complaint.show", values=values)


def decider_post(actor: Actor, complaint: Complaint) -> int | None:
    """Raises NotAllowed for who may not decide; the post by whose powers it is done, None for the office."""
    if not rights.decides(actor, complaint):
        raise NotAllowed(_("由办公室、分管领导或者主要负责人决定；承办人、被投诉的人和科室不能决定。"), "A-5")
    return rights.by_post(actor, complaint)


# --- whom it is about ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """Whom a complaint is about, as found: a case by its number, a department, a post, a person."""

    case_number: str = ""
    department_id: int | None = None
    post_id: int | None = None
    person_id: int | None = None


def resolve(actor: Actor, complaint: Complaint, about: About, now: datetime) -> None:
    """Record whom it is about (A-5). Raises NotAllowed, Conflict when it has gone too far, Invalid for what does not
    exist or does not belong together, or when its officer turns out to be concerned."""
    if not rights.settles(actor, complaint):
        raise NotAllowed(_("由办公室或者承办人核定投诉对象。"), "A-5")
    MOVES.after(complaint.state, "resolve")
    case = None
    if about.case_number:
        number = canonical(about.case_number)
        case = db.session.scalar(select(Case).where(Case.number == number)) if number else None
        if case is None:
            raise Invalid("case_number", _("没有这个编号的办件。"))
    post = db.session.get(Post, about.post_id) if about.post_id else None
    person = db.session.get(User, about.person_id) if about.person_id else None
    department_id = about.department_id
    if department_id is None:
        department_id = post.department_id if post else case.department_id if case else None
    if post is not None and post.department_id != department_id:
        raise Invalid("post_id", _("这个岗位不属于所选科室。"))
    if person is not None and person.id in (complaint.officer_id, complaint.decided_by_id):
        raise Invalid("person_id", _("这个人已经参与办理这件投诉，请先改派。"), "A-5")
    complaint.case_id = case.id if case else None
    complaint.department_id, complaint.post_id = department_id, post.id if post else None
    complaint.person_id = person.id if person else None
    officer = complaint.officer_id
    if officer is not None and not rights.fit_officer(complaint, officer, now):
        raise Invalid("department", _("承办人属于被投诉的一方，请先改派承办人。"), "A-5")
    journal.record(
        words.RESOLVED, complaint, actor, now, post_id=rights.by_post(actor, complaint), number=complaint.number,
        department=people.department_names().get(department_id or 0, ""), post=post.name if post else "",
        person=complaint.person_id,
    )  # fmt: skip


# --- taken up or not -------------------------------------------------------------------------------------------


def issue(actor: Actor, complaint: Complaint, kind: PaperKind, text: str, now: datetime) -> ComplaintPaper:
    """Issue a numbered paper to the complainant: one of each kind."""
    made = ComplaintPaper(
        number=numbers.take("TG", now), kind=kind, text=text, issued_at=now, issued_by_id=actor.id or 0
    )
    complaint.papers.append(made)
    return made


def _decided(actor: Actor, complaint: Complaint, verb: str, text: str, now: datetime) -> int | None:
    post_id = decider_post(actor, complaint)
    complaint.state = MOVES.after(complaint.state, verb)
    complaint.decided_at, complaint.decided_by_id, complaint.decision = now, actor.id, text
    return post_id


def take_up(actor: Actor, complaint: Complaint, text: str, now: datetime) -> None:
    """Take a complaint up; the complainant is told in writing (A-5). Raises NotAllowed, Conflict."""
    post_id = _decided(actor, complaint, "take_up", text, now)
    made = issue(actor, complaint, PaperKind.TAKEN_UP, text, now)
    journal.record(
        words.TAKEN_UP, complaint, actor, now, post_id=post_id, number=complaint.number, paper=made.number
    )  # fmt: skip


def pass_on(actor: Actor, complaint: Complaint, to: str, text: str, now: datetime) -> None:
    """Pass a complaint on to the body whose matter it is, in writing: it ends here (A-5).

    Raises NotAllowed, Conflict, Invalid without the body.
    """
    if not to:
        raise Invalid("passed_to", _("请填写转往的机关。"))
    post_id = _decided(actor, complaint, "pass_on", text, now)
    complaint.passed_to = to
    _end(complaint, now)
    made = issue(actor, complaint, PaperKind.PASSED_ON, text, now)
    journal.record(
        words.PASSED_ON, complaint, actor, now, post_id=post_id, number=complaint.number, to=to, paper=made.number
    )  # fmt: skip


def not_take_up(actor: Actor, complaint: Complaint, reasons: str, now: datetime) -> None:
    """Do not take a complaint up, with reasons, in writing (A-5). Raises NotAllowed, Conflict, Invalid without them."""
    if not reasons:
        raise Invalid("text", _("不予受理的，请写明理由。"), "A-5")
    post_id = _decided(actor, complaint, "not_take_up", reasons, now)
    _end(complaint, now)
    made = issue(actor, complaint, PaperKind.NOT_TAKEN_UP, reasons, now)
    journal.record(
        words.NOT_TAKEN_UP, complaint, actor, now, post_id=post_id, number=complaint.number, paper=made.number
    )  # fmt: skip


def _end(complaint: Complaint, now: datetime) -> None:
    complaint.told_at, complaint.told_how, complaint.closed_at = now, Told.PAPER, now


# --- whose it is -----------------------------------------------------------------------------------------------


def assign(actor: Actor, complaint: Complaint, officer_id: int | None, now: datetime) -> None:
    """Name the officer, or another one: who complained is from then on for the new one alone (A-5, AB-4).

    Raises NotAllowed, Conflict, Invalid for somebody concerned, for oneself and for who has approved the result.
    """
    post_id = decider_post(actor, complaint)
    was = complaint.officer_id
    after = MOVES.after(complaint.state, "assign" if was is None else "reassign")
    if officer_id is None:
        raise Invalid("officer_id", _("请选择承办人。"))
    if officer_id == was:
        raise Invalid("officer_id", _("现在就由这个人承办。"))
    if officer_id == actor.id:
        raise Invalid("officer_id", _("不能指定自己承办。"), "A-5")
    if not rights.fit_officer(complaint, officer_id, now):
        raise Invalid("officer_id", _("这个人与投诉有关，或者不承担投诉工作，不能承办。"), "A-5")
    if officer_id in (complaint.approved_by_id, complaint.decided_by_id):
        raise Invalid("officer_id", _("这个人已经作过决定，不能再承办。"), "A-5")
    complaint.state, complaint.officer_id = after, officer_id
    complaint.assigned_at, complaint.assigned_by_id = now, actor.id
    said: dict[str, Any] = {"number": complaint.number, "officer": officer_id}
    if was is None:
        journal.record(words.ASSIGNED, complaint, actor, now, post_id=post_id, **said)
    else:
        journal.record(words.REASSIGNED, complaint, actor, now, post_id=post_id, was=was, **said)
    title = _l("投诉 %(number)s 交您承办", number=complaint.number)
    inform(complaint, [officer_id], Kind.TASK, f"assigned:{now.isoformat()}", title, now)


def extend(actor: Actor, complaint: Complaint, days: int | None, reason: str, now: datetime) -> None:
    """Extend the time for the answer once, before expiry, with a reason that the complainant reads (A-5).

    Raises NotAllowed for the officer and who is concerned, Conflict after expiry or the second time, Invalid.
    """
    post_id = decider_post(actor, complaint)
    MOVES.after(complaint.state, "extend")
    if complaint.extended_at is not None:
        raise Conflict(_("投诉只能延期一次。"), "A-5")
    if now > complaint.due_at:
        raise Conflict(_("已经超过答复期限，不能再延期。"), "A-5")
    most = policy.value("complaint.extension_days")
    if days is None or not 1 <= days <= most:
        raise Invalid("days", _("请填写 1 至 %(most)s 天。", most=most), "A-5")
    if not reason:
        raise Invalid("text", _("请写明延期的理由，投诉人会看到。"), "A-5")
    old = complaint.due_at
    complaint.extended_at, complaint.extended_by_id = now, actor.id
    complaint.extended_from, complaint.extension_reason, complaint.extra_days = old, reason, days
    derive(complaint)
    journal.record(
        words.EXTENDED, complaint, actor, now, post_id=post_id, number=complaint.number, days=days, old_due=old,
        due=complaint.due_at,
    )  # fmt: skip


# --- taken back ------------------------------------------------------------------------------------------------


def reverse(actor: Actor, complaint: Complaint, reason: str, now: datetime) -> None:
    """Take back that a complaint was confirmed, with reasons; what it said stays as it was (J-3).

    Raises NotAllowed, Conflict when it was not confirmed or is reversed already, Invalid without reasons.
    """
    post_id = decider_post(actor, complaint)
    MOVES.after(complaint.state, "reverse")
    if complaint.result in (None, Result.NOT_CONFIRMED) or complaint.reversed_at is not None:
        raise Conflict(_("这件投诉没有可以撤销的属实结论。"), "J-3")
    if not reason:
        raise Invalid("text", _("请写明撤销的理由。"), "J-3")
    complaint.reversed_at, complaint.reversed_by_id, complaint.reversal = now, actor.id, reason
    journal.record(words.REVERSED, complaint, actor, now, post_id=post_id, number=complaint.number)
