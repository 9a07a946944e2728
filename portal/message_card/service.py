"""The verbs of message cards: mark out, reschedule, return; leave word, answer, take over; the sweep (AB-6)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from portal.calendar import queries as calendar
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.message_card import queries, rules, seams
from portal.message_card import vocabulary as words
from portal.message_card.models import CardSubmission, How, Message, Outing
from portal.message_card.queries import Place
from portal.people import queries as people
from portal.people.models import Department
from portal.policy import queries as policy

#: The longest time that can be marked at once.
LONGEST = timedelta(days=31)
#: Marking begins now or later; typing takes a while.
GRACE = timedelta(hours=1)
#: What the flood limits look at.
WINDOW = timedelta(hours=1)
_SUBMISSIONS_KEPT = timedelta(days=2)


class TooMany(Exception):
    """Too many messages from one address or to one department within the hour."""


# --- the card --------------------------------------------------------------------------------------------------


def mark_out(
    actor: Actor, department_id: int, from_at: datetime, back_at: datetime, reason: str, now: datetime
) -> Outing:
    """Mark a whole department out from an instant until it is back (AB-6).

    Raises NotAllowed for who neither heads the department nor manages all, Invalid for a wrong order of instants, a
    time in the past, or one that overlaps a marked one.
    """
    if not queries.may_mark(actor, department_id):
        raise NotAllowed(_("留言卡由科室负责人、分管领导或办公室设置。"))
    if from_at < now - GRACE:
        raise Invalid("from_at", _("外出时间从现在起或今后起，不能补到过去。"), "AB-6")
    _check_back(from_at, back_at)
    # One marking of a department at a time, also when two servers record at once.
    db.session.execute(select(Department.id).where(Department.id == department_id).with_for_update())
    overlap = select(Outing.id).where(
        Outing.department_id == department_id,
        Outing.from_at < back_at,
        Outing.back_at > from_at,
        or_(Outing.ended_at.is_(None), (Outing.ended_at > from_at) & (Outing.ended_at > Outing.from_at)),
    )
    if db.session.scalar(overlap.limit(1)):
        raise Invalid("from_at", _("这段时间已经设置了留言卡。"), "AB-6")
    made = Outing(department_id=department_id, from_at=from_at, back_at=back_at, reason=reason, marked_by_id=actor.id)
    db.session.add(made)
    journal.record(
        words.MARKED,
        made,
        actor,
        now,
        department=_name(department_id),
        from_at=from_at,
        back_at=back_at,
        reason=reason,
    )
    return made


def _check_back(from_at: datetime, back_at: datetime) -> None:
    if back_at <= from_at:
        raise Invalid("back_at", _("返回时间应晚于外出时间。"), "AB-6")
    if back_at - from_at > LONGEST:
        raise Invalid("back_at", _("一次最多设置 31 天。"))


def _name(department_id: int) -> str:
    return people.department_names().get(department_id, "")


def _still_out(outing: Outing, now: datetime) -> None:
    if outing.ended_at is not None or outing.back_at <= now:
        raise Conflict(_("这次外出已经结束。"))


def reschedule(actor: Actor, outing: Outing, back_at: datetime, now: datetime) -> None:
    """Change when a department is back; open messages are due after the new return (AB-6).

    Raises NotAllowed, Conflict when it is back already, Invalid for a return that is over.
    """
    if not queries.may_mark(actor, outing.department_id):
        raise NotAllowed(_("留言卡由科室负责人、分管领导或办公室设置。"))
    _still_out(outing, now)
    _check_back(outing.from_at, back_at)
    if back_at <= now:
        raise Invalid("back_at", _("返回时间应晚于现在；已经返回的，请登记返回。"), "AB-6")
    old, outing.back_at = outing.back_at, back_at
    journal.record(words.RESCHEDULED, outing, actor, now, department=_name(outing.department_id), old=old, new=back_at)
    _move_due(actor, outing, back_at, now)


def come_back(actor: Actor, outing: Outing, now: datetime) -> None:
    """The department is back earlier, or does not go; its messages are due from now on (AB-6).

    Raises NotAllowed, Conflict when it is back already.
    """
    if not queries.may_mark(actor, outing.department_id) and outing.department_id not in queries.departments_answered(
        actor
    ):
        raise NotAllowed(_("返回由本科室人员或办公室登记。"))
    _still_out(outing, now)
    outing.ended_at = max(now, outing.from_at) if outing.from_at <= now else outing.from_at
    journal.record(words.RETURNED, outing, actor, now, department=_name(outing.department_id), at=outing.ended_at)
    _move_due(actor, outing, outing.ended_at, now)


def _move_due(actor: Actor, outing: Outing, back_at: datetime, now: datetime) -> None:
    within, working = policy.value("message_card.answer_within"), calendar.work_calendar()
    waiting = select(Message).where(Message.outing_id == outing.id, Message.answered_at.is_(None))
    for message in db.session.scalars(waiting.order_by(Message.id).with_for_update()):
        due = rules.due_at(message.left_at, back_at, within, working)
        if due != message.due_at and message.warned_at is None:
            old, message.due_at = message.due_at, due
            journal.record(words.DUE_MOVED, message, actor, now, number=message.number, old=old, new=due)


# --- visitors --------------------------------------------------------------------------------------------------


def digest_of(address: str, now: datetime) -> str:
    """What stands for an address in the count of a day: nobody can tell the address from it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    said = f"message_card {clock.local(now).date().isoformat()} {address}".encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def leave(
    place: Place,
    now: datetime,
    *,
    matter: str,
    phone: str,
    name: str = "",
    preferred: str = "",
    address: str = "",
    form_key: str | None = None,
) -> Message:
    """A visitor leaves word for a department (AB-6); the same form sent twice is one message.

    Raises TooMany when the address or the department has had its share of this hour, Conflict when the department
    takes no messages now.
    """
    key = hashlib.sha256(f"{place.id} {form_key}".encode()).hexdigest() if form_key else None
    if key is not None:
        kept = db.session.scalar(select(Message).where(Message.form_key == key))
        if kept is not None:
            return kept
    card = queries.card_of(place.id, now)
    if not card.hangs and not policy.value("message_card.when_present"):
        raise Conflict(_("科室现在有人在岗，请直接到访或致电。"), "AB-6")
    counted = digest_of(address, now)
    since = now - WINDOW
    if queries.sent_since(counted, None, since) >= policy.value("message_card.per_address"):
        raise TooMany
    if queries.sent_since(None, place.id, since) >= policy.value("message_card.per_department"):
        raise TooMany
    db.session.add(CardSubmission(address=counted, department_id=place.id, at=now))
    made = Message(
        number=numbers.take("LY", now),
        department_id=place.id,
        outing_id=card.outing_id,
        left_at=now,
        matter=matter,
        name=name,
        phone=phone,
        preferred=preferred,
        form_key=key,
        due_at=rules.due_at(now, card.back_at, policy.value("message_card.answer_within"), calendar.work_calendar()),
    )
    db.session.add(made)
    journal.record(words.LEFT, made, SYSTEM, now, department=place.name, number=made.number, due_at=made.due_at)
    return made


# --- the department --------------------------------------------------------------------------------------------


def _require_open(actor: Actor, message: Message) -> None:
    if message.department_id not in queries.departments_answered(actor):
        raise NotAllowed(_("留言由被留言科室的人员答复。"))
    if message.answered_at is not None:
        raise Conflict(_("这条留言已经答复。"))


def answer(actor: Actor, message: Message, how: How, text: str, now: datetime) -> None:
    """Answer a message: how, and what was said (AB-6). Raises NotAllowed, Conflict when it was answered."""
    _require_open(actor, message)
    message.answered_at, message.answered_by_id = now, actor.id
    message.how, message.answer = how, text
    journal.record(words.ANSWERED, message, actor, now, number=message.number, how=str(how), late=now > message.due_at)


def take_over(actor: Actor, message: Message, now: datetime) -> str:
    """Take a message over into the first-ask log, where it goes on; returns the number of the entry (AB-6, F-1).

    Raises NotAllowed, Conflict when it was answered, or when no room takes messages over.
    """
    _require_open(actor, message)
    taken = seams.take(actor, message, now)
    if not taken:
        raise Conflict(_("现在不能转为首问登记。"))
    message.answered_at, message.answered_by_id = now, actor.id
    message.how, message.taken_as = How.TAKEN, taken
    journal.record(words.TAKEN, message, actor, now, number=message.number, entry=taken, late=now > message.due_at)
    return taken


def sweep(now: datetime) -> int:
    """Record what time has brought about: messages that are overdue, each once (A-1); forget old counts."""
    late = select(Message).where(Message.answered_at.is_(None), Message.due_at < now, Message.warned_at.is_(None))
    found = list(db.session.scalars(late.order_by(Message.due_at, Message.id)))
    for message in found:
        message.warned_at = now
        journal.record(words.OVERDUE, message, SYSTEM, now, number=message.number, due_at=message.due_at)
    db.session.execute(delete(CardSubmission).where(CardSubmission.at < now - _SUBMISSIONS_KEPT))
    return len(found)
