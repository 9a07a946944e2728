"""The verbs of supervision cards (O-5): issue, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import journal, numbers, search
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.pure.numbering import check_code
from portal.supervision_card import queries
from portal.supervision_card import vocabulary as words
from portal.supervision_card.models import SupervisionCard

PREFIX = "JDK"


@dataclass(frozen=True)
class Content:
    """What a card says beside its matter."""

    mind: str
    contact: str
    phone: str
    complaint: str


def secret() -> bytes:
    """What check codes are made with: the site's secret key."""
    return str(current_app.config["SECRET_KEY"]).encode()


def code_text(number: str) -> str:
    """The text that a card's check code is made of; it differs from that of every other paper."""
    return f"card {number}"


def usual(post: Post, version_place: str = "", version_phone: str = "") -> Content:
    """What is proposed for a post: its place and phone, the office's words and complaint contact."""
    department = post.department
    place = version_place or post.place or department.place
    name = _("%(department)s %(post)s", department=department.name, post=post.name)
    return Content(
        mind=policy.value("supervision_card.mind"),
        contact=_("%(name)s（%(place)s）", name=name, place=place) if place else name,
        phone=version_phone or post.phone or department.phone,
        complaint=policy.value("service_commitment.complaint_contact"),
    )


def issue_for_case(actor: Actor, case: Case, said: Content, now: datetime) -> SupervisionCard:
    """Issue the card of an accepted case: its limit is the promise that binds it (C-3).

    Raises NotAllowed for who does not answer for its post, Conflict before acceptance and while it has a valid card.
    """
    cases.require_handler(actor, case)
    if case.accepted_at is None:
        raise Conflict(_("受理以后才能出具办事监督卡：时限从受理起算。"), "O-5")
    if queries.valid_of(case.id) is not None:
        raise Conflict(_("这件办件已有一张有效的监督卡；写错的，请先收回再重新出具。"), "O-5")
    return _issue(
        actor,
        SupervisionCard(
            case_id=case.id,
            department_id=case.department_id,
            post_id=case.post_id,
            matter=case.matter,
            time_limit=case.promised_limit,
            due_at=case.due_at,
            provisional=case.provisional,
        ),
        said,
        now,
    )


def issue_for_visit(
    actor: Actor, post: Post | None, matter: str, time_limit: str, said: Content, now: datetime
) -> SupervisionCard:
    """Issue a card for a visit that opened no case; the limit is told in words. Raises NotAllowed, Invalid."""
    if post is None or actor.answers_for(post.id) is None:
        raise NotAllowed(_("监督卡由负责该岗位的人出具。"), "O-5")
    if not matter:
        raise Invalid("matter", _("请填写所办事项。"))
    card = SupervisionCard(department_id=post.department_id, post_id=post.id, matter=matter, time_limit=time_limit)
    return _issue(actor, card, said, now)


def _issue(actor: Actor, card: SupervisionCard, said: Content, now: datetime) -> SupervisionCard:
    assert actor.id is not None
    card.number = numbers.take(PREFIX, now)
    card.check_code = check_code(code_text(card.number), secret())
    card.mind, card.contact, card.phone, card.complaint = said.mind, said.contact, said.phone, said.complaint
    card.issued_at, card.issued_by_id = now, actor.id
    db.session.add(card)
    journal.record(
        words.ISSUED,
        card,
        actor,
        now,
        post_id=card.post_id,
        number=card.number,
        matter=card.matter,
        time_limit=card.time_limit,
        due=card.due_at,
        mind=card.mind,
        contact=card.contact,
        phone=card.phone,
        complaint=card.complaint,
    )
    search.put(queries.SEARCH, card.id, card.number, card.matter, card.contact)
    return card


def may_withdraw(actor: Actor, card: SupervisionCard) -> bool:
    """Whoever answers for its post, and the office."""
    return card.withdrawn_at is None and (
        actor.can(words.READ_ALL) or (actor.can(words.ISSUE) and actor.answers_for(card.post_id) is not None)
    )


def withdraw(actor: Actor, card: SupervisionCard, reason: str, now: datetime) -> None:
    """Take a wrong card back, with a reason; another can be issued. Raises Conflict, NotAllowed, Invalid."""
    if card.withdrawn_at is not None:
        raise Conflict(_("这张监督卡已经收回。"))
    if not may_withdraw(actor, card):
        raise NotAllowed(_("监督卡由负责该岗位的人或者办公室收回。"), "O-5")
    if not reason:
        raise Invalid("reason", _("请写明收回的原因。"))
    card.withdrawn_at, card.withdrawn_by_id, card.withdrawn_reason = now, actor.id, reason
    journal.record(words.WITHDRAWN, card, actor, now, post_id=card.post_id, number=card.number, reason=reason)


def post_of(post_id: int | None) -> Post | None:
    """An open post."""
    return db.session.scalar(select(Post).where(Post.id == post_id, Post.closed_on.is_(None)))
